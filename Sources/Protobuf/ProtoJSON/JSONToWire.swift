internal import ProtoWire

/// Reads JSON into an encoded message, in one pass and one growing buffer.
///
/// Members may come in any order; each is written where it comes, and the pieces are put in order
/// at the end of their object if need be.
struct JSONToWire {
  /// The message so far.
  var wire = WireBuffer()

  var reader: JSONReader
  let schema: SchemaPool
  let options: JSONReadOptions
  private var depth = WireReader.depthMax
  private var members: [Member] = []

  /// A member of an object that is being read.
  private struct Member {
    /// The field's index in its message.
    var field: Int

    /// Whether the member sets the field; null doesn't.
    var isSet: Bool

    /// The encoded field, which may be nothing.
    var wire: Range<Int>
  }

  init(schema: SchemaPool, options: JSONReadOptions, text: [UInt8]) {
    self.schema = schema
    self.options = options
    reader = JSONReader(text)
  }

  /// Reads a message that is the whole text.
  mutating func wholeText(_ type: MessageDescriptor) throws(JSONFault) {
    guard reader.peek() != nil else {
      throw JSONFault(.endOfText(expected: "a value"), at: reader.position)
    }
    try message(type)
    try reader.end()
  }

  /// Reads a message in its JSON form.
  mutating func message(_ type: MessageDescriptor) throws(JSONFault) {
    switch type.form {
    case nil: try object(type, skipsType: false)
    case .any: try any()
    case .timestamp: try timestamp()
    case .duration: try duration()
    case .fieldMask: try fieldMask()
    case .structure: try map(type.fields[0])
    case .listValue: try list(type.fields[0])
    case .value: try value()
    case .wrapper: _ = try scalar(type.fields[0], omitsDefault: true)
    }
  }

  /// Reads an object of a message's fields.
  ///
  /// With `skipsType` it is that of an `Any`, whose member `@type` is no field.
  mutating func object(_ type: MessageDescriptor, skipsType: Bool) throws(JSONFault) {
    let base = members.count
    let start = wire.count
    var isAscending = true
    var hasType = false
    var isFirst = true
    try reader.open("{", expected: "an object")
    while try reader.next(before: "}", &isFirst) {
      let name = try reader.name()
      // Members mostly come in the order of the fields.
      let likely = members.count > base ? members[members.count - 1].field + 1 : 0
      guard let index = fieldIndex(of: name, in: type, likely: likely) else {
        if skipsType, reader.string(name) == "@type" {
          guard !hasType else { throw JSONFault(.duplicate(name: "@type"), at: name.start) }
          hasType = true
          try reader.skipValue()
        } else {
          try unknown(name, in: type)
        }
        continue
      }
      let field = type.fields[index]
      if members.count > base, members[members.count - 1].field >= index {
        isAscending = false
        if members[base...].contains(where: { $0.field == index }) {
          throw JSONFault(.duplicate(name: reader.string(name)), at: name.start)
        }
      }
      let begin = wire.count
      do {
        let isSet = try self.field(field)
        if isSet, let oneof = field.oneof {
          try check(oneof, of: type, from: base, index, at: name.start)
        }
        members.append(Member(field: index, isSet: isSet, wire: begin..<wire.count))
      } catch {
        throw error.inside(member: field.jsonName)
      }
    }
    if !isAscending {
      let sorted = members[base...].sorted { $0.field < $1.field }
      wire.rearrange(sorted.lazy.map(\.wire), from: start)
    }
    members.removeLast(members.count - base)
  }

  private func check(
    _ oneof: Int,
    of type: MessageDescriptor,
    from base: Int,
    _ index: Int,
    at offset: Int
  ) throws(JSONFault) {
    for member in members[base...] where member.isSet && type.fields[member.field].oneof == oneof {
      throw JSONFault(
        .oneofTwice(
          name: type.oneofs[oneof],
          first: type.fields[member.field].jsonName,
          second: type.fields[index].jsonName
        ),
        at: offset
      )
    }
  }

  /// The field that a member's name means.
  private func fieldIndex(
    of name: JSONString,
    in type: MessageDescriptor,
    likely: Int
  ) -> Int? {
    if !name.hasEscapes, likely < type.fields.count,
      reader.matches(name, type.fields[likely].jsonKey)
    {
      return likely
    }
    return type.fieldIndex(named: reader.string(name))
  }

  /// Passes over a member that is no field, if that is allowed.
  mutating func unknown(_ name: JSONString, in type: MessageDescriptor) throws(JSONFault) {
    if options.ignoresUnknownFields { return try reader.skipValue() }
    let text = reader.string(name)
    let nearest = NearestNames.of(text, among: type.fields.map(\.jsonName))
    throw JSONFault(
      .unknownField(name: text, message: type.fullName, nearest: nearest),
      at: name.start
    )
  }

