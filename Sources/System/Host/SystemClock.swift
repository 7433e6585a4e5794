#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The system's clock: the one place where the daemon asks what time it is.
enum SystemClock {
  /// The time, in microseconds since 1970-01-01T00:00:00Z.
  @Sendable
  static func microseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  /// The time since some moment, in microseconds; it goes on however the clock is set.
  @Sendable
  static func stopwatch() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
