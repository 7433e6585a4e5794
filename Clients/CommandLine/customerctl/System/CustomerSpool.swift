import CustomerModel
import ProtoWire
import Terminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Customers in a file without a name, which goes with the program however it ends.
///
/// Each is its encoded length as four bytes, lowest first, and its encoding.
final class CustomerSpool {
  private let file: UnsafeMutablePointer<FILE>

  /// Creates an empty spool.
  init() throws(StreamError) {
    guard let file = tmpfile() else { throw Self.error }
    self.file = file
  }

  deinit { fclose(file) }

  /// Adds a customer at the end.
  func append(_ customer: Customer) throws(StreamError) {
    let bytes = customer.encoded()
    let length = UInt32(bytes.count)
    let head = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    guard fwrite(head, 1, 4, file) == 4, fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw Self.error
    }
  }

  /// Goes back to the first customer.
  func rewind() throws(StreamError) {
    guard fflush(file) == 0, fseek(file, 0, SEEK_SET) == 0 else { throw Self.error }
  }

  /// The next customer; nil behind the last.
  func next() throws -> Customer? {
    var head = [UInt8](repeating: 0, count: 4)
    let read = fread(&head, 1, 4, file)
    if read == 0, feof(file) != 0 { return nil }
    guard read == 4 else { throw Self.error }
    let length = (0..<4).reduce(0) { $0 | Int(head[$1]) << (8 * $1) }
    var bytes = [UInt8](repeating: 0, count: length)
    guard fread(&bytes, 1, length, file) == length else { throw Self.error }
    return try Customer(decoding: bytes)
  }

  private static var error: StreamError {
    .system(file: "temporary file", reason: String(cString: strerror(errno)))
  }
}
