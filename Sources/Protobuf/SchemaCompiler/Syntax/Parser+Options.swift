extension Parser {
  /// Reads `option name = value;`.
  mutating func parseOptionStatement() throws(Failure) -> OptionSyntax {
    advance()
    let option = try parseOption()
    try expect(";", in: "after the option")
    return option
  }

  /// Reads the options of a field or value, in brackets.
  mutating func parseOptionList() throws(Failure) -> [OptionSyntax] {
    advance()
    var options: [OptionSyntax] = []
    repeat {
      if looksAt("default") {
        throw failure("default values are not supported: proto3 has none")
      }
      options.append(try parseOption())
    } while accept(",")
    try expect("]", in: "after the options")
    return options
  }

  private mutating func parseOption() throws(Failure) -> OptionSyntax {
    let start = token.location
    var text = ""
    var isCustom = false
    repeat {
      if !text.isEmpty { text += "." }
      if accept("(") {
        isCustom = true
        text += "(" + (try parseTypeName("the option's name")).text + ")"
        try expect(")", in: "after the option's name")
      } else {
        text += try expectIdentifier("the option's name").text
      }
    } while accept(".")
    try expect("=", in: "after the option's name")
    let valueLocation = token.location
    let value = try parseOptionValue()
    return OptionSyntax(
      name: Name(text: text, location: start),
      isCustom: isCustom,
      value: value,
      valueLocation: valueLocation
    )
  }

  private mutating func parseOptionValue() throws(Failure) -> OptionSyntax.Value {
    let isNegative = accept("-")
    switch token.kind {
    case .identifier:
      let text = token.text
      guard isNegative else {
        advance()
        return .identifier(text)
      }
      guard text == "inf" || text == "nan" else {
        throw failure("expected a number after '-', found '\(text)'")
      }
      advance()
      return .float(text == "inf" ? -.infinity : .nan)
    case .integer:
      if let value = Self.integer(token.text) {
        advance()
        return .integer(value, isNegative: isNegative)
      }
      // Protobuf reads decimal numbers of more than 64 bits as floating point.
      guard let value = Double(token.text), token.text.utf8.first != UInt8(ascii: "0") else {
        throw failure("number \(token.text) is larger than \(UInt64.max)")
      }
      advance()
      return .float(isNegative ? -value : value)
    case .float:
      let value = Double(token.text) ?? .infinity
      advance()
      return .float(isNegative ? -value : value)
    case .string where !isNegative:
      return .string(try expectString("a string"))
    case .symbol where !isNegative && token.text == "{":
      try parseAggregate()
      return .aggregate
    case .string, .symbol, .endOfFile:
      throw failure("expected the option's value, found \(token.description)")
    }
  }

  /// Passes over a value in braces, whose brackets of all kinds must match.
  private mutating func parseAggregate() throws(Failure) {
    let start = token.location
    let closing = ["{": "}", "[": "]", "<": ">"]
    var open: [String] = []
    repeat {
      guard !isAtEnd else {
        diagnostics.report("the option's value has no '}'", at: start)
        throw Failure()
      }
      let token = self.token
      if token.kind == .symbol {
        if let end = closing[token.text] {
          open.append(end)
        } else if token.text == open.last {
          open.removeLast()
        } else if ["}", "]", ">"].contains(token.text) {
          let failure = failure("expected '\(open.last ?? "")', found \(token.description)")
          // The value's own brace is no end of the block around the statement.
          advance()
          throw failure
        }
      }
      advance()
    } while !open.isEmpty
  }
}
