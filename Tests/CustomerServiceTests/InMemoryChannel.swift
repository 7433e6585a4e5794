import ProtoWire
import TTRPC

/// Carries calls from a stub to services in the same process: no socket, no frames, no limits.
struct InMemoryChannel: RPCChannel {
  /// The services by name.
  let services: [String: ServiceDefinition]

  /// Who calls.
  var peer = PeerIdentity(userID: 1000, groupID: 1000, processID: 4242, program: "tester")

  /// Connects to services.
  init(_ definitions: [ServiceDefinition]) {
    services = Dictionary(uniqueKeysWithValues: definitions.map { ($0.name, $0) })
  }

  func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    let context = CallContext(peer: peer, metadata: options.metadata)
    switch services[method.service]?.methods[method.name] {
    case .immediate(let body):
      return try body(request.encoded().span, context)
    case .unary(let body):
      do {
        return try await body(request.encoded(), context)
      } catch let error as RPCError {
        throw error
      } catch {
        throw RPCError(.internal, "\(error)")
      }
    case .streaming, nil:
      throw RPCError(.unimplemented, "\(method.service)/\(method.name)")
    }
  }

  func open<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions
  ) async throws(RPCError) -> any ClientCall {
    guard case .streaming(_, let body) = services[method.service]?.methods[method.name] else {
      throw RPCError(.unimplemented, "\(method.service)/\(method.name)")
    }
    let context = CallContext(peer: peer, metadata: options.metadata)
    let call = InMemoryCall()
    if let request {
      call.requests.send(request.encoded())
      call.requests.finish()
    }
    let task = Task {
      do {
        try await body(call, context)
        call.responses.finish()
      } catch {
        call.responses.finish(error as? RPCError ?? RPCError(.internal, "\(error)"))
      }
    }
    return ClientEnd(call: call, task: task)
  }
}

/// A streaming call as its handler sees it.
private final class InMemoryCall: ServerCall {
  let requests = Pipe()
  let responses = Pipe()

  func receive() async throws(RPCError) -> [UInt8]? { try await requests.next() }

  func send(_ message: [UInt8]) async throws(RPCError) { responses.send(message) }
}

/// The same call as the client sees it.
private struct ClientEnd: ClientCall {
  let call: InMemoryCall

  /// What answers it.
  let task: Task<Void, Never>

  func send(_ message: [UInt8]) async throws(RPCError) { call.requests.send(message) }

  func closeSending() async throws(RPCError) { call.requests.finish() }

  func receive() async throws(RPCError) -> [UInt8]? { try await call.responses.next() }

  func cancel() {
    call.requests.finish(RPCError(.cancelled, "cancelled"))
    task.cancel()
  }
}

/// Messages one way, in order.
private actor Pipe {
  private let stream: AsyncThrowingStream<[UInt8], any Error>
  private let continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation
  private var iterator: AsyncThrowingStream<[UInt8], any Error>.Iterator?

  init() { (stream, continuation) = AsyncThrowingStream.makeStream() }

  nonisolated func send(_ message: [UInt8]) { continuation.yield(message) }

  nonisolated func finish(_ error: RPCError? = nil) { continuation.finish(throwing: error) }

  func next() async throws(RPCError) -> [UInt8]? {
    var current = iterator ?? stream.makeAsyncIterator()
    do {
      let message = try await current.next(isolation: self)
      iterator = current
      return message
    } catch {
      throw error as? RPCError ?? RPCError(.internal, "\(error)")
    }
  }
}
