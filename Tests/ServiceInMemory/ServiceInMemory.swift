import CustomerClient
import CustomerModel
import CustomerService
import CustomerStore
import TTRPC
import TestSupport
import WellKnownTypes

/// The service on a store of its own, called in this process: all but the socket is as in the
/// daemon.
///
/// Its clock goes by the changes that were made, so that what it writes is the same in each run.
package final class ServiceInMemory: Sendable {
  /// When the clock begins, in seconds since 1970: 2026-01-01T00:00:00Z.
  ///
  /// Each change is made a second after the one before.
  package static let startSeconds: Int64 = 1_767_225_600

  /// The store's id.
  package static let storeID = "0193a5c0-7d1e-7c3a-9f00-00000000f00d"

  /// The path of the socket that there isn't, as messages name it.
  package static let socketPath = "/run/customers.sock"

  /// Where the store is.
  package let repository: SQLiteRepository

  /// The services, ready to be called by name.
  package let definitions: [ServiceDefinition]

  /// What carries the calls of ``client``.
  package let channel: StagedChannel

  /// Calls as `uid=1000 pid=42 test`; a test can step into its calls.
  package let client: CustomerClient

  /// Calls as `uid=1000 pid=77 billing-sync`, and nothing steps in: somebody else.
  package let other: CustomerClient

  private let folder: TemporaryFolder
  private let source: WriteSource

  /// Makes an empty store.
  ///
  /// - Parameters:
  ///   - heartbeatInterval: How often a watch that has nothing to tell says so.
  ///   - processID: The number of the process that ``client`` calls from.
  ///   - program: Its program's name.
  /// - Throws: If there can be no store.
  package init(
    heartbeatInterval: Duration = .seconds(15),
    processID: Int32 = 42,
    program: String = "test"
  ) throws {
    folder = try TemporaryFolder()
    var options = StoreOptions(path: folder.file("customers.db"), newStoreID: Self.storeID)
    options.durability = .normal
    let repository = try SQLiteRepository(options)
    let start = Self.startSeconds
    let source = WriteSource { [folder] in
      // The folder stays for as long as anybody can call.
      withExtendedLifetime(folder) { (start + repository.newestSequence) * 1_000_000 }
    }
    let service = CustomerService(
      repository: repository,
      reader: try repository.makeReader(),
      source: source,
      server: ServerFacts(
        version: "1.2.3",
        startTime: Timestamp(nanosecondsSince1970: start * 1_000_000_000)
      ),
      heartbeatInterval: heartbeatInterval
    )
    self.repository = repository
    self.source = source
    definitions = service.definitions
    let peer = { (processID, program) in
      PeerIdentity(userID: 1000, groupID: 1000, processID: processID, program: program)
    }
    channel = StagedChannel(InMemoryChannel(definitions, peer: peer(processID, program)))
    client = CustomerClient(over: channel, socketPath: Self.socketPath)
    let others = InMemoryChannel(definitions, peer: peer(77, "billing-sync"))
    other = CustomerClient(over: others, socketPath: Self.socketPath)
  }

  /// Puts customers into the store as they are, with their versions and times.
  ///
  /// No rule is asked: so a store may hold what is refused today.
  package func put(_ customers: [Customer]) async throws {
    let results = try await repository.importRows(
      customers.map { ImportRow(customer: $0, newID: source.makeID().description) },
      mode: .create,
      match: .none,
      WriteStamp(
        timeMicroseconds: (Self.startSeconds + repository.newestSequence) * 1_000_000,
        author: Author(userID: 1000, groupID: 1000, processID: 42, program: "test")
      )
    ) { row, _ in row.customer }
    for result in results { _ = try result.get() }
  }

  /// All customers, in the order in which they came to be.
  package func all() async throws -> [Customer] {
    var customers: [Customer] = []
    for try await customer in other.customers() { customers.append(customer) }
    return customers
  }

  /// Has somebody else change a customer just before an update of ``client`` arrives.
  ///
  /// - Parameters:
  ///   - id: The customer.
  ///   - number: Before which update from now on; `nil` = before each.
  ///   - change: What somebody else changes.
  package func interfere(
    with id: String,
    beforeUpdate number: Int? = 1,
    _ change: @escaping @Sendable (inout Customer) -> Void
  ) {
    channel.before(.unary, "UpdateCustomer", number: number) { [other] in
      _ = try? await other.update(id, change)
    }
  }

  /// All changes that were made, with their tokens.
  package func changes() async throws -> [Change] {
    var changes: [Change] = []
    for try await change in other.watch(from: .oldest, stopsAtEnd: true) { changes.append(change) }
    return changes
  }

  /// A customer as it is now.
  package func get(_ id: String) async throws -> Customer { try await other.get(id) }
}
