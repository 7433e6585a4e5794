/// Divides a schema's text into words, as protoc's tokenizer does.
///
/// It never stops at an error: what is no word is reported and left out.
struct Lexer {
  private let source: [UInt8]
  private var offset = 0
  private var location = SourceLocation.start
  private var diagnostics: Diagnostics

  private init(_ source: [UInt8], path: String) {
    self.source = source
    diagnostics = Diagnostics(path: path)
    if source.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  /// Returns the words of a text, the last of them the end of the file, and what is wrong with it.
  static func tokens(of source: [UInt8], path: String) -> ([Token], Diagnostics) {
    var lexer = Lexer(source, path: path)
    var tokens: [Token] = []
    while true {
      var token = lexer.next(after: tokens.last?.location.line)
      token.leadingComment = token.leadingComment.flatMap { $0.isEmpty ? nil : $0 }
      tokens.append(token)
      if token.kind == .endOfFile { break }
    }
    return (tokens, lexer.diagnostics)
  }

  // MARK: Characters

  private var current: UInt8? { offset < source.count ? source[offset] : nil }

  private func peek(_ distance: Int) -> UInt8? {
    offset + distance < source.count ? source[offset + distance] : nil
  }

  private mutating func advance() {
    guard let byte = current else { return }
    offset += 1
    if byte == UInt8(ascii: "\n") {
      location = SourceLocation(line: location.line + 1, column: 1)
    } else if byte & 0xC0 != 0x80 {
      // The bytes that continue a scalar don't count.
      location.column += 1
    }
  }

  private mutating func skip(_ count: Int) {
    for _ in 0..<count { advance() }
  }

  private mutating func take(while holds: (UInt8) -> Bool) -> String {
    let start = offset
    while let byte = current, holds(byte) { advance() }
    return String(decoding: source[start..<offset], as: UTF8.self)
  }

  // MARK: Words

  private mutating func next(after previousLine: Int?) -> Token {
    let comments = skipSpaceAndComments(after: previousLine)
    var token = word()
    let endsScope =
      token.kind == .endOfFile || (token.kind == .symbol && ["}", "]", ")"].contains(token.text))
    let attachment = CommentAttachment(
      comments,
      after: previousLine,
      before: token.location.line,
      endsScope: endsScope
    )
    token.leadingComment = attachment.leading
    token.trailingCommentOfPrevious = attachment.trailing
    return token
  }

  private mutating func word() -> Token {
    while let byte = current {
      let start = location
      if byte.isIdentifierStart {
        let text = take(while: \.isIdentifierPart)
        return Token(kind: .identifier, text: text, location: start)
      }
      if byte.isDigit || (byte == UInt8(ascii: ".") && peek(1).map(\.isDigit) == true) {
        return number()
      }
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return string(quote: byte) }
      if byte > 0x20, byte < 0x7F {
        advance()
        return Token(
          kind: .symbol,
          text: String(decoding: [byte], as: UTF8.self),
          location: start
        )
      }
      reportStray(byte)
      _ = skipSpaceAndComments(after: nil)
    }
    return Token(kind: .endOfFile, text: "", location: location)
  }

  /// Reports what is no word, with all that follows of its kind.
  private mutating func reportStray(_ byte: UInt8) {
    let start = location
    if byte >= 0x80 {
      let text = take { $0 >= 0x80 }
      diagnostics.report("'\(text)' may only stand in comments and strings", at: start)
    } else {
      let digits = String(byte, radix: 16, uppercase: true)
      let code = String(repeating: "0", count: 2 - digits.utf8.count) + digits
      _ = take { $0 < 0x20 || $0 == 0x7F }
      diagnostics.report("control character U+00\(code)", at: start)
    }
  }

