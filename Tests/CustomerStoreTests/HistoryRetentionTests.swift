import CustomerModel
import ProtoWire
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import CustomerStore

/// Old changes are forgotten, and whoever asks for them is told so.
@Suite struct HistoryRetentionTests {
  let folder: TestFolder

  /// The time, in microseconds behind that of `testStamp(0)`.
  private let time = Time()

  private final class Time: Sendable {
    let value = Atomic<Int64>(0)
  }

  init() throws { folder = try TestFolder() }

  private func open() throws -> SQLiteRepository {
    var options = folder.options()
    options.microseconds = { [time] in
      testStamp(0).timeMicroseconds + time.value.load(ordering: .relaxed)
    }
    return try SQLiteRepository(options)
  }

  private func name(_ store: SQLiteRepository, _ name: String, _ step: Int) async throws {
    _ = try await store.update(
      testID(1),
      version: 0,
      merges: false,
      allowMissing: true,
      testStamp(step)
    ) {
      var next = $0 ?? testCustomer(1)
      next.firstName = name
      return next
    }
  }

  /// Keeps changes for ten steps from now on, at a step.
  private func keepTen(_ store: SQLiteRepository, at step: Int64) async throws {
    time.value.store(step, ordering: .relaxed)
    _ = try await store.updateSettings { $0.historyRetention = 10 }
  }

  private func waitUntil(
    _ store: SQLiteRepository,
    keepsFrom sequence: Int64
  ) async throws {
    for _ in 0..<1000 where store.oldestSequence < sequence {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(store.oldestSequence == sequence)
  }

  @Test func aPastVersionIsKnownAsLongAsTheChangeAfterIt() async throws {
    let store = try open()
    for step in 1...20 { try await name(store, "name \(step)", step) }
    try await keepTen(store, at: 25)
    // Made at 15 and later: kept.
    try await waitUntil(store, keepsFrom: 15)
    let reader = try store.makeReader()
    for version in 14...20 {
      let record = try reader.record(testID(1), version: UInt64(version))
      #expect(try Customer(decoding: record).firstName == "name \(version)")
    }
    await expectRefusal(
      "version 13 of customer \(testID(1)) is no longer kept, the oldest is 14"
    ) { try reader.record(testID(1), version: 13) }
    await expectRefusal("customer \(testID(1)) has no version 21, the newest is 20") {
      try reader.record(testID(1), version: 21)
    }
    let status = try await store.status()
    #expect(status.oldestSequence == 15)
    #expect(status.oldestTimeMicroseconds == testStamp(15).timeMicroseconds)
    #expect(status.changeCount == 20)
  }

  /// An erasure names whom it was about and nothing else: that is no record of a version.
  @Test func nothingOfAnErasedCustomerIsShownInPlaceOfAForgottenVersion() async throws {
    let store = try open()
    _ = try await store.create(testCustomer(2), testStamp(1))
    for step in 2...3 { try await name(store, "name \(step)", step) }
    _ = try await store.erase(testID(1), version: 0, testStamp(20))
    _ = try await store.create(testCustomer(1), testStamp(21))
    let reader = try store.makeReader()
    await expectRefusal("customer \(testID(1)) has no version 2, the newest is 4") {
      try reader.record(testID(1), version: 2)
    }
    try await keepTen(store, at: 25)
    try await waitUntil(store, keepsFrom: 2)
    await expectRefusal(
      "version 2 of customer \(testID(1)) is no longer kept, the oldest is 3"
    ) { try reader.record(testID(1), version: 2) }
  }

  @Test func whoReadsOnFromAForgottenChangeIsTold() async throws {
    let store = try open()
    for step in 1...20 { try await name(store, "name \(step)", step) }
    let early = store.beginExport()
    try await keepTen(store, at: 25)
    try await waitUntil(store, keepsFrom: 15)
    #expect(try await store.changes(after: 14, of: nil, limit: 100).changes.count == 6)
    await expectRefusal("changes after number 13 are no longer all kept, the oldest is 15") {
      try await store.changes(after: 13, of: nil, limit: 100)
    }
    await expectRefusal("changes after number 0 are no longer all kept, the oldest is 15") {
      try await store.changes(after: 0, of: testID(1), limit: 100)
    }
    let kept = try await store.changes(after: nil, of: testID(1), limit: 100)
    #expect(kept.changes.map(\.sequence) == Array(15...20))
    #expect(kept.next == 20)
    // Nothing was forgotten after the moment of this export.
    #expect(try await store.export(early, CustomerFilter(), limit: 10).records.count == 1)
  }

  @Test func anExportWhoseMomentIsForgottenFails() async throws {
    let store = try open()
    for number in 1...5 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    let start = store.beginExport()
    let first = try await store.export(start, CustomerFilter(), limit: 2)
    let rest = try #require(first.next)
    for step in 6...20 { try await name(store, "name \(step)", step) }
    #expect(try await store.export(rest, CustomerFilter(), limit: 2).records.count == 2)
    try await keepTen(store, at: 25)
    try await waitUntil(store, keepsFrom: 15)
    await expectRefusal("changes after number 5 are no longer all kept, the oldest is 15") {
      try await store.export(rest, CustomerFilter(), limit: 2)
    }
  }

  @Test func theNewestChangeStaysAndNumbersGoOn() async throws {
    let store = try open()
    for step in 1...5 { try await name(store, "name \(step)", step) }
    _ = try await store.delete(testID(1), version: 0, testStamp(6))
    _ = try await store.create(testCustomer(2), testStamp(7))
    try await keepTen(store, at: 1_000_000)
    try await waitUntil(store, keepsFrom: 7)
    #expect(try await store.changes(after: nil, of: nil, limit: 9).changes.map(\.sequence) == [7])
    await store.close()
    let again = try open()
    #expect(again.oldestSequence == 7)
    // Back again: versions go on where the deletion left them.
    let back = try await again.create(testCustomer(1), testStamp(1_000_001))
    #expect(back.version == 7)
    #expect(back.sequence == 8)
    let reader = try again.makeReader()
    await expectRefusal(
      "version 3 of customer \(testID(1)) is no longer kept, the oldest is 7"
    ) { try reader.record(testID(1), version: 3) }
  }

  @Test func manyChangesGoInBoundedSteps() async throws {
    let store = try open()
    let count = Int(HistoryPruner.stepMax) * 2 + 10
    for start in stride(from: 1, through: count, by: 100) {
      let rows = (start..<min(start + 100, count + 1)).map {
        ImportRow(customer: testCustomer($0), newID: "")
      }
      let stamp = testStamp(start)
      _ = try await store.importRows(rows, mode: .create, match: .none, stamp) { row, _ in
        row.customer
      }
    }
    let before = store.newestSequence
    #expect(before == count)
    try await keepTen(store, at: 1_000_000)
    try await waitUntil(store, keepsFrom: before)
    #expect(try await store.status().customerCount == Int64(count))
    #expect(
      try await store.export(store.beginExport(), CustomerFilter(), limit: 10).records.count == 10
    )
  }

