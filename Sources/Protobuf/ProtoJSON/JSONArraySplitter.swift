/// Cuts a JSON array into its elements while its text comes in, chunk by chunk.
///
/// The array is the whole text, or a member of the object that is: `[…]` and `{"customers":[…]}`
/// are both taken. Only one chunk and one element are held at a time. An element is cut at its
/// brackets and quotes; whoever reads it finds what else is wrong with it, with the right line and
/// column if it begins to count at ``Element/position``.
///
/// ```swift
/// var splitter = JSONArraySplitter(member: "customers")
/// while let chunk = try file.read() {
///   splitter.feed(chunk)
///   while let element = try splitter.next() { … }
/// }
/// try splitter.finish()
/// ```
package struct JSONArraySplitter {
  /// One element of the array.
  package struct Element: Hashable, Sendable {
    /// The element's text, without the white space around it.
    package var text: [UInt8]

    /// Where the element begins in the whole text.
    package var position: TextPosition
  }

  /// The largest element, in bytes: 1 MiB.
  ///
  /// A customer's record takes at most 64 KiB encoded; escapes make six bytes of text of one.
  package static let elementLengthMax = 1 << 20

  /// The largest name of a member, in bytes.
  package static let nameLengthMax = 1 << 10

  /// Where in the text the splitter is.
  private enum State {
    /// Before the array, or the object around it.
    case start
    /// In the object around, before a member's name or the closing brace.
    case beforeName(isFirst: Bool)
    case inName
    case beforeColon
    case beforeMemberValue
    /// In a value that isn't cut out.
    case inSkippedValue
    case afterMemberValue
    /// In the array, before an element or the closing bracket.
    case beforeElement(isFirst: Bool)
    case inElement
    case afterElement
    case end
  }

  private let member: String?
  private var state = State.start
  private var chunk: [UInt8] = []
  private var index = 0
  private var position = TextPosition.start
  private var isInObject = false
  private var hasArray = false

  // The value or name that is being read.
  private var text: [UInt8] = []
  private var textPosition = TextPosition.start
  private var isAtValueStart = false
  private var depth = 0
  private var isInString = false
  private var isAfterBackslash = false

  /// How far a byte order mark at the start was read.
  private var markLength = 0

  /// Creates a splitter.
  ///
  /// Without the name of a member the array must be the whole text.
  package init(member: String? = nil) { self.member = member }

  /// Gives the splitter the next piece of the text.
  ///
  /// The one before must have been used up: ``next()`` returned `nil`.
  package mutating func feed(_ chunk: [UInt8]) {
    precondition(index == self.chunk.count, "a chunk was fed before the last was used up")
    self.chunk = chunk
    index = 0
  }

  /// Returns the next element, or `nil` when more text is needed or the array has ended.
  ///
  /// - Throws: ``JSONReadError`` with line and column if the text can't be cut, if an element is
  ///   longer than ``elementLengthMax``, or if anything follows the array. After an error the
  ///   splitter is of no more use.
  package mutating func next() throws(JSONReadError) -> Element? {
    while index < chunk.count {
      let byte = chunk[index]
      if try take(byte) {
        let element = Element(text: text, position: textPosition)
        text = []
        return element
      }
    }
    return nil
  }

  /// Checks that the text ended where it may.
  ///
  /// - Throws: ``JSONReadError`` if something is missing.
  package func finish() throws(JSONReadError) {
    let expected: String
    switch state {
    case .end: return
    case .start: expected = member == nil ? "an array" : "an array or an object"
    case .beforeName, .inName: expected = "a name in quotes"
    case .beforeColon: expected = "\":\""
    case .beforeMemberValue, .inSkippedValue: expected = "a value"
    case .afterMemberValue: expected = "\",\" or \"}\""
    case .beforeElement, .inElement: expected = "an element"
    case .afterElement: expected = "\",\" or \"]\""
    }
    throw JSONReadError(.endOfText(expected: expected), position: position)
  }

  /// Moves over one byte, or ends a value before it; returns whether an element is complete.
  private mutating func take(_ byte: UInt8) throws(JSONReadError) -> Bool {
    switch state {
    case .inElement, .inSkippedValue: return try takeValue()
    case .inName:
      try takeInName(byte)
      return false
    case .start where isByteOrderMark(byte):
      index += 1
      return false
    case .start, .beforeName, .beforeColon, .beforeMemberValue, .afterMemberValue, .beforeElement,
      .afterElement, .end:
      if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
        advance(byte)
      } else {
        try takeMark(byte)
      }
      return false
    }
  }

  /// Moves over a byte between values and names.
  private mutating func takeMark(_ byte: UInt8) throws(JSONReadError) {
    switch (state, byte) {
    case (.start, UInt8(ascii: "[")): beginArray()
    case (.start, UInt8(ascii: "{")) where member != nil:
      isInObject = true
      state = .beforeName(isFirst: true)
    case (.start, _): throw unexpected(byte, member == nil ? "an array" : "an array or an object")
    case (.beforeName, UInt8(ascii: "\"")):
      begin(.inName)
      isInString = true
    case (.beforeName(isFirst: true), UInt8(ascii: "}")): try endObject()
    case (.beforeName, _): throw unexpected(byte, "a name in quotes")
    case (.beforeColon, UInt8(ascii: ":")): state = .beforeMemberValue
    case (.beforeColon, _): throw unexpected(byte, "\":\"")
    case (.beforeMemberValue, _):
      guard isWanted else { return try beginValue(.inSkippedValue, byte) }
      guard byte == UInt8(ascii: "[") else { throw unexpected(byte, "an array") }
      guard !hasArray else { throw fault(.duplicate(name: member ?? "")) }
      beginArray()
    case (.afterMemberValue, UInt8(ascii: ",")): state = .beforeName(isFirst: false)
    case (.afterMemberValue, UInt8(ascii: "}")): try endObject()
    case (.afterMemberValue, _): throw unexpected(byte, "\",\" or \"}\"")
    case (.beforeElement(isFirst: true), UInt8(ascii: "]")), (.afterElement, UInt8(ascii: "]")):
      state = isInObject ? .afterMemberValue : .end
    case (.beforeElement, _): return try beginValue(.inElement, byte)
    case (.afterElement, UInt8(ascii: ",")): state = .beforeElement(isFirst: false)
    case (.afterElement, _): throw unexpected(byte, "\",\" or \"]\"")
    case (.end, _): throw fault(.trailing(found: Self.described(byte)))
    case (.inElement, _), (.inSkippedValue, _), (.inName, _):
      preconditionFailure("no place between values")
    }
    advance(byte)
  }

  private mutating func beginArray() {
    hasArray = true
    state = .beforeElement(isFirst: true)
  }

  private mutating func endObject() throws(JSONReadError) {
    guard hasArray else { throw fault(.missingMember(name: member ?? "")) }
    state = .end
  }

  private mutating func begin(_ state: State) {
    self.state = state
    text = []
    textPosition = position
    isAtValueStart = true
    depth = 0
    isInString = false
    isAfterBackslash = false
  }

  private mutating func beginValue(_ state: State, _ byte: UInt8) throws(JSONReadError) {
    switch byte {
    case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: ":"):
      throw unexpected(byte, "a value")
    default: begin(state)
    }
  }

  /// Moves to the end of a value, or of the chunk; returns whether an element is complete.
  private mutating func takeValue() throws(JSONReadError) -> Bool {
    let start = index
    let isStart = isAtValueStart
    isAtValueStart = false
    var end = start
    var isComplete = false
    while end < chunk.count, !isComplete {
      let byte = chunk[end]
      if isInString {
        followString(byte)
        isComplete = !isInString && depth == 0
      } else {
        switch byte {
        case UInt8(ascii: "\"") where depth > 0 || isStart && end == start: isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          // A number or a word ends where something else begins; the reader says what is wrong.
          guard depth > 0 || isStart && end == start else { return try endValue(start..<end) }
          depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { return try endValue(start..<end) }
          depth -= 1
          isComplete = depth == 0
        case UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09:
          if depth == 0 { return try endValue(start..<end) }
        default: break
        }
      }
      end += 1
    }
    if isComplete { return try endValue(start..<end) }
    try keep(start..<end)
    return false
  }

  /// Follows a string to its closing quote.
  private mutating func followString(_ byte: UInt8) {
    if isAfterBackslash {
      isAfterBackslash = false
    } else if byte == UInt8(ascii: "\\") {
      isAfterBackslash = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
    }
  }

  /// Moves over a part of a value, and keeps it if it is an element's.
  private mutating func keep(_ part: Range<Int>) throws(JSONReadError) {
    if case .inElement = state {
      guard part.count <= Self.elementLengthMax - text.count else {
        throw JSONReadError(.tooLong(limit: Self.elementLengthMax), position: textPosition)
      }
      text += chunk[part]
    }
    for index in part { position.advance(over: chunk[index]) }
    index = part.upperBound
  }

  private mutating func endValue(_ part: Range<Int>) throws(JSONReadError) -> Bool {
    try keep(part)
    if case .inElement = state {
      state = .afterElement
      return true
    }
    state = .afterMemberValue
    return false
  }

  private mutating func takeInName(_ byte: UInt8) throws(JSONReadError) {
    // The closing quote is kept as well.
    guard text.count <= Self.nameLengthMax else {
      throw JSONReadError(.tooLong(limit: Self.nameLengthMax), position: textPosition)
    }
    followString(byte)
    text.append(byte)
    advance(byte)
    if !isInString { state = .beforeColon }
  }

  /// Whether the name that was read is that of the member with the array.
  private var isWanted: Bool {
    var reader = JSONReader(Array("\"".utf8) + text)
    guard let token = try? reader.string() else { return false }
    return reader.string(token) == member
  }

  /// Whether a byte is the next of a byte order mark, which may stand before all else.
  private mutating func isByteOrderMark(_ byte: UInt8) -> Bool {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard position == .start, markLength < mark.count, mark[markLength] == byte else {
      return false
    }
    markLength += 1
    return true
  }

  private mutating func advance(_ byte: UInt8) {
    position.advance(over: byte)
    index += 1
  }

  private func unexpected(_ byte: UInt8, _ expected: String) -> JSONReadError {
    fault(.unexpected(found: Self.described(byte), expected: expected))
  }

  private func fault(_ reason: JSONReadError.Reason) -> JSONReadError {
    JSONReadError(reason, position: position)
  }

  private static func described(_ byte: UInt8) -> String {
    (0x20..<0x7F).contains(byte) ? "\"\(Unicode.Scalar(byte))\"" : "byte \(byte)"
  }
}
