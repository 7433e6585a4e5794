import CustomerConsole
import CustomerModel

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#else
@preconcurrency import Darwin
#endif

extension ConsoleContext {
  /// The world that this process lives in.
  static var current: ConsoleContext {
    ConsoleContext(
      processID: getpid(),
      secondsAheadOfUTC: { seconds in
        var seconds = time_t(seconds)
        var local = tm()
        return localtime_r(&seconds, &local) == nil ? 0 : local.tm_gmtoff
      },
      makeID: {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return UUIDv7Generator.id(
          milliseconds: UInt64(max(now.tv_sec, 0)) * 1000 + UInt64(now.tv_nsec) / 1_000_000,
          randomHigh: .random(in: 0...UInt64.max),
          randomLow: .random(in: 0...UInt64.max)
        )
      }
    )
  }

  /// The seconds since 1970.
  @Sendable static func now() -> Int64 { Int64(time(nil)) }
}
