import CustomerClient
import CustomerConsole
import CustomerModel
import ProtoJSON
import ProtoWire
import WellKnownTypes

/// The calls of verbs, made over the socket.
struct ClientCalls: CustomerCalls {
  /// Makes the calls.
  let client: CustomerClient

  var executor: (any TaskExecutor)? { client.taskExecutor }

  func create(_ customer: Customer) async throws(CustomerError) -> Customer {
    try await client.create(customer)
  }

  func get(_ id: String, version: UInt64) async throws(CustomerError) -> Customer {
    try await client.get(id, version: version)
  }

  func update(
    _ customer: Customer,
    mask: [String],
    allowMissing: Bool
  ) async throws(CustomerError) -> Customer {
    try await client.update(
      customer,
      mask: FieldMask(paths: mask),
      allowMissing: allowMissing
    )
  }

  func update(
    _ edited: Customer,
    from base: Customer
  ) async throws(CustomerError) -> Customer {
    try await client.update(edited, from: base)
  }

  func delete(
    _ id: String,
    version: UInt64,
    erase: Bool
  ) async throws(CustomerError) -> UInt64 {
    try await client.delete(id, version: version, erase: erase)
  }

  func list(
    _ request: ListCustomersRequest
  ) async throws(CustomerError) -> ListCustomersResponse {
    try await client.list(
      pageSize: request.pageSize,
      pageToken: request.pageToken,
      filter: request.filter,
      orderBy: request.orderBy
    )
  }

  func batchGet(_ ids: [String]) async throws(CustomerError) -> [Customer] {
    try await client.batchGet(ids)
  }

  func importCustomers(
    mode: ImportCustomersRequest.Mode,
    match: String
  ) async throws(CustomerError) -> any ImportCall {
    ClientImport(try await client.importCustomers(mode: mode, match: match))
  }

  func export(filter: String) async throws(CustomerError) -> any ExportCall {
    ClientExport(client.export(filter: filter))
  }

  func search(_ query: String, limit: Int32) async throws(CustomerError) -> [Customer] {
    try await client.search(query, limit: limit)
  }

  func watch(
    from start: CustomerClient.WatchStart,
    id: String,
    stopsAtEnd: Bool
  ) async throws(CustomerError) -> any WatchCall {
    ClientWatch(client.watch(from: start, id: id, stopsAtEnd: stopsAtEnd))
  }

  func status() async throws(CustomerError) -> StoreStatus { try await client.status() }

  func lists(_ requests: [ListCustomersRequest]) async -> [ListCustomersResponse?] {
    await withTaskGroup(of: (Int, ListCustomersResponse?).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask { (index, try? await self.list(request)) }
      }
      var responses = [ListCustomersResponse?](repeating: nil, count: requests.count)
      for await (index, response) in group { responses[index] = response }
      return responses
    }
  }

  func call(
    _ method: MethodDescriptor,
    _ requests: [[UInt8]]
  ) async throws(CustomerError) -> any MethodCall {
    ClientMethodCall(
      try await client.call(
        service: method.service,
        method: method.name,
        requests: requests,
        clientStreams: method.clientStreams,
        serverStreams: method.serverStreams
      )
    )
  }
}

/// An import over the socket.
private final class ClientImport: ImportCall {
  private let call: CustomerImport
  private var answers: CustomerImport.Results.Iterator

  init(_ call: CustomerImport) {
    self.call = call
    answers = call.results.makeAsyncIterator()
  }

  func send(_ customers: [Customer]) async throws(CustomerError) {
    try await call.send(customers)
  }

  func results() async throws(CustomerError) -> [ImportResult] {
    guard let results = try await answers.next() else {
      throw .unavailable(message: "the import ended early", outcome: .perhapsDone)
    }
    return results
  }

  func finish() async throws(CustomerError) { try await call.finish() }
}

/// An export over the socket.
private final class ClientExport: ExportCall {
  private var messages: CustomerExport.Iterator

  init(_ export: CustomerExport) { messages = export.makeAsyncIterator() }

  func next() async throws(CustomerError) -> ExportCustomersResponse? {
    try await messages.next()
  }
}

/// A call of any method over the socket.
private final class ClientMethodCall: MethodCall {
  private let responses: AnyResponses

  init(_ responses: AnyResponses) { self.responses = responses }

  func next() async throws(CustomerError) -> [UInt8]? { try await responses.next() }
}

/// A watch over the socket.
private final class ClientWatch: WatchCall {
  private var changes: CustomerChanges.Iterator

  init(_ changes: CustomerChanges) { self.changes = changes.makeAsyncIterator() }

  func next() async throws(CustomerError) -> Change? { try await changes.next() }
}
