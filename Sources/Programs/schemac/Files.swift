#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that can't be read or written, and why.
struct FileError: Error, CustomStringConvertible {
  let path: String
  let number: Int32

  var description: String { "\(path): \(String(cString: strerror(number)))" }
}

/// Reading and writing whole files.
enum Files {
  /// The size of what is read at once, in bytes.
  private static let chunkSize = 1 << 16

  /// How much of a file is read, in bytes; the compiler takes less and says so.
  private static let readMax = 16 << 20

  /// The bytes of a file, or `nil` if there is none.
  static func read(_ path: String) throws(FileError) -> [UInt8]? {
    guard let file = fopen(path, "rb") else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw FileError(path: path, number: errno)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: chunkSize)
    while bytes.count <= readMax {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    if ferror(file) != 0 { throw FileError(path: path, number: errno) }
    return bytes
  }

  /// The bytes of the first file of that path in some folders, or `nil` if there is none.
  static func find(_ path: String, in folders: [String]) throws(FileError) -> [UInt8]? {
    for folder in folders {
      if let bytes = try read(folder + "/" + path) { return bytes }
    }
    return nil
  }

  /// Writes a file anew.
  static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    guard let file = fopen(path, "wb") else { throw FileError(path: path, number: errno) }
    let count = fwrite(bytes, 1, bytes.count, file)
    let written = errno
    guard fclose(file) == 0, count == bytes.count else {
      throw FileError(path: path, number: count == bytes.count ? errno : written)
    }
  }
}
