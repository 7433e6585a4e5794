/// An enumeration: a varint, sign-extended as `int32` is.
package struct EnumCoding<Value: WireEnum>: WireCoding {
  @inlinable package static var wireType: WireType { .varint }

  @inlinable package static var defaultValue: Value { Value(rawValue: 0) }

  @inlinable
  @inline(__always)
  package static func size(_ value: Value) -> Int { Int32Coding.size(value.rawValue) }

  @inlinable
  @inline(__always)
  package static func read(from reader: inout WireReader) throws(WireError) -> Value {
    Value(rawValue: try Int32Coding.read(from: &reader))
  }

  @inlinable
  @inline(__always)
  package static func write(_ value: Value, to writer: inout WireWriter) {
    Int32Coding.write(value.rawValue, to: &writer)
  }

  @inlinable init() {}
}

/// A message inside another: a length and the message's fields.
package struct MessageCoding<Value: WireMessage>: WireCoding {
  @inlinable package static var wireType: WireType { .lengthDelimited }

  @inlinable package static var defaultValue: Value { Value() }

  /// A message has presence: one that is there is written, however empty.
  @inlinable
  package static func isDefault(_ value: borrowing Value) -> Bool { false }

  @inlinable
  @inline(__always)
  package static func size(_ value: borrowing Value) -> Int {
    WireVarint.sizeWithLength(value.wireSize)
  }

  @inlinable
  package static func read(from reader: inout WireReader) throws(WireError) -> Value {
    var value = Value()
    try reader.message(&value)
    return value
  }

  @inlinable
  package static func merge(
    _ value: inout Value,
    from reader: inout WireReader
  ) throws(WireError) {
    try reader.message(&value)
  }

  @inlinable
  @inline(__always)
  package static func write(_ value: borrowing Value, to writer: inout WireWriter) {
    writer.varint(UInt64(value.wireSize))
    value.write(to: &writer)
  }

  @inlinable init() {}
}

/// A message that may contain itself, and so is kept in a box of its own.
package struct IndirectCoding<Message: WireMessage>: WireCoding {
  @inlinable package static var wireType: WireType { .lengthDelimited }

  @inlinable package static var defaultValue: Indirect<Message> { Indirect(Message()) }

  @inlinable
  package static func isDefault(_ value: Indirect<Message>) -> Bool { false }

  @inlinable
  package static func size(_ value: Indirect<Message>) -> Int {
    MessageCoding.size(value.value)
  }

  @inlinable
  package static func read(
    from reader: inout WireReader
  ) throws(WireError) -> Indirect<Message> {
    Indirect(try MessageCoding<Message>.read(from: &reader))
  }

  @inlinable
  package static func merge(
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
  package static func write(_ value: Indirect<Message>, to writer: inout WireWriter) {
    MessageCoding.write(value.value, to: &writer)
  }

  @inlinable init() {}
}

extension WireCoding {
  /// An enumeration.
  @inlinable
  package static func enumeration<E: WireEnum>() -> Self where Self == EnumCoding<E> { Self() }

  /// A message.
  @inlinable
  package static func message<M: WireMessage>() -> Self where Self == MessageCoding<M> { Self() }

  /// A message that may contain itself.
  @inlinable
  package static func indirect<M: WireMessage>() -> Self where Self == IndirectCoding<M> { Self() }
}

/// A value kept in a box of its own, so that a structure can contain one of its own kind.
package indirect enum Indirect<Value: Hashable & Sendable>: Hashable, Sendable {
  case boxed(Value)

  /// Puts a value into a box.
  @inlinable
  package init(_ value: Value) { self = .boxed(value) }

  /// The value in the box.
  @inlinable package var value: Value {
    switch self {
    case .boxed(let value): value
    }
  }
}
