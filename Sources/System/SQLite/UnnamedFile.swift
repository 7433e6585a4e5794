#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that has lost its name: it can be read, and its space is free when this is let go of.
package final class UnnamedFile: Sendable {
  /// The file's size in bytes.
  package let byteCount: Int64

  private let descriptor: Int32

  /// Opens a file and takes its name away.
  ///
  /// - Parameter path: The file; no connection of this process may have it open, because closing
  ///   this would drop that one's locks.
  /// - Throws: ``FileError``.
  package init(path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, errno: errno) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, unlink(path) == 0 else {
      let number = errno
      close(descriptor)
      throw FileError(path: path, errno: number)
    }
    self.descriptor = descriptor
    byteCount = Int64(facts.st_size)
  }

  deinit { close(descriptor) }

  /// Reads a part of the file.
  ///
  /// - Parameters:
  ///   - offset: Where the part begins.
  ///   - limit: The most bytes; fewer come at the file's end, none behind it.
  /// - Returns: The bytes.
  /// - Throws: ``FileError``.
  package func read(at offset: Int64, limit: Int) throws(FileError) -> [UInt8] {
    var number: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { memory, count in
      while count < limit, let start = memory.baseAddress {
        let read = pread(descriptor, start + count, limit - count, off_t(offset) + off_t(count))
        if read < 0, errno == EINTR { continue }
        if read < 0 { number = errno }
        if read <= 0 { return }
        count += read
      }
    }
    guard number == 0 else { throw FileError(path: "", errno: number) }
    return bytes
  }
}

/// What the system has against a file.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file; empty if it has no name any more.
  package let path: String

  /// The system's error number.
  package let errno: Int32

  /// Whether the process, or the system, has as many files open as may be.
  package var isOutOfDescriptors: Bool { Self.isOutOfDescriptors(errno) }

  static func isOutOfDescriptors(_ number: Int32) -> Bool { number == EMFILE || number == ENFILE }

  package var description: String {
    let reason = String(cString: strerror(errno))
    return path.isEmpty ? reason : "\(path): \(reason)"
  }
}

/// Removes a file; one that isn't there is fine.
package func removeFile(_ path: String) { unlink(path) }

/// The bytes that this user may still write to the file system that holds a path.
///
/// `nil` if the system doesn't say.
package func freeBytes(at path: String) -> Int64? {
  var facts = statvfs()
  guard statvfs(path, &facts) == 0 else { return nil }
  let (bytes, overflow) = UInt64(facts.f_bavail).multipliedReportingOverflow(
    by: UInt64(facts.f_frsize)
  )
  return overflow ? .max : Int64(clamping: bytes)
}
