import Locks
import ProtoWire
import TTRPC

/// A channel into which a test steps: before what passes it, behind it, or instead of it.
///
/// Everything is a passage: bytes go in, and bytes or nothing come out. A step has both, and
/// decides whether, when and with what the passage proceeds. What isn't stepped into passes as it
/// is.
package final class StagedChannel: RPCChannel {
  /// What passes a channel.
  package enum Exchange: Hashable, Sendable {
    /// A unary call: the request goes in, the response comes out.
    case unary

    /// A streaming call is opened; the one request of a server-streaming call goes in.
    case opening

    /// A message of a caller that streams goes in.
    case sending

    /// A caller that streams says that it sends no more.
    case closing

    /// A message of a service that streams comes out; nothing behind the last.
    case receiving
  }

  /// One passage, as it was asked for.
  package struct Passage: Sendable {
    /// What it is.
    package let exchange: Exchange

    /// The method's own name.
    package let method: String

    /// What goes in, encoded; empty where nothing does.
    package var message: [UInt8]
  }

  /// The rest of a passage: takes what goes in and returns what comes out.
  package typealias Proceed = @Sendable ([UInt8]) async throws(RPCError) -> [UInt8]?

  /// What a test does in a passage.
  package typealias Step =
    @Sendable (Passage, @escaping Proceed) async throws(RPCError) -> [UInt8]?

  private struct Stage {
    let exchange: Exchange?
    let method: String?
    let number: Int?
    let step: Step
    var count = 0

    /// Counts a passage; says whether the step is to be taken in it.
    mutating func takes(_ passage: Passage) -> Bool {
      guard exchange == nil || exchange == passage.exchange,
        method == nil || method == passage.method
      else { return false }
      count += 1
      return number == nil || number == count
    }
  }

  private struct State {
    var stages: [Stage] = []
    var passages: [Passage] = []
  }

  private let channel: any RPCChannel
  private let state = Lock(State())

  /// Creates a channel over another.
  package init(_ channel: any RPCChannel) { self.channel = channel }

  /// Everything that was asked for, in order.
  package var passages: [Passage] { state.withLock { $0.passages } }

  /// Forgets what was asked for.
  package func forgetPassages() { state.withLock { $0.passages = [] } }

  /// Steps in no more.
  package func clear() { state.withLock { $0.stages = [] } }

  /// Steps into passages from now on.
  ///
  /// - Parameters:
  ///   - exchange: Of which kind; `nil` = of all.
  ///   - method: Of which method, by its own name; `nil` = of all.
  ///   - number: Only into so manieth of these, from 1; `nil` = into each.
  ///   - step: What is done. Of several that fit, the first one has the others in what proceeds.
  package func stage(
    _ exchange: Exchange? = nil,
    _ method: String? = nil,
    number: Int? = nil,
    _ step: @escaping Step
  ) {
    let stage = Stage(exchange: exchange, method: method, number: number, step: step)
    state.withLock { $0.stages.append(stage) }
  }

  // MARK: Passages

  package var executor: any TaskExecutor { channel.executor }

  package func close() { channel.close() }

  package func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    let channel = channel
    let response = try await pass(.unary, method.name, request.encoded()) {
      (bytes) async throws(RPCError) in
      try await channel.unary(method, try Request(received: bytes), options)
    }
    return response ?? []
  }

  package func open<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions
  ) async throws(RPCError) -> any ClientCall {
    let channel = channel
    let opened = Lock<(any ClientCall)?>(nil)
    let isWithRequest = request != nil
    _ = try await pass(.opening, method.name, request?.encoded() ?? []) {
      (bytes) async throws(RPCError) in
      let request = isWithRequest ? try Request(received: bytes) : nil
      let call = try await channel.open(method, request, options)
      opened.withLock { $0 = call }
      return nil
    }
    guard let call = opened.withLock({ $0 }) else {
      throw RPCError(.internal, "a step into the opening of a call can't do without it")
    }
    return StagedCall(self, method.name, call)
  }

  fileprivate func pass(
    _ exchange: Exchange,
    _ method: String,
    _ message: [UInt8] = [],
    _ proceed: @escaping Proceed
  ) async throws(RPCError) -> [UInt8]? {
    let passage = Passage(exchange: exchange, method: method, message: message)
    let steps = state.withLock { state in
      state.passages.append(passage)
      return state.stages.indices.compactMap { index in
        state.stages[index].takes(passage) ? state.stages[index].step : nil
      }
    }
    return try await Self.take(steps[...], passage, proceed)
  }

  private static func take(
    _ steps: ArraySlice<Step>,
    _ passage: Passage,
    _ proceed: @escaping Proceed
  ) async throws(RPCError) -> [UInt8]? {
    guard let step = steps.first else { return try await proceed(passage.message) }
    return try await step(passage) { (message) async throws(RPCError) in
      var passage = passage
      passage.message = message
      return try await take(steps.dropFirst(), passage, proceed)
    }
  }
}

