/// How one of the schema's types stands on the wire.
///
/// The generated code names codings the way the schema names types: `reader.read(.sint32)`,
/// `writer.write(16, .sint32, value)`. A coding is a type without content, so the compiler turns
/// each call into the one it stands for.
///
/// All of this is `public`, though no program outside the package needs it: Swift 6.3 keeps the
/// bodies of `@inlinable package` functions to their module, and generated code without them took
/// four times as long to encode and twice as long to decode.
public protocol WireCoding: Sendable {
  /// The Swift type of a value.
  associatedtype Value: Hashable & Sendable

  /// The wire type of one value outside a packed list.
  static var wireType: WireType { get }

  /// The value that a field without presence has when it isn't on the wire.
  static var defaultValue: Value { get }

  /// Whether a field without presence leaves this value out.
  static func isDefault(_ value: borrowing Value) -> Bool

  /// The bytes that the value takes without its tag; with its length, if it has one.
  static func size(_ value: borrowing Value) -> Int

  /// Reads one value, without its tag.
  static func read(from reader: inout WireReader) throws(WireError) -> Value

  /// Reads one value over what an earlier occurrence of the field left; only messages merge.
  static func merge(_ value: inout Value, from reader: inout WireReader) throws(WireError)

  /// Writes one value, without its tag.
  static func write(_ value: borrowing Value, to writer: inout WireWriter)
}

extension WireCoding {
  /// Whether the value equals the default.
  @inlinable
  @inline(__always)
  public static func isDefault(_ value: borrowing Value) -> Bool { value == defaultValue }

  /// Replaces the value by the one that is read.
  @inlinable
  @inline(__always)
  public static func merge(
    _ value: inout Value,
    from reader: inout WireReader
  ) throws(WireError) {
    value = try read(from: &reader)
  }
}

/// A type that stands as a varint.
public protocol VarintCoding: WireCoding {
  /// The number that stands on the wire.
  static func bits(of value: Value) -> UInt64

  /// The value of a number; bits that it has no room for are dropped, as C++ does.
  static func value(of bits: UInt64) -> Value
}

extension VarintCoding {
  /// A varint.
  @inlinable public static var wireType: WireType { .varint }

  /// The value of 0.
  @inlinable
  @inline(__always) public static var defaultValue: Value { value(of: 0) }

  /// The varint's size.
  @inlinable
  @inline(__always)
  public static func size(_ value: Value) -> Int { WireVarint.size(bits(of: value)) }

  /// Reads a varint.
  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Value {
    value(of: try reader.varint())
  }

  /// Writes a varint.
  @inlinable
  @inline(__always)
  public static func write(_ value: Value, to writer: inout WireWriter) {
    writer.varint(bits(of: value))
  }
}

/// A type that stands as four bytes.
public protocol Fixed32Coding: WireCoding {
  /// The bits that stand on the wire.
  static func bits(of value: Value) -> UInt32

  /// The value of these bits.
  static func value(of bits: UInt32) -> Value
}

extension Fixed32Coding {
  /// Four bytes.
  @inlinable public static var wireType: WireType { .fixed32 }

  /// The value of all bits zero.
  @inlinable
  @inline(__always) public static var defaultValue: Value { value(of: 0) }

  /// Always four.
  @inlinable
  @inline(__always)
  public static func size(_ value: Value) -> Int { 4 }

  /// Reads four bytes.
  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Value {
    value(of: try reader.fixed32())
  }

  /// Writes four bytes.
  @inlinable
  @inline(__always)
  public static func write(_ value: Value, to writer: inout WireWriter) {
    writer.fixed32(bits(of: value))
  }
}

/// A type that stands as eight bytes.
public protocol Fixed64Coding: WireCoding {
  /// The bits that stand on the wire.
  static func bits(of value: Value) -> UInt64

  /// The value of these bits.
  static func value(of bits: UInt64) -> Value
}

extension Fixed64Coding {
  /// Eight bytes.
  @inlinable public static var wireType: WireType { .fixed64 }

  /// The value of all bits zero.
  @inlinable
  @inline(__always) public static var defaultValue: Value { value(of: 0) }

  /// Always eight.
  @inlinable
  @inline(__always)
  public static func size(_ value: Value) -> Int { 8 }

  /// Reads eight bytes.
  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Value {
    value(of: try reader.fixed64())
  }

  /// Writes eight bytes.
  @inlinable
  @inline(__always)
  public static func write(_ value: Value, to writer: inout WireWriter) {
    writer.fixed64(bits(of: value))
  }
}
