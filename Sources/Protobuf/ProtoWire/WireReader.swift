/// A cursor over an encoded message.
///
/// A nested message is read by the same cursor with its end moved in, so reading allocates nothing
/// but the values. Every position is checked against the end: no input traps.
public struct WireReader: ~Copyable, ~Escapable {
  /// How many messages and groups may stand inside each other.
  ///
  /// protobuf's own default. It bounds the stack that an input can make us use.
  public static let depthMax = 100

  /// How many strings, messages and map entries the lists and maps of one message may hold in all.
  ///
  /// An empty one takes two bytes on the wire and hundreds in memory: without a limit a message of
  /// 4 MiB could make us allocate a hundred times as much.
  public static let elementCountMax = 1 << 18

  /// How many bytes a tag may have: those of 32 bits, however small the number.
  private static let tagSizeMax = 5

  @usableFromInline let bytes: Span<UInt8>
  @usableFromInline var position = 0
  @usableFromInline var end: Int
  @usableFromInline var depth = WireReader.depthMax

  /// How many more elements may come; see ``elementCountMax``.
  @usableFromInline var elementsLeft = WireReader.elementCountMax

  /// How many entries the maps had that were sorted.
  @usableFromInline var entriesSorted = 0

  /// Whether a map was left as it came; see ``order(_:)``.
  @usableFromInline var leftDisorder = false

