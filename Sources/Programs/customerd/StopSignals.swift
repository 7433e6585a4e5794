import DispatchSockets
import Locks

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// SIGTERM and SIGINT: while the daemon starts they end it, then the first asks it to stop and the
/// second ends it at once.
final class StopSignals: Sendable {
  private enum Phase {
    case starting
    case serving
    case stopping
  }

  private let phase: Lock<Phase>
  private let handled: [ProcessSignal]
  private let arrivals: AsyncStream<Int32>

  /// Handles the signals from now on.
  ///
  /// - Parameters:
  ///   - loop: Where that is done.
  ///   - end: Ends the process before it serves: nothing that is done then needs to be finished.
  init(on loop: EventLoop, whileStarting end: @escaping @Sendable (Int32) -> Void) {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Int32.self)
    let phase = Lock(Phase.starting)
    self.arrivals = arrivals
    self.phase = phase
    handled = [SIGTERM, SIGINT].map { number in
      ProcessSignal(number, on: loop) {
        let before = phase.withLock { phase in
          defer { phase = .stopping }
          return phase
        }
        switch before {
        case .starting: end(number)
        case .serving: continuation.yield(number)
        // Nothing is lost: whatever was acknowledged is in the database's log.
        case .stopping: _exit(128 + number)
        }
      }
    }
  }

  /// Says that the daemon is about to serve, so that from now on a signal lets calls end first.
  ///
  /// It doesn't return if a signal has come already: the loop is about to end the process.
  func serving() {
    let isStopping = phase.withLock { phase in
      if phase == .starting { phase = .serving }
      return phase == .stopping
    }
    while isStopping { pause() }
  }

  /// Waits for the first signal and returns its number.
  func first() async -> Int32 {
    for await number in arrivals { return number }
    return SIGTERM
  }
}
