import Host
import Terminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file of this user's only, in the temporary folder; it stays until it is removed.
struct TemporaryFile {
  /// The file's path.
  let path: String

  /// Creates an empty file that only this user can read.
  ///
  /// - Parameter suffix: How the name ends; editors know by it what the text is.
  /// - Throws: ``StreamError/system(file:reason:)``.
  init(suffix: String) throws(StreamError) {
    let folder = ProcessEnvironment.text(of: "TMPDIR") ?? "/tmp"
    let template = folder + "/customerctl-XXXXXX" + suffix
    var name = template.utf8CString.map { $0 }
    // The mode is 0600, whatever the umask: mkstemp(3).
    let descriptor = mkstemps(&name, CInt(suffix.utf8.count))
    guard descriptor >= 0 else {
      throw .system(file: template, reason: String(cString: strerror(errno)))
    }
    close(descriptor)
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes the whole text.
  func write(_ text: String) throws(StreamError) {
    let file = try OutputFile(path: path)
    try file.write(text)
    try file.flush()
  }

  /// The whole text, as the editor left it.
  func read(atMost limit: Int) throws(StreamError) -> String {
    let file = try InputFile(path: path)
    var bytes: [UInt8] = []
    while true {
      let part = try file.read()
      if part.isEmpty { break }
      bytes += part
      guard bytes.count <= limit else { throw .tooLong(file: path, limit: limit) }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .system(file: path, reason: "is not UTF-8 text")
    }
    return text
  }

  /// Takes the file away.
  func remove() { unlink(path) }
}
