import Locks
import ProtoWire
import TTRPC

/// Carries calls from a stub to the handlers of services in the same process, without a socket.
///
/// What passes is what would stand on the wire: encoded messages, and the status that ends a call.
/// Deadlines, cancellation and the size of a message are as over a socket; limits of a server's,
/// and what befalls connections, there are none.
package final class InMemoryChannel: RPCChannel {
  private let services: [String: ServiceDefinition]
  private let peer: PeerIdentity
  private let state = Lock(State())

  private struct State {
    var calls: [ObjectIdentifier: InMemoryCall] = [:]
    var isClosed = false
  }

  /// Connects to services.
  ///
  /// - Parameters:
  ///   - definitions: The services.
  ///   - peer: Who calls.
  package init(
    _ definitions: [ServiceDefinition],
    peer: PeerIdentity = PeerIdentity(userID: 1000, groupID: 1000, processID: 42, program: "test")
  ) {
    services = Dictionary(uniqueKeysWithValues: definitions.map { ($0.name, $0) })
    self.peer = peer
  }

  package var executor: any TaskExecutor { globalConcurrentExecutor }

  package func close() {
    let calls = state.withLock { state in
      state.isClosed = true
      return Array(state.calls.values)
    }
    for call in calls { call.giveUp(.closed) }
  }

  package func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    if Task.isCancelled { throw .cancelled(.neverBegun) }
    let call = try begin(method, request, options)
    guard let response = try await call.receive() else { throw .noResponse }
    return response
  }

  package func open<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions
  ) async throws(RPCError) -> any ClientCall {
    try begin(method, request, options)
  }

  /// Begins a call: whatever the service says of it is read from the call.
  private func begin<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions
  ) throws(RPCError) -> InMemoryClientCall {
    // What a connection wouldn't take is refused as by one.
    var connection = ClientConnectionState()
    _ = try connection.open(method, request, options)
    let end = options.timeout.map { (instant: ContinuousClock.now + $0, timeout: $0) }
    let context = CallContext(
      peer: peer,
      metadata: options.metadata,
      deadline: end?.instant,
      connection: 1
    )
    let call = InMemoryCall(method.kind) { [weak self] call in
      self?.state.withLock { $0.calls[ObjectIdentifier(call)] = nil }
    }
    let isClosed = state.withLock { state in
      if !state.isClosed { state.calls[ObjectIdentifier(call)] = call }
      return state.isClosed
    }
    guard !isClosed else {
      throw RPCError(.cancelled, "client was closed", outcome: .neverBegun)
    }
    guard let service = services[method.service] else {
      call.finish(.failure(RPCError.unknown("service '\(method.service)' is not served here")))
      return InMemoryClientCall(call)
    }
    guard let implementation = service.methods[method.name] else {
      let text = "service '\(method.service)' has no method '\(method.name)'"
      call.finish(.failure(RPCError.unknown(text)))
      return InMemoryClientCall(call)
    }
    if let end { call.end(at: end.instant, .timedOut(after: end.timeout)) }
    call.start(implementation, request?.encoded(), context)
    return InMemoryClientCall(call)
  }
}

/// A call as its caller holds it; letting go of it gives the call up.
private final class InMemoryClientCall: ClientCall {
  private let call: InMemoryCall

  init(_ call: InMemoryCall) { self.call = call }

  deinit { call.giveUp(.cancelled(.perhapsDone)) }

  func send(_ message: [UInt8]) async throws(RPCError) {
    try RPCError.check("request", message, .neverBegun)
    let isSent = await withTaskCancellationHandler {
      await call.requests.put(message)
    } onCancel: {
      cancel()
    }
    if isSent { return }
    try call.requests.ending?.get()
    throw RPCError(.failedPrecondition, "call takes no more messages: its sending was closed")
  }

  func closeSending() async throws(RPCError) { call.requests.end() }

  func receive() async throws(RPCError) -> [UInt8]? {
    let next = await withTaskCancellationHandler {
      await call.responses.take()
    } onCancel: {
      cancel()
    }
    return try next.get()
  }

  func cancel() { call.giveUp(.cancelled(.perhapsDone)) }
}

extension RPCError {
  fileprivate static var closed: RPCError {
    RPCError(.cancelled, "client was closed", outcome: .perhapsDone)
  }

  fileprivate static var noResponse: RPCError {
    RPCError(.internal, "call ended without its response", outcome: .perhapsDone)
  }

  fileprivate static func timedOut(after timeout: Duration) -> RPCError {
    RPCError(.deadlineExceeded, "no answer within \(timeout)", outcome: .perhapsDone)
  }

  /// The error of a name that isn't served.
  fileprivate static func unknown(_ text: String) -> RPCError {
    RPCError(.unimplemented, text, outcome: .neverBegun)
  }
}
