import CustomerAPI
import CustomerModel
import CustomerStore
import ProtoWire
import TTRPC
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerService

/// Settings and backups over the service's stub.
@Suite struct StoreServiceTests {
  private func set(
    _ service: ServiceUnderTest,
    mask: [String]? = nil,
    _ change: (inout StoreSettings) -> Void
  ) async throws -> StoreSettings {
    var request = UpdateSettingsRequest()
    var settings = StoreSettings()
    change(&settings)
    request.settings = settings
    request.updateMask = mask.map { FieldMask(paths: $0) }
    return try await service.store.updateSettings(request)
  }

  private func seconds(_ seconds: Int64, nanos: Int32 = 0) -> ProtoDuration {
    var duration = ProtoDuration()
    duration.seconds = seconds
    duration.nanos = nanos
    return duration
  }

  @Test func settingsAreThoseThatWereSet() async throws {
    let service = try ServiceUnderTest()
    #expect(try await service.store.getSettings(GetSettingsRequest()) == StoreSettings())
    let all = try await set(service) {
      $0.uniqueEmail = true
      $0.historyRetention = seconds(86_400, nanos: 5000)
    }
    #expect(all == StoreSettings(uniqueEmail: true, historyRetention: seconds(86_400, nanos: 5000)))
    #expect(try await service.store.getSettings(GetSettingsRequest()) == all)
    #expect(try await service.store.getStatus(GetStatusRequest()).settings == all)
  }

  /// Years of which a program that counts nanoseconds knows nothing.
  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func aTimeFarFromTodayIsTold() async throws {
    let service = try ServiceUnderTest()
    _ = try await service.create { $0.firstName = "Ann" }
    let shell = Program(path: ExternalTool.path(of: "sqlite3") ?? "/usr/bin/sqlite3")
    func setTime(_ microseconds: Int64) throws {
      let sql = "UPDATE change SET time = \(microseconds)"
      let path = service.folder.file("customers.db")
      // The daemon's own writer, which takes words into the index now, has the file for a moment.
      let run = try shell.run(["-cmd", ".timeout 5000", path, sql])
      #expect(run.status == 0, "\(run)")
    }
    try setTime(253_402_300_799_999_999)
    let status = try await service.store.getStatus(GetStatusRequest())
    #expect(status.oldestChangeTime?.rfc3339 == "9999-12-31T23:59:59.999999Z")
    try setTime(1 << 62)
    let error = await failure { try await service.store.getStatus(GetStatusRequest()) }
    #expect(error?.detail(ErrorInfo.self)?.reason == "DATABASE_DAMAGED")
  }

  @Test func aMaskLeavesTheOthersAlone() async throws {
    let service = try ServiceUnderTest()
    _ = try await set(service) {
      $0.uniqueEmail = true
      $0.historyRetention = seconds(7200)
    }
    let forever = try await set(service, mask: ["history_retention"]) { _ in }
    #expect(forever == StoreSettings(uniqueEmail: true))
    let off = try await set(service, mask: ["uniqueEmail"]) { $0.historyRetention = seconds(9999) }
    #expect(off == StoreSettings())
    _ = try await set(service, mask: ["*"]) { $0.uniqueEmail = true }
    #expect(try await set(service, mask: []) { _ in } == StoreSettings())
  }

  @Test(arguments: [
    (3599, 0, "3599 seconds is less than 3600"),
    (-1, 0, "-1 seconds is less than 3600"),
    (315_576_000_001, 0, "315576000001 seconds is over the limit of 315576000000"),
    (.max, 0, "9223372036854775807 seconds is over the limit of 315576000000"),
    (7200, -1, "-1 nanoseconds are not part of a positive second"),
    (7200, 1_000_000_000, "1000000000 nanoseconds are not part of a positive second"),
  ])
  func refusesARetentionThatIsNone(_ number: Int64, _ nanos: Int32, _ reason: String) async throws {
    let service = try ServiceUnderTest()
    let error = await failure {
      try await set(service) { $0.historyRetention = seconds(number, nanos: nanos) }
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message == "settings.historyRetention: \(reason)")
  }

  @Test func takesTheLeastAndTheMostRetention() async throws {
    let service = try ServiceUnderTest()
    for number in [
      CustomerService.historyRetentionMin, CustomerService.historyRetentionMax,
    ] {
      let settings = try await set(service) { $0.historyRetention = seconds(number) }
      #expect(settings.historyRetention == seconds(number))
    }
  }

