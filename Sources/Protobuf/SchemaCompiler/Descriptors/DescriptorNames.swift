/// The numbers that bound a schema's definitions.
enum DescriptorLimits {
  /// The largest field number: 29 bits, what a tag leaves.
  static let fieldNumberMax: Int32 = 536_870_911

  /// Numbers that protobuf keeps to itself.
  static let fieldNumbersKept: ClosedRange<Int32> = 19_000...19_999
}

/// The names that protobuf derives from others.
enum DescriptorNames {
  /// The name of a map field's entry message: `phone_types` becomes `PhoneTypesEntry`.
  static func mapEntry(of field: String) -> String {
    joined(field, capitalizesFirst: true) + "Entry"
  }

  /// A field's name in JSON: `customer_id` becomes `customerId`.
  static func json(of field: String) -> String { joined(field, capitalizesFirst: false) }

  /// What two field names of a message may not share: lower case, no underscores.
  static func jsonConflictKey(of field: String) -> String { lower(field) }

  /// The name of the oneof that stands for an `optional` field, taken by nothing else.
  static func syntheticOneof(of field: String, avoiding taken: Set<String>) -> String {
    var name = field.hasPrefix("_") ? field : "_" + field
    while taken.contains(name) { name = "X" + name }
    return name
  }

  /// What two values of an enumeration may not share: without the enumeration's own name in front.
  static func enumConflictKey(of value: String, in enumeration: String) -> String {
    let prefix = Array(lower(enumeration).utf8)
    // Underscores are passed over while the prefix is compared.
    var rest = value.utf8[...]
    for byte in prefix {
      while rest.first == UInt8(ascii: "_") { rest = rest.dropFirst() }
      guard let first = rest.first, lower(first) == byte else { return camel(value.utf8[...]) }
      rest = rest.dropFirst()
    }
    while rest.first == UInt8(ascii: "_") { rest = rest.dropFirst() }
    return camel(rest.isEmpty ? value.utf8[...] : rest)
  }

  private static func joined(_ name: String, capitalizesFirst: Bool) -> String {
    var capitalizes = capitalizesFirst
    var bytes: [UInt8] = []
    for byte in name.utf8 {
      if byte == UInt8(ascii: "_") {
        capitalizes = true
      } else {
        bytes.append(capitalizes ? upper(byte) : byte)
        capitalizes = false
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Upper camel case, as protobuf makes it of a value's name before it compares.
  private static func camel(_ name: Substring.UTF8View) -> String {
    var capitalizes = true
    var bytes: [UInt8] = []
    for byte in name {
      if byte == UInt8(ascii: "_") {
        capitalizes = true
      } else {
        bytes.append(capitalizes ? upper(byte) : lower(byte))
        capitalizes = false
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func lower(_ name: String) -> String {
    String(decoding: name.utf8.filter { $0 != UInt8(ascii: "_") }.map(lower), as: UTF8.self)
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }

  private static func upper(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte & ~0x20 : byte
  }
}
