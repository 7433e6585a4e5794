import CustomerAPI
import CustomerClient
import TTRPC
import TestSupport
import Testing

/// Settings and backups through the library.
@Suite(.timeLimit(.minutes(1))) struct StoreCallsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func settingsAreSetByMask() async throws {
    let daemon = try await TestDaemon(in: folder)
    let client = CustomerClient(socket: daemon.path)
    #expect(try await client.settings() == StoreSettings())
    let mask = FieldMask(paths: ["unique_email"])
    let set = try await client.updateSettings(StoreSettings(uniqueEmail: true), mask: mask)
    #expect(set == StoreSettings(uniqueEmail: true))
    let ann = try await client.create(Customer(emailAddress: "ann@example.com"))
    let error = await #expect(throws: CustomerError.self) {
      try await client.create(Customer(emailAddress: "ANN@example.com"))
    }
    guard case .alreadyExists(_, ann.customerID) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    await daemon.stop()
  }

  @Test func aBackupComesWhole() async throws {
    let daemon = try await TestDaemon(in: folder)
    let client = CustomerClient(socket: daemon.path)
    for index in 0..<20 { _ = try await client.create(Customer(firstName: "C\(index)")) }
    var bytes: [UInt8] = []
    var token = ""
    for try await piece in client.backUp() {
      #expect(token.isEmpty)
      bytes += piece.data
      token = piece.resumeToken
    }
    #expect(!token.isEmpty)
    await daemon.stop()

    let copy = try TemporaryFolder()
    _ = try copy.write(bytes: bytes, to: "customers.db")
    let other = try await TestDaemon(in: copy)
    let restored = CustomerClient(socket: other.path)
    #expect(try await restored.status().customerCount == 20)
    await other.stop()
  }

  /// A backup that has too few or too many bytes is none.
  @Test(arguments: [
    ([3, 3], UInt64(7), "6 bytes of a backup of 7 bytes came"),
    ([3, 5], 7, "8 bytes of a backup of 7 bytes came"),
    ([], 0, "0 bytes of a backup of 0 bytes came"),
  ])
  func aBackupOfAnotherSizeFails(_ sizes: [Int], _ total: UInt64, _ message: String) async throws {
    let method = StoreServiceMethods.backUpStore
    let service = ServiceDefinition(
      name: StoreServiceMethods.service,
      methods: [
        "BackUpStore": .serverStreaming(method) { _, responses, _ in
          for size in sizes {
            var piece = BackUpStoreResponse()
            piece.data = [UInt8](repeating: 1, count: size)
            piece.totalBytes = total
            try await responses.send(piece)
          }
        }
      ]
    )
    let daemon = try await TestDaemon(in: folder, services: [service])
    let error = await #expect(throws: CustomerError.self) {
      for try await _ in CustomerClient(socket: daemon.path).backUp() {}
    }
    #expect(error == .failed(code: "DATA_LOSS", reason: nil, message: message))
    await daemon.stop()
  }
}
