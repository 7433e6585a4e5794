/// The sizes of fields together with their tags, in bytes.
///
/// Messages and map entries have functions of their own that don't know their values to be
/// copyable: so they are used where they lie, and no string in them is retained.
public enum WireSize {
  /// The size of a field without presence: nothing at its default.
  @inlinable
  @inline(__always)
  public static func field<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ value: borrowing Coding.Value
  ) -> Int {
    if Coding.isDefault(value) { return 0 }
    return WireVarint.size(UInt64(tag)) &+ Coding.size(value)
  }

  /// The size of a field with presence.
  @inlinable
  @inline(__always)
  public static func field<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ value: borrowing Coding.Value?
  ) -> Int {
    guard let value = copy value else { return 0 }
    return WireVarint.size(UInt64(tag)) &+ Coding.size(value)
  }

  /// The size of a message.
  @inlinable
  @inline(__always)
  public static func field<Message: WireMessage>(
    _ tag: UInt32,
    _ coding: MessageCoding<Message>,
    _ value: borrowing Message?
  ) -> Int {
    optional(tag, value)
  }

  @inlinable
  @inline(__always)
  static func optional<Message: WireWritable & ~Copyable>(
    _ tag: UInt32,
    _ value: borrowing Message?
  ) -> Int {
    switch value {
    case .some(let message):
      WireVarint.size(UInt64(tag)) &+ WireVarint.sizeWithLength(message.wireSize)
    case .none: 0
    }
  }

  /// The size of a member of a `oneof` that is set.
  @inlinable
  @inline(__always)
  public static func present<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ value: borrowing Coding.Value
  ) -> Int {
    WireVarint.size(UInt64(tag)) &+ Coding.size(value)
  }

  /// The size of a repeated field.
  @inlinable
  @inline(__always)
  public static func repeated<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ values: borrowing [Coding.Value]
  ) -> Int {
    WireVarint.size(UInt64(tag)) &* values.count &+ elements(coding, values)
  }

  /// The size of repeated messages.
  @inlinable
  @inline(__always)
  public static func repeated<Message: WireMessage>(
    _ tag: UInt32,
    _ coding: MessageCoding<Message>,
    _ values: borrowing [Message]
  ) -> Int {
    WireVarint.size(UInt64(tag)) &* values.count &+ messages(values.span)
  }

  @inlinable
  static func messages<Message: WireWritable & ~Copyable>(_ messages: Span<Message>) -> Int {
    var size = 0
    for index in messages.indices {
      size &+= WireVarint.sizeWithLength(messages[index].wireSize)
    }
    return size
  }

  /// The size of a packed repeated field.
  @inlinable
  public static func packed<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ values: borrowing [Coding.Value]
  ) -> Int {
    if values.isEmpty { return 0 }
    return WireVarint.size(UInt64(tag)) &+ WireVarint.sizeWithLength(elements(coding, values))
  }

  /// The size of the values alone.
  @inlinable
  static func elements<Coding: WireCoding>(
    _ coding: Coding,
    _ values: borrowing [Coding.Value]
  ) -> Int {
    var size = 0
    for index in values.indices { size &+= Coding.size(values[index]) }
    return size
  }

  /// The size of a map.
  @inlinable
  @inline(__always)
  public static func map<Key: WireCoding, Value: WireCoding>(
    _ tag: UInt32,
    _ keyCoding: Key,
    _ valueCoding: Value,
    _ map: borrowing WireMap<Key.Value, Value.Value>
  ) -> Int {
    if map.isEmpty { return 0 }
    return WireVarint.size(UInt64(tag)) &* map.entries.count
      &+ entries(keyCoding, valueCoding, map.entries.span)
  }

  @inlinable
  static func entries<Key: WireCoding, Value: WireCoding, Entry: WireEntry & ~Copyable>(
    _ keyCoding: Key,
    _ valueCoding: Value,
    _ entries: Span<Entry>
  ) -> Int where Entry.Key == Key.Value, Entry.Value == Value.Value {
    var size = 0
    for index in entries.indices {
      size &+= WireVarint.sizeWithLength(entries[index].size(keyCoding, valueCoding))
    }
    return size
  }
}
