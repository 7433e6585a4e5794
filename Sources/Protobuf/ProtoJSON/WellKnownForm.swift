/// The JSON form of a `google.protobuf` message that isn't an object of its fields.
///
/// Source: protobuf's ProtoJSON page, the table of "Representation of each type".
enum WellKnownForm: Sendable {
  case any
  case timestamp
  case duration
  case fieldMask
  case structure
  case value
  case listValue
  case wrapper

  /// The form of a message, if it has one of its own.
  init?(messageName: String) {
    guard messageName.hasPrefix("google.protobuf.") else { return nil }
    switch messageName.dropFirst("google.protobuf.".count) {
    case "Any": self = .any
    case "Timestamp": self = .timestamp
    case "Duration": self = .duration
    case "FieldMask": self = .fieldMask
    case "Struct": self = .structure
    case "Value": self = .value
    case "ListValue": self = .listValue
    case "DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value", "UInt32Value",
      "BoolValue", "StringValue", "BytesValue":
      self = .wrapper
    default: return nil
    }
  }

  /// Whether a descriptor has the fields that the form is made of.
  func fits(_ message: MessageDescriptor) -> Bool {
    let shape = message.fields.map { field in
      Part(field.number, field.type, isRepeated: field.isRepeated)
    }
    switch self {
    case .any: return shape == [Part(1, .string), Part(2, .bytes)]
    case .timestamp, .duration: return shape == [Part(1, .int64), Part(2, .int32)]
    case .fieldMask: return shape == [Part(1, .string, isRepeated: true)]
    case .structure:
      return shape == [Part(1, .message, isRepeated: true)] && message.fields[0].isMap
    case .listValue:
      return shape == [Part(1, .message, isRepeated: true)] && !message.fields[0].isMap
    case .value:
      return shape == [
        Part(1, .enumeration), Part(2, .double), Part(3, .string), Part(4, .bool),
        Part(5, .message), Part(6, .message),
      ]
    case .wrapper:
      return shape.count == 1 && shape[0] == Part(1, shape[0].type)
        && shape[0].type != .message && shape[0].type != .enumeration
    }
  }

  /// A field as ``fits(_:)`` sees it.
  private struct Part: Equatable {
    var number: UInt32
    var type: FieldType
    var isRepeated: Bool

    init(_ number: UInt32, _ type: FieldType, isRepeated: Bool = false) {
      self.number = number
      self.type = type
      self.isRepeated = isRepeated
    }
  }
}
