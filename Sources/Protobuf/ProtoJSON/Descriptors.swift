package import ProtoWire

/// A field's type, numbered as `FieldDescriptorProto.Type` is.
package enum FieldType: UInt64, Sendable {
  case double = 1
  case float = 2
  case int64 = 3
  case uint64 = 4
  case int32 = 5
  case fixed64 = 6
  case fixed32 = 7
  case bool = 8
  case string = 9
  case message = 11
  case bytes = 12
  case uint32 = 13
  case enumeration = 14
  case sfixed32 = 15
  case sfixed64 = 16
  case sint32 = 17
  case sint64 = 18

  /// How one value stands on the wire.
  package var wireType: WireType {
    switch self {
    case .int64, .uint64, .int32, .uint32, .sint32, .sint64, .bool, .enumeration: .varint
    case .double, .fixed64, .sfixed64: .fixed64
    case .float, .fixed32, .sfixed32: .fixed32
    case .string, .message, .bytes: .lengthDelimited
    }
  }

  /// Whether values of the type may stand behind each other under one length.
  package var isPackable: Bool { wireType != .lengthDelimited }

  /// Whether values of the type may be a map's keys.
  var isMapKey: Bool {
    switch self {
    case .double, .float, .bytes, .message, .enumeration: false
    case .int64, .uint64, .int32, .uint32, .sint32, .sint64, .fixed32, .fixed64, .sfixed32,
      .sfixed64, .bool, .string:
      true
    }
  }

  /// The type's name in a schema.
  var schemaName: String {
    self == .enumeration ? "enum" : "\(self)"
  }
}

/// A field of a message.
package final class FieldDescriptor: Sendable {
  /// The name in the schema, such as `first_name`.
  package let name: String

  /// The name in JSON, such as `firstName`.
  package let jsonName: String

  /// The field's number, 1 to 536,870,911.
  package let number: UInt32

  /// The type of the field, or of its elements; `.message` for a map.
  package let type: FieldType

  /// The index of the message or enumeration in its ``SchemaPool``; 0 for other types.
  package let target: Int

  /// Whether the field is a list; true for maps also.
  package let isRepeated: Bool

  /// Whether the field is a map.
  package let isMap: Bool

  /// Whether the list is written with all values under one length.
  package let isPacked: Bool

  /// Whether a value that was set to its default differs from one that was never set.
  package let hasPresence: Bool

  /// The index of the `oneof` that the field is a member of; `optional` makes none.
  package let oneof: Int?

  /// Whether JSON's null is a value of the type, not the absence of one.
  let takesNull: Bool

  /// The field's number and the wire type of one value.
  let tag: UInt32

  /// The JSON name's UTF-8.
  let jsonKey: [UInt8]

  /// The JSON name as it is written: in quotes, with escapes where it needs them.
  let quotedKey: [UInt8]

  init(_ raw: RawField, type: FieldType, number: UInt32, target: FieldTarget) {
    name = raw.name
    jsonName = raw.jsonName ?? FieldDescriptor.jsonName(of: raw.name)
    self.number = number
    self.type = type
    self.target = target.index
    isRepeated = raw.label == 3
    isMap = target.isMapEntry
    isPacked = raw.label == 3 && type.isPackable && raw.isPacked ?? true
    oneof = raw.isProto3Optional ? nil : raw.oneofIndex.map { Int($0) }
    hasPresence = raw.label != 3 && (type == .message || raw.oneofIndex != nil)
    takesNull = target.takesNull
    tag = number << 3 | type.wireType.rawValue
    jsonKey = Array(jsonName.utf8)
    var text = JSONText(layout: .compact)
    text.string(jsonName)
    quotedKey = text.bytes
  }

  /// The JSON name that protoc derives: the letter after an underscore is a capital.
  static func jsonName(of name: String) -> String {
    var result = ""
    var isAfterUnderscore = false
    for scalar in name.unicodeScalars {
      if scalar == "_" {
        isAfterUnderscore = true
      } else {
        result += isAfterUnderscore ? String(scalar).uppercased() : String(scalar)
        isAfterUnderscore = false
      }
    }
    return result
  }
}

/// What a field's type name leads to.
struct FieldTarget {
  var index = 0
  var isMapEntry = false
  var takesNull = false
}

