/// An entry of a map, used where it lies; see ``WireWritable``.
public protocol WireEntry: ~Copyable {
  /// The type of the key.
  associatedtype Key: WireMapKey

  /// The type of the value.
  associatedtype Value: Hashable & Sendable

  /// The size without tag and length, in bytes.
  borrowing func size<KeyCoding: WireCoding, ValueCoding: WireCoding>(
    _ keyCoding: KeyCoding,
    _ valueCoding: ValueCoding
  ) -> Int where KeyCoding.Value == Key, ValueCoding.Value == Value

  /// Writes key (1) and value (2), even at their defaults, as protobuf's C++ does.
  borrowing func write<KeyCoding: WireCoding, ValueCoding: WireCoding>(
    _ keyCoding: KeyCoding,
    _ valueCoding: ValueCoding,
    to writer: inout WireWriter
  ) where KeyCoding.Value == Key, ValueCoding.Value == Value
}

extension WireMapEntry: WireEntry {
  /// The size without tag and length, in bytes.
  @inlinable
  @inline(__always)
  public func size<KeyCoding: WireCoding, ValueCoding: WireCoding>(
    _ keyCoding: KeyCoding,
    _ valueCoding: ValueCoding
  ) -> Int where KeyCoding.Value == Key, ValueCoding.Value == Value {
    2 &+ KeyCoding.size(key) &+ ValueCoding.size(value)
  }

  /// Writes key (1) and value (2).
  @inlinable
  @inline(__always)
  public func write<KeyCoding: WireCoding, ValueCoding: WireCoding>(
    _ keyCoding: KeyCoding,
    _ valueCoding: ValueCoding,
    to writer: inout WireWriter
  ) where KeyCoding.Value == Key, ValueCoding.Value == Value {
    writer.varint(UInt64(1 << 3 | KeyCoding.wireType.rawValue))
    KeyCoding.write(key, to: &writer)
    writer.varint(UInt64(2 << 3 | ValueCoding.wireType.rawValue))
    ValueCoding.write(value, to: &writer)
  }
}
