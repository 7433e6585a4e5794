internal import ProtoWire

extension JSONToWire {
  /// Reads a value that is no message, and writes it with or without its tag.
  ///
  /// With `omitsDefault` nothing is written for the type's default.
  ///
  /// - Returns: Whether there is a value; false only for a name of an enumeration that is ignored.
  mutating func scalar(
    _ field: FieldDescriptor,
    omitsDefault: Bool,
    writesTag: Bool = true
  ) throws(JSONFault) -> Bool {
    let start = wire.count
    if writesTag { wire.varint(UInt64(field.tag)) }
    let isDefault: Bool
    switch field.type {
    case .double:
      let bits = try double().bitPattern
      wire.fixed64(bits)
      isDefault = bits == 0
    case .float:
      let bits = try float().bitPattern
      wire.fixed32(bits)
      isDefault = bits == 0
    case .bool:
      let value = try reader.bool()
      wire.varint(value ? 1 : 0)
      isDefault = !value
    case .string:
      guard reader.peek() == UInt8(ascii: "\"") else { throw reader.wrongKind("a string") }
      isDefault = string(try reader.string())
    case .bytes: isDefault = try bytes()
    case .enumeration:
      guard let number = try enumeration(schema.enums[field.target]) else {
        wire.truncate(to: start)
        return false
      }
      wire.varint(UInt64(bitPattern: Int64(number)))
      isDefault = number == 0
    case .int32, .sint32, .sfixed32, .uint32, .fixed32, .int64, .sint64, .sfixed64, .uint64,
      .fixed64:
      isDefault = write(try integer(field.type), field.type)
    case .message: preconditionFailure("a message is no scalar")
    }
    if omitsDefault, isDefault { wire.truncate(to: start) }
    return true
  }

  /// Writes a map's key; returns its rank, or `nil` for a string.
  mutating func key(_ field: FieldDescriptor, _ name: JSONString) throws(JSONFault) -> UInt64? {
    switch field.type {
    case .string:
      _ = string(name)
      return nil
    case .bool:
      let text = reader.string(name)
      guard text == "true" || text == "false" else {
        throw JSONFault(.invalidText(text, expected: "true or false"), at: name.start)
      }
      wire.varint(text == "true" ? 1 : 0)
      return text == "true" ? 1 : 0
    case .int32, .sint32, .sfixed32, .uint32, .fixed32, .int64, .sint64, .sfixed64, .uint64,
      .fixed64:
      let value = try integer(field.type, in: name)
      _ = write(value, field.type)
      return field.type.isSigned ? value ^ 1 << 63 : value
    case .double, .float, .bytes, .message, .enumeration:
      preconditionFailure("no type of keys")
    }
  }

  /// Writes a string; returns whether it is empty.
  mutating func string(_ token: JSONString) -> Bool {
    if token.hasEscapes {
      let content = reader.bytes(of: token)
      wire.varint(UInt64(content.count))
      wire.append { $0 += content }
      return content.isEmpty
    }
    wire.varint(UInt64(token.range.count))
    wire.append { $0 += reader.text[token.range] }
    return token.range.isEmpty
  }

  /// Reads a string in Base64; returns whether it has no bytes.
  private mutating func bytes() throws(JSONFault) -> Bool {
    guard reader.peek() == UInt8(ascii: "\"") else { throw reader.wrongKind("a string in base64") }
    let token = try reader.string()
    let text = reader.bytes(of: token)
    var content: [UInt8] = []
    guard Base64.decode(text.span, appendingTo: &content) else {
      let text = String(decoding: text, as: UTF8.self)
      throw JSONFault(.invalidText(text, expected: "base64"), at: token.start)
    }
    wire.varint(UInt64(content.count))
    wire.append { $0 += content }
    return content.isEmpty
  }

  /// Reads an enumeration's name or number; `nil` for a name that is unknown and ignored.
  private mutating func enumeration(_ type: EnumDescriptor) throws(JSONFault) -> Int32? {
    switch reader.peek() {
    case UInt8(ascii: "\""):
      let token = try reader.string()
      let name = reader.string(token)
      if let number = type.number(of: name) { return number }
      if options.ignoresUnknownFields { return nil }
      throw JSONFault(.unknownName(name, names: type.names), at: token.start)
    case UInt8(ascii: "n") where type.isNull:
      _ = try reader.null()
      return 0
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"):
      return Int32(truncatingIfNeeded: try integer(.int32))
    default: throw reader.wrongKind(type.isNull ? "null" : "one of \(type.list)")
    }
  }

