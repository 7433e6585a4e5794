import CustomerClient
import CustomerModel

/// The calls that verbs make, as far as they make them.
///
/// Verbs are tested against a store in memory; the program makes the calls with `CustomerClient`.
protocol CustomerCalls: StoreCalls, Sendable {
  func create(_ customer: Customer) async throws(CustomerError) -> Customer
  func get(_ id: String, version: UInt64) async throws(CustomerError) -> Customer
  func update(
    _ customer: Customer,
    mask: [String],
    allowMissing: Bool
  ) async throws(CustomerError) -> Customer
  func delete(_ id: String, version: UInt64, erase: Bool) async throws(CustomerError) -> UInt64
  func list(_ request: ListCustomersRequest) async throws(CustomerError) -> ListCustomersResponse
  func batchGet(_ ids: [String]) async throws(CustomerError) -> [Customer]
  func importCustomers(
    mode: ImportCustomersRequest.Mode,
    match: String
  ) async throws(CustomerError) -> any ImportCall
  func export(filter: String) async throws(CustomerError) -> any ExportCall
  func search(_ query: String, limit: Int32) async throws(CustomerError) -> [Customer]
  func watch(
    from start: CustomerClient.WatchStart,
    id: String,
    stopsAtEnd: Bool
  ) async throws(CustomerError) -> any WatchCall
  func status() async throws(CustomerError) -> StoreStatus
}

/// An import that is going on: a message of results for each message of customers, in order.
protocol ImportCall {
  func send(_ customers: [Customer]) async throws(CustomerError)
  func results() async throws(CustomerError) -> [RowResult]
  func finish() async throws(CustomerError)
}

/// An export that is going on.
protocol ExportCall {
  /// The next message; nil behind the last.
  func next() async throws(CustomerError) -> ExportCustomersResponse?
}

/// A watch that is going on.
protocol WatchCall {
  /// The next change; nil at the end, if there is to be one.
  func next() async throws(CustomerError) -> Change?
}
