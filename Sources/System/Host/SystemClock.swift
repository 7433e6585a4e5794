#if canImport(Glibc)
@unsafe @preconcurrency import Glibc
#elseif canImport(Musl)
@unsafe @preconcurrency import Musl
#else
@unsafe @preconcurrency import Darwin
#endif

/// The system's clocks: the one place where programs ask what time it is.
package enum SystemClock {
  /// The time, in microseconds since 1970-01-01T00:00:00Z.
  @Sendable
  package static func microseconds() -> Int64 { read(CLOCK_REALTIME) }

  /// The time since some moment, in microseconds; it goes on however the clock is set.
  @Sendable
  package static func stopwatch() -> Int64 { read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
