/// A string as it stands in a JSON text.
struct JSONString {
  /// The bytes between the quotes.
  var range: Range<Int>

  /// Whether some of them are escapes.
  var hasEscapes: Bool

  /// Where the string begins, with its quote.
  var start: Int { range.lowerBound - 1 }
}

extension JSONReader {
  /// Reads a string and checks its escapes and its UTF-8; the quote was peeked.
  mutating func string() throws(JSONFault) -> JSONString {
    let start = position + 1
    var index = start
    var hasEscapes = false
    while index < text.count {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "\""):
        advance(to: index + 1)
        return JSONString(range: start..<index, hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        index = try escape(at: index).end
      case 0..<0x20: throw JSONFault(.controlCharacter(byte), at: index)
      case 0..<0x80: index += 1
      default:
        guard let scalar = UTF8Scalar(text.span, at: index) else {
          throw JSONFault(.invalidUTF8, at: index)
        }
        index += scalar.length
      }
    }
    throw JSONFault(.endOfText(expected: "the string's closing quote"), at: text.count)
  }

  /// Appends what a string says.
  func append(_ string: JSONString, to bytes: inout [UInt8]) {
    if !string.hasEscapes {
      bytes.append(contentsOf: text[string.range])
      return
    }
    var index = string.range.lowerBound
    while index < string.range.upperBound {
      // The string was checked when it was read: every backslash begins an escape.
      if text[index] == UInt8(ascii: "\\"), let (scalar, end) = try? escape(at: index) {
        UTF8Scalar.append(scalar, to: &bytes)
        index = end
      } else {
        bytes.append(text[index])
        index += 1
      }
    }
  }

  /// What a string says, in UTF-8.
  func bytes(of string: JSONString) -> [UInt8] {
    var bytes: [UInt8] = []
    append(string, to: &bytes)
    return bytes
  }

  /// What a string says.
  func string(_ string: JSONString) -> String {
    String(decoding: bytes(of: string), as: UTF8.self)
  }

  /// Reads the escape at a backslash, both halves of a surrogate pair.
  private func escape(at index: Int) throws(JSONFault) -> (scalar: UInt32, end: Int) {
    guard index + 1 < text.count else {
      throw JSONFault(.endOfText(expected: "the rest of an escape"), at: text.count)
    }
    let scalar: UInt32
    switch text[index + 1] {
    case UInt8(ascii: "\""): scalar = 0x22
    case UInt8(ascii: "\\"): scalar = 0x5C
    case UInt8(ascii: "/"): scalar = 0x2F
    case UInt8(ascii: "b"): scalar = 0x08
    case UInt8(ascii: "f"): scalar = 0x0C
    case UInt8(ascii: "n"): scalar = 0x0A
    case UInt8(ascii: "r"): scalar = 0x0D
    case UInt8(ascii: "t"): scalar = 0x09
    case UInt8(ascii: "u"): return try unicodeEscape(at: index)
    default: throw JSONFault(.invalidEscape, at: index)
    }
    return (scalar, index + 2)
  }

  private func unicodeEscape(at index: Int) throws(JSONFault) -> (scalar: UInt32, end: Int) {
    let first = try codeUnit(at: index)
    switch first {
    case 0xD800..<0xDC00:
      let second = index + 6
      guard second + 1 < text.count, text[second] == UInt8(ascii: "\\"),
        text[second + 1] == UInt8(ascii: "u"), case let low = try codeUnit(at: second),
        (0xDC00..<0xE000).contains(low)
      else { throw loneSurrogate(at: index) }
      return (0x10000 + (first - 0xD800) << 10 + (low - 0xDC00), index + 12)
    case 0xDC00..<0xE000: throw loneSurrogate(at: index)
    default: return (first, index + 6)
    }
  }

  private func loneSurrogate(at index: Int) -> JSONFault {
    let escape = String(decoding: text[index..<min(index + 6, text.count)], as: UTF8.self)
    return JSONFault(.loneSurrogate(escape), at: index)
  }

  /// The four digits of a `\u` escape.
  private func codeUnit(at index: Int) throws(JSONFault) -> UInt32 {
    var value: UInt32 = 0
    for offset in index + 2..<index + 6 {
      guard offset < text.count else {
        throw JSONFault(.endOfText(expected: "the rest of an escape"), at: text.count)
      }
      let digit: UInt8
      switch text[offset] {
      case let byte where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
        digit = byte - UInt8(ascii: "0")
      case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20):
        digit = (byte | 0x20) - UInt8(ascii: "a") + 10
      default: throw JSONFault(.invalidEscape, at: index)
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// Reads a number; returns where it stands.
  mutating func number(expected: String) throws(JSONFault) -> Range<Int> {
    guard let first = peek(), first == UInt8(ascii: "-") || Self.isDigit(first) else {
      throw wrongKind(expected)
    }
    let start = position
    // All that could belong to a number, so that `1.2.3` is one error and not a value and a rest.
    var end = start
    while end < text.count, Self.isNumberCharacter(text[end]) { end += 1 }
    guard
      DecimalNumber.smallMagnitude(text[start..<end]) != nil
        || DecimalNumber.isNumber(text[start..<end])
    else {
      if end == text.count, DecimalNumber.isNumber(text[start..<end] + [UInt8(ascii: "0")]) {
        throw JSONFault(.endOfText(expected: "the rest of a number"), at: end)
      }
      let text = String(decoding: text[start..<end], as: UTF8.self)
      throw JSONFault(.invalidNumber(text), at: start)
    }
    advance(to: end)
    return start..<end
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func isNumberCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension JSONReader {
  /// Whether a string without escapes says just this.
  func matches(_ string: JSONString, _ bytes: [UInt8]) -> Bool {
    guard string.range.count == bytes.count else { return false }
    for index in bytes.indices where text[string.range.lowerBound + index] != bytes[index] {
      return false
    }
    return true
  }

  /// How many bytes a string's text has, escapes resolved.
  func byteCount(of string: JSONString) -> Int {
    string.hasEscapes ? bytes(of: string).count : string.range.count
  }
}
