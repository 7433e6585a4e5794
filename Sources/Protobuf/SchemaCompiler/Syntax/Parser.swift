/// Reads a schema's text into a tree.
///
/// A statement with an error in it is reported and passed over, up to its `;` or the end of its
/// block, so that one run shows all errors.
struct Parser {
  /// Unwinds to the statement that is being read; what is wrong was reported before.
  struct Failure: Error {}

  private let tokens: [Token]
  private var index = 0
  var diagnostics: Diagnostics
  var file: FileSyntax

  /// How many messages stand around the cursor.
  var depth = 0

  private init(_ source: [UInt8], path: String) {
    (tokens, diagnostics) = Lexer.tokens(of: source, path: path)
    file = FileSyntax(path: path)
  }

  /// Returns a file's tree and what is wrong with its text; with errors the tree has gaps.
  static func parse(_ source: [UInt8], path: String) -> (FileSyntax, Diagnostics) {
    var parser = Parser(source, path: path)
    parser.parseFile()
    return (parser.file, parser.diagnostics)
  }

  // MARK: The cursor

  /// The word at the cursor.
  var token: Token { tokens[index] }

  /// The word behind the cursor's.
  var following: Token { tokens[min(index + 1, tokens.count - 1)] }

  /// Whether nothing is left.
  var isAtEnd: Bool { token.kind == .endOfFile }

  /// Moves to the next word and returns the one left behind.
  @discardableResult
  mutating func advance() -> Token {
    defer { if index < tokens.count - 1 { index += 1 } }
    return tokens[index]
  }

  /// Whether the word at the cursor is this symbol or keyword.
  func looksAt(_ text: String) -> Bool {
    token.kind != .string && token.kind != .endOfFile && token.text == text
  }

  /// Moves over a symbol or keyword if it is there.
  mutating func accept(_ text: String) -> Bool {
    guard looksAt(text) else { return false }
    advance()
    return true
  }

  /// Moves over a symbol or keyword that must be there.
  mutating func expect(_ text: String, in context: String) throws(Failure) {
    guard accept(text) else {
      throw failure("expected '\(text)' \(context), found \(token.description)")
    }
  }

  /// Reads a name that must be there.
  mutating func expectIdentifier(_ what: String) throws(Failure) -> Name {
    guard token.kind == .identifier else {
      throw failure("expected \(what), found \(token.description)")
    }
    let token = advance()
    return Name(text: token.text, location: token.location)
  }

  /// Reads one string, or several in a row, which are one.
  mutating func expectString(_ what: String) throws(Failure) -> [UInt8] {
    guard token.kind == .string else {
      throw failure("expected \(what) in quotes, found \(token.description)")
    }
    var bytes: [UInt8] = []
    while token.kind == .string { bytes += advance().bytes }
    return bytes
  }

  /// Reads one string, or several in a row, as text.
  mutating func expectText(_ what: String) throws(Failure) -> String {
    let location = token.location
    let bytes = try expectString(what)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      diagnostics.report("\(what) is not UTF-8", at: location)
      throw Failure()
    }
    return text
  }

  /// Reads a whole number without sign.
  mutating func expectInteger(_ what: String) throws(Failure) -> UInt64 {
    guard token.kind == .integer else {
      throw failure("expected \(what), found \(token.description)")
    }
    guard let value = Self.integer(token.text) else {
      throw failure("\(what) \(token.text) is larger than \(UInt64.max)")
    }
    advance()
    return value
  }

  /// Reads a whole number of 32 bits.
  mutating func expectInt32(_ what: String, signed: Bool) throws(Failure) -> Int32 {
    let location = token.location
    let isNegative = signed && accept("-")
    let magnitude = try expectInteger(what)
    let limit: UInt64 = isNegative ? 1 << 31 : 1 << 31 - 1
    guard magnitude <= limit else {
      let bound = isNegative ? "smaller than \(Int32.min)" : "larger than \(Int32.max)"
      diagnostics.report(
        "\(what) \(isNegative ? "-" : "")\(magnitude) is \(bound)",
        at: location
      )
      throw Failure()
    }
    return Int32(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude)
  }

  /// The value of an integer as it is written; `nil` if it has more than 64 bits.
  static func integer(_ text: String) -> UInt64? {
    if text.hasPrefix("0x") || text.hasPrefix("0X") { return UInt64(text.dropFirst(2), radix: 16) }
    if text.utf8.count > 1, text.utf8.first == UInt8(ascii: "0") { return UInt64(text, radix: 8) }
    return UInt64(text)
  }

  // MARK: Errors

  /// Reports an error at the cursor.
  mutating func failure(_ what: String) -> Failure {
    diagnostics.report(what, at: token.location)
    return Failure()
  }

  /// Reads a statement; if that fails, moves to the one after it.
  mutating func recovering(_ read: (inout Parser) throws(Failure) -> Void) {
    do throws(Failure) {
      try read(&self)
    } catch {
      skipStatement()
    }
  }

  /// Moves behind the statement's `;` or its block, but not out of the block around it.
  private mutating func skipStatement() {
    while !isAtEnd {
      if accept(";") { return }
      if looksAt("}") { return }
      if accept("{") {
        skipBlock()
        return
      }
      advance()
    }
  }

  /// Moves behind the `}` of a block whose `{` was read.
  func blockEnd() -> Int {
    var open = 1
    var end = index
    while end < tokens.count - 1, open > 0 {
      if tokens[end].kind == .symbol {
        if tokens[end].text == "{" { open += 1 }
        if tokens[end].text == "}" { open -= 1 }
      }
      end += 1
    }
    return end
  }

  private mutating func skipBlock() { index = blockEnd() }

  // MARK: Statements

  /// Reads the statements of a block up to its `}`.
  mutating func block(
    of what: String,
    _ statement: (inout Parser) throws(Failure) -> Void
  ) throws(Failure) {
    while !looksAt("}") {
      if isAtEnd { throw failure("\(what) has no '}'") }
      if accept(";") { continue }
      recovering(statement)
    }
    advance()
  }

  /// Reads a `;` and returns the comment that describes the statement it ends.
  mutating func endOfStatement(
    _ leading: String?,
    _ context: String
  ) throws(Failure) -> String? {
    try expect(";", in: context)
    return leading ?? token.trailingCommentOfPrevious
  }
}

