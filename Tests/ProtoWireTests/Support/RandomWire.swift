import TestSupport

@testable import SchemaCompiler

/// Makes random encoded messages from a schema, knowing nothing of the code under test.
///
/// Fields come in any order and more than once, messages in parts, lists packed and not whatever
/// the schema says: all that a reader must take.
struct RandomWire {
  let schema: LinkedSchema
  var random: SeededGenerator

  /// The number of map keys made so far; every key is used once, because protoc shows an entry
  /// that comes twice as two.
  private var keys: UInt64 = 0

  /// Whether this message has a map entry with a Boolean key, of which there are two only.
  private var hasBoolKey = false

  init(schema: LinkedSchema, random: SeededGenerator) {
    self.schema = schema
    self.random = random
  }

  /// Returns an encoded message of a type.
  mutating func message(_ name: String, depth: Int = 0) -> [UInt8] {
    guard let descriptor = schema.messages[name], !descriptor.fields.isEmpty else { return [] }
    if depth == 0 { hasBoolKey = false }
    var bytes: [UInt8] = []
    let most = depth == 0 ? 3 * descriptor.fields.count : max(1, 6 - depth)
    for _ in 0..<Int.random(in: 0...most, using: &random) {
      let index = Int.random(in: 0..<descriptor.fields.count, using: &random)
      bytes += field(descriptor.fields[index], depth)
    }
    return bytes
  }

  private mutating func field(_ field: FieldDescriptor, _ depth: Int) -> [UInt8] {
    let number = UInt64(field.number)
    switch field.type {
    case .message(let name), .map(entry: let name):
      if depth > 4 || (field.name == "bool_keys" && hasBoolKey) { return [] }
      hasBoolKey = hasBoolKey || field.name == "bool_keys"
      return Self.delimited(number, entryOrMessage(name, depth + 1))
    case .scalar(.string):
      return Self.delimited(number, string())
    case .scalar(.bytes):
      return Self.delimited(number, bytes())
    case .scalar(let scalar):
      return list(number, field.isRepeated, scalar.wireType) { $0.value(scalar) }
    case .enumeration(let name):
      return list(number, field.isRepeated, 0) { $0.enumeration(name) }
    }
  }

  private mutating func entryOrMessage(_ name: String, _ depth: Int) -> [UInt8] {
    guard let entry = schema.messages[name], entry.isMapEntry else {
      return message(name, depth: depth)
    }
    // The value may be missing, and then is the default.
    let hasValue = Int.random(in: 0..<8, using: &random) > 0
    return key(entry.fields[0]) + (hasValue ? field(entry.fields[1], depth) : [])
  }

  private mutating func key(_ field: FieldDescriptor) -> [UInt8] {
    guard case .scalar(let scalar) = field.type else { return [] }
    keys += 1
    let tag = Self.varint(1 << 3 | UInt64(scalar.wireType))
    // Swapped, so that keys come in no order.
    let mixed = keys.byteSwapped >> 32 ^ keys
    return switch scalar {
    case .string: Self.delimited(1, Array("key \(mixed)".utf8))
    case .bool: tag + [UInt8(keys & 1)]
    case .fixed32, .sfixed32: tag + Self.littleEndian(mixed, 4)
    case .fixed64, .sfixed64: tag + Self.littleEndian(mixed, 8)
    case .int32: tag + int32(Int32(truncatingIfNeeded: mixed))
    case .uint32, .sint32: tag + Self.varint(mixed & 0xFFFF_FFFF)
    case .int64, .uint64, .sint64: tag + Self.varint(mixed)
    case .double, .float, .bytes: []
    }
  }

  /// One value, or several of a list, packed or not.
  private mutating func list(
    _ number: UInt64,
    _ isRepeated: Bool,
    _ wireType: UInt32,
    _ value: (inout RandomWire) -> [UInt8]
  ) -> [UInt8] {
    if isRepeated, Bool.random(using: &random) {
      var values: [UInt8] = []
      for _ in 0..<Int.random(in: 0...4, using: &random) { values += value(&self) }
      return Self.delimited(number, values)
    }
    return Self.varint(number << 3 | UInt64(wireType)) + value(&self)
  }

  private mutating func value(_ scalar: ScalarType) -> [UInt8] {
    switch scalar {
    case .bool: return [UInt8.random(in: 0...1, using: &random)]
    case .float: return Self.littleEndian(UInt64(Float(number()).bitPattern), 4)
    case .double: return Self.littleEndian(number().bitPattern, 8)
    case .fixed32, .sfixed32: return Self.littleEndian(bits(), 4)
    case .fixed64, .sfixed64: return Self.littleEndian(bits(), 8)
    case .int64, .uint64, .sint64: return Self.varint(bits())
    case .uint32, .sint32: return Self.varint(bits() & 0xFFFF_FFFF)
    case .int32: return int32(Int32(truncatingIfNeeded: bits()))
    case .string, .bytes: return []
    }
  }

  private mutating func enumeration(_ name: String) -> [UInt8] {
    let values = schema.enums[name]?.values ?? []
    let index = Int.random(in: 0...values.count, using: &random)
    return int32(
      index < values.count ? values[index].number : Int32.random(in: 20...90, using: &random)
    )
  }

  private func int32(_ value: Int32) -> [UInt8] { Self.varint(UInt64(bitPattern: Int64(value))) }

  /// Any bits, small numbers more often.
  private mutating func bits() -> UInt64 {
    let value = random.next() >> UInt64.random(in: 0..<64, using: &random)
    return Bool.random(using: &random) ? value : 0 &- value
  }

  /// Numbers that every printer writes alike.
  private mutating func number() -> Double {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: .infinity
    case 1: -.infinity
    case 2: .nan
    case 3: -0.0
    default: Double(Int.random(in: -7_000...7_000, using: &random)) / 8
    }
  }

  private mutating func string() -> [UInt8] {
    let pieces = ["", "a", "Ann", "\"quoted\"", "\\", "\n", "\u{7F}", "é", "e\u{301}", "日本", "😀"]
    var text = ""
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      text += pieces[Int.random(in: 0..<pieces.count, using: &random)]
    }
    return Array(text.utf8)
  }

  private mutating func bytes() -> [UInt8] {
    (0..<Int.random(in: 0...20, using: &random)).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
  }

  // MARK: The wire format, by the encoding guide

  static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  static func delimited(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
  }

  static func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }
}
