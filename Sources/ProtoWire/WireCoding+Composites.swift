// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// WireCoding says what its requirements are; each coding here only meets them.

/// An enumeration: a varint, sign-extended as `int32` is.
public struct EnumCoding<Value: WireEnum>: WireCoding {
  @inlinable public static var wireType: WireType { .varint }

  @inlinable public static var defaultValue: Value { Value(rawValue: 0) }

  @inlinable
  @inline(__always)
  public static func size(_ value: Value) -> Int { Int32Coding.size(value.rawValue) }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Value {
    Value(rawValue: try Int32Coding.read(from: &reader))
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Value, to writer: inout WireWriter) {
    Int32Coding.write(value.rawValue, to: &writer)
  }

  @inlinable init() {}
}

/// A message inside another: a length and the message's fields.
public struct MessageCoding<Value: WireMessage>: WireCoding {
  @inlinable public static var wireType: WireType { .lengthDelimited }

  @inlinable public static var defaultValue: Value { Value() }

  /// A message has presence: one that is there is written, however empty.
  @inlinable
  public static func isDefault(_ value: borrowing Value) -> Bool { false }

  @inlinable
  @inline(__always)
  public static func size(_ value: borrowing Value) -> Int {
    WireVarint.sizeWithLength(value.wireSize)
  }

  @inlinable
  public static func read(from reader: inout WireReader) throws(WireError) -> Value {
    var value = Value()
    try reader.message(&value)
    return value
  }

  @inlinable
  public static func merge(
    _ value: inout Value,
    from reader: inout WireReader
  ) throws(WireError) {
    try reader.message(&value)
  }

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
  @inlinable public static var wireType: WireType { .lengthDelimited }

  @inlinable public static var defaultValue: Indirect<Message> { Indirect(Message()) }

  @inlinable
  public static func isDefault(_ value: Indirect<Message>) -> Bool { false }

  @inlinable
  public static func size(_ value: Indirect<Message>) -> Int {
    MessageCoding.size(value.value)
  }

  @inlinable
  public static func read(
    from reader: inout WireReader
  ) throws(WireError) -> Indirect<Message> {
    Indirect(try MessageCoding<Message>.read(from: &reader))
  }

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

  @inlinable
  public static func write(_ value: Indirect<Message>, to writer: inout WireWriter) {
    MessageCoding.write(value.value, to: &writer)
  }

  @inlinable init() {}
}

extension WireCoding {
  /// An enumeration.
  @inlinable
  public static func enumeration<E: WireEnum>() -> Self where Self == EnumCoding<E> { Self() }

  /// A message.
  @inlinable
  public static func message<M: WireMessage>() -> Self where Self == MessageCoding<M> { Self() }

  /// A message that may contain itself.
  @inlinable
  public static func indirect<M: WireMessage>() -> Self where Self == IndirectCoding<M> { Self() }
}

/// A value kept in a box of its own, so that a structure can contain one of its own kind.
public indirect enum Indirect<Value: Hashable & Sendable>: Hashable, Sendable {
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
