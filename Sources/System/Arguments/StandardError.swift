#if canImport(Glibc)
@unsafe @preconcurrency import Glibc
#elseif canImport(Musl)
@unsafe @preconcurrency import Musl
#else
@unsafe @preconcurrency import Darwin
#endif

/// Where programs tell what went wrong.
package enum StandardError {
  /// Writes a text and a line break.
  package static func print(_ text: String) {
    unsafe fputs(text + "\n", stderr)
  }
}
