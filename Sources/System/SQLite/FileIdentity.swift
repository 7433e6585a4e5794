#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Which file a path leads to: it stays the same through all writes, and a file that takes another
/// one's name has another.
package struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64

  /// Looks where a path leads; `nil` if there is no file.
  package init?(path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    self.init(facts)
  }

  /// Says which file is open; `nil` if none is.
  init?(descriptor: Int32) {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { return nil }
    self.init(facts)
  }

  private init(_ facts: stat) {
    device = UInt64(truncatingIfNeeded: facts.st_dev)
    number = UInt64(truncatingIfNeeded: facts.st_ino)
  }
}

/// The first bytes of a file, up to a number; `nil` if it can't be read.
///
/// No connection of this process may have the file open, because closing it here would drop that
/// one's locks (`sqlite.org/howtocorrupt.html`, 2.2).
package func firstBytes(of path: String, limit: Int) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: limit)
  let count = pread(descriptor, &bytes, limit, 0)
  return count < 0 ? nil : Array(bytes.prefix(count))
}
