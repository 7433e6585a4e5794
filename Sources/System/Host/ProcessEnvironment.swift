#if canImport(Glibc)
@unsafe @preconcurrency import Glibc
#elseif canImport(Musl)
@unsafe @preconcurrency import Musl
#else
@unsafe @preconcurrency import Darwin
#endif

/// The variables this process was started with: the one place where they are read.
package enum ProcessEnvironment {
  /// A variable's value; `nil` if it isn't set.
  package static func value(of name: String) -> String? {
    unsafe getenv(name).map { value in unsafe String(cString: value) }
  }

  /// A variable's value; `nil` also if it is empty.
  package static func text(of name: String) -> String? {
    guard let value = value(of: name), !value.isEmpty else { return nil }
    return value
  }
}
