// What generated code says of each field: three overloads by the field's presence and shape, for
// reading, sizing and writing. A tag is the field's number and wire type as one number.

extension WireReader {
  /// Reads a field without presence.
  @inlinable
  @inline(__always)
  public mutating func read<Coding: WireCoding>(
    _ coding: Coding,
    into value: inout Coding.Value
  ) throws(WireError) {
    try Coding.merge(&value, from: &self)
  }

  /// Reads a field with presence; a message that came before is merged with.
  @inlinable
  @inline(__always)
  public mutating func read<Coding: WireCoding>(
    _ coding: Coding,
    into value: inout Coding.Value?
  ) throws(WireError) {
    // Taken out, so that what the value has is held once and merging doesn't copy it.
    var present = value.take() ?? Coding.defaultValue
    try Coding.merge(&present, from: &self)
    value = present
  }

  /// Reads one value of a `oneof`.
  @inlinable
  public mutating func value<Coding: WireCoding>(
    _ coding: Coding
  ) throws(WireError) -> Coding.Value {
    try Coding.read(from: &self)
  }

  /// Reads one element of a repeated field.
  ///
  /// By the field's tag the elements that follow at once are counted, and room is made for all.
  @inlinable
  public mutating func append<Coding: WireCoding>(
    _ coding: Coding,
    _ tag: UInt32,
    to values: inout [Coding.Value]
  ) throws(WireError) {
    if values.isEmpty { values.reserveCapacity(run(of: tag)) }
    // Appended first and read in place: reading aside and appending after copies the element.
    values.append(Coding.defaultValue)
    try Coding.merge(&values[values.count &- 1], from: &self)
  }

  /// Reads the elements of a packed repeated field.
  @inlinable
  public mutating func appendPacked<Coding: WireCoding>(
    _ coding: Coding,
    to values: inout [Coding.Value]
  ) throws(WireError) {
    let count = try length()
    let outer = end
    end = position &+ count
    while position < end { values.append(try Coding.read(from: &self)) }
    end = outer
  }

  /// Reads an entry of a map: a message of a key (1) and a value (2).
  @inlinable
  public mutating func insert<Key: WireCoding, Value: WireCoding>(
    _ keyCoding: Key,
    _ valueCoding: Value,
    into map: inout WireMap<Key.Value, Value.Value>
  ) throws(WireError) {
    let outer = try enter()
    var key = Key.defaultValue
    var value = Value.defaultValue
    while case let tag = try nextTag(), tag != 0 {
      switch tag {
      case 1 << 3 | Key.wireType.rawValue: key = try Key.read(from: &self)
      case 2 << 3 | Value.wireType.rawValue: try Value.merge(&value, from: &self)
      default: try skip(tag)
      }
    }
    leave(outer)
    // Most maps are small; growing from one entry would move them twice.
    if map.isEmpty { map.entries.reserveCapacity(4) }
    map.append(key, value)
  }

  /// Brings a map in order, once its message was read.
  ///
  /// A message that comes in parts has its maps sorted after each part. Entries that come once are
  /// never more than the bytes they come in; who makes us sort more than that sends parts without
  /// end, which would take time by the square of their number.
  @inlinable
  public mutating func order<Key, Value>(
    _ map: inout WireMap<Key, Value>
  ) throws(WireError) {
    if map.isOrdered { return }
    sorts.count &+= 1
    sorts.entries &+= map.entries.count
    guard sorts.count <= WireReader.sortsFree || sorts.entries <= bytes.count else {
      throw WireError(.tooManyParts, at: position)
    }
    map.sort()
  }

  /// Counts the fields in a row that carry a tag of one byte and are under 128 bytes long.
  ///
  /// Called with the cursor behind the first one's tag. At most 1,024: what a short input can
  /// make us reserve stays small.
  @inlinable
  func run(of tag: UInt32) -> Int {
    guard tag < 0x80, tag & 7 == WireType.lengthDelimited.rawValue else { return 1 }
    var count = 1
    var next = position
    while count < 1024, next < end, bytes[next] < 0x80 {
      next &+= 1 &+ Int(bytes[next])
      guard next < end, UInt32(bytes[next]) == tag else { break }
      next &+= 1
      count &+= 1
    }
    return count
  }
}

/// The sizes of fields together with their tags, in bytes.
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
    var size = WireVarint.size(UInt64(tag)) &* values.count
    for index in values.indices { size &+= Coding.size(values[index]) }
    return size
  }

  /// The size of a repeated field of messages.
  @inlinable
  @inline(__always)
  public static func repeated<Message: WireMessage>(
    _ tag: UInt32,
    _ coding: MessageCoding<Message>,
    _ values: borrowing [Message]
  ) -> Int {
    WireVarint.size(UInt64(tag)) &* values.count &+ elements(values.span)
  }

  @inlinable
  @inline(__always)
  static func elements<Message: WireWritable & ~Copyable>(_ values: Span<Message>) -> Int {
    var size = 0
    for index in values.indices { size &+= WireVarint.sizeWithLength(values[index].wireSize) }
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
  public static func map<Key: WireCoding, Value: WireCoding>(
    _ tag: UInt32,
    _ keyCoding: Key,
    _ valueCoding: Value,
    _ map: borrowing WireMap<Key.Value, Value.Value>
  ) -> Int {
    WireVarint.size(UInt64(tag)) &* map.entries.count
      &+ entries(keyCoding, valueCoding, map.entries.span)
  }

  @inlinable
  @inline(__always)
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

  /// Writes a repeated field of messages.
  @inlinable
  @inline(__always)
  public mutating func writeRepeated<Message: WireMessage>(
    _ tag: UInt32,
    _ coding: MessageCoding<Message>,
    _ values: borrowing [Message]
  ) {
    writeElements(tag, values.span)
  }

  @inlinable
  @inline(__always)
  mutating func writeElements<Message: WireWritable & ~Copyable>(
    _ tag: UInt32,
    _ values: Span<Message>
  ) {
    for index in values.indices {
      varint(UInt64(tag))
      varint(UInt64(values[index].wireSize))
      values[index].write(to: &self)
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
  public mutating func writeMap<Key: WireCoding, Value: WireCoding>(
    _ tag: UInt32,
    _ keyCoding: Key,
    _ valueCoding: Value,
    _ map: borrowing WireMap<Key.Value, Value.Value>
  ) {
    writeEntries(tag, keyCoding, valueCoding, map.entries.span)
  }

  @inlinable
  @inline(__always)
  mutating func writeEntries<Key: WireCoding, Value: WireCoding, Entry: WireEntry & ~Copyable>(
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
