internal import ProtoWire
internal import WellKnownTypes

// Tags are written as numbers (field number * 8 + wire type); the pool has checked the shapes.

extension JSONToWire {
  /// Reads a `google.protobuf.Any`: an object with the type's URL and the message's own members.
  mutating func any() throws(JSONFault) {
    let start = reader
    guard let token = try typeURL() else { return }
    reader.rewind(to: start)
    let url = reader.string(token)
    guard let type = schema.message(inURL: url) else {
      throw JSONFault(.unknownType(url: url), at: token.start)
    }
    wire.varint(10)
    _ = string(token)
    let before = wire.count
    wire.varint(18)
    let mark = wire.beginLength()
    try enter()
    if type.form == nil {
      try object(type, skipsType: true)
    } else {
      try anyValue(type)
    }
    leave()
    if wire.count == mark { wire.truncate(to: before) } else { wire.endLength(mark) }
  }

  /// Looks through an object for the member that names the type; `nil` if it has no members.
  private mutating func typeURL() throws(JSONFault) -> JSONString? {
    _ = reader.peek()
    let start = reader.position
    try reader.open("{", expected: "an object")
    var isFirst = true
    while try reader.next(before: "}", &isFirst) {
      if reader.string(try reader.name()) == "@type" {
        guard reader.peek() == UInt8(ascii: "\"") else { throw reader.wrongKind("a type's URL") }
        return try reader.string()
      }
      try reader.skipValue()
    }
    if isFirst { return nil }
    throw JSONFault(.missingType, at: start)
  }

  /// Reads an object that holds a message with a JSON form of its own.
  private mutating func anyValue(_ type: MessageDescriptor) throws(JSONFault) {
    _ = reader.peek()
    let start = reader.position
    var names: Set<String> = []
    var isFirst = true
    try reader.open("{", expected: "an object")
    while try reader.next(before: "}", &isFirst) {
      let token = try reader.name()
      let name = reader.string(token)
      guard names.insert(name).inserted else {
        throw JSONFault(.duplicate(name: name), at: token.start)
      }
      switch name {
      case "@type": try reader.skipValue()
      case "value":
        do {
          try message(type)
        } catch {
          throw error.inside(member: name)
        }
      default: try unknown(token, in: type)
      }
    }
    guard names.contains("value") else {
      throw JSONFault(.missingValue(type: type.fullName), at: start)
    }
  }

  /// Reads a string that stands for a message.
  private mutating func text<Value>(
    _ expected: String,
    _ parse: ([UInt8]) -> Value?
  ) throws(JSONFault) -> Value {
    guard reader.peek() == UInt8(ascii: "\"") else { throw reader.wrongKind(expected) }
    let token = try reader.string()
    let bytes = reader.bytes(of: token)
    guard let value = parse(bytes) else {
      let text = String(decoding: bytes, as: UTF8.self)
      throw JSONFault(.invalidText(text, expected: expected), at: token.start)
    }
    return value
  }

  /// Reads a `google.protobuf.Timestamp` of RFC 3339.
  mutating func timestamp() throws(JSONFault) {
    let time = try text("a time such as 2026-01-31T23:59:59Z") { bytes in
      try? Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self))
    }
    secondsAndNanos((time.seconds, time.nanos))
  }

  /// Reads a `google.protobuf.Duration`.
  mutating func duration() throws(JSONFault) {
    let duration = try text("a duration such as 1.5s", DurationText.parse)
    secondsAndNanos(duration)
  }

  private mutating func secondsAndNanos(_ value: (seconds: Int64, nanos: Int32)) {
    if value.seconds != 0 {
      wire.varint(8)
      wire.varint(UInt64(bitPattern: value.seconds))
    }
    if value.nanos != 0 {
      wire.varint(16)
      wire.varint(UInt64(bitPattern: Int64(value.nanos)))
    }
  }

  /// Reads a `google.protobuf.FieldMask`.
  mutating func fieldMask() throws(JSONFault) {
    let paths = try text("a list of fields such as firstName,phones") { text -> [[UInt8]]? in
      if text.isEmpty { return [] }
      var paths: [[UInt8]] = []
      for jsonPath in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
        guard let path = FieldMaskText.path(ofJSON: jsonPath) else { return nil }
        paths.append(path)
      }
      return paths
    }
    for path in paths {
      wire.varint(10)
      wire.varint(UInt64(path.count))
      wire.append { $0 += path }
    }
  }

  /// Reads a `google.protobuf.Value`: any JSON.
  mutating func value() throws(JSONFault) {
    let type = schema.message(named: "google.protobuf.Value")
    func field(_ number: UInt32) -> FieldDescriptor? { type?.field(number: number) }

    switch reader.peek() {
    case UInt8(ascii: "n"):
      _ = try reader.null()
      wire.varint(8)
      wire.varint(0)
    case UInt8(ascii: "\""):
      wire.varint(26)
      _ = string(try reader.string())
    case UInt8(ascii: "t"), UInt8(ascii: "f"):
      wire.varint(32)
      wire.varint(try reader.bool() ? 1 : 0)
    case UInt8(ascii: "{"): try compound(42, field(5))
    case UInt8(ascii: "["): try compound(50, field(6))
    default:
      guard let number = field(2) else { throw reader.wrongKind("a value") }
      _ = try scalar(number, omitsDefault: false)
    }
  }

  /// Reads an object or array of a `google.protobuf.Value`.
  private mutating func compound(_ tag: UInt64, _ field: FieldDescriptor?) throws(JSONFault) {
    guard let field else { throw reader.wrongKind("a value") }
    wire.varint(tag)
    let mark = wire.beginLength()
    try enter()
    try message(schema.messages[field.target])
    leave()
    wire.endLength(mark)
  }
}
