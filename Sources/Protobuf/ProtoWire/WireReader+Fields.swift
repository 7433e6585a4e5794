// What generated code says of each field that it reads. A tag is the field's number and wire type
// as one number; ``WireSize`` and `WireWriter+Fields.swift` are the same for writing.

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
    if Coding.wireType == .lengthDelimited { try countElement() }
    if values.isEmpty { values.reserveCapacity(run(of: tag)) }
    // Appended first and read in place: reading aside and appending after copies the element.
    values.append(Coding.defaultValue)
    try Coding.merge(&values[values.count &- 1], from: &self)
  }

  /// Counts an element of a list or a map.
  @inlinable
  @inline(__always)
  mutating func countElement() throws(WireError) {
    guard elementsLeft > 0 else { throw WireError(.tooManyElements, at: position) }
    elementsLeft &-= 1
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
    try countElement()
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
    map.append(key, value)
  }

  /// Brings a map in order, once its message was read.
  ///
  /// A message that comes in parts gets here after each of them, and sorting what is there each
  /// time would take time by the square of their number. So no more entries are sorted in all than
  /// were read; a map beyond that stays as it came, and ``WireMessage/init(decoding:)`` sees to it.
  @inlinable
  public mutating func order<Key, Value>(_ map: inout WireMap<Key, Value>) {
    if map.isOrdered { return }
    let sorted = entriesSorted &+ map.entries.count
    guard sorted <= WireReader.elementCountMax &- elementsLeft else {
      leftDisorder = true
      return
    }
    entriesSorted = sorted
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
