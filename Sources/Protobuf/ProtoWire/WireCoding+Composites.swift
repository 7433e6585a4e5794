/// An enumeration: a varint, sign-extended as `int32` is.
public struct EnumCoding<Value: WireEnum>: VarintCoding {
  /// The number with its sign stretched to 64 bits.
  @inlinable
  public static func bits(of value: Value) -> UInt64 {
    UInt64(bitPattern: Int64(value.rawValue))
  }

  /// The value of the low 32 bits.
  @inlinable
  public static func value(of bits: UInt64) -> Value {
    Value(rawValue: Int32(truncatingIfNeeded: bits))
  }

  @inlinable init() {}
}

/// A message inside another: a length and the message's fields.
public struct MessageCoding<Value: WireMessage>: WireCoding {
  /// A length comes first.
  @inlinable public static var wireType: WireType { .lengthDelimited }

  /// A message whose fields all have their default.
  @inlinable public static var defaultValue: Value { Value() }

  /// A message has presence: one that is there is written, however empty.
  @inlinable
  public static func isDefault(_ value: borrowing Value) -> Bool { false }

  /// The message with its length.
  @inlinable
  @inline(__always)
  public static func size(_ value: borrowing Value) -> Int {
    WireVarint.sizeWithLength(value.wireSize)
  }

  /// Reads a length and a message.
  @inlinable
  public static func read(from reader: inout WireReader) throws(WireError) -> Value {
    var value = Value()
    try reader.message(&value)
    return value
  }

  /// Reads a length and fields into the message.
  @inlinable
  public static func merge(
    _ value: inout Value,
    from reader: inout WireReader
  ) throws(WireError) {
    try reader.message(&value)
  }

  /// Writes the length and the message.
  @inlinable
  @inline(__always)
  public static func write(_ value: borrowing Value, to writer: inout WireWriter) {
    writer.varint(UInt64(value.wireSize))
    value.write(to: &writer)
  }

  @inlinable init() {}
}

/// A message that may contain itself, and so is kept in a box of its own.
public struct IndirectCoding<Message: WireMessage>: WireCoding {
  /// A length comes first.
  @inlinable public static var wireType: WireType { .lengthDelimited }

  /// A message whose fields all have their default.
  @inlinable public static var defaultValue: Indirect<Message> { Indirect(Message()) }

  /// A message has presence: one that is there is written, however empty.
  @inlinable
  public static func isDefault(_ value: Indirect<Message>) -> Bool { false }

  /// The message with its length.
  @inlinable
  public static func size(_ value: Indirect<Message>) -> Int {
    MessageCoding.size(value.value)
  }

  /// Reads a length and a message.
  @inlinable
  public static func read(
    from reader: inout WireReader
  ) throws(WireError) -> Indirect<Message> {
    Indirect(try MessageCoding<Message>.read(from: &reader))
  }

  /// Reads a length and fields into the message.
  @inlinable
  public static func merge(
    _ value: inout Indirect<Message>,
    from reader: inout WireReader
  ) throws(WireError) {
    var message = value.value
    // Emptied, so that what the message has is held once and merging doesn't copy it.
    value = Indirect(Message())
    try reader.message(&message)
    value = Indirect(message)
  }

  /// Writes the length and the message.
  @inlinable
  public static func write(_ value: Indirect<Message>, to writer: inout WireWriter) {
    MessageCoding.write(value.value, to: &writer)
  }

  @inlinable init() {}
}

/// A value kept in a box of its own, so that a structure can contain one of its own kind.
public indirect enum Indirect<Value: Hashable & Sendable>: Hashable, Sendable {
  /// The value.
  case boxed(Value)

  /// Puts a value into a box.
  @inlinable
  public init(_ value: Value) { self = .boxed(value) }

  /// The value in the box.
  @inlinable public var value: Value {
    switch self {
    case .boxed(let value): value
    }
  }
}