  private mutating func number() -> Token {
    let start = location
    let kind: Token.Kind
    let text: String
    if current == UInt8(ascii: "0"), let mark = peek(1), mark | 0x20 == UInt8(ascii: "x") {
      let begin = offset
      skip(2)
      let digits = take(while: \.isHexDigit)
      if digits.isEmpty {
        diagnostics.report("'0x' needs a hexadecimal digit after it", at: start)
      }
      text = String(decoding: source[begin..<offset], as: UTF8.self)
      kind = .integer
    } else {
      (text, kind) = decimal(start)
    }
    if let byte = current, byte.isIdentifierPart {
      diagnostics.report("number '\(text)' needs a space before what follows", at: location)
    } else if current == UInt8(ascii: ".") {
      diagnostics.report("number '\(text)' has a point too many", at: location)
      advance()
    }
    return Token(kind: kind, text: text, location: start)
  }

  private mutating func decimal(_ start: SourceLocation) -> (String, Token.Kind) {
    let begin = offset
    var isFloat = false
    let whole = take(while: \.isDigit)
    if current == UInt8(ascii: ".") {
      isFloat = true
      advance()
      _ = take(while: \.isDigit)
    }
    if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
      isFloat = true
      advance()
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { advance() }
      if take(while: \.isDigit).isEmpty {
        diagnostics.report("exponent has no digits", at: start)
      }
    }
    if !isFloat, whole.utf8.count > 1, whole.utf8.first == UInt8(ascii: "0"),
      whole.utf8.contains(where: { $0 > UInt8(ascii: "7") })
    {
      diagnostics.report("'\(whole)' begins with 0 and so is octal, but has an 8 or 9", at: start)
    }
    return (String(decoding: source[begin..<offset], as: UTF8.self), isFloat ? .float : .integer)
  }

  // MARK: Space and comments

  private mutating func skipSpaceAndComments(after previousLine: Int?) -> [Comment] {
    var comments: [Comment] = []
    while let byte = current {
      switch byte {
      case 0x20, 0x09...0x0D: advance()
      case UInt8(ascii: "/"):
        let follows = location.line == previousLine
        if peek(1) == UInt8(ascii: "/") {
          comments.append(lineComment(followsWord: follows))
        } else if peek(1) == UInt8(ascii: "*") {
          comments.append(blockComment(followsWord: follows))
        } else {
          return comments
        }
      default: return comments
      }
    }
    return comments
  }

  private mutating func lineComment(followsWord: Bool) -> Comment {
    let line = location.line
    skip(2)
    var text = take { $0 != UInt8(ascii: "\n") }
    if text.utf8.last == UInt8(ascii: "\r") { text.unicodeScalars.removeLast() }
    // One space after the mark belongs to it.
    if text.utf8.first == UInt8(ascii: " ") { text.unicodeScalars.removeFirst() }
    return Comment(
      lines: [text],
      firstLine: line,
      lastLine: line,
      isLineComment: true,
      followsWord: followsWord
    )
  }

  private mutating func blockComment(followsWord: Bool) -> Comment {
    let start = location
    skip(2)
    let begin = offset
    var end: Int?
    while current != nil, end == nil {
      if current == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        end = offset
        skip(2)
      } else {
        if current == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
          diagnostics.report("'/*' inside a block comment: they don't nest", at: location)
          advance()
        }
        advance()
      }
    }
    if end == nil { diagnostics.report("block comment has no '*/'", at: start) }
    let body = source[begin..<(end ?? offset)].split(
      separator: UInt8(ascii: "\n"),
      omittingEmptySubsequences: false
    )
    return Comment(
      lines: body.enumerated().map { Self.withoutAsterisk($1, isFirst: $0 == 0) },
      firstLine: start.line,
      lastLine: location.line,
      isLineComment: false,
      followsWord: followsWord
    )
  }

  /// A line of a block comment without the space and asterisk it is aligned by.
  private static func withoutAsterisk(_ line: ArraySlice<UInt8>, isFirst: Bool) -> String {
    var rest = line.drop { $0 == 0x20 || $0 == 0x09 }
    if rest.last == 0x0D { rest = rest.dropLast() }
    if !isFirst, rest.first == UInt8(ascii: "*") { rest = rest.dropFirst() }
    if rest.first == 0x20 { rest = rest.dropFirst() }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest = rest.dropLast() }
    return String(decoding: rest, as: UTF8.self)
  }
}

