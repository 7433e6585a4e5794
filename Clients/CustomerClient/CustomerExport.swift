internal import CustomerAPI
internal import TTRPC

extension CustomerClient {
  /// Exports all customers as they are at one moment.
  ///
  /// - Parameter filter: Conditions joined by `AND`; empty = all customers.
  /// - Returns: The daemon's messages, each with many customers; the last one has the token from
  ///   which a watch goes on. Each iteration is an export of its own.
  public func export(filter: String = "") -> CustomerExport {
    CustomerExport(client: self, filter: filter)
  }
}

/// All customers at one moment, in the messages in which the daemon sends them.
///
/// The daemon waits for a slow reader. Leaving the loop ends the export.
public struct CustomerExport: AsyncSequence, Sendable {
  /// What an iteration gives.
  public typealias Element = ExportCustomersResponse

  /// Why an iteration can fail.
  public typealias Failure = CustomerError

  let client: CustomerClient
  let filter: String

  /// Begins an export.
  public func makeAsyncIterator() -> Iterator { Iterator(export: self) }

  /// The same customers one by one.
  public var customers: Customers { Customers(export: self) }

  /// Walks the messages.
  public struct Iterator: AsyncIteratorProtocol {
    let export: CustomerExport
    private var responses: ResponseStream<ExportCustomersResponse>?
    private var isAtEnd = false

    init(export: CustomerExport) { self.export = export }

    /// Returns the next message, or `nil` after the last.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(CustomerError) -> ExportCustomersResponse? {
      if isAtEnd { return nil }
      let message: ExportCustomersResponse?
      do throws(CustomerError) {
        let responses = try await open()
        message = try await translating(isReading: true) { () async throws(RPCError) in
          try await responses.next()
        }
      } catch {
        isAtEnd = true
        throw error
      }
      if message == nil { isAtEnd = true }
      return message
    }

    /// Returns the next message, or `nil` after the last.
    public mutating func next() async throws(CustomerError) -> ExportCustomersResponse? {
      try await next(isolation: nil)
    }

    private mutating func open() async throws(CustomerError)
      -> ResponseStream<ExportCustomersResponse>
    {
      if let responses { return responses }
      let options = try CustomerClient.options(nil)
      let request = ExportCustomersRequest(filter: export.filter)
      let stub = export.client.customerService
      let opened = try await translating(isReading: true) { () async throws(RPCError) in
        try await stub.exportCustomers(request, options)
      }
      responses = opened
      return opened
    }
  }

  /// All customers at one moment, one by one.
  public struct Customers: AsyncSequence, Sendable {
    /// What an iteration gives.
    public typealias Element = Customer

    /// Why an iteration can fail.
    public typealias Failure = CustomerError

    let export: CustomerExport

    /// Begins an export.
    public func makeAsyncIterator() -> Iterator { Iterator(messages: export.makeAsyncIterator()) }

    /// Walks the customers.
    public struct Iterator: AsyncIteratorProtocol {
      /// The token from which a watch goes on, nothing lost and nothing twice; empty before the end.
      public private(set) var resumeToken = ""

      private var messages: CustomerExport.Iterator
      private var customers: [Customer] = []
      private var nextIndex = 0

      init(messages: CustomerExport.Iterator) { self.messages = messages }

      /// Returns the next customer, or `nil` after the last.
      public mutating func next(
        isolation actor: isolated (any Actor)? = #isolation
      ) async throws(CustomerError) -> Customer? {
        while nextIndex == customers.count {
          guard let message = try await messages.next(isolation: actor) else { return nil }
          if !message.resumeToken.isEmpty { resumeToken = message.resumeToken }
          customers = message.customers
          nextIndex = 0
        }
        nextIndex += 1
        return customers[nextIndex - 1]
      }

      /// Returns the next customer, or `nil` after the last.
      public mutating func next() async throws(CustomerError) -> Customer? {
        try await next(isolation: nil)
      }
    }
  }
}
