import Locks
import ProtoWire
import TTRPC
import WellKnownTypes

/// A call between its caller and its handler.
final class InMemoryCall: ServerCall {
  /// What the caller sends.
  let requests = MessagePipe()

  /// What the handler answers, and how the call ended.
  let responses = MessagePipe()

  private let kind: MethodKind
  private let state = Lock(State())
  private let onEnd: @Sendable (InMemoryCall) -> Void

  private struct State {
    var isOver = false

    /// The one response of a method that doesn't stream them, which goes out when its handler ends.
    var response: [UInt8]?

    /// What runs the handler, and what waits for the deadline.
    var tasks: [Task<Void, Never>] = []
  }

  /// Creates a call.
  ///
  /// - Parameters:
  ///   - kind: How many messages go each way.
  ///   - onEnd: Told when the call is over.
  init(_ kind: MethodKind, onEnd: @escaping @Sendable (InMemoryCall) -> Void) {
    self.kind = kind
    self.onEnd = onEnd
  }

  /// Begins the handler.
  ///
  /// It shares nothing with the caller's task: neither what is local to that, nor its cancellation.
  func start(_ method: MethodImplementation, _ request: [UInt8]?, _ context: CallContext) {
    switch method {
    case .immediate(let body):
      do throws(RPCError) {
        let bytes = request ?? []
        let response = try body(bytes.span, context)
        finish(.success(response))
      } catch {
        finish(.failure(error))
      }
    case .unary(let body):
      run { try await body(request ?? [], context) }
    case .streaming(_, let body):
      if let request {
        requests.add(request)
        requests.end()
      }
      run {
        try await body(self, context)
        return self.state.withLock { $0.response }
      }
    }
  }

  private func run(_ body: @escaping @Sendable () async throws -> [UInt8]?) {
    keep(
      Task.detached {
        do {
          self.finish(.success(try await body()))
        } catch {
          self.finish(.failure(error))
        }
      }
    )
  }

  /// Gives the call up when its time is over.
  func end(at instant: ContinuousClock.Instant, _ error: RPCError) {
    keep(
      Task.detached { [weak self] in
        do {
          try await Task.sleep(until: instant, clock: .continuous)
          self?.giveUp(error)
        } catch {
          // It ended before.
        }
      }
    )
  }

  private func keep(_ task: Task<Void, Never>) {
    let isOver = state.withLock { state in
      if !state.isOver { state.tasks.append(task) }
      return state.isOver
    }
    if isOver { task.cancel() }
  }

  /// Ends the call as its handler has ended.
  func finish(_ result: Result<[UInt8]?, any Error>) {
    switch result {
    case .success(let response):
      guard response != nil || kind.serverStreams else { return end(.internalError) }
      if let response { responses.add(response) }
      end(nil)
    case .failure(let error): end(Self.received(error))
    }
  }

  /// Ends the call for its caller, whatever its handler does.
  func giveUp(_ error: RPCError) { end(error, discarding: true) }

  private func end(_ error: RPCError?, discarding discards: Bool = false) {
    let tasks: [Task<Void, Never>]? = state.withLock { state in
      guard !state.isOver else { return nil }
      state.isOver = true
      return state.tasks
    }
    if tasks != nil || discards { responses.end(error, discarding: discards) }
    guard let tasks else { return }
    requests.end(error ?? .streamEnded, discarding: true)
    for task in tasks { task.cancel() }
    onEnd(self)
  }

  /// An error as it arrives: a status is all that travels.
  private static func received(_ error: any Error) -> RPCError {
    var sent = RPCError.internalError
    if let error = error as? RPCError {
      sent = error
    } else if error is CancellationError {
      sent = .cancelled(.perhapsDone)
    }
    let status = try? Status(decoding: sent.callStatus.encoded())
    return status.flatMap { RPCError($0) } ?? sent
  }

  // MARK: What the handler has of it

  func receive() async throws(RPCError) -> [UInt8]? {
    switch await requests.take() {
    case .success(let message): return message
    case .failure: throw .cancelled(.perhapsDone)
    }
  }

  func send(_ message: [UInt8]) async throws(RPCError) {
    guard kind.serverStreams else { return state.withLock { $0.response = message } }
    try RPCError.check("response", message, .perhapsDone)
    guard await responses.put(message) else { throw .cancelled(.perhapsDone) }
  }
}

extension RPCError {
  /// The error of a call whose task was cancelled or whose handle was let go of.
  static func cancelled(_ outcome: CallOutcome) -> RPCError {
    RPCError(.cancelled, "call was cancelled", outcome: outcome)
  }

  /// Refuses a message that fits no frame.
  static func check(
    _ what: String,
    _ message: [UInt8],
    _ outcome: CallOutcome
  ) throws(RPCError) {
    let max = FrameHeader.dataLengthMax
    guard message.count > max else { return }
    let text = "\(what) of \(message.count) bytes is over the limit of \(max)"
    throw RPCError(.resourceExhausted, text, outcome: outcome)
  }

  /// A handler failed in a way that says nothing of what it has done.
  fileprivate static var internalError: RPCError {
    RPCError(.internal, "internal error", outcome: .perhapsDone)
  }

  /// The error of a message for a call that has ended well already.
  fileprivate static var streamEnded: RPCError {
    RPCError(.failedPrecondition, "call takes no more messages: the server has ended it")
  }
}
