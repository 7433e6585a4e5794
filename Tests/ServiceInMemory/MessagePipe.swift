import Locks
import TTRPC

/// The messages of a call one way, in the order they were sent.
///
/// Who sends waits while too much lies in it, as over a socket whose other end isn't read.
final class MessagePipe: Sendable {
  /// The bytes past which who sends waits: as many as wait in a stream over a socket.
  static let waitingBytesMax = 1 << 20

  private struct State {
    var messages: [[UInt8]] = []
    var byteCount = 0
    var end: Result<Void, RPCError>?

    /// Who waits for a message, for room or for the end.
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Lock(State())

  /// How the pipe ended; `nil` if it didn't.
  var ending: Result<Void, RPCError>? { state.withLock { $0.end } }

  /// Puts a message in, however much lies here; behind the end it is dropped.
  func add(_ message: [UInt8]) {
    change { state in
      guard state.end == nil else { return }
      state.messages.append(message)
      state.byteCount += message.count
    }
  }

  /// Puts a message in when there is room.
  ///
  /// - Returns: Whether it is in; else the pipe has ended.
  func put(_ message: [UInt8]) async -> Bool {
    while true {
      await waitUntil { $0.end != nil || $0.byteCount <= Self.waitingBytesMax }
      let isIn: Bool? = change { state in
        if state.end != nil { return false }
        guard state.byteCount <= Self.waitingBytesMax else { return nil }
        state.messages.append(message)
        state.byteCount += message.count
        return true
      }
      if let isIn { return isIn }
    }
  }

  /// Takes the message that has waited longest; `nil` behind the last.
  func take() async -> Result<[UInt8]?, RPCError> {
    while true {
      let taken: Result<[UInt8]?, RPCError>? = change { state in
        if state.messages.isEmpty { return state.end?.map { nil } }
        let message = state.messages.removeFirst()
        state.byteCount -= message.count
        return .success(message)
      }
      if let taken { return taken }
      await waitUntil { $0.end != nil || !$0.messages.isEmpty }
    }
  }

  /// Says that no more follows; only the first end counts.
  ///
  /// - Parameters:
  ///   - error: Why, if it isn't all.
  ///   - discards: Whether what lies here is dropped, and an end that was said before.
  func end(_ error: RPCError? = nil, discarding discards: Bool = false) {
    change { state in
      if discards {
        state.messages = []
        state.byteCount = 0
        state.end = nil
      }
      if state.end == nil { state.end = error.map { .failure($0) } ?? .success(()) }
    }
  }

  /// Changes what lies here, and wakes those that wait for that.
  @discardableResult
  private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
    let (value, waiters) = state.withLock { state in
      let value = body(&state)
      let waiters = state.waiters
      state.waiters = []
      return (value, waiters)
    }
    for waiter in waiters { waiter.resume() }
    return value
  }

  private func waitUntil(_ isReady: @Sendable (State) -> Bool) async {
    await withCheckedContinuation { continuation in
      let wasReady = state.withLock { state in
        if isReady(state) { return true }
        state.waiters.append(continuation)
        return false
      }
      if wasReady { continuation.resume() }
    }
  }
}
