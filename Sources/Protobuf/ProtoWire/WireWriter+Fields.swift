// What generated code says of each field that it writes; see ``WireSize``, which mirrors it.

extension WireWriter {
  /// Writes a field without presence: nothing at its default.
  @inlinable
  @inline(__always)
  public mutating func write<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ value: borrowing Coding.Value
  ) {
    if Coding.isDefault(value) { return }
    varint(UInt64(tag))
    Coding.write(value, to: &self)
  }

  /// Writes a field with presence.
  @inlinable
  @inline(__always)
  public mutating func write<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ value: borrowing Coding.Value?
  ) {
    guard let value = copy value else { return }
    varint(UInt64(tag))
    Coding.write(value, to: &self)
  }

  /// Writes a message.
  @inlinable
  @inline(__always)
  public mutating func write<Message: WireMessage>(
    _ tag: UInt32,
    _ coding: MessageCoding<Message>,
    _ value: borrowing Message?
  ) {
    optional(tag, value)
  }

  @inlinable
  @inline(__always)
  mutating func optional<Message: WireWritable & ~Copyable>(
    _ tag: UInt32,
    _ value: borrowing Message?
  ) {
    switch value {
    case .some(let message):
      varint(UInt64(tag))
      varint(UInt64(message.wireSize))
      message.write(to: &self)
    case .none: break
    }
  }

  /// Writes a member of a `oneof` that is set.
  @inlinable
  @inline(__always)
  public mutating func writePresent<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ value: borrowing Coding.Value
  ) {
    varint(UInt64(tag))
    Coding.write(value, to: &self)
  }

  /// Writes a repeated field, a tag an element.
  @inlinable
  @inline(__always)
  public mutating func writeRepeated<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ values: borrowing [Coding.Value]
  ) {
    for index in values.indices {
      varint(UInt64(tag))
      Coding.write(values[index], to: &self)
    }
  }

  /// Writes repeated messages, a tag a message.
  @inlinable
  @inline(__always)
  public mutating func writeRepeated<Message: WireMessage>(
    _ tag: UInt32,
    _ coding: MessageCoding<Message>,
    _ values: borrowing [Message]
  ) {
    messages(tag, values.span)
  }

  @inlinable
  mutating func messages<Message: WireWritable & ~Copyable>(
    _ tag: UInt32,
    _ messages: Span<Message>
  ) {
    for index in messages.indices {
      varint(UInt64(tag))
      varint(UInt64(messages[index].wireSize))
      messages[index].write(to: &self)
    }
  }

  /// Writes a packed repeated field: nothing when it is empty.
  @inlinable
  public mutating func writePacked<Coding: WireCoding>(
    _ tag: UInt32,
    _ coding: Coding,
    _ values: borrowing [Coding.Value]
  ) {
    if values.isEmpty { return }
    varint(UInt64(tag))
    varint(UInt64(WireSize.elements(coding, values)))
    for index in values.indices { Coding.write(values[index], to: &self) }
  }

  /// Writes a map in the order of its keys, so that equal maps have equal bytes.
  @inlinable
  @inline(__always)
  public mutating func writeMap<Key: WireCoding, Value: WireCoding>(
    _ tag: UInt32,
    _ keyCoding: Key,
    _ valueCoding: Value,
    _ map: borrowing WireMap<Key.Value, Value.Value>
  ) {
    if map.isEmpty { return }
    entries(tag, keyCoding, valueCoding, map.entries.span)
  }

  @inlinable
  mutating func entries<Key: WireCoding, Value: WireCoding, Entry: WireEntry & ~Copyable>(
    _ tag: UInt32,
    _ keyCoding: Key,
    _ valueCoding: Value,
    _ entries: Span<Entry>
  ) where Entry.Key == Key.Value, Entry.Value == Value.Value {
    for index in entries.indices {
      varint(UInt64(tag))
      varint(UInt64(entries[index].size(keyCoding, valueCoding)))
      entries[index].write(keyCoding, valueCoding, to: &self)
    }
  }
}
