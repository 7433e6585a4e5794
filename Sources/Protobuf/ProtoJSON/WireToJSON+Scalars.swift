internal import ProtoWire

extension WireToJSON {
  /// Writes a value that is no message.
  ///
  /// A varint or a number of fixed width comes as bits, a string's or bytes' content as bytes.
  mutating func scalar(
    _ field: FieldDescriptor,
    _ bits: UInt64,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    switch field.type {
    case .double: text.number(Double(bitPattern: bits))
    case .float: text.number(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .int64, .sfixed64: text.number(Int64(bitPattern: bits), isQuoted: true)
    case .sint64: text.number(WireVarint.unZigZag(bits), isQuoted: true)
    case .uint64, .fixed64: text.number(bits, isQuoted: true)
    case .int32, .sfixed32: text.number(Int32(truncatingIfNeeded: bits), isQuoted: false)
    case .sint32:
      let low = UInt64(UInt32(truncatingIfNeeded: bits))
      text.number(Int32(truncatingIfNeeded: WireVarint.unZigZag(low)), isQuoted: false)
    case .uint32, .fixed32: text.number(UInt32(truncatingIfNeeded: bits), isQuoted: false)
    case .bool: text.raw(bits != 0 ? "true" : "false")
    case .string: try string(bytes)
    case .bytes: text.base64(bytes)
    case .enumeration: enumeration(schema.enums[field.target], Int32(truncatingIfNeeded: bits))
    case .message: preconditionFailure("a message is no scalar")
    }
  }

  /// Writes a string's bytes, which must be UTF-8.
  mutating func string(_ bytes: Span<UInt8>) throws(JSONWriteError) {
    if let offset = text.string(bytes) {
      throw JSONWriteError(.wire(WireError(.invalidUTF8, at: offset)))
    }
  }

  private mutating func enumeration(_ type: EnumDescriptor, _ number: Int32) {
    if type.isNull {
      text.raw("null")
    } else if let name = type.name(of: number) {
      text.quoted(name)
    } else {
      text.number(number, isQuoted: false)
    }
  }

  /// Whether a field without presence came with the value that it has when it doesn't come.
  func isDefault(_ field: FieldDescriptor, _ found: WireOccurrence) -> Bool {
    guard !field.isRepeated else { return found.isPacked && found.range.isEmpty }
    switch field.type {
    case .string, .bytes: return found.range.isEmpty
    case .int32, .uint32, .sint32, .enumeration: return UInt32(truncatingIfNeeded: found.bits) == 0
    case .message: return false
    case .double, .float, .int64, .uint64, .fixed64, .fixed32, .bool, .sfixed32, .sfixed64,
      .sint64:
      return found.bits == 0
    }
  }
}
