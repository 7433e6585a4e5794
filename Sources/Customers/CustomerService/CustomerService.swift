internal import CustomerAPI
package import CustomerModel
package import CustomerStore
internal import ProtoWire
package import TTRPC
internal import WellKnownTypes

/// Answers the calls of `customers.v1`: rules before, the repository behind, errors translated.
///
/// It owns nothing that changes but the source of ids. Calls that only read one record are answered
/// where they arrive; see ``definitions``.
package struct CustomerService: Sendable {
  /// The largest number of customers in one message of an import.
  ///
  /// A message is validated and kept whole; other writes wait for parts of it only.
  package static let importRowsMax = 10_000

  /// How many bytes of broken rules a response of an import names: 1 MiB, which leaves room in a
  /// frame for the results of ``importRowsMax`` rows.
  package static let importViolationBytesMax = 1 << 20

  let repository: any CustomerRepository
  let reader: any RecordReader
  let source: WriteSource
  let server: ServerFacts
  let heartbeats: HeartbeatTimer

  /// Creates a service over a repository.
  ///
  /// `reader` is the event loop's own: nothing else may make it wait. A watch that has nothing to
  /// tell for `heartbeatInterval` sends a newer token.
  package init(
    repository: any CustomerRepository,
    reader: any RecordReader,
    source: WriteSource,
    server: ServerFacts,
    heartbeatInterval: Duration = .seconds(15)
  ) {
    self.repository = repository
    self.reader = reader
    self.source = source
    self.server = server
    heartbeats = HeartbeatTimer(heartbeatInterval)
  }

  /// The services, ready to be called by name.
  package var definitions: [ServiceDefinition] {
    var customers = ServiceDefinition(customerService: self)
    customers.answerAtOnce(CustomerServiceMethods.getCustomer) { (request, _) throws(RPCError) in
      try read(request)
    }
    customers.keepRoom(for: CustomerServiceMethods.batchGetCustomers)
    var store = ServiceDefinition(storeService: self)
    store.keepRoom(for: StoreServiceMethods.getStatus)
    return [customers, store]
  }
}

extension CustomerService: CustomerServiceHandler {
  package func createCustomer(
    _ request: CreateCustomerRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<Customer> {
    guard let given = request.customer else { throw .missing("customer") }
    var customer = try normal { () throws(InvalidCustomer) in
      try given.validated(for: .create, makeKey: source.makeID)
    }
    if customer.customerID.isEmpty { customer.customerID = source.makeID().description }
    let stamp = source.stamp(context)
    let written = try await stored { () async throws(RepositoryError) in
      try await repository.create(customer, stamp)
    }
    return Encoded(bytes: written.record)
  }

  package func getCustomer(
    _ request: GetCustomerRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<Customer> {
    try read(request)
  }

  package func updateCustomer(
    _ request: UpdateCustomerRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<Customer> {
    guard let patch = request.customer else { throw .missing("customer") }
    let id = try normalID(patch.customerID, field: "customer.customerId")
    let mask = request.updateMask
    let makeKey = source.makeID
    let stamp = source.stamp(context)
    let written = try await stored { () async throws(RepositoryError) in
      try await repository.update(
        id,
        version: patch.version,
        merges: request.allowMerge,
        allowMissing: request.allowMissing,
        stamp
      ) { current in
        guard let current else { return try patch.validated(for: .create, makeKey: makeKey) }
        return try current.updated(by: patch, mask: mask, makeKey: makeKey)
      }
    }
    return Encoded(bytes: written.record)
  }

  package func deleteCustomer(
    _ request: DeleteCustomerRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<DeleteCustomerResponse> {
    let id = try normalID(request.customerID, field: "customerId")
    let stamp = source.stamp(context)
    let written = try await stored { () async throws(RepositoryError) in
      if request.erase { return try await repository.erase(id, version: request.version, stamp) }
      return try await repository.delete(id, version: request.version, stamp)
    }
    var response = DeleteCustomerResponse()
    response.version = written.version
    return Encoded(response)
  }

  /// Reads one record; its stored bytes are the answer.
  private func read(_ request: GetCustomerRequest) throws(RPCError) -> Encoded<Customer> {
    let id = try normalID(request.customerID, field: "customerId")
    do throws(RepositoryError) {
      if request.version > 0 {
        return Encoded(bytes: try reader.record(id, version: request.version))
      }
      if let record = try reader.record(id) { return Encoded(bytes: record) }
      throw RepositoryError.notFound(id: id, deletedAtVersion: try reader.deletion(id))
    } catch {
      throw RPCError(error)
    }
  }
}

extension CustomerService: StoreServiceHandler {
  package func getStatus(
    _ request: GetStatusRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<StoreStatus> {
    let store = try await stored { () async throws(RepositoryError) in
      try await repository.status()
    }
    var status = StoreStatus()
    status.storeID = store.storeID
    status.serverVersion = server.version
    status.startTime = server.startTime
    status.customerCount = UInt64(clamping: store.customerCount)
    status.changeCount = UInt64(clamping: store.changeCount)
    status.databaseBytes = UInt64(clamping: store.databaseBytes)
    status.schemaVersion = UInt32(clamping: store.schemaVersion)
    status.erasing = store.isErasing
    status.unindexedCount = UInt64(clamping: store.unindexedCount)
    status.oldestChangeTime = store.oldestTimeMicroseconds.map(Timestamp.init(microseconds:))
    status.settings = StoreSettings(store.settings)
    return Encoded(status)
  }
}

extension CustomerService {
  /// Makes a call of the repository; its errors become the caller's.
  func stored<Value>(
    _ body: () async throws(RepositoryError) -> Value
  ) async throws(RPCError) -> Value {
    do throws(RepositoryError) {
      return try await body()
    } catch {
      throw RPCError(error)
    }
  }

  /// Applies the rules of customers; what they refuse is sent as a list of violations.
  func normal(_ body: () throws(InvalidCustomer) -> Customer) throws(RPCError) -> Customer {
    do throws(InvalidCustomer) {
      return try body()
    } catch {
      throw RPCError(error)
    }
  }

  /// The id in the form that the store keeps.
  func normalID(_ text: String, field: String) throws(RPCError) -> String {
    if UniqueID.isNormal(text) { return text }
    guard !text.isEmpty else { throw .missing(field) }
    do {
      return try CustomerID(text).description
    } catch {
      throw RPCError(
        InvalidCustomer(violations: [Violation(field: field, description: "\(error)")])
      )
    }
  }
}
