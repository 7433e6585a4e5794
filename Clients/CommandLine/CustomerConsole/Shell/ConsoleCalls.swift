import CustomerClient
import CustomerModel

/// The calls that the console makes.
package protocol ConsoleCalls: Sendable {
  func create(_ customer: Customer) async throws(CustomerError) -> Customer
  func get(_ id: String, version: UInt64) async throws(CustomerError) -> Customer
  func update(
    _ customer: Customer,
    mask: [String],
    allowMissing: Bool
  ) async throws(CustomerError) -> Customer

  /// Writes what was changed of a customer since it was read, beside what others wrote meanwhile.
  func update(_ edited: Customer, from base: Customer) async throws(CustomerError) -> Customer
  func delete(_ id: String, version: UInt64, erase: Bool) async throws(CustomerError) -> UInt64
  func list(_ request: ListCustomersRequest) async throws(CustomerError) -> ListCustomersResponse
  func search(_ query: String, limit: Int32) async throws(CustomerError) -> [Customer]
  func watch(
    from start: CustomerClient.WatchStart,
    id: String,
    stopsAtEnd: Bool
  ) async throws(CustomerError) -> any WatchCall
  func status() async throws(CustomerError) -> StoreStatus
}

/// A watch that is going on.
package protocol WatchCall {
  /// The next change; nil at the end, if there is to be one.
  func next() async throws(CustomerError) -> Change?
}
