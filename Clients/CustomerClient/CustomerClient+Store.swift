internal import CustomerAPI
internal import TTRPC

extension CustomerClient {
  /// Asks for the rules that were set for the daemon's store.
  ///
  /// - Parameter timeout: How long to wait; `nil` = ``Options/timeout``.
  /// - Returns: The rules.
  /// - Throws: What any call can throw.
  public func settings(timeout: Duration? = nil) async throws(CustomerError) -> StoreSettings {
    let options = try unary(timeout, isIdempotent: true)
    return try await translating(isReading: true) { () async throws(RPCError) in
      try await storeService.getSettings(GetSettingsRequest(), options)
    }
  }

  /// Sets rules for the daemon's store; they stay with it.
  ///
  /// - Parameters:
  ///   - settings: The new values.
  ///   - mask: Which to set: `unique_email`, `history_retention`; `nil` = all.
  ///   - timeout: How long to wait; `nil` = ``Options/timeout``.
  /// - Returns: All rules as they are now.
  /// - Throws: ``CustomerError/invalid(message:violations:)``,
  ///   ``CustomerError/failed(code:reason:message:outcome:)`` with ``ErrorReason/emailsNotUnique`` where
  ///   addresses shall be unique and two customers share one, and what any call can throw.
  @discardableResult
  public func updateSettings(
    _ settings: StoreSettings,
    mask: FieldMask? = nil,
    timeout: Duration? = nil
  ) async throws(CustomerError) -> StoreSettings {
    // Somebody else may set the same in between.
    let options = try unary(timeout, isIdempotent: false)
    var request = UpdateSettingsRequest()
    request.settings = settings
    request.updateMask = mask
    return try await translating { [request] () async throws(RPCError) in
      try await storeService.updateSettings(request, options)
    }
  }

  /// Copies the daemon's database as it is at one moment, while others write to it.
  ///
  /// - Returns: The copy's bytes in pieces; written one behind the other they are a database that
  ///   `customerd --database` opens. Each iteration is a copy of its own; the daemon makes one at
  ///   a time.
  public func backUp() -> CustomerBackup { CustomerBackup(client: self) }
}

/// A copy of the daemon's database, in pieces of at most 1 MiB.
///
/// The daemon waits for a slow reader. Leaving the loop ends the backup. A loop that ends without
/// an error has seen every byte.
public struct CustomerBackup: AsyncSequence, Sendable {
  /// What an iteration gives.
  public typealias Element = BackUpStoreResponse

  /// Why an iteration can fail.
  public typealias Failure = CustomerError

  let client: CustomerClient

  /// Begins a backup.
  public func makeAsyncIterator() -> Iterator { Iterator(client: client) }

  /// Walks the pieces.
  public struct Iterator: AsyncIteratorProtocol {
    let client: CustomerClient
    private var responses: ResponseStream<BackUpStoreResponse>?
    private var isAtEnd = false

    /// The bytes that came, and those that shall come.
    private var bytes: (received: UInt64, total: UInt64) = (0, 0)

    init(client: CustomerClient) { self.client = client }

    /// Returns the next piece, or `nil` after the last.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(CustomerError) -> BackUpStoreResponse? {
      if isAtEnd { return nil }
      do throws(CustomerError) {
        let responses = try await open()
        let piece = try await translating(isReading: true) { () async throws(RPCError) in
          try await responses.next()
        }
        isAtEnd = piece == nil
        try count(piece)
        return piece
      } catch {
        isAtEnd = true
        throw error
      }
    }

    /// Returns the next piece, or `nil` after the last.
    public mutating func next() async throws(CustomerError) -> BackUpStoreResponse? {
      try await next(isolation: nil)
    }

    /// Compares what has come with what shall come.
    private mutating func count(_ piece: BackUpStoreResponse?) throws(CustomerError) {
      if let piece {
        bytes.received += UInt64(piece.data.count)
        bytes.total = piece.totalBytes
        if bytes.received <= bytes.total { return }
      } else if bytes.received == bytes.total, bytes.total > 0 {
        return
      }
      throw .failed(
        code: "DATA_LOSS",
        reason: nil,
        message: "\(bytes.received) bytes of a backup of \(bytes.total) bytes came"
      )
    }

    private mutating func open() async throws(CustomerError)
      -> ResponseStream<BackUpStoreResponse>
    {
      if let responses { return responses }
      let options = try CustomerClient.options(nil)
      let stub = client.storeService
      let opened = try await translating(isReading: true) { () async throws(RPCError) in
        try await stub.backUpStore(BackUpStoreRequest(), options)
      }
      responses = opened
      return opened
    }
  }
}
