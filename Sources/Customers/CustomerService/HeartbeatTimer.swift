internal import CustomerStore
internal import Locks

/// Wakes the watches that had nothing to tell for a while: one timer for all of them, which runs as
/// long as there are any, so that one that waits costs nothing.
final class HeartbeatTimer: Sendable {
  /// The ticks that make the while; a watch waits up to one of them less.
  static let ticks = 4

  private struct State {
    var watchCount = 0
    var task: Task<Void, Never>?
  }

  private let interval: Duration
  private let state = Lock(State())

  /// Creates a timer of a while.
  init(_ interval: Duration) { self.interval = interval }

  /// Says that there is one more watch.
  func begin(_ repository: any CustomerRepository) {
    state.withLock { state in
      state.watchCount += 1
      guard state.watchCount == 1 else { return }
      state.task = Task { [interval] in
        while (try? await Task.sleep(for: interval / Self.ticks)) != nil { repository.tick() }
      }
    }
  }

  /// Says that there is one less.
  func end() {
    state.withLock { state in
      state.watchCount -= 1
      guard state.watchCount == 0 else { return }
      state.task?.cancel()
      state.task = nil
    }
  }
}