// MARK: Strings

extension Lexer {
  private mutating func string(quote: UInt8) -> Token {
    let start = location
    advance()
    var bytes: [UInt8] = []
    while let byte = current, byte != quote {
      if byte == UInt8(ascii: "\n") {
        diagnostics.report("string doesn't end on its line", at: start)
        return Token(kind: .string, text: "", bytes: bytes, location: start)
      }
      if byte == UInt8(ascii: "\\") {
        escape(&bytes)
      } else {
        bytes.append(byte)
        advance()
      }
    }
    if current == nil {
      diagnostics.report("string doesn't end", at: start)
    } else {
      advance()
    }
    return Token(kind: .string, text: "", bytes: bytes, location: start)
  }

  /// Reads a backslash and what it stands for.
  private mutating func escape(_ bytes: inout [UInt8]) {
    let start = location
    advance()
    guard let byte = current else { return }
    if let simple = Self.simpleEscapes[byte] {
      bytes.append(simple)
      advance()
      return
    }
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      let value = digits(radix: 8, atMost: 3)
      bytes.append(UInt8(truncatingIfNeeded: value.value))
    case UInt8(ascii: "x"), UInt8(ascii: "X"):
      advance()
      let value = digits(radix: 16, atMost: 2)
      if value.count == 0 {
        diagnostics.report("'\\x' needs a hexadecimal digit after it", at: start)
      }
      bytes.append(UInt8(truncatingIfNeeded: value.value))
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      unicodeEscape(byte == UInt8(ascii: "u") ? 4 : 8, start, &bytes)
    default:
      diagnostics.report("unknown escape in a string", at: start)
    }
  }

  private mutating func unicodeEscape(
    _ count: Int,
    _ start: SourceLocation,
    _ bytes: inout [UInt8]
  ) {
    advance()
    var value = digits(radix: 16, atMost: count)
    // A surrogate pair in two escapes is one scalar.
    if count == 4, value.count == 4, value.value & 0xFC00 == 0xD800,
      current == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u")
    {
      skip(2)
      let low = digits(radix: 16, atMost: 4)
      if low.count == 4, low.value & 0xFC00 == 0xDC00 {
        value.value = 0x10000 + (value.value & 0x3FF) << 10 | (low.value & 0x3FF)
      }
    }
    guard value.count == count, let scalar = Unicode.Scalar(value.value) else {
      diagnostics.report("escape is no Unicode scalar of \(count) hexadecimal digits", at: start)
      return
    }
    bytes.append(contentsOf: String(scalar).utf8)
  }

  private mutating func digits(radix: UInt32, atMost count: Int) -> (value: UInt32, count: Int) {
    var result: (value: UInt32, count: Int) = (0, 0)
    while result.count < count, let digit = current.flatMap(\.digitValue), digit < radix {
      result.value = result.value &* radix &+ digit
      result.count += 1
      advance()
    }
    return result
  }

  private static let simpleEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    UInt8(ascii: "v"): 0x0B, UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "?"): UInt8(ascii: "?"), UInt8(ascii: "'"): UInt8(ascii: "'"),
    UInt8(ascii: "\""): UInt8(ascii: "\""),
  ]
}

extension UInt8 {
  /// Whether the byte is an ASCII digit.
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  /// Whether the byte is an ASCII letter.
  var isLetter: Bool { self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z") }

  /// Whether the byte can begin a name.
  var isIdentifierStart: Bool { isLetter || self == UInt8(ascii: "_") }

  /// Whether the byte can continue a name.
  var isIdentifierPart: Bool { isIdentifierStart || isDigit }

  /// Whether the byte is a hexadecimal digit.
  var isHexDigit: Bool { digitValue != nil }

  /// The byte's value as a hexadecimal digit.
  var digitValue: UInt32? {
    if isDigit { return UInt32(self - UInt8(ascii: "0")) }
    let lower = self | 0x20
    guard lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "f") else { return nil }
    return UInt32(lower - UInt8(ascii: "a")) + 10
  }
}
