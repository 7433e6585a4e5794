import DispatchSockets
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// SIGTERM and SIGINT: the first asks the daemon to stop, the second ends it at once.
final class StopSignals: Sendable {
  private let handled: [ProcessSignal]
  private let arrivals: AsyncStream<Int32>

  /// Handles the signals from now on.
  init(on loop: EventLoop) {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Int32.self)
    let count = SignalCount()
    self.arrivals = arrivals
    handled = [SIGTERM, SIGINT].map { number in
      ProcessSignal(number, on: loop) {
        // Nothing is lost: whatever was acknowledged is in the database's log.
        if count.increment() > 1 { _exit(128 + number) }
        continuation.yield(number)
      }
    }
  }

  /// Waits for the first signal and returns its number.
  func first() async -> Int32 {
    for await number in arrivals { return number }
    return SIGTERM
  }
}

/// How many signals have come.
private final class SignalCount: Sendable {
  private let value = Atomic<Int>(0)

  /// Counts one more and returns how many there were.
  func increment() -> Int { value.add(1, ordering: .relaxed).newValue }
}
