import CustomerClient
import Foundation
import TestSupport
import Testing

/// A daemon that is stopped: the kernel still takes connections and bytes for it.
@Suite(.timeLimit(.minutes(2))) struct StoppedDaemonJourney {
  private typealias Call = @Sendable (CustomerClient) async throws -> Void

  private static let id = UUID().uuidString

  /// A call of each kind, by its name.
  private static let calls: [(name: String, call: Call)] = [
    ("get", { _ = try await $0.get(id) }),
    ("create", { _ = try await $0.create(Customer(firstName: "Ann")) }),
    ("update", { _ = try await $0.update(Customer(customerID: id, version: 1)) }),
    ("edit", { _ = try await $0.update(id) { $0.firstName = "Ann" } }),
    ("delete", { try await $0.delete(id) }),
    ("list", { _ = try await $0.list() }),
    ("pages", { for try await _ in $0.customers() {} }),
    ("batchGet", { _ = try await $0.batchGet([id]) }),
    ("search", { _ = try await $0.search("ann") }),
    ("status", { _ = try await $0.status() }),
    ("settings", { _ = try await $0.settings() }),
    ("updateSettings", { try await $0.updateSettings(StoreSettings()) }),
    ("export", { for try await _ in $0.export() {} }),
    ("watch", { for try await _ in $0.watch() {} }),
    ("backUp", { for try await _ in $0.backUp() {} }),
    ("import", { try await importForever($0) }),
    ("results", { for try await _ in try await $0.importCustomers().results {} }),
  ]

  /// Sends more than the socket and the client's own queue hold.
  private static func importForever(_ client: CustomerClient) async throws {
    let call = try await client.importCustomers()
    let batch = Array(
      repeating: Customer(firstName: String(repeating: "a", count: 200)),
      count: 5000
    )
    while true { try await call.send(batch) }
  }

  /// Makes a call that must be over in a second, and returns its error.
  private func error(
    of call: (CustomerClient) async throws -> Void,
    _ client: CustomerClient
  ) async -> CustomerError? {
    do {
      try await CustomerClient.withDeadline(.milliseconds(400)) { try await call(client) }
      return nil
    } catch {
      return error as? CustomerError
    }
  }

  @Test func everyCallEndsAtItsDeadlineAndWorksAgainAfterwards() async throws {
    let daemon = try await Daemon()
    let client = CustomerClient(socket: daemon.socket)
    let ann = try await client.create(Customer(firstName: "Ann"))
    try await daemon.standStill()
    for (name, call) in Self.calls {
      let start = ContinuousClock.now
      let error = await error(of: call, client)
      guard case .deadlineExceeded = error else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
      #expect(ContinuousClock.now - start < .seconds(5), "\(name)")
    }
    daemon.goOn()
    #expect(try await client.get(ann.customerID) == ann)
    await daemon.stop()
  }

  @Test func whatOnlyReadsLeavesNothingAndAWriteIsPerhapsDone() async throws {
    let daemon = try await Daemon()
    let client = CustomerClient(socket: daemon.socket)
    _ = try await client.status()
    try await daemon.standStill()
    let read = await error(of: { _ = try await $0.list() }, client)
    #expect(read?.outcome == .undone)
    let write = await error(of: { _ = try await $0.create(Customer(firstName: "Ann")) }, client)
    #expect(write?.outcome == .perhapsDone)
    daemon.goOn()
    await daemon.stop()
  }

  @Test func theCommandLineSaysThatAWriteIsPerhapsDone() async throws {
    let daemon = try await Daemon()
    try await daemon.standStill()
    let created = try await daemon.ctl("create", "firstName=Ann")
    #expect(created.status == 6)
    #expect(created.errors.contains("gives no answer: no answer within 10"), "\(created.errors)")
    #expect(created.errors.contains("perhaps it was done; look before you ask again"))
    daemon.goOn()
    await daemon.stop()
  }
}