  @Test func refusesWhatIsNoSetting() async throws {
    let service = try ServiceUnderTest()
    let unknown = await failure { try await set(service, mask: ["color"]) { _ in } }
    #expect(unknown?.code == .invalidArgument)
    #expect(
      unknown?.message
        == "updateMask: color is no setting: unique_email and history_retention are"
    )
    let nothing = await failure {
      try await service.store.updateSettings(UpdateSettingsRequest())
    }
    #expect(nothing?.code == .invalidArgument)
  }

  @Test func sharedAddressesAreNamed() async throws {
    let service = try ServiceUnderTest()
    let first = try await service.create { $0.emailAddress = "ann@example.com" }
    let second = try await service.create { $0.emailAddress = "Ann@Example.com" }
    let error = await failure { try await set(service) { $0.uniqueEmail = true } }
    #expect(error?.code == .failedPrecondition)
    let info = error?.detail(ErrorInfo.self)
    #expect(info?.reason == "EMAILS_NOT_UNIQUE")
    #expect(info?.metadata["customerIds"] == "\(first.customerID),\(second.customerID)")
  }

  @Test func aTakenAddressComesWithTheOtherCustomer() async throws {
    let service = try ServiceUnderTest()
    _ = try await set(service) { $0.uniqueEmail = true }
    let first = try await service.create { $0.emailAddress = "ann@example.com" }
    let error = await failure { try await service.create { $0.emailAddress = "ANN@example.com" } }
    #expect(error?.code == .alreadyExists)
    #expect(error?.detail(ErrorInfo.self)?.reason == "EMAIL_TAKEN")
    #expect(error?.detail(Customer.self) == first)
  }

  @Test func statusTellsTheOldestChange() async throws {
    let service = try ServiceUnderTest()
    #expect(try await service.store.getStatus(GetStatusRequest()).oldestChangeTime == nil)
    let first = try await service.create { $0.firstName = "Ann" }
    _ = try await service.create { $0.firstName = "Bob" }
    let status = try await service.store.getStatus(GetStatusRequest())
    #expect(status.oldestChangeTime == first.createTime)
    #expect(status.unindexedCount <= 2)
  }

  @Test func aBackupIsTheSameStoreInPieces() async throws {
    let service = try ServiceUnderTest()
    var customers: [Customer] = []
    for number in 0..<3000 {
      var customer = Customer()
      customer.firstName = "Customer \(number)"
      customer.attributes["filler"] = String(repeating: "x", count: 400)
      customers.append(customer)
    }
    _ = try await service.importing(customers)
    var bytes: [UInt8] = []
    var pieces: [BackUpStoreResponse] = []
    for try await piece in try await service.store.backUpStore(BackUpStoreRequest()) {
      bytes += piece.data
      pieces.append(piece)
    }
    #expect(pieces.count > 1)
    #expect(pieces.allSatisfy { $0.data.count <= CustomerService.backupPieceBytesMax })
    #expect(pieces.dropLast().allSatisfy { $0.data.count == CustomerService.backupPieceBytesMax })
    #expect(pieces.allSatisfy { $0.totalBytes == UInt64(bytes.count) })
    #expect(pieces.dropLast().allSatisfy { $0.resumeToken.isEmpty })
    let export = try await service.export()
    #expect(pieces.last?.resumeToken == export.token)

    let copy = try service.folder.write(bytes: bytes, to: "copy.db")
    let findings = try StoreMaintenance.check(StoreOptions(path: copy, newStoreID: ""))
    #expect(findings.texts == [])
    #expect(findings.customerCount == 3000)
    let other = try SQLiteRepository(StoreOptions(path: copy, newStoreID: ""))
    #expect(other.storeID == service.repository.storeID)
    var records: [Customer] = []
    var position: ExportPosition? = other.beginExport()
    while let next = position {
      let chunk = try await other.export(next, CustomerFilter(), limit: 1000)
      records += try (0..<chunk.records.count).map { try Customer(decoding: chunk.records[$0]) }
      position = chunk.next
    }
    #expect(records == export.customers)
    await other.close()
  }

  @Test func oneBackupAtATime() async throws {
    let service = try ServiceUnderTest()
    _ = try await service.create { $0.firstName = "Ann" }
    let held = try await service.repository.backUp()
    let error = await failure {
      for try await _ in try await service.store.backUpStore(BackUpStoreRequest()) {}
    }
    #expect(error?.code == .resourceExhausted)
    #expect(error?.detail(ErrorInfo.self)?.reason == "BACKUP_RUNNING")
    #expect(held.byteCount > 0)
  }
}
