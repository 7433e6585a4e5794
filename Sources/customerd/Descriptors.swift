#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The descriptors that this process has.
enum Descriptors {
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
}