  /// Reads a field's value.
  ///
  /// - Returns: Whether the field is set by it; null mostly doesn't.
  private mutating func field(_ field: FieldDescriptor) throws(JSONFault) -> Bool {
    if reader.peek() == UInt8(ascii: "n"), field.isRepeated || !field.takesNull {
      // What begins with n is null or nothing that JSON knows.
      return try !reader.null()
    }
    if field.isMap {
      try map(field)
    } else if field.isRepeated {
      try list(field)
    } else if field.type == .message {
      try nested(field)
    } else {
      return try scalar(field, omitsDefault: !field.hasPresence)
    }
    return true
  }

  /// Reads a message inside another, with its tag and length.
  private mutating func nested(_ field: FieldDescriptor) throws(JSONFault) {
    wire.varint(UInt64(field.tag))
    let mark = wire.beginLength()
    try enter()
    try message(schema.messages[field.target])
    leave()
    wire.endLength(mark)
  }

  /// Counts a message inside another, which must not be too deep for those who will read it.
  mutating func enter() throws(JSONFault) {
    guard depth > 0 else {
      throw JSONFault(.tooDeep(limit: WireReader.depthMax), at: reader.position)
    }
    depth -= 1
  }

  /// Counts the end of a message that ``enter()`` counted.
  mutating func leave() { depth += 1 }

  /// Reads an array into a repeated field.
  mutating func list(_ field: FieldDescriptor) throws(JSONFault) {
    try reader.open("[", expected: "an array")
    let start = wire.count
    var mark = 0
    if field.isPacked {
      wire.varint(UInt64(field.number << 3 | WireType.lengthDelimited.rawValue))
      mark = wire.beginLength()
    }
    var index = 0
    var isFirst = true
    while try reader.next(before: "]", &isFirst) {
      do {
        if field.type == .message {
          try nested(field)
        } else {
          _ = try scalar(field, omitsDefault: false, writesTag: !field.isPacked)
        }
      } catch {
        throw error.inside(element: index)
      }
      index += 1
    }
    if field.isPacked {
      if wire.count == mark { wire.truncate(to: start) } else { wire.endLength(mark) }
    }
  }

  /// Reads an object into a map field.
  mutating func map(_ field: FieldDescriptor) throws(JSONFault) {
    let entryType = schema.messages[field.target]
    let start = wire.count
    var entries: [JSONMapEntry] = []
    var isFirst = true
    try reader.open("{", expected: "an object")
    while try reader.next(before: "}", &isFirst) {
      let name = try reader.name()
      let begin = wire.count
      wire.varint(UInt64(field.tag))
      let mark = wire.beginLength()
      do {
        try enter()
        wire.varint(UInt64(entryType.fields[0].tag))
        let rank = try key(entryType.fields[0], name)
        let keyEnd = wire.count
        let isSet = try entryValue(entryType.fields[1])
        leave()
        if !isSet {
          wire.truncate(to: begin)
          continue
        }
        let tail = wire.count - keyEnd
        wire.endLength(mark)
        entries.append(
          JSONMapEntry(
            rank: rank,
            keyEnd: wire.count - tail,
            keyCount: rank == nil ? reader.byteCount(of: name) : 0,
            wire: begin..<wire.count,
            offset: name.start
          )
        )
      } catch {
        throw error.inside(member: reader.string(name))
      }
    }
    try arrange(&entries, from: start)
  }

  private mutating func entryValue(_ field: FieldDescriptor) throws(JSONFault) -> Bool {
    if field.type == .message {
      try nested(field)
      return true
    }
    return try scalar(field, omitsDefault: false)
  }

  /// Puts a map's entries in the order of their keys.
  private mutating func arrange(
    _ entries: inout [JSONMapEntry],
    from start: Int
  ) throws(JSONFault) {
    let bytes = wire.bytes
    var isAscending = true
    for index in entries.indices.dropFirst() where isAscending {
      isAscending = entries[index - 1].precedes(entries[index], bytes)
    }
    if isAscending { return }
    entries.sort { left, right in
      if left.precedes(right, bytes) { return true }
      return !right.precedes(left, bytes) && left.offset < right.offset
    }
    for index in entries.indices.dropFirst()
    where !entries[index - 1].precedes(entries[index], bytes) {
      var again = JSONReader(reader.text)
      again.advance(to: entries[index].offset)
      let name = again.string(try again.string())
      throw JSONFault(.duplicate(name: name), at: entries[index].offset)
    }
    wire.rearrange(entries.lazy.map(\.wire), from: start)
  }
}

/// An entry of a map that is being read.
private struct JSONMapEntry {
  /// A number of which unsigned order is the order of the keys; `nil` for strings.
  var rank: UInt64?

  /// Where the key's bytes end, in the buffer.
  var keyEnd: Int

  /// How many bytes a string key has.
  var keyCount: Int

  /// The encoded entry.
  var wire: Range<Int>

  /// Where the key stands in the text.
  var offset: Int

  /// Whether the entry's key stands before another's.
  func precedes(_ other: JSONMapEntry, _ bytes: [UInt8]) -> Bool {
    if let rank, let otherRank = other.rank { return rank < otherRank }
    return bytes[keyEnd - keyCount..<keyEnd]
      .lexicographicallyPrecedes(bytes[other.keyEnd - other.keyCount..<other.keyEnd])
  }
}
