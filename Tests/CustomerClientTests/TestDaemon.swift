import CustomerModel
import CustomerService
import CustomerStore
import DispatchSockets
import TTRPC
import TTRPCServer
import TestSupport
import WellKnownTypes

/// A daemon inside the test's process: sockets, protocol, service and store are the real ones.
struct TestDaemon {
  let path: String
  private let server: Server
  private let loop = EventLoop(label: "test.daemon")

  /// Serves a store in a folder; a second daemon in the same folder finds what the first wrote.
  init(in folder: TemporaryFolder) async throws {
    let source = WriteSource { Microseconds.now }
    let repository = try SQLiteRepository(
      StoreOptions(path: folder.file("customers.db"), newStoreID: source.makeID().description)
    )
    let service = CustomerService(
      repository: repository,
      reader: try repository.makeReader(),
      source: source,
      server: ServerFacts(version: "1.2.3", startTime: Timestamp(nanosecondsSince1970: 5))
    )
    try await self.init(in: folder, services: service.definitions)
    self.repository = repository
  }

  /// Serves services that a test makes up.
  init(
    in folder: TemporaryFolder,
    services: [ServiceDefinition],
    onEvent: @escaping @Sendable (ServerEvent) -> Void = { _ in }
  ) async throws {
    path = folder.file("s")
    var options = ServerOptions()
    options.onEvent = onEvent
    server = Server(services, options: options, on: loop)
    await server.listen(try Listener(path: path, on: loop))
  }

  private var repository: SQLiteRepository?

  /// Stops as a signal would stop it.
  func stop() async {
    await server.drain(grace: .milliseconds(50))
    await repository?.close()
  }
}

/// The time of day, from the monotonic clock: all that the tests need of it is that it goes on.
private enum Microseconds {
  static let start = ContinuousClock.now

  static var now: Int64 {
    let parts = (ContinuousClock.now - start).components
    return 1_700_000_000_000_000 + parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
  }
}