/// A message type.
package final class MessageDescriptor: Sendable {
  /// The full name, such as `customers.v1.Customer`.
  package let fullName: String

  /// The fields, ascending by number.
  package let fields: [FieldDescriptor]

  /// The names of the `oneof`s; those that `optional` makes come last and have no members.
  package let oneofs: [String]

  /// Whether the message is what protoc makes of a map's entries.
  package let isMapEntry: Bool

  /// The message's form in JSON where it isn't that of its fields.
  let form: WellKnownForm?

  /// Whether a field is a member of a `oneof`.
  let hasOneofs: Bool

  /// The field's index for each number up to ``lowNumberMax``; -1 where there is none.
  private let lowNumbers: [Int16]
  private let indexByName: [String: Int]

  /// The largest field number that is found by a table; larger ones are found by halving.
  private static let lowNumberMax: UInt32 = 127

  init(
    fullName: String,
    fields: [FieldDescriptor],
    oneofs: [String],
    isMapEntry: Bool
  ) throws(SchemaError) {
    let fields = fields.sorted { $0.number < $1.number }
    var lowNumbers = [Int16](repeating: -1, count: Int(Self.lowNumberMax) + 1)
    var indexByName: [String: Int] = [:]
    for (index, field) in fields.enumerated() {
      if index > 0, fields[index - 1].number == field.number {
        throw .duplicateField(message: fullName, what: "number \(field.number)")
      }
      if field.number <= Self.lowNumberMax { lowNumbers[Int(field.number)] = Int16(index) }
      guard indexByName.updateValue(index, forKey: field.jsonName) == nil else {
        throw .duplicateField(message: fullName, what: "name '\(field.jsonName)'")
      }
    }
    // A field's JSON name goes before another field's own name.
    for (index, field) in fields.enumerated() where indexByName[field.name] == nil {
      indexByName[field.name] = index
    }
    self.fullName = fullName
    self.fields = fields
    self.oneofs = oneofs
    self.isMapEntry = isMapEntry
    self.lowNumbers = lowNumbers
    self.indexByName = indexByName
    form = WellKnownForm(messageName: fullName)
    hasOneofs = fields.contains { $0.oneof != nil }
  }

  /// The index of the field with a number, if there is one.
  func fieldIndex(number: UInt32) -> Int? {
    if number <= Self.lowNumberMax {
      let index = lowNumbers[Int(number)]
      return index < 0 ? nil : Int(index)
    }
    var low = 0
    var high = fields.count
    while low < high {
      let middle = (low + high) / 2
      if fields[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < fields.count && fields[low].number == number ? low : nil
  }

  /// The field with a number, if there is one.
  package func field(number: UInt32) -> FieldDescriptor? {
    fieldIndex(number: number).map { fields[$0] }
  }

  /// The index of the field with a name, in JSON or in the schema, if there is one.
  package func fieldIndex(named name: String) -> Int? { indexByName[name] }
}

/// A method of a service.
package struct MethodDescriptor: Hashable, Sendable {
  /// The service's full name, such as `customers.v1.CustomerService`.
  package let service: String

  /// The method's own name, such as `GetCustomer`.
  package let name: String

  /// The full name of what it is asked with.
  package let request: String

  /// The full name of what it answers with.
  package let response: String

  /// Whether it takes a stream of requests.
  package let clientStreams: Bool

  /// Whether it answers with a stream.
  package let serverStreams: Bool

  init(service: String, _ raw: RawMethod) {
    self.service = service
    name = raw.name
    // protoc writes full names only, marked by the leading dot.
    request = String(raw.request.drop { $0 == "." })
    response = String(raw.response.drop { $0 == "." })
    clientStreams = raw.clientStreams
    serverStreams = raw.serverStreams
  }
}

/// An enumeration.
package final class EnumDescriptor: Sendable {
  /// The full name, such as `customers.v1.PhoneNumber.Kind`.
  package let fullName: String

  /// The names in the schema's order.
  package let names: [String]

  private let numberByName: [String: Int32]
  private let nameByNumber: [Int32: String]

  /// Whether the enumeration is `google.protobuf.NullValue`, which JSON writes as null.
  let isNull: Bool

  init(fullName: String, _ raw: RawEnum) {
    self.fullName = fullName
    names = raw.values.map(\.name)
    // Of two names of a number the first is written.
    nameByNumber = Dictionary(raw.values.map { ($0.number, $0.name) }) { first, _ in first }
    numberByName = Dictionary(raw.values.map { ($0.name, $0.number) }) { first, _ in first }
    isNull = fullName == "google.protobuf.NullValue"
  }

  /// The name of a number, if it has one.
  package func name(of number: Int32) -> String? { nameByNumber[number] }

  /// The number of a name, if there is one.
  package func number(of name: String) -> Int32? { numberByName[name] }
}
