internal import ProtoWire

/// Writes encoded messages as JSON, straight from the bytes.
struct WireToJSON {
  /// The text so far.
  var text: JSONText

  let schema: SchemaPool
  let options: JSONWriteOptions
  var occurrences = WireOccurrences()
  private var depth = WireReader.depthMax

  init(schema: SchemaPool, options: JSONWriteOptions) {
    self.schema = schema
    self.options = options
    text = JSONText(layout: options.layout)
  }

  /// Writes a message in its JSON form.
  mutating func message(
    _ type: MessageDescriptor,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    switch type.form {
    case nil:
      text.open("{")
      try members(type, bytes)
      text.close("}")
    case .any: try any(bytes)
    case .timestamp: try timestamp(bytes)
    case .duration: try duration(bytes)
    case .fieldMask: try fieldMask(bytes)
    case .structure, .listValue: try onlyField(type, bytes)
    case .value: try value(type, bytes)
    case .wrapper: try onlyField(type, bytes)
    }
  }

  /// Writes a message's fields as members of an object that is open.
  mutating func members(
    _ type: MessageDescriptor,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    let base = try collect(type, bytes)
    let end = occurrences.count
    var next = base
    for index in type.fields.indices {
      let field = type.fields[index]
      let first = next
      while next < end, occurrences[next].field == index { next += 1 }
      if first == next, field.hasPresence || !options.writesFieldsWithoutPresence { continue }
      if first + 1 == next, !options.writesFieldsWithoutPresence, !field.hasPresence,
        isDefault(field, occurrences[first])
      {
        continue
      }
      text.member(quoted: field.quotedKey)
      do {
        try self.field(field, first..<next, bytes)
      } catch {
        throw error.inside(member: field.jsonName)
      }
    }
    occurrences.removeAll(from: base)
  }

  /// Writes the value of a message that its JSON form reduces to its one field.
  private mutating func onlyField(
    _ type: MessageDescriptor,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    let base = try collect(type, bytes)
    try field(type.fields[0], base..<occurrences.count, bytes)
    occurrences.removeAll(from: base)
  }

  /// Finds a message's fields; returns where they begin.
  mutating func collect(
    _ type: MessageDescriptor,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) -> Int {
    let base = occurrences.count
    do {
      try occurrences.collect(type, bytes)
    } catch {
      throw JSONWriteError(.wire(error))
    }
    return base
  }

  /// Writes a field's value: a list, a map, or what came last.
  private mutating func field(
    _ field: FieldDescriptor,
    _ found: Range<Int>,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    if field.isMap {
      try map(schema.messages[field.target], found, bytes)
    } else if field.isRepeated {
      try list(field, found, bytes)
    } else {
      try single(field, found, bytes)
    }
  }

  /// Writes a value of which at most one counts; of a message all parts do.
  mutating func single(
    _ field: FieldDescriptor,
    _ found: Range<Int>,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    guard field.type == .message else {
      let last =
        found.isEmpty
        ? WireOccurrence(field: 0, end: 0, start: 0) : occurrences[found.upperBound - 1]
      return try scalar(field, last.bits, bytes.extracting(last.range))
    }
    if found.count == 1 {
      return try nested(field, bytes.extracting(occurrences[found.lowerBound].range))
    }
    // Merging messages and reading their bytes one behind the other are the same.
    var merged: [UInt8] = []
    for index in found {
      let part = bytes.extracting(occurrences[index].range)
      do {
        var reader = WireReader(part)
        while case let tag = try reader.nextTag(), tag != 0 { try reader.skip(tag) }
      } catch {
        throw JSONWriteError(.wire(error))
      }
      for offset in part.indices { merged.append(part[offset]) }
    }
    try nested(field, merged.span)
  }

  /// Writes a message inside another.
  private mutating func nested(
    _ field: FieldDescriptor,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    try enter()
    try message(schema.messages[field.target], bytes)
    depth += 1
  }

  /// Counts a message inside another.
  mutating func enter() throws(JSONWriteError) {
    guard depth > 0 else { throw JSONWriteError(.wire(WireError(.tooDeep, at: 0))) }
    depth -= 1
  }

  /// Counts the end of a message that ``enter()`` counted.
  mutating func leave() { depth += 1 }

  private mutating func list(
    _ field: FieldDescriptor,
    _ found: Range<Int>,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    text.open("[")
    var count = 0
    for index in found {
      let occurrence = occurrences[index]
      let value = bytes.extracting(occurrence.range)
      do {
        if occurrence.isPacked {
          try packed(field, value, &count)
        } else {
          text.element()
          if field.type == .message {
            try nested(field, value)
          } else {
            try scalar(field, occurrence.bits, value)
          }
        }
      } catch {
        throw error.inside(element: count)
      }
      count += 1
    }
    text.close("]")
  }

  private mutating func packed(
    _ field: FieldDescriptor,
    _ bytes: Span<UInt8>,
    _ count: inout Int
  ) throws(JSONWriteError) {
    var reader = WireReader(bytes)
    while !reader.isAtEnd {
      let bits: UInt64
      do {
        bits = try WireOccurrence(field.type.wireType, field: 0, from: &reader).bits
      } catch {
        throw JSONWriteError(.wire(error))
      }
      text.element()
      try scalar(field, bits, Span())
      count += 1
    }
    count -= 1
  }

  private mutating func map(
    _ entry: MessageDescriptor,
    _ found: Range<Int>,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    var entries: [WireEntryKey] = []
    entries.reserveCapacity(found.count)
    for index in found {
      let range = occurrences[index].range
      do {
        entries.append(try WireEntryKey(entry.fields[0], bytes, range))
      } catch {
        throw JSONWriteError(.wire(error))
      }
    }
    WireEntryKey.order(&entries, bytes)
    text.open("{")
    for key in entries {
      text.element()
      try self.key(entry.fields[0], key, bytes)
      text.colon()
      let value = bytes.extracting(key.entry)
      do {
        try enter()
        let base = try collect(entry, value)
        // The fields of an entry are in order: the value's are the last.
        var first = base
        while first < occurrences.count, occurrences[first].field == 0 { first += 1 }
        try single(entry.fields[1], first..<occurrences.count, value)
        occurrences.removeAll(from: base)
        leave()
      } catch {
        throw error.inside(member: key.text(entry.fields[0], bytes))
      }
    }
    text.close("}")
  }

  private mutating func key(
    _ field: FieldDescriptor,
    _ key: WireEntryKey,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    if field.type == .string {
      try string(bytes.extracting(key.string))
    } else {
      text.quoted(key.text(field, bytes))
    }
  }
}