  /// Without a pause that would let the writer tidy up.
  @Test func changesGoWhileOthersKeepWriting() async throws {
    let store = try open()
    try await keepTen(store, at: 1_000_000_000)
    await withTaskGroup(of: Void.self) { group in
      for task in 1...4 {
        group.addTask {
          for step in 0..<5000 where store.oldestSequence < 2000 {
            let stamp = testStamp(step)
            _ = try? await store.update(
              testID(task),
              version: 0,
              merges: false,
              allowMissing: true,
              stamp
            ) {
              var next = $0 ?? testCustomer(task)
              next.firstName = "name \(step)"
              return next
            }
          }
        }
      }
    }
    #expect(store.oldestSequence >= 2000)
    // No more was kept than a few steps.
    #expect(store.newestSequence - store.oldestSequence < HistoryPruner.stepMax * 4)
  }

  @Test func settingsStayWithTheStore() async throws {
    let store = try open()
    #expect(try await store.settings() == RepositorySettings())
    var wanted = RepositorySettings()
    wanted.uniqueEmail = true
    wanted.historyRetention = 3_600_000_000
    let set = try await store.updateSettings { [wanted] in $0 = wanted }
    #expect(set == wanted)
    await store.close()
    let again = try open()
    #expect(try await again.settings() == wanted)
    #expect(try await again.status().settings == wanted)
    _ = try await again.updateSettings { $0.historyRetention = nil }
    #expect(try await again.settings().historyRetention == nil)
    #expect(try await again.settings().uniqueEmail)
  }

  @Test func uniqueAddressesAreRefusedWhereTwoCustomersShareOne() async throws {
    let store = try open()
    for number in 1...4 {
      var customer = testCustomer(number)
      if number == 3 { customer.emailAddress = "USER.2@example2.COM" }
      _ = try await store.create(customer, testStamp(number))
    }
    await expectRefusal(
      "customers \(testID(2)) and \(testID(3)) have one e-mail address"
    ) {
      try await store.updateSettings {
        $0.uniqueEmail = true
        $0.historyRetention = 5
      }
    }
    #expect(try await store.settings() == RepositorySettings())
    _ = try await store.delete(testID(3), version: 0, testStamp(9))
    #expect(try await store.updateSettings { $0.uniqueEmail = true }.uniqueEmail)
  }
}
