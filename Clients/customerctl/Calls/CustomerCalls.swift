import CustomerModel

/// The calls that verbs make, as far as they make them.
///
/// Verbs are tested against a store in memory; the program makes the calls with `CustomerClient`.
protocol CustomerCalls {
  func create(_ customer: Customer) async throws(CallError) -> Customer
  func get(_ id: String, version: UInt64) async throws(CallError) -> Customer
  func update(
    _ customer: Customer,
    mask: [String],
    allowMissing: Bool
  ) async throws(CallError) -> Customer
  func delete(_ id: String, version: UInt64, erase: Bool) async throws(CallError) -> UInt64
  func list(_ request: ListCustomersRequest) async throws(CallError) -> ListCustomersResponse
  func batchGet(_ ids: [String]) async throws(CallError) -> [Customer]
  func importCustomers(
    mode: ImportCustomersRequest.Mode,
    match: String
  ) async throws(CallError) -> any ImportCall
  func export(filter: String) async throws(CallError) -> any ExportCall
  func status() async throws(CallError) -> StoreStatus
}

/// An import that is going on: a message of results for each message of customers, in order.
protocol ImportCall {
  func send(_ customers: [Customer]) async throws(CallError)
  func results() async throws(CallError) -> [RowResult]
  func finish() async throws(CallError)
}

/// An export that is going on.
protocol ExportCall {
  /// The next message; nil behind the last.
  func next() async throws(CallError) -> ExportCustomersResponse?
}

/// Why a call was not answered as hoped, as far as the exit status and the advice differ.
enum CallError: Error, Equatable {
  /// There is no such customer, or no such version.
  case notFound(String)
  /// Somebody else wrote in between.
  case conflict(String, current: Customer?)
  /// A customer of that id is there.
  case alreadyExists(String)
  /// The data breaks rules; each with its field.
  case invalid(String, [Violation])
  /// No daemon answers.
  case unavailable(String)
  /// The daemon doesn't know the call, or not with these options.
  case unimplemented(String)
  /// Whatever else the daemon says.
  case other(String)
}
