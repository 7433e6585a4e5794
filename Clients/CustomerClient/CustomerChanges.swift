internal import CustomerAPI
internal import TTRPC

extension CustomerClient {
  /// Where a watch begins.
  public enum WatchStart: Hashable, Sendable {
    /// With what changes from now on.
    case now

    /// With the oldest change that is kept.
    case oldest

    /// Behind the change, the page or the export that a token came with.
    case token(String)
  }

  /// Follows changes as they are made.
  ///
  /// - Parameters:
  ///   - start: Where to begin.
  ///   - id: The one customer to follow; empty = all.
  ///   - stopsAtEnd: Whether to end with the newest change instead of waiting for more: from the
  ///     oldest on, that is a customer's history.
  /// - Returns: The changes, and now and then one of the kind `none` that only has a newer token.
  public func watch(
    from start: WatchStart = .now,
    id: String = "",
    stopsAtEnd: Bool = false
  ) -> CustomerChanges {
    var request = WatchCustomersRequest()
    request.customerID = id
    request.stopAtEnd = stopsAtEnd
    switch start {
    case .now: break
    case .oldest: request.fromStart = true
    case .token(let token): request.resumeToken = token
    }
    return CustomerChanges(client: self, request: request)
  }
}

/// Changes of customers in the order they were made.
///
/// When the daemon is restarted the watch goes on by itself behind the last change that was read,
/// with none missing and none twice; it waits ``reconnectTimeMax`` for a daemon. Leaving the loop
/// ends the watch.
public struct CustomerChanges: AsyncSequence, Sendable {
  /// What an iteration gives.
  public typealias Element = Change

  /// Why an iteration can fail.
  public typealias Failure = CustomerError

  /// How long a watch that has begun waits for a daemon that is gone.
  public static let reconnectTimeMax = Duration.seconds(30)

  let client: CustomerClient
  let request: WatchCustomersRequest

  /// Begins a watch.
  public func makeAsyncIterator() -> Iterator { Iterator(client: client, request: request) }

  /// Walks the changes.
  public struct Iterator: AsyncIteratorProtocol {
    let client: CustomerClient
    private var request: WatchCustomersRequest
    private var responses: ResponseStream<Change>?
    private var isAtEnd = false

    /// Since when there has been no daemon; `nil` while there is one.
    private var lostSince: ContinuousClock.Instant?

    /// The wait before the next attempt to find one.
    private var pause = Self.firstPause

    private static let firstPause = Duration.milliseconds(20)
    private static let pauseMax = Duration.seconds(1)

    init(client: CustomerClient, request: WatchCustomersRequest) {
      self.client = client
      self.request = request
    }

    /// Returns the next change; waits for it, or returns `nil` at the end if that was asked for.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(CustomerError) -> Change? {
      while !isAtEnd {
        do throws(CustomerError) {
          let responses = try await open()
          let change = try await translating(isReading: true) { () async throws(RPCError) in
            try await responses.next()
          }
          guard let change else { break }
          lostSince = nil
          pause = Self.firstPause
          if !change.resumeToken.isEmpty {
            request.resumeToken = change.resumeToken
            request.fromStart = false
          }
          return change
        } catch {
          responses = nil
          guard case .unavailable = error, await canTryAgain() else {
            isAtEnd = true
            throw error
          }
        }
      }
      isAtEnd = true
      return nil
    }

    /// Returns the next change; waits for it, or returns `nil` at the end if that was asked for.
    public mutating func next() async throws(CustomerError) -> Change? {
      try await next(isolation: nil)
    }

    /// Waits a moment; says whether the watch may be opened again.
    ///
    /// Without a token it can't go on where it was.
    private mutating func canTryAgain() async -> Bool {
      guard !request.resumeToken.isEmpty else { return false }
      let start = lostSince ?? .now
      lostSince = start
      guard ContinuousClock.now - start < CustomerChanges.reconnectTimeMax else { return false }
      do {
        try await Task.sleep(for: pause)
      } catch {
        return false
      }
      pause = pause * 2 < Self.pauseMax ? pause * 2 : Self.pauseMax
      return true
    }

    private mutating func open() async throws(CustomerError) -> ResponseStream<Change> {
      if let responses { return responses }
      let options = try CustomerClient.options(nil)
      let request = request
      let stub = client.customerService
      let opened = try await translating(isReading: true) { () async throws(RPCError) in
        try await stub.watchCustomers(request, options)
      }
      responses = opened
      return opened
    }
  }
}
