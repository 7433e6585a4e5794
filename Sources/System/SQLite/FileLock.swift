#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that says who owns something: locked by one process, which writes its number into it.
///
/// The kernel lifts the lock when the process ends, however it ends. Whoever lets go of it before
/// takes the file away while it still holds it; who comes meanwhile and locks a file that the path
/// no longer leads to has locked nothing, and begins anew. So two processes never hold two files of
/// one name.
package final class FileLock: Sendable {
  private let path: String
  private let descriptor: Int32

  /// Takes the lock, or says at once who has it.
  ///
  /// - Parameter path: The file; made if it isn't there, for its owner alone.
  /// - Throws: ``FileLockError``.
  package init(path: String) throws(FileLockError) {
    self.path = path
    descriptor = try Self.lockWhatIsThere(path)
    let text = Array("\(getpid())\n".utf8)
    // The number only serves the other's error text; the lock holds without it.
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit {
    // Not what somebody has put into its place.
    if FileIdentity(path: path) == FileIdentity(descriptor: descriptor) { unlink(path) }
    close(descriptor)
  }

  /// How often locking begins anew when those before take the file away at that very moment.
  private static let beginningsMax = 100

  /// Locks the file that the path leads to, and still leads to when it is locked.
  private static func lockWhatIsThere(_ path: String) throws(FileLockError) -> Int32 {
    for _ in 0..<beginningsMax {
      let descriptor = try lock(path)
      if FileIdentity(path: path) == FileIdentity(descriptor: descriptor) { return descriptor }
      close(descriptor)
    }
    throw .taken(path: path, processID: nil)
  }

  /// Opens and locks the file that is at the path now.
  private static func lock(_ path: String) throws(FileLockError) -> Int32 {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      let owner = owner(descriptor)
      close(descriptor)
      throw reason == EWOULDBLOCK
        ? .taken(path: path, processID: owner) : .cannotOpen(path: path, errno: reason)
    }
    return descriptor
  }

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
