/// An entry of a map as the writer sees it: a message of a key (1) and a value (2).
///
/// Not known to be copyable, so that it is used where it lies.
public protocol WireEntry: ~Copyable {
  /// The key's type.
  associatedtype Key: Hashable & Sendable

  /// The value's type.
  associatedtype Value: Hashable & Sendable

  /// The size of the entry, without its tag and length.
  ///
  /// Key and value are written even at their defaults, as protobuf's C++ does.
  borrowing func size<KeyCoding: WireCoding, ValueCoding: WireCoding>(
    _ keyCoding: KeyCoding,
    _ valueCoding: ValueCoding
  ) -> Int where KeyCoding.Value == Key, ValueCoding.Value == Value

  /// Writes the entry, without its tag and length.
  borrowing func write<KeyCoding: WireCoding, ValueCoding: WireCoding>(
    _ keyCoding: KeyCoding,
    _ valueCoding: ValueCoding,
    to writer: inout WireWriter
  ) where KeyCoding.Value == Key, ValueCoding.Value == Value
}

extension WireMapEntry: WireEntry {
  /// The size of the entry, without its tag and length.
  @inlinable
  @inline(__always)
  public borrowing func size<KeyCoding: WireCoding, ValueCoding: WireCoding>(
    _ keyCoding: KeyCoding,
    _ valueCoding: ValueCoding
  ) -> Int where KeyCoding.Value == Key, ValueCoding.Value == Value {
    2 &+ KeyCoding.size(key) &+ ValueCoding.size(value)
  }

  /// Writes the entry, without its tag and length.
  @inlinable
  @inline(__always)
  public borrowing func write<KeyCoding: WireCoding, ValueCoding: WireCoding>(
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
