extension CustomerClient {
  /// Reads all customers, page by page.
  ///
  /// - Parameters:
  ///   - filter: Conditions joined by `AND`; see ``list(pageSize:pageToken:filter:orderBy:timeout:)``.
  ///   - orderBy: Such as `lastName`; empty = the order of creation.
  ///   - pageSize: How many are asked for at once.
  /// - Returns: The customers. Each iteration asks anew.
  public func customers(
    filter: String = "",
    orderBy: String = "",
    pageSize: Int32 = 1000
  ) -> CustomerPages {
    CustomerPages(client: self, filter: filter, orderBy: orderBy, pageSize: pageSize)
  }
}

/// All customers that a filter lets through, read page by page as they are asked for.
///
/// Pages are read one after the other: a customer that changes in the meantime can be missed or come
/// twice where the order depends on what changed. ``CustomerClient/export(filter:)`` shows one moment.
public struct CustomerPages: AsyncSequence, Sendable {
  /// What an iteration gives.
  public typealias Element = Customer

  /// Why an iteration can fail.
  public typealias Failure = CustomerError

  let client: CustomerClient
  let filter: String
  let orderBy: String
  let pageSize: Int32

  /// Begins from the first page.
  public func makeAsyncIterator() -> Iterator { Iterator(pages: self) }

  /// Walks the customers.
  public struct Iterator: AsyncIteratorProtocol {
    let pages: CustomerPages
    private var customers: [Customer] = []
    private var nextIndex = 0
    private var pageToken = ""
    private var isAtEnd = false

    init(pages: CustomerPages) { self.pages = pages }

    /// Returns the next customer, or `nil` after the last.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(CustomerError) -> Customer? {
      while nextIndex == customers.count {
        if isAtEnd { return nil }
        let page = try await pages.client.list(
          pageSize: pages.pageSize,
          pageToken: pageToken,
          filter: pages.filter,
          orderBy: pages.orderBy
        )
        customers = page.customers
        nextIndex = 0
        pageToken = page.nextPageToken
        isAtEnd = pageToken.isEmpty
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