  /// Creates a cursor at the first byte of a message.
  @_lifetime(copy bytes)
  @inlinable
  public init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
    end = bytes.count
  }

  /// Where the cursor stands, in bytes from the start.
  @inlinable public var offset: Int { position }

  /// Whether the message that is being read has no more fields.
  @inlinable public var isAtEnd: Bool { position == end }

  /// Returns the next field's tag, or 0 at the end of the message.
  @inlinable
  @inline(__always)
  public mutating func nextTag() throws(WireError) -> UInt32 {
    if position == end { return 0 }
    let byte = bytes[position]
    // One byte, a field number that isn't 0, a wire type that exists.
    if byte &- 8 < 0x78, byte & 7 < 6 {
      position &+= 1
      return UInt32(byte)
    }
    return try longTag()
  }

  @usableFromInline
  @inline(never)
  mutating func longTag() throws(WireError) -> UInt32 {
    let start = position
    let value = try varint()
    guard position &- start <= WireReader.tagSizeMax,
      let tag = UInt32(exactly: value), tag >> 3 > 0, tag & 7 < 6
    else {
      throw WireError(.invalidTag, at: start)
    }
    return tag
  }

  /// Reads a varint of up to 64 bits.
  @inlinable
  @inline(__always)
  public mutating func varint() throws(WireError) -> UInt64 {
    if position < end {
      let byte = bytes[position]
      if byte < 0x80 {
        position &+= 1
        return UInt64(byte)
      }
    }
    return try longVarint()
  }

  @usableFromInline
  @inline(never)
  mutating func longVarint() throws(WireError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = bytes[position]
      position &+= 1
      // The tenth byte has room for one bit.
      if shift == 63, byte > 1 { throw WireError(.varintTooLong, at: start) }
      value |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
    throw WireError(.truncated, at: start)
  }

  /// Reads a length and checks that so many bytes follow.
  @inlinable
  @inline(__always)
  mutating func length() throws(WireError) -> Int {
    let start = position
    let value = try varint()
    guard value <= UInt64(end &- position) else { throw WireError(.lengthOverrun, at: start) }
    return Int(truncatingIfNeeded: value)
  }

  /// Reads four bytes, least significant first.
  @inlinable
  public mutating func fixed32() throws(WireError) -> UInt32 {
    guard end &- position >= 4 else { throw WireError(.truncated, at: position) }
    // The four bytes are there: the line before has checked it.
    let value = unsafe bytes.bytes.unsafeLoadUnaligned(
      fromByteOffset: position,
      as: UInt32.self
    )
    position &+= 4
    return UInt32(littleEndian: value)
  }

  /// Reads eight bytes, least significant first.
  @inlinable
  public mutating func fixed64() throws(WireError) -> UInt64 {
    guard end &- position >= 8 else { throw WireError(.truncated, at: position) }
    // The eight bytes are there: the line before has checked it.
    let value = unsafe bytes.bytes.unsafeLoadUnaligned(
      fromByteOffset: position,
      as: UInt64.self
    )
    position &+= 8
    return UInt64(littleEndian: value)
  }

  /// Reads a length and a string.
  @inlinable
  @inline(__always)
  public mutating func string() throws(WireError) -> String {
    let count = try length()
    let start = position
    position &+= count
    return try makeString(bytes.extracting(start..<start &+ count), at: start)
  }

  /// Reads a length and so many bytes.
  @inlinable
  public mutating func byteArray() throws(WireError) -> [UInt8] {
    let range = try byteRange()
    return unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// Reads a length and returns where its bytes stand, without copying them.
  @inlinable
  public mutating func byteRange() throws(WireError) -> Range<Int> {
    let count = try length()
    let start = position
    position &+= count
    return start..<position
  }

  /// Reads a length and the fields of a message into it.
  @inlinable
  public mutating func message<Message: WireMessage>(
    _ message: inout Message
  ) throws(WireError) {
    let outer = try enter()
    try message.merge(from: &self)
    leave(outer)
  }

  /// Narrows the cursor to the message whose length comes next; returns the end to restore.
  @inlinable
  mutating func enter() throws(WireError) -> Int {
    let start = position
    let count = try length()
    guard depth > 0 else { throw WireError(.tooDeep, at: start) }
    depth &-= 1
    let outer = end
    end = position &+ count
    return outer
  }

  /// Widens the cursor again after ``enter()``.
  @inlinable
  mutating func leave(_ outer: Int) {
    end = outer
    depth &+= 1
  }

  /// Keeps a field that the schema doesn't name.
  @inline(never)
  public mutating func unknown(
    _ tag: UInt32,
    _ fields: inout UnknownFields
  ) throws(WireError) {
    let start = position
    try skip(tag)
    // Taken out, so that the bytes are held once and appending doesn't copy them.
    var stored = fields.storage.take() ?? []
    WireVarint.append(UInt64(tag), to: &stored)
    unsafe bytes.extracting(start..<position).withUnsafeBufferPointer {
      unsafe stored.append(contentsOf: $0)
    }
    fields.storage = stored
  }

  /// Passes over the value of a field.
  public mutating func skip(_ tag: UInt32) throws(WireError) {
    guard let type = WireType(rawValue: tag & 7) else {
      throw WireError(.invalidTag, at: position)
    }
    switch type {
    case .varint: _ = try varint()
    case .fixed64: _ = try fixed64()
    case .fixed32: _ = try fixed32()
    case .lengthDelimited: _ = try byteRange()
    case .startGroup: try skipGroup(tag >> 3)
    case .endGroup: throw WireError(.unmatchedEndGroup, at: position)
    }
  }

  private mutating func skipGroup(_ number: UInt32) throws(WireError) {
    let start = position
    guard depth > 0 else { throw WireError(.tooDeep, at: start) }
    depth &-= 1
    while case let tag = try nextTag(), tag != 0 {
      if tag == number << 3 | WireType.endGroup.rawValue {
        depth &+= 1
        return
      }
      try skip(tag)
    }
    throw WireError(.unterminatedGroup, at: start)
  }
}

/// Makes a string of well-formed UTF-8.
///
/// Most strings are ASCII: a look at eight bytes at a time is cheaper than the decoder's own check.
@usableFromInline
@inline(never)
func makeString(_ bytes: Span<UInt8>, at offset: Int) throws(WireError) -> String {
  let ascii: String? = bytes.withUnsafeBufferPointer { buffer in
    let raw = UnsafeRawBufferPointer(buffer)
    var index = 0
    var seen: UInt64 = 0
    while index &+ 8 <= raw.count {
      seen |= unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      index &+= 8
    }
    while index < raw.count {
      unsafe seen |= UInt64(raw[index])
      index &+= 1
    }
    guard seen & 0x8080_8080_8080_8080 == 0 else { return nil }
    return unsafe String(decoding: buffer, as: UTF8.self)
  }
  if let ascii { return ascii }
  do {
    return String(copying: try UTF8Span(validating: bytes))
  } catch {
    throw WireError(.invalidUTF8, at: offset)
  }
}
