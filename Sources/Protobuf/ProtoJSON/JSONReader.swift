/// A cursor over a JSON text that takes what RFC 8259 allows and nothing else.
///
/// No input traps: every byte is looked at behind a check of the end.
struct JSONReader {
  /// How many objects and arrays may stand inside each other.
  ///
  /// protobuf's own default for messages. It bounds the stack that an input can make us use.
  static let depthMax = 100

  /// The text.
  let text: [UInt8]

  /// Where the cursor stands, in bytes from the start.
  private(set) var position = 0

  private var depth = 0

  init(_ text: [UInt8]) { self.text = text }

  /// Moves back to a place where the cursor has been.
  mutating func rewind(to earlier: JSONReader) {
    position = earlier.position
    depth = earlier.depth
  }

  /// Passes over white space and returns the byte after it; `nil` at the end.
  mutating func peek() -> UInt8? {
    while position < text.count {
      let byte = text[position]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
        return byte
      }
      position += 1
    }
    return nil
  }

  /// Passes over a mark, if it comes next.
  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  /// Begins an object or an array; the words say for an error what must stand here.
  mutating func open(_ bracket: Unicode.Scalar, expected: String) throws(JSONFault) {
    guard take(bracket) else { throw wrongKind(expected) }
    guard depth < Self.depthMax else {
      throw JSONFault(.tooDeep(limit: Self.depthMax), at: position - 1)
    }
    depth += 1
  }

  /// Moves to the next member or element, if there is one; else over the closing bracket.
  ///
  /// `isFirst` says whether it would be the first, and is set to false.
  mutating func next(
    before bracket: Unicode.Scalar,
    _ isFirst: inout Bool
  ) throws(JSONFault) -> Bool {
    if take(bracket) {
      depth -= 1
      return false
    }
    if isFirst {
      isFirst = false
      return true
    }
    guard take(",") else { throw unexpected("\",\" or \"\(bracket)\"") }
    return true
  }

  /// Reads a member's name and the colon after it.
  mutating func name() throws(JSONFault) -> JSONString {
    guard peek() == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
    let name = try string()
    guard take(":") else { throw unexpected("\":\"") }
    return name
  }

  /// Passes over `null`, if it comes next.
  mutating func null() throws(JSONFault) -> Bool {
    guard peek() == UInt8(ascii: "n") else { return false }
    try literal("null")
    return true
  }

  /// Reads `true` or `false`.
  mutating func bool() throws(JSONFault) -> Bool {
    switch peek() {
    case UInt8(ascii: "t"):
      try literal("true")
      return true
    case UInt8(ascii: "f"):
      try literal("false")
      return false
    default: throw wrongKind("true or false")
    }
  }

  private mutating func literal(_ word: StaticString) throws(JSONFault) {
    let expected = Array("\(word)".utf8)
    let end = position + expected.count
    let isComplete = end == text.count || end < text.count && !Self.continuesWord(text[end])
    guard isComplete, text[position..<end].elementsEqual(expected) else {
      throw unexpected("a value")
    }
    position = end
  }

  /// Checks that only white space is left.
  mutating func end() throws(JSONFault) {
    if peek() != nil { throw JSONFault(.trailing(found: found()), at: position) }
  }

  /// Passes over a value, checking it as if it were read.
  mutating func skipValue() throws(JSONFault) {
    switch peek() {
    case UInt8(ascii: "{"):
      try open("{", expected: "an object")
      var names: Set<[UInt8]> = []
      var isFirst = true
      while try next(before: "}", &isFirst) {
        let start = peek().map { _ in position } ?? position
        let name = try self.name()
        guard names.insert(bytes(of: name)).inserted else {
          throw JSONFault(.duplicate(name: string(name)), at: start)
        }
        try skipValue()
      }
    case UInt8(ascii: "["):
      try open("[", expected: "an array")
      var isFirst = true
      while try next(before: "]", &isFirst) { try skipValue() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
    case UInt8(ascii: "n"): _ = try null()
    default: _ = try number(expected: "a value")
    }
  }

  /// An error about a value of another kind than must stand here.
  func wrongKind(_ expected: String) -> JSONFault {
    guard position < text.count else {
      return JSONFault(.endOfText(expected: expected), at: position)
    }
    let found: String
    switch text[position] {
    case UInt8(ascii: "{"): found = "an object"
    case UInt8(ascii: "["): found = "an array"
    case UInt8(ascii: "\""): found = "a string"
    case UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "f"):
      let words = ["null", "true", "false"]
      guard let word = words.first(where: { text[position...].starts(with: $0.utf8) }) else {
        return unexpected(expected)
      }
      found = word
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): found = "a number"
    default: return unexpected(expected)
    }
    return JSONFault(.wrongKind(found: found, expected: expected), at: position)
  }

  /// An error about what stands where something else must.
  func unexpected(_ expected: String) -> JSONFault {
    guard position < text.count else {
      return JSONFault(.endOfText(expected: expected), at: position)
    }
    return JSONFault(.unexpected(found: found(), expected: expected), at: position)
  }

  private func found() -> String {
    let byte = text[position]
    if Self.continuesWord(byte) {
      let word = text[position...].prefix { Self.continuesWord($0) }
      return Excerpt.quoted(String(decoding: word.prefix(Excerpt.lengthMax + 1), as: UTF8.self))
    }
    if (0x20..<0x7F).contains(byte) { return "\"\(Unicode.Scalar(byte))\"" }
    guard let scalar = UTF8Scalar(text.span, at: position) else { return "byte \(byte)" }
    return "character U+" + Self.hexadecimal(scalar.value, 4)
  }

  private static func continuesWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// A number in capital hexadecimal digits, at least so many.
  private static func hexadecimal(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Moves over a byte that was looked at.
  mutating func advance(to position: Int) { self.position = position }
}
