import Terminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that is read from its beginning to its end, piece by piece.
final class InputFile {
  /// How much is read at once, in bytes.
  static let pieceBytesMax = 1 << 16

  /// Its name in messages.
  let name: String

  /// Its size in bytes, if it is a file on disk.
  let size: Int?

  private let descriptor: CInt

  /// Standard input.
  static var standard: InputFile { InputFile(descriptor: 0, name: "standard input") }

  /// Opens a file.
  init(path: String) throws(StreamError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.error(path) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw .system(file: path, reason: "is a folder")
    }
    self.descriptor = descriptor
    name = path
    size = Self.size(of: descriptor)
  }

  private init(descriptor: CInt, name: String) {
    self.descriptor = descriptor
    self.name = name
    size = Self.size(of: descriptor)
  }

  deinit {
    if descriptor > 0 { close(descriptor) }
  }

  /// The next piece; empty at the end, or when `stops` says so while nothing comes.
  func read(unless stops: () -> Bool = { false }) throws(StreamError) -> [UInt8] {
    while true {
      // Waits in slices: a signal may be handled on another thread, and read would wait on.
      var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&event, 1, Self.waitMilliseconds)
      if stops() { return [] }
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      var bytes = [UInt8](repeating: 0, count: Self.pieceBytesMax)
      let count = bytes.withUnsafeMutableBytes { memory in
        #if canImport(Darwin)
        Darwin.read(descriptor, memory.baseAddress, memory.count)
        #elseif canImport(Musl)
        Musl.read(descriptor, memory.baseAddress, memory.count)
        #else
        Glibc.read(descriptor, memory.baseAddress, memory.count)
        #endif
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count >= 0 else { throw Self.error(name) }
      return Array(bytes.prefix(count))
    }
  }

  /// Whether a path leads to this very file.
  func isSame(as path: String) -> Bool {
    var own = stat()
    var other = stat()
    guard fstat(descriptor, &own) == 0, stat(path, &other) == 0 else { return false }
    return own.st_dev == other.st_dev && own.st_ino == other.st_ino
      && own.st_mode & S_IFMT == S_IFREG
  }

  /// How long to wait for input before looking whether to stop, in milliseconds.
  private static let waitMilliseconds: CInt = 200

  private static func size(of descriptor: CInt) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  private static func error(_ name: String) -> StreamError {
    .system(file: name, reason: String(cString: strerror(errno)))
  }
}

/// A file that is written from its beginning.
final class OutputFile {
  private let file: UnsafeMutablePointer<FILE>
  private let name: String

  /// Creates a file, or empties the one that is there.
  init(path: String) throws(StreamError) {
    guard let file = fopen(path, "we") else {
      throw .system(file: path, reason: String(cString: strerror(errno)))
    }
    self.file = file
    name = path
  }

  deinit { fclose(file) }

  /// Writes behind what was written before.
  func write(_ text: String) throws(StreamError) {
    guard fputs(text, file) >= 0 else { throw error }
  }

  /// Hands what was written to the system.
  func flush() throws(StreamError) {
    guard fflush(file) == 0 else { throw error }
  }

  private var error: StreamError {
    .system(file: name, reason: String(cString: strerror(errno)))
  }
}
