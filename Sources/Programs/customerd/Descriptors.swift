#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The descriptors that this process has and may have.
enum Descriptors {
  /// What the daemon needs beside its connections: the database, its log and their copies for each of
  /// the connections to it, a backup, the sockets it listens at, the loop's own.
  static let reserved = 64

  /// Opens those of the standard streams that are closed, as nothing.
  ///
  /// Else the next file that is opened would be one of them, and what is written to standard error
  /// would be written into it.
  static func openStandard() {
    // The lowest free number is taken, and those below are open.
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) == -1 {
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// Raises the number of descriptors that may be open, as far as the system lets it.
  ///
  /// - Returns: How many may be open now.
  static func raiseLimit(to wanted: Int) -> Int {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return wanted }
    if limit.rlim_cur < rlim_t(wanted) {
      let before = limit.rlim_cur
      limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted))
      if setrlimit(resource, &limit) != 0 { limit.rlim_cur = before }
    }
    return Int(clamping: limit.rlim_cur)
  }

  #if canImport(Glibc)
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
  private static let resource = RLIMIT_NOFILE
  #endif
}
