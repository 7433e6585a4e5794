extension Parser {
  /// Reads an enumeration; the cursor stands at `enum`.
  mutating func parseEnum() throws(Failure) -> EnumSyntax {
    let keyword = advance()
    var enumeration = EnumSyntax(name: try expectIdentifier("the enum's name"))
    try expect("{", in: "after the enum's name")
    enumeration.comment = keyword.leadingComment ?? token.trailingCommentOfPrevious
    try block(of: "enum '\(enumeration.name.text)'") { (parser) throws(Failure) in
      if parser.looksAt("option") {
        enumeration.options.append(try parser.parseOptionStatement())
      } else if parser.looksAt("reserved") {
        try parser.parseReserved(into: &enumeration.reserved, isEnum: true)
      } else {
        enumeration.values.append(try parser.parseEnumValue())
      }
    }
    return enumeration
  }

  private mutating func parseEnumValue() throws(Failure) -> EnumValueSyntax {
    let leading = token.leadingComment
    let name = try expectIdentifier("a value's name")
    guard accept("=") else {
      throw failure("value '\(name.text)' needs '=' and a number, found \(token.description)")
    }
    let location = token.location
    let number = try expectInt32("enum number", signed: true)
    var value = EnumValueSyntax(name: name, number: number, numberLocation: location)
    if looksAt("[") { value.options = try parseOptionList() }
    value.comment = try endOfStatement(leading, "after the value")
    return value
  }
}
