package import ProtoWire

/// What carries calls from a stub to a service: a connection, or a test's short cut.
package protocol RPCChannel: Sendable {
  /// Makes a call of one request and one response; returns the encoded response.
  ///
  /// Cancelling the task ends the call with ``StatusCode/cancelled``.
  func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ options: CallOptions
  ) async throws(RPCError) -> [UInt8]

  /// Opens a call of which at least one side streams.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - request: The one request of a server-streaming call, `nil` for the other kinds.
  ///   - options: What the caller asks of the call.
  /// - Returns: The open call.
  /// - Throws: ``RPCError`` if the call couldn't be opened; nothing was sent then.
  func open<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions
  ) async throws(RPCError) -> any ClientCall

  /// Where answers come in: tasks that run on it make calls without changing threads.
  var executor: any TaskExecutor { get }

  /// Ends all calls, and refuses more.
  func close()
}

/// What a caller may ask of one call.
package struct CallOptions: Hashable, Sendable {
  /// How long the caller waits; `nil` = as long as it takes.
  package var timeout: Duration?

  /// What travels beside the messages.
  package var metadata: Metadata

  /// Whether doing the call twice is as good as doing it once.
  ///
  /// Such a call is repeated when the connection is lost before its answer came.
  package var isIdempotent: Bool

  /// Creates options.
  package init(
    timeout: Duration? = nil,
    metadata: Metadata = Metadata(),
    isIdempotent: Bool = false
  ) {
    self.timeout = timeout
    self.metadata = metadata
    self.isIdempotent = isIdempotent
  }
}

/// A streaming call as the client sees it.
///
/// One task may send while another receives.
package protocol ClientCall: Sendable {
  /// Sends one encoded message; waits while too much is queued.
  func send(_ message: [UInt8]) async throws(RPCError)

  /// Says that no more messages follow.
  func closeSending() async throws(RPCError)

  /// Returns the next encoded message, or `nil` when the call ended well.
  func receive() async throws(RPCError) -> [UInt8]?

  /// Gives the call up; what waits on it throws ``StatusCode/cancelled``.
  func cancel()
}

extension RPCChannel {
  /// Makes a call of one request and one response.
  package func call<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ options: CallOptions
  ) async throws(RPCError) -> Response {
    try Response(received: try await unary(method, request, options))
  }

  /// Makes a call of one request and a stream of responses.
  package func serverStream<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ options: CallOptions
  ) async throws(RPCError) -> ResponseStream<Response> {
    ResponseStream(call: try await open(method, request, options))
  }

  /// Opens a call of a stream of requests, answered by one response or by many.
  package func requestStream<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ options: CallOptions
  ) async throws(RPCError) -> StreamingCall<Request, Response> {
    StreamingCall(call: try await open(method, nil, options))
  }
}

extension WireMessage {
  /// Reads a message that came from the peer.
  ///
  /// - Throws: ``StatusCode/internal`` if the peer sent bytes that are no such message.
  package init(received bytes: [UInt8]) throws(RPCError) {
    do {
      try self.init(decoding: bytes)
    } catch {
      let text = "response is no \(Self.messageName): \(error)"
      throw RPCError(.internal, text, outcome: .perhapsDone)
    }
  }
}

/// The responses of a call, in the order they were sent.
package struct ResponseStream<Response: WireMessage>: AsyncSequence, Sendable {
  package typealias Failure = RPCError

  private let call: any ClientCall

  init(call: any ClientCall) { self.call = call }

  /// Gives the call up.
  package func cancel() { call.cancel() }

  /// Returns the next response, or `nil` when the call ended well.
  package func next() async throws(RPCError) -> Response? {
    guard let bytes = try await call.receive() else { return nil }
    return try Response(received: bytes)
  }

  package func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

  /// Walks the responses; one iterator at a time.
  package struct Iterator: AsyncIteratorProtocol {
    let stream: ResponseStream

    package mutating func next() async throws(RPCError) -> Response? {
      try await stream.next()
    }

    package mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(RPCError) -> Response? {
      try await stream.next()
    }
  }
}

/// A call whose requests stream.
package struct StreamingCall<Request: WireMessage, Response: WireMessage>: Sendable {
  /// The responses; a client-streaming call has exactly one, after the last request.
  package let responses: ResponseStream<Response>

  private let call: any ClientCall

  init(call: any ClientCall) {
    self.call = call
    responses = ResponseStream(call: call)
  }

  /// Sends one request; waits while too much is queued.
  package func send(_ request: Request) async throws(RPCError) {
    try await call.send(request.encoded())
  }

  /// Says that no more requests follow.
  package func closeSending() async throws(RPCError) { try await call.closeSending() }

  /// Gives the call up.
  package func cancel() { call.cancel() }

  /// Ends the requests of a client-streaming call and returns its one response.
  package func response() async throws(RPCError) -> Response {
    try await call.closeSending()
    guard let response = try await responses.next() else {
      throw RPCError(.internal, "call ended without its response", outcome: .perhapsDone)
    }
    return response
  }
}
