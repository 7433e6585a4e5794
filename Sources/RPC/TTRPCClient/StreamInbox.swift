internal import DispatchSockets
internal import Locks
internal import TTRPC

/// The messages of a stream that came and weren't read yet, and how the stream ended.
///
/// What it may hold is bounded by the connection, which isn't read while too much waits here.
final class StreamInbox: Sendable {
  private let state = Lock(State())

  private struct State {
    var messages: [[UInt8]] = []
    var firstIndex = 0
    var end: Result<Void, AttemptFailure>?
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  /// What a reader finds.
  enum Next {
    case message([UInt8])
    case end
    case failure(AttemptFailure)
  }

  /// Adds a message; after the end it is dropped.
  func add(_ message: [UInt8]) {
    wake { state in
      if state.end == nil { state.messages.append(message) }
    }
  }

  /// Says that nothing follows.
  ///
  /// `nil` = all went well. Only the first end counts.
  func end(_ failure: AttemptFailure?) {
    wake { state in
      if state.end == nil { state.end = failure.map { .failure($0) } ?? .success(()) }
    }
  }

  /// Drops what waits and makes this failure the end, whatever it was.
  func discard(_ failure: AttemptFailure) {
    wake { state in
      state.messages = []
      state.firstIndex = 0
      state.end = .failure(failure)
    }
  }

  /// Why the stream ended; `nil` if it didn't, or well.
  var failure: AttemptFailure? {
    state.withLock { state in
      guard case .failure(let failure)? = state.end else { return nil }
      return failure
    }
  }

  /// Takes the next message or the end, and waits until there is one.
  func next() async -> Next {
    while true {
      if let next = state.withLock({ Self.take(&$0) }) { return next }
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.firstIndex < state.messages.count || state.end != nil { return true }
          state.waiters.append(continuation)
          return false
        }
        if isReady { continuation.resume() }
      }
    }
  }

  private static func take(_ state: inout State) -> Next? {
    if state.firstIndex < state.messages.count {
      var message: [UInt8] = []
      swap(&message, &state.messages[state.firstIndex])
      state.firstIndex += 1
      if state.firstIndex == state.messages.count {
        state.messages.removeAll(keepingCapacity: true)
        state.firstIndex = 0
      }
      return .message(message)
    }
    switch state.end {
    case nil: return nil
    case .success?: return .end
    case .failure(let failure)?: return .failure(failure)
    }
  }

  private func wake(_ change: (inout State) -> Void) {
    let waiters = state.withLock { state in
      change(&state)
      var waiters: [CheckedContinuation<Void, Never>] = []
      swap(&waiters, &state.waiters)
      return waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}
