/// What can be written: a message, whether or not it is known to be copyable.
public protocol WireWritable: ~Copyable {
  /// The size of the encoded message, in bytes.
  var wireSize: Int { get }

  /// Writes the message's fields in the order of their numbers, then the unknown ones.
  borrowing func write(to writer: inout WireWriter)
}

/// A message that a schema describes: it reads itself from bytes and writes itself into bytes.
///
/// Generated code conforms; nothing else has to.
public protocol WireMessage: WireWritable, Hashable, Sendable {
  /// The message's full name in its schema, such as `customers.v1.Customer`.
  static var messageName: String { get }

  /// The file that describes the message, for reflection and JSON.
  static var schema: SchemaFile { get }

  /// Creates a message whose fields all have their default.
  init()

  /// Reads fields until the reader's end; a field that comes twice is merged as protobuf says.
  mutating func merge(from reader: inout WireReader) throws(WireError)
}

extension WireWritable where Self: ~Copyable {
  /// Writes the message into memory of exactly ``wireSize`` bytes.
  @inlinable
  public borrowing func encode(into memory: UnsafeMutableRawBufferPointer) {
    unsafe WireWriter.fill(memory, with: self)
  }
}

extension WireMessage {
  /// Reads a message.
  ///
  /// - Throws: ``WireError`` with the byte offset of what is wrong.
  @inlinable
  public init(decoding bytes: Span<UInt8>) throws(WireError) {
    self.init()
    var reader = WireReader(bytes)
    try merge(from: &reader)
    // Written, every message is whole and every entry stands once where it was read: read again,
    // each map is sorted once.
    if reader.leftDisorder { self = try Self(decoding: encoded()) }
  }

  /// Reads a message.
  @inlinable
  public init(decoding bytes: [UInt8]) throws(WireError) {
    try self.init(decoding: bytes.span)
  }

  /// The encoded message, in memory of exactly its size.
  @inlinable
  public func encoded() -> [UInt8] {
    let size = wireSize
    // The library's initialiser would write to the memory that all empty arrays share.
    if size == 0 { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      unsafe WireWriter.fill(UnsafeMutableRawBufferPointer(buffer), with: self)
      count = size
    }
  }
}

/// An open enumeration: a number with names, which keeps a number that has no name.
public protocol WireEnum: RawRepresentable, Hashable, Sendable where RawValue == Int32 {
  /// Creates a value of any number, named or not.
  init(rawValue: Int32)
}
