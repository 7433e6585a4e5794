internal import Synchronization

/// What a task's cancellation needs to find its call: the call's key, once there is one.
final class CallToken: Sendable {
  // 0: nothing waits yet. 1: cancelled. All else: the key of what waits in the connection.
  private let value = Atomic<UInt64>(0)

  private static let cancelled: UInt64 = 1

  /// The first number that can be a key.
  static let firstKey: UInt64 = 2

  /// Whether the task was cancelled.
  var isCancelled: Bool { value.load(ordering: .acquiring) == Self.cancelled }

  /// Says under which key the call waits now; returns `false` if the task was cancelled before.
  func set(_ key: UInt64) -> Bool {
    var current = value.load(ordering: .acquiring)
    while current != Self.cancelled {
      let (exchanged, original) = value.compareExchange(
        expected: current,
        desired: key,
        ordering: .acquiringAndReleasing
      )
      if exchanged { return true }
      current = original
    }
    return false
  }

  /// Marks the task as cancelled; returns the key of what waits, if something does.
  func cancel() -> UInt64? {
    let key = value.exchange(Self.cancelled, ordering: .acquiringAndReleasing)
    return key >= Self.firstKey ? key : nil
  }
}
