#if canImport(Glibc)
@unsafe @preconcurrency import Glibc
#elseif canImport(Musl)
@unsafe @preconcurrency import Musl
#else
@unsafe @preconcurrency import Darwin
#endif

/// The variables this process was started with.
package enum ProcessEnvironment {
  /// A variable's value; nil if it isn't set.
  package static func value(of name: String) -> String? {
    unsafe getenv(name).map { value in unsafe String(cString: value) }
  }
}

/// Where programs tell what went wrong.
package enum StandardError {
  /// Writes a text and a line break.
  package static func print(_ text: String) {
    unsafe fputs(text + "\n", stderr)
  }
}