  /// Writes a whole number as its type stands on the wire; returns whether it is 0.
  private mutating func write(_ value: UInt64, _ type: FieldType) -> Bool {
    switch type {
    case .sint32, .sint64: wire.varint(WireVarint.zigZag(Int64(bitPattern: value)))
    case .fixed32, .sfixed32: wire.fixed32(UInt32(truncatingIfNeeded: value))
    case .fixed64, .sfixed64: wire.fixed64(value)
    case .int32, .int64, .uint32, .uint64, .double, .float, .bool, .string, .message, .bytes,
      .enumeration:
      wire.varint(value)
    }
    return value == 0
  }

  /// Reads a whole number, with quotes or without; a signed one is returned sign-extended.
  private mutating func integer(_ type: FieldType) throws(JSONFault) -> UInt64 {
    if reader.peek() == UInt8(ascii: "\"") { return try integer(type, in: try reader.string()) }
    let range = try reader.number(expected: "a whole number")
    return try integer(type, reader.text[range], at: range.lowerBound)
  }

  private func integer(_ type: FieldType, in token: JSONString) throws(JSONFault) -> UInt64 {
    if !token.hasEscapes {
      return try integer(type, reader.text[token.range], at: token.start)
    }
    return try integer(type, reader.bytes(of: token)[...], at: token.start)
  }

  private func integer(
    _ type: FieldType,
    _ text: ArraySlice<UInt8>,
    at offset: Int
  ) throws(JSONFault) -> UInt64 {
    func excerpt() -> String { String(decoding: text, as: UTF8.self) }

    if let magnitude = DecimalNumber.smallMagnitude(text), magnitude <= 0x7FFF_FFFF {
      return magnitude
    }
    guard let number = DecimalNumber(text) else {
      throw JSONFault(.invalidText(excerpt(), expected: "a whole number"), at: offset)
    }
    guard number.isWhole else { throw JSONFault(.notWhole(excerpt()), at: offset) }
    let value: UInt64?
    switch type {
    case .int32, .sint32, .sfixed32:
      value = number.signed.flatMap { Int32(exactly: $0) }.map { UInt64(bitPattern: Int64($0)) }
    case .uint32, .fixed32:
      value = number.unsigned.flatMap { UInt32(exactly: $0) }.map { UInt64($0) }
    case .int64, .sint64, .sfixed64: value = number.signed.map { UInt64(bitPattern: $0) }
    case .uint64, .fixed64, .double, .float, .bool, .string, .message, .bytes, .enumeration:
      value = number.unsigned
    }
    guard let value else {
      throw JSONFault(.outOfRange(excerpt(), type: type.schemaName), at: offset)
    }
    return value
  }

  /// Reads a floating-point number, or a string of one, or of what JSON has no number for.
  private mutating func double() throws(JSONFault) -> Double {
    let (text, offset) = try floatingText()
    switch text {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default:
      guard let value = Double(text), value.isFinite else {
        throw JSONFault(.outOfRange(text, type: FieldType.double.schemaName), at: offset)
      }
      return value
    }
  }

  private mutating func float() throws(JSONFault) -> Float {
    let (text, offset) = try floatingText()
    switch text {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default:
      guard let value = Float(text), value.isFinite else {
        throw JSONFault(.outOfRange(text, type: FieldType.float.schemaName), at: offset)
      }
      return value
    }
  }

  private mutating func floatingText() throws(JSONFault) -> (text: String, offset: Int) {
    guard reader.peek() == UInt8(ascii: "\"") else {
      let range = try reader.number(expected: "a number")
      return (String(decoding: reader.text[range], as: UTF8.self), range.lowerBound)
    }
    let token = try reader.string()
    let bytes = reader.bytes(of: token)
    let text = String(decoding: bytes, as: UTF8.self)
    guard DecimalNumber.isNumber(bytes[...]) || ["NaN", "Infinity", "-Infinity"].contains(text)
    else { throw JSONFault(.invalidText(text, expected: "a number"), at: token.start) }
    return (text, token.start)
  }
}

extension FieldType {
  /// Whether the type is of whole numbers with a sign.
  fileprivate var isSigned: Bool {
    switch self {
    case .int32, .sint32, .sfixed32, .int64, .sint64, .sfixed64: true
    case .uint32, .fixed32, .uint64, .fixed64, .double, .float, .bool, .string, .message, .bytes,
      .enumeration:
      false
    }
  }
}

extension EnumDescriptor {
  /// The names as an error lists them.
  fileprivate var list: String { JSONReadError.Reason.list(names) }
}
