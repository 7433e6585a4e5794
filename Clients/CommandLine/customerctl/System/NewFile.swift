import Terminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that gets its name when it is whole and on the disk; until then nobody takes it for it.
final class NewFile {
  private let path: String
  private let temporary: String
  private let replaces: Bool
  private var descriptor: CInt

  /// Creates an empty file beside the place it is for, for its owner alone.
  ///
  /// - Parameters:
  ///   - path: The name it gets.
  ///   - replaces: Whether a file that is there may be replaced.
  /// - Throws: If the place is taken or can't be written to.
  init(path: String, replaces: Bool) throws(StreamError) {
    try Self.check(path, replaces: replaces)
    temporary = "\(path).unfinished-\(getpid())"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.error(path) }
    self.path = path
    self.replaces = replaces
  }

  /// Refuses a place that is taken.
  static func check(_ path: String, replaces: Bool) throws(StreamError) {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw .system(file: path, reason: "is there, and no regular file")
    }
    guard replaces else { throw .taken(path) }
  }

  /// A file that wasn't finished is removed.
  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Writes behind what was written before.
  func write(_ bytes: [UInt8]) throws(StreamError) {
    try Self.write(bytes, to: descriptor, name: path)
  }

  /// Has the disk keep what was written, and gives the file its name.
  func finish() throws(StreamError) {
    guard fsync(descriptor) == 0 else { throw Self.error(path) }
    if replaces {
      guard rename(temporary, path) == 0 else { throw Self.error(path) }
    } else {
      // A link never replaces: somebody may have taken the name meanwhile.
      guard link(temporary, path) == 0 else {
        if errno == EEXIST { throw .taken(path) }
        throw Self.error(path)
      }
      unlink(temporary)
    }
    close(descriptor)
    descriptor = -1
    keepName()
  }

  /// Has the disk keep the name as well.
  private func keepName() {
    let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = end.map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    // Some file systems can't; the file is whole either way.
    fsync(descriptor)
    close(descriptor)
  }

  /// Writes bytes to standard output, as they are.
  static func writeToStandardOutput(_ bytes: [UInt8]) throws(StreamError) {
    try write(bytes, to: 1, name: "standard output")
  }

  private static func write(
    _ bytes: [UInt8],
    to descriptor: CInt,
    name: String
  ) throws(StreamError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { memory in
        #if canImport(Darwin)
        Darwin.write(descriptor, memory.baseAddress, memory.count)
        #elseif canImport(Musl)
        Musl.write(descriptor, memory.baseAddress, memory.count)
        #else
        Glibc.write(descriptor, memory.baseAddress, memory.count)
        #endif
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count >= 0 else { throw error(name) }
      rest = rest.dropFirst(count)
    }
  }

  private static func error(_ name: String) -> StreamError {
    .system(file: name, reason: String(cString: strerror(errno)))
  }
}
