extension Parser {
  /// Reads a message; the cursor stands at `message`.
  mutating func parseMessage() throws(Failure) -> MessageSyntax {
    let keyword = advance()
    var message = MessageSyntax(name: try expectIdentifier("the message's name"))
    guard depth < SchemaLimits.nestingDepthMax else {
      diagnostics.report(
        "messages are nested deeper than \(SchemaLimits.nestingDepthMax)",
        at: keyword.location
      )
      throw Failure()
    }
    try expect("{", in: "after the message's name")
    message.comment = keyword.leadingComment ?? token.trailingCommentOfPrevious
    depth += 1
    defer { depth -= 1 }
    try block(of: "message '\(message.name.text)'") { (parser) throws(Failure) in
      try parser.parseMember(of: &message)
    }
    return message
  }

  private mutating func parseMember(of message: inout MessageSyntax) throws(Failure) {
    switch token.kind == .identifier ? token.text : "" {
    case "message": message.messages.append(try parseMessage())
    case "enum": message.enums.append(try parseEnum())
    case "oneof": try parseOneof(of: &message)
    case "option": message.options.append(try parseOptionStatement())
    case "reserved": try parseReserved(into: &message.reserved, isEnum: false)
    case "extensions": throw failure("extensions are not supported: proto3 has none")
    case "extend": throw failure("extensions are not supported: proto3 has them for options only")
    default: try parseField(of: &message, oneofIndex: nil)
    }
  }

  private mutating func parseOneof(of message: inout MessageSyntax) throws(Failure) {
    let keyword = advance()
    var oneof = OneofSyntax(name: try expectIdentifier("the oneof's name"))
    try expect("{", in: "after the oneof's name")
    oneof.comment = keyword.leadingComment ?? token.trailingCommentOfPrevious
    let index = message.oneofs.count
    message.oneofs.append(oneof)
    if looksAt("}") {
      diagnostics.report("oneof '\(oneof.name.text)' has no field", at: oneof.name.location)
    }
    while !looksAt("}") {
      if isAtEnd { throw failure("oneof '\(oneof.name.text)' has no '}'") }
      recovering { (parser) throws(Failure) in
        if parser.looksAt("option") {
          message.oneofs[index].options.append(try parser.parseOptionStatement())
        } else {
          try parser.parseField(of: &message, oneofIndex: index)
        }
      }
    }
    advance()
  }

  // MARK: Fields

  private mutating func parseField(
    of message: inout MessageSyntax,
    oneofIndex: Int?
  ) throws(Failure) {
    let leading = token.leadingComment
    let labelToken = token
    let label = try parseLabel()
    if label != .none, oneofIndex != nil {
      diagnostics.report(
        "a field of a oneof can't be '\(labelToken.text)'",
        at: labelToken.location
      )
    }
    let typeToken = token
    if looksAt("group") { throw failure("groups are not supported: proto3 has none") }
    if looksAt("map"), following.kind == .symbol, following.text == "<" {
      if label != .none {
        diagnostics.report("a map can't be '\(labelToken.text)'", at: labelToken.location)
      } else if oneofIndex != nil {
        diagnostics.report("a map can't stand in a oneof", at: typeToken.location)
      }
      return try parseMapField(of: &message, leading)
    }
    let type = try parseType("a field's type")
    var field = try parseFieldRest(label, type)
    field.oneofIndex = oneofIndex
    field.comment = try endOfStatement(leading, "after the field")
    message.fields.append(field)
  }

  private mutating func parseLabel() throws(Failure) -> FieldSyntax.Label {
    // A label is followed by a type; `optional` alone could be one.
    if looksAt("required") { throw failure("'required' is not supported: proto3 has none") }
    if accept("optional") { return .optional }
    if accept("repeated") { return .repeated }
    return .none
  }

  private mutating func parseType(_ what: String) throws(Failure) -> TypeSyntax {
    if token.kind == .identifier, let scalar = ScalarType(rawValue: token.text) {
      advance()
      return .scalar(scalar)
    }
    return .named(try parseTypeName(what))
  }

  /// Reads a field from its name up to its `;`.
  private mutating func parseFieldRest(
    _ label: FieldSyntax.Label,
    _ type: TypeSyntax
  ) throws(Failure) -> FieldSyntax {
    let name = try expectIdentifier("the field's name")
    guard accept("=") else {
      throw failure("field '\(name.text)' needs '=' and a number, found \(token.description)")
    }
    let numberLocation = token.location
    let number = try expectInt32("field number", signed: false)
    var field = FieldSyntax(
      name: name,
      label: label,
      type: type,
      number: number,
      numberLocation: numberLocation
    )
    if looksAt("[") { field.options = try parseOptionList() }
    if looksAt("{") { throw failure("groups are not supported: proto3 has none") }
    return field
  }

  private mutating func parseMapField(
    of message: inout MessageSyntax,
    _ leading: String?
  ) throws(Failure) {
    let start = advance().location
    try expect("<", in: "after 'map'")
    let keyLocation = token.location
    let key = try parseType("the map's key type")
    try expect(",", in: "between the map's types")
    let valueLocation = token.location
    if looksAt("map"), following.text == "<" {
      throw failure("a map's values can't be maps")
    }
    let value = try parseType("the map's value type")
    try expect(">", in: "after the map's types")

    var field = try parseFieldRest(.repeated, .map(entry: ""))
    let entryName = DescriptorNames.mapEntry(of: field.name.text)
    field.type = .map(entry: entryName)
    field.comment = try endOfStatement(leading, "after the field")
    let entryField = { (name: String, type: TypeSyntax, number: Int32, at: SourceLocation) in
      FieldSyntax(
        name: Name(text: name, location: at),
        label: .none,
        type: type,
        number: number,
        numberLocation: at
      )
    }
    var entry = MessageSyntax(name: Name(text: entryName, location: start))
    entry.isMapEntry = true
    entry.fields = [
      entryField("key", key, 1, keyLocation), entryField("value", value, 2, valueLocation),
    ]
    message.messages.append(entry)
    message.fields.append(field)
  }

  // MARK: Reserved

  /// Reads `reserved` with numbers or names.
  mutating func parseReserved(
    into reserved: inout ReservedSyntax,
    isEnum: Bool
  ) throws(Failure) {
    advance()
    if token.kind == .string {
      repeat {
        let location = token.location
        let name = try expectText("a reserved name")
        reserved.names.append(Name(text: name, location: location))
      } while accept(",")
    } else {
      repeat {
        reserved.ranges.append(try parseReservedRange(isEnum: isEnum))
      } while accept(",")
    }
    try expect(";", in: "after what is reserved")
  }

  private mutating func parseReservedRange(isEnum: Bool) throws(Failure) -> ReservedSyntax.Range {
    let location = token.location
    guard token.kind == .integer || (isEnum && looksAt("-")) else {
      throw failure("expected a number or a name in quotes, found \(token.description)")
    }
    let first = try expectInt32("reserved number", signed: isEnum)
    guard accept("to") else {
      return ReservedSyntax.Range(first: first, last: first, location: location)
    }
    if accept("max") {
      let last = isEnum ? Int32.max : DescriptorLimits.fieldNumberMax
      return ReservedSyntax.Range(first: first, last: last, location: location)
    }
    let last = try expectInt32("reserved number", signed: isEnum)
    return ReservedSyntax.Range(first: first, last: last, location: location)
  }
}
