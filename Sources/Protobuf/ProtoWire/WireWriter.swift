/// Writes fields forward into memory that was sized before.
///
/// The message says how large it is (``WireMessage/wireSize``), the owner makes that room, and
/// every write checks that it stays inside. Running over or short is our own fault, not an input's,
/// hence a precondition.
public struct WireWriter: ~Copyable {
  @usableFromInline var position: UnsafeMutableRawPointer
  @usableFromInline let end: UnsafeMutableRawPointer

  @usableFromInline
  init(position: UnsafeMutableRawPointer, end: UnsafeMutableRawPointer) {
    unsafe self.position = position
    unsafe self.end = end
  }

  /// Writes a message into memory that it fills exactly.
  @inlinable
  public static func fill<Message: WireWritable & ~Copyable>(
    _ memory: UnsafeMutableRawBufferPointer,
    with message: borrowing Message
  ) {
    guard let start = memory.baseAddress else {
      // No memory is right for an empty message only.
      let size = message.wireSize
      precondition(size == 0, "message has bytes and no room")
      return
    }
    var writer = unsafe WireWriter(position: start, end: start + memory.count)
    message.write(to: &writer)
    precondition(unsafe writer.position == writer.end, "message size changed while writing")
  }

  /// Checks that so many bytes have room.
  @inlinable
  @inline(__always)
  func reserve(_ count: Int) {
    precondition(unsafe end - position >= count, "message grew while writing")
  }

  /// Writes a varint.
  @inlinable
  @inline(__always)
  public mutating func varint(_ value: UInt64) {
    if value < 0x80 {
      reserve(1)
      unsafe position.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
      unsafe position += 1
    } else {
      longVarint(value)
    }
  }

  @usableFromInline
  @inline(never)
  mutating func longVarint(_ value: UInt64) {
    reserve(WireVarint.size(value))
    var rest = value
    while rest >= 0x80 {
      unsafe position.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
      unsafe position += 1
      rest >>= 7
    }
    unsafe position.storeBytes(of: UInt8(truncatingIfNeeded: rest), as: UInt8.self)
    unsafe position += 1
  }

  /// Writes four bytes, least significant first.
  @inlinable
  public mutating func fixed32(_ value: UInt32) {
    reserve(4)
    unsafe position.storeBytes(of: value.littleEndian, as: UInt32.self)
    unsafe position += 4
  }

  /// Writes eight bytes, least significant first.
  @inlinable
  public mutating func fixed64(_ value: UInt64) {
    reserve(8)
    unsafe position.storeBytes(of: value.littleEndian, as: UInt64.self)
    unsafe position += 8
  }

  /// Writes a length and a string's UTF-8.
  @inlinable
  public mutating func string(_ value: String) {
    let done: Void? = unsafe value.utf8.withContiguousStorageIfAvailable { buffer in
      unsafe lengthAndBytes(UnsafeRawBufferPointer(buffer))
    }
    if done == nil {
      var contiguous = value
      contiguous.makeContiguousUTF8()
      string(contiguous)
    }
  }

  /// Writes a length and bytes.
  @inlinable
  public mutating func bytes(_ value: [UInt8]) {
    unsafe value.withUnsafeBytes { buffer in unsafe lengthAndBytes(buffer) }
  }

  @usableFromInline
  @inline(never)
  mutating func lengthAndBytes(_ buffer: UnsafeRawBufferPointer) {
    varint(UInt64(buffer.count))
    unsafe copy(buffer)
  }

  @usableFromInline
  mutating func copy(_ buffer: UnsafeRawBufferPointer) {
    guard let start = buffer.baseAddress else { return }
    reserve(buffer.count)
    unsafe position.copyMemory(from: start, byteCount: buffer.count)
    unsafe position += buffer.count
  }

  /// Writes the fields that the schema doesn't name, as they came.
  @inlinable
  public mutating func unknown(_ fields: borrowing UnknownFields) {
    guard let storage = fields.storage else { return }
    unsafe storage.withUnsafeBytes { buffer in unsafe copy(buffer) }
  }
}
