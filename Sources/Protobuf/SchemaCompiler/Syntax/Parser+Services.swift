extension Parser {
  /// Reads a service; the cursor stands at `service`.
  mutating func parseService() throws(Failure) -> ServiceSyntax {
    let keyword = advance()
    var service = ServiceSyntax(name: try expectIdentifier("the service's name"))
    try expect("{", in: "after the service's name")
    service.comment = keyword.leadingComment ?? token.trailingCommentOfPrevious
    try block(of: "service '\(service.name.text)'") { (parser) throws(Failure) in
      if parser.looksAt("option") {
        service.options.append(try parser.parseOptionStatement())
      } else {
        service.methods.append(try parser.parseMethod())
      }
    }
    return service
  }

  private mutating func parseMethod() throws(Failure) -> MethodSyntax {
    let keyword = token
    try expect("rpc", in: "or 'option' in the service")
    let name = try expectIdentifier("the method's name")
    let (input, clientStreams) = try parseMethodType("request")
    try expect("returns", in: "after the request type")
    let (output, serverStreams) = try parseMethodType("response")
    var method = MethodSyntax(
      name: name,
      input: input,
      output: output,
      clientStreams: clientStreams,
      serverStreams: serverStreams
    )
    if accept("{") {
      method.hasBlock = true
      method.comment = keyword.leadingComment ?? token.trailingCommentOfPrevious
      try block(of: "method '\(name.text)'") { (parser) throws(Failure) in
        guard parser.looksAt("option") else {
          throw parser.failure("expected 'option' or '}', found \(parser.token.description)")
        }
        method.options.append(try parser.parseOptionStatement())
      }
    } else {
      method.comment = try endOfStatement(keyword.leadingComment, "or '{' after the method")
    }
    return method
  }

  private mutating func parseMethodType(_ what: String) throws(Failure) -> (Name, Bool) {
    try expect("(", in: "before the \(what) type")
    let streams = accept("stream")
    if token.kind == .identifier, ScalarType(rawValue: token.text) != nil {
      throw failure("the \(what) type must be a message, not '\(token.text)'")
    }
    let type = try parseTypeName("the \(what) type")
    try expect(")", in: "after the \(what) type")
    return (type, streams)
  }
}