// MARK: - The file

extension Parser {
  private mutating func parseFile() {
    recovering { (parser) throws(Failure) in try parser.parseSyntax() }
    while !isAtEnd {
      if accept(";") { continue }
      if looksAt("}") {
        diagnostics.report("'}' closes nothing", at: token.location)
        advance()
        continue
      }
      recovering { (parser) throws(Failure) in try parser.parseTopLevel() }
    }
  }

  private mutating func parseSyntax() throws(Failure) {
    if looksAt("edition") {
      throw failure("editions are not supported: write 'syntax = \"proto3\";'")
    }
    guard accept("syntax") else {
      diagnostics.report(
        "no 'syntax = \"proto3\";' at the start: without it a file is proto2, "
          + "which is not supported",
        at: token.location
      )
      return
    }
    try expect("=", in: "after 'syntax'")
    let location = token.location
    let syntax = String(decoding: try expectString("a syntax"), as: UTF8.self)
    switch syntax {
    case "proto3": break
    case "proto2": diagnostics.report("proto2 is not supported: only proto3 is", at: location)
    default: diagnostics.report("syntax '\(syntax)' is unknown: only proto3 is known", at: location)
    }
    try expect(";", in: "after the syntax")
  }

  private mutating func parseTopLevel() throws(Failure) {
    guard token.kind == .identifier else {
      throw failure("expected 'message', 'enum', 'service' or 'import', found \(token.description)")
    }
    switch token.text {
    case "import": try parseImport()
    case "package": try parsePackage()
    case "option": file.options.append(try parseOptionStatement())
    case "message": file.messages.append(try parseMessage())
    case "enum": file.enums.append(try parseEnum())
    case "service": file.services.append(try parseService())
    case "extend": throw failure("extensions are not supported: proto3 has them for options only")
    case "syntax": throw failure("'syntax' stands once, as the first statement")
    default:
      throw failure(
        "expected 'message', 'enum', 'service' or 'import', found \(token.description)"
      )
    }
  }

  private mutating func parseImport() throws(Failure) {
    let location = advance().location
    if looksAt("weak") { throw failure("weak imports are not supported") }
    if looksAt("option") { throw failure("option imports are not supported: editions have them") }
    let isPublic = accept("public")
    let path = try expectText("the path of a file")
    try expect(";", in: "after the import")
    file.imports.append(ImportSyntax(path: path, isPublic: isPublic, location: location))
  }

  private mutating func parsePackage() throws(Failure) {
    let keyword = advance()
    let name = try parsePath("the package's name")
    try expect(";", in: "after the package")
    if let first = file.package {
      diagnostics.report(
        "the file has a package already (line \(first.location.line))",
        at: keyword.location
      )
    } else {
      file.package = name
    }
  }

  /// Reads names joined by points.
  mutating func parsePath(_ what: String) throws(Failure) -> Name {
    var path = try expectIdentifier(what)
    while accept(".") { path.text += "." + (try expectIdentifier(what)).text }
    return path
  }

  /// Reads the name of a type, which may begin with a point.
  mutating func parseTypeName(_ what: String) throws(Failure) -> Name {
    let start = token.location
    let prefix = accept(".") ? "." : ""
    let path = try parsePath(what)
    return Name(text: prefix + path.text, location: start)
  }
}
