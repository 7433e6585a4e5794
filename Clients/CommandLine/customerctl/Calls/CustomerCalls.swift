import CustomerClient
import CustomerConsole
import CustomerModel
import ProtoJSON

/// The calls that verbs make beside those of the console, as far as they make them.
///
/// Verbs are tested against a store in memory; the program makes the calls with `CustomerClient`.
protocol CustomerCalls: ConsoleCalls, StoreCalls {
  /// Where answers are read; nil = anywhere.
  var executor: (any TaskExecutor)? { get }

  func batchGet(_ ids: [String]) async throws(CustomerError) -> [Customer]
  func importCustomers(
    mode: ImportCustomersRequest.Mode,
    match: String
  ) async throws(CustomerError) -> any ImportCall
  func export(filter: String) async throws(CustomerError) -> any ExportCall

  /// Several pages, asked for at the same time as far as that can be done.
  ///
  /// - Returns: A page for each request, nil where the call fails.
  func lists(_ requests: [ListCustomersRequest]) async -> [ListCustomersResponse?]

  /// Makes a call of any method, with encoded messages.
  func call(
    _ method: MethodDescriptor,
    _ requests: [[UInt8]]
  ) async throws(CustomerError) -> any MethodCall
}

extension CustomerCalls {
  var executor: (any TaskExecutor)? { nil }

  func lists(_ requests: [ListCustomersRequest]) async -> [ListCustomersResponse?] {
    var responses: [ListCustomersResponse?] = []
    for request in requests { responses.append(try? await list(request)) }
    return responses
  }
}

/// An import that is going on: a message of results for each message of customers, in order.
protocol ImportCall {
  func send(_ customers: [Customer]) async throws(CustomerError)
  func results() async throws(CustomerError) -> [ImportResult]
  func finish() async throws(CustomerError)
}

/// An export that is going on.
protocol ExportCall {
  /// The next message; nil behind the last.
  func next() async throws(CustomerError) -> ExportCustomersResponse?
}

/// A call of any method that is going on.
protocol MethodCall {
  /// The next response, encoded; nil behind the last.
  func next() async throws(CustomerError) -> [UInt8]?
}
