#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that says who owns something: locked by one process, which writes its number into it.
///
/// The kernel lifts the lock when the process ends, however it ends; the file stays, because
/// removing it would let two processes lock two files of one name.
package final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock, or says at once who has it.
  ///
  /// - Parameter path: The file; made if it isn't there, for its owner alone.
  /// - Throws: ``FileLockError``.
  package init(path: String) throws(FileLockError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      let owner = Self.owner(descriptor)
      close(descriptor)
      throw reason == EWOULDBLOCK
        ? .taken(path: path, processID: owner) : .cannotOpen(path: path, errno: reason)
    }
    self.descriptor = descriptor
    let text = Array("\(getpid())\n".utf8)
    // The number only serves the other's error text; the lock holds without it.
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }

  private static func owner(_ descriptor: Int32) -> Int32? {
    var text = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &text, text.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: text.prefix(count).prefix { $0 != 10 }, as: UTF8.self))
  }
}

/// Why a lock wasn't taken.
package enum FileLockError: Error, Equatable, Sendable {
  /// Somebody has it: the process that the file names, where it names one.
  case taken(path: String, processID: Int32?)

  /// The file can't be made or locked: the system's error number.
  case cannotOpen(path: String, errno: Int32)
}

extension FileLockError {
  /// Whether the file system itself can only be read.
  package var isReadOnly: Bool {
    if case .cannotOpen(_, EROFS) = self { true } else { false }
  }
}

extension FileLockError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .taken(let path, let processID):
      "\(path) is locked by \(processID.map { "process \($0)" } ?? "another process")"
    case .cannotOpen(let path, let number):
      "\(path): \(String(cString: strerror(number)))"
    }
  }
}

/// A file's size in bytes; `nil` if there is none.
package func fileSize(_ path: String) -> Int64? {
  var facts = stat()
  guard stat(path, &facts) == 0 else { return nil }
  return Int64(facts.st_size)
}
