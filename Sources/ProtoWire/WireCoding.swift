/// How one of the schema's types stands on the wire.
///
/// The generated code names codings the way the schema names types: `reader.read(.sint32)`,
/// `writer.write(16, .sint32, value)`. A coding is a type without content, so the compiler turns
/// each call into the one it stands for.
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
  /// Whether the value is the default; texts, bytes and floating-point numbers have their own.
  @inlinable
  @inline(__always)
  public static func isDefault(_ value: borrowing Value) -> Bool { value == defaultValue }

  /// Replaces the value: the last one wins.
  @inlinable
  @inline(__always)
  public static func merge(
    _ value: inout Value,
    from reader: inout WireReader
  ) throws(WireError) {
    value = try read(from: &reader)
  }
}
