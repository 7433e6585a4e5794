internal import CustomerAPI
internal import TTRPC

extension CustomerClient {
  /// Begins an import.
  ///
  /// - Parameters:
  ///   - mode: Whether customers that are there are replaced, refused, or nothing is written at all.
  ///   - match: The field that finds the customer of a row without an id, such as `emailAddress` or
  ///     `attributes.externalId`; empty = such rows are new customers.
  /// - Returns: The import, to send batches to and to read results from.
  /// - Throws: What any call can throw.
  public func importCustomers(
    mode: ImportCustomersRequest.Mode = .upsert,
    match: String = ""
  ) async throws(CustomerError) -> CustomerImport {
    let options = try Self.options(nil)
    let call = try await translating { () async throws(RPCError) in
      try await customerService.importCustomers(options)
    }
    return CustomerImport(call: call, mode: mode, match: match)
  }
}

/// An import that is going on.
///
/// Send batches in one task and read results in another: the daemon stops reading when nobody takes
/// its results. Letting go of the import ends it; what it has written stays.
public struct CustomerImport: Sendable {
  let call: StreamingCall<ImportCustomersRequest, ImportCustomersResponse>
  let mode: ImportCustomersRequest.Mode
  let match: String

  /// Sends a batch; waits while too much is on its way.
  ///
  /// - Parameter customers: The customers of one transaction: those that are valid are written
  ///   together. At most 10,000, and 4 MiB when encoded.
  /// - Throws: ``CustomerError/resourceExhausted(message:retryAfter:outcome:)`` if the batch is too large,
  ///   how the daemon ended the import if it did, and what any call can throw.
  public func send(_ customers: [Customer]) async throws(CustomerError) {
    try await translating { () async throws(RPCError) in
      try await call.send(ImportCustomersRequest(mode: mode, match: match, customers: customers))
    }
  }

  /// Says that no more batches follow; the results that are missing still come.
  ///
  /// - Throws: What any call can throw.
  public func finish() async throws(CustomerError) {
    try await translating { () async throws(RPCError) in try await call.closeSending() }
  }

  /// Gives the import up; what was written stays.
  public func cancel() { call.cancel() }

  /// The results of the batches: an element a batch, in the order they were sent.
  public var results: Results { Results(responses: call.responses) }

  /// The results of an import's batches: an element a batch, with one result a customer, in order.
  public struct Results: AsyncSequence, Sendable {
    /// What an iteration gives.
    public typealias Element = [ImportResult]

    /// Why an iteration can fail.
    public typealias Failure = CustomerError

    let responses: ResponseStream<ImportCustomersResponse>

    /// Goes on behind the last results that were read.
    public func makeAsyncIterator() -> Iterator { Iterator(responses: responses) }

    /// Walks the results.
    public struct Iterator: AsyncIteratorProtocol {
      let responses: ResponseStream<ImportCustomersResponse>

      /// Returns the results of the next batch, or `nil` when all batches are done.
      public mutating func next(
        isolation actor: isolated (any Actor)? = #isolation
      ) async throws(CustomerError) -> [ImportResult]? {
        try await translating { () async throws(RPCError) in try await responses.next() }?
          .results.map(ImportResult.init)
      }

      /// Returns the results of the next batch, or `nil` when all batches are done.
      public mutating func next() async throws(CustomerError) -> [ImportResult]? {
        try await next(isolation: nil)
      }
    }
  }
}