/// A streaming call that is stepped into.
private final class StagedCall: ClientCall {
  private let channel: StagedChannel
  private let method: String
  private let call: any ClientCall

  init(_ channel: StagedChannel, _ method: String, _ call: any ClientCall) {
    self.channel = channel
    self.method = method
    self.call = call
  }

  func send(_ message: [UInt8]) async throws(RPCError) {
    let call = call
    _ = try await channel.pass(.sending, method, message) { (message) async throws(RPCError) in
      try await call.send(message)
      return nil
    }
  }

  func closeSending() async throws(RPCError) {
    let call = call
    _ = try await channel.pass(.closing, method) { (_) async throws(RPCError) in
      try await call.closeSending()
      return nil
    }
  }

  func receive() async throws(RPCError) -> [UInt8]? {
    let call = call
    return try await channel.pass(.receiving, method) { (_) async throws(RPCError) in
      try await call.receive()
    }
  }

  func cancel() { call.cancel() }
}

extension StagedChannel {
  /// Does something before passages, such as what somebody else does in between.
  package func before(
    _ exchange: Exchange,
    _ method: String,
    number: Int? = nil,
    _ body: @escaping @Sendable () async -> Void
  ) {
    stage(exchange, method, number: number) { (passage, proceed) async throws(RPCError) in
      await body()
      return try await proceed(passage.message)
    }
  }

  /// Has passages fail, and nothing done.
  package func fail(
    _ exchange: Exchange? = nil,
    _ method: String? = nil,
    number: Int? = nil,
    with error: RPCError
  ) {
    stage(exchange, method, number: number) { (_, _) async throws(RPCError) in throw error }
  }

  /// Has what a passage asks for done, and its answer lost.
  package func loseAnswer(
    _ exchange: Exchange,
    _ method: String,
    number: Int? = nil,
    error: RPCError
  ) {
    stage(exchange, method, number: number) { (passage, proceed) async throws(RPCError) in
      _ = try await proceed(passage.message)
      throw error
    }
  }

  /// Changes what goes into passages.
  package func changeRequest<Message: WireMessage>(
    _ exchange: Exchange,
    _ method: String,
    number: Int? = nil,
    _ change: @escaping @Sendable (inout Message) -> Void
  ) {
    stage(exchange, method, number: number) { (passage, proceed) async throws(RPCError) in
      var message = try Message(received: passage.message)
      change(&message)
      return try await proceed(message.encoded())
    }
  }

  /// Changes what comes out of passages.
  package func changeAnswer<Message: WireMessage>(
    _ exchange: Exchange,
    _ method: String,
    number: Int? = nil,
    _ change: @escaping @Sendable (inout Message) -> Void
  ) {
    stage(exchange, method, number: number) { (passage, proceed) async throws(RPCError) in
      guard let bytes = try await proceed(passage.message) else { return nil }
      var message = try Message(received: bytes)
      change(&message)
      return message.encoded()
    }
  }
}
