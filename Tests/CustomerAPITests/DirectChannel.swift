import ProtoWire
import TTRPC

/// Carries calls from a stub to a service without anything between.
struct DirectChannel: RPCChannel {
  let service: ServiceDefinition
  let context: CallContext

  init(_ service: ServiceDefinition) {
    self.service = service
    context = CallContext(
      peer: PeerIdentity(userID: 1, groupID: 1, processID: 1, program: "test")
    )
  }

  func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    switch service.methods[method.name] {
    case .unary(let body):
      do {
        return try await body(request.encoded(), context)
      } catch {
        throw error as? RPCError ?? RPCError(.unknown, "\(error)")
      }
    case .immediate(let body): return try body(request.encoded().span, context)
    case .streaming, nil: throw RPCError(.unimplemented, "no unary method \(method.name)")
    }
  }

  func open<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions
  ) async throws(RPCError) -> any ClientCall {
    guard case .streaming(let kind, let body) = service.methods[method.name], kind == method.kind
    else { throw RPCError(.unimplemented, "no streaming method \(method.name)") }
    let (requests, responses) = (Pipe(), Pipe())
    if let request {
      await requests.put(request.encoded())
      await requests.end(nil)
    }
    let context = context
    Task {
      do {
        try await body(DirectServerCall(requests: requests, responses: responses), context)
        await responses.end(nil)
      } catch {
        await responses.end(error as? RPCError ?? RPCError(.unknown, "\(error)"))
      }
    }
    return DirectClientCall(requests: requests, responses: responses)
  }
}

/// The client's end of a call.
private struct DirectClientCall: ClientCall {
  let requests: Pipe
  let responses: Pipe

  func send(_ message: [UInt8]) async throws(RPCError) { await requests.put(message) }
  func closeSending() async throws(RPCError) { await requests.end(nil) }
  func receive() async throws(RPCError) -> [UInt8]? { try await responses.take() }
  func cancel() {}
}

/// The server's end of a call.
private struct DirectServerCall: ServerCall {
  let requests: Pipe
  let responses: Pipe

  func receive() async throws(RPCError) -> [UInt8]? { try await requests.take() }
  func send(_ message: [UInt8]) async throws(RPCError) { await responses.put(message) }
}

/// Messages in one direction; one task takes them.
private actor Pipe {
  private var messages: [[UInt8]] = []
  private var isEnded = false
  private var error: RPCError?
  private var waiting: CheckedContinuation<Void, Never>?

  func put(_ message: [UInt8]) {
    messages.append(message)
    wake()
  }

  func end(_ error: RPCError?) {
    isEnded = true
    self.error = error
    wake()
  }

  func take() async throws(RPCError) -> [UInt8]? {
    while messages.isEmpty, !isEnded {
      await withCheckedContinuation { waiting = $0 }
    }
    if !messages.isEmpty { return messages.removeFirst() }
    if let error { throw error }
    return nil
  }

  private func wake() {
    waiting?.resume()
    waiting = nil
  }
}
