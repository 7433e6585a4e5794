import CustomerClient
import CustomerConsole

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
      makeID: { CustomerClient.makeID() }
    )
  }

  /// The seconds since 1970.
  @Sendable static func now() -> Int64 { Int64(time(nil)) }
}
