internal import ProtoWire

/// The key of a map's entry on the wire, and where the entry is.
struct WireEntryKey {
  /// The entry's bytes in the message around.
  let entry: Range<Int>

  /// A string's bytes in the message around; empty for other keys.
  private(set) var string: Range<Int>

  /// A number as it stood on the wire; 0 for strings.
  private var bits: UInt64 = 0

  /// A number of which unsigned order is the order of the keys.
  private var rank: UInt64

  /// Reads the key of an entry; of two the last counts, and without one it is the default.
  init(
    _ field: FieldDescriptor,
    _ bytes: Span<UInt8>,
    _ entry: Range<Int>
  ) throws(WireError) {
    self.entry = entry
    string = entry.lowerBound..<entry.lowerBound
    var reader = WireReader(bytes.extracting(entry))
    while case let tag = try reader.nextTag(), tag != 0 {
      guard tag == field.tag else {
        try reader.skip(tag)
        continue
      }
      let found = try WireOccurrence(field.type.wireType, field: 0, from: &reader)
      bits = found.bits
      string = entry.lowerBound + found.start..<entry.lowerBound + found.end
    }
    rank = field.type.rank(ofKey: bits)
  }

  /// Brings entries in the order of their keys; of those with one key the last stays.
  static func order(_ entries: inout [WireEntryKey], _ bytes: Span<UInt8>) {
    var isAscending = true
    for index in entries.indices.dropFirst() where isAscending {
      isAscending = precedes(entries[index - 1], entries[index], bytes)
    }
    if isAscending { return }
    // The comparison can't capture a span; the bytes of the keys can be copied.
    let keys = entries.map { key in
      var copy: [UInt8] = []
      for index in key.string { copy.append(bytes[index]) }
      return copy
    }
    let sorted = entries.indices.sorted { left, right in
      if entries[left].rank != entries[right].rank {
        return entries[left].rank < entries[right].rank
      }
      if keys[left] != keys[right] { return keys[left].lexicographicallyPrecedes(keys[right]) }
      return left < right
    }
    var result: [WireEntryKey] = []
    for (place, index) in sorted.enumerated() {
      if place > 0, case let before = sorted[place - 1],
        entries[before].rank == entries[index].rank,
        keys[before] == keys[index]
      {
        result.removeLast()
      }
      result.append(entries[index])
    }
    entries = result
  }

  private static func precedes(
    _ left: WireEntryKey,
    _ right: WireEntryKey,
    _ bytes: Span<UInt8>
  ) -> Bool {
    if left.rank != right.rank { return left.rank < right.rank }
    let common = min(left.string.count, right.string.count)
    for offset in 0..<common {
      let first = bytes[left.string.lowerBound + offset]
      let second = bytes[right.string.lowerBound + offset]
      if first != second { return first < second }
    }
    return left.string.count < right.string.count
  }

  /// The key as JSON writes it, without quotes.
  func text(_ field: FieldDescriptor, _ bytes: Span<UInt8>) -> String {
    switch field.type {
    case .string:
      var copy: [UInt8] = []
      for index in string { copy.append(bytes[index]) }
      return String(decoding: copy, as: UTF8.self)
    case .bool: return bits != 0 ? "true" : "false"
    case .uint32, .fixed32: return String(UInt32(truncatingIfNeeded: bits))
    case .uint64, .fixed64: return String(bits)
    case .int32, .sfixed32, .sint32, .int64, .sfixed64, .sint64:
      return String(field.type.signed(bits))
    case .double, .float, .bytes, .message, .enumeration:
      preconditionFailure("no type of keys")
    }
  }
}

extension FieldType {
  /// The value of a signed whole number that stood on the wire.
  func signed(_ bits: UInt64) -> Int64 {
    switch self {
    case .int32, .sfixed32: Int64(Int32(truncatingIfNeeded: bits))
    case .sint32: WireVarint.unZigZag(UInt64(UInt32(truncatingIfNeeded: bits)))
    case .sint64: WireVarint.unZigZag(bits)
    case .int64, .sfixed64, .double, .float, .uint64, .fixed64, .fixed32, .bool, .string,
      .message, .bytes, .uint32, .enumeration:
      Int64(bitPattern: bits)
    }
  }

  /// A number of which unsigned order is the order of a map's keys; 0 for strings.
  func rank(ofKey bits: UInt64) -> UInt64 {
    switch self {
    case .int32, .sfixed32, .sint32, .int64, .sfixed64, .sint64:
      UInt64(bitPattern: signed(bits)) ^ 1 << 63
    case .bool: bits != 0 ? 1 : 0
    case .uint32, .fixed32: UInt64(UInt32(truncatingIfNeeded: bits))
    case .string, .uint64, .fixed64, .double, .float, .message, .bytes, .enumeration: bits
    }
  }
}
