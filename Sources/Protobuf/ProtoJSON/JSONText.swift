/// JSON text that grows: brackets, separators, strings and numbers.
///
/// Source: RFC 8259.
struct JSONText {
  /// The text so far, in UTF-8.
  var bytes: [UInt8] = []

  private let isPretty: Bool
  private var level = 0
  private var isFirst = true

  init(layout: JSONWriteOptions.Layout) { isPretty = layout == .pretty }

  /// Begins an object or an array with its bracket.
  mutating func open(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(ascii: bracket))
    level += 1
    isFirst = true
  }

  /// Ends an object or an array with its bracket; one without content stays on its line.
  mutating func close(_ bracket: Unicode.Scalar) {
    level -= 1
    if !isFirst { newLine() }
    bytes.append(UInt8(ascii: bracket))
    isFirst = false
  }

  /// Writes what stands between the element before and the next.
  mutating func element() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    newLine()
    isFirst = false
  }

  /// Begins a member by its name, which has its quotes and escapes.
  mutating func member(quoted name: some Sequence<UInt8>) {
    element()
    bytes.append(contentsOf: name)
    colon()
  }

  /// Writes what stands between a member's name and its value.
  mutating func colon() {
    bytes.append(UInt8(ascii: ":"))
    if isPretty { bytes.append(UInt8(ascii: " ")) }
  }

  /// Writes text as it is.
  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Writes ASCII text that needs no escapes, in quotes.
  mutating func quoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: text.utf8)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a string.
  mutating func string(_ text: String) {
    // A string is well-formed, so there is nothing to refuse.
    _ = string(Array(text.utf8).span)
  }

  /// Writes bytes as a string in Base64.
  mutating func base64(_ data: Span<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    Base64.append(data, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes UTF-8 as a string.
  ///
  /// Beyond what JSON demands, characters that steer a terminal or turn the direction of text are
  /// escaped, so that printed JSON shows what it holds.
  ///
  /// - Returns: The index of the first byte that isn't well-formed UTF-8, or `nil` if all is well.
  mutating func string(_ text: Span<UInt8>) -> Int? {
    bytes.append(UInt8(ascii: "\""))
    var index = 0
    while index < text.count {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
        index += 1
      case 0x20..<0x7F:
        var end = index + 1
        while end < text.count, Self.isPlain(text[end]) { end += 1 }
        append(text, index..<end)
        index = end
      default:
        guard let scalar = UTF8Scalar(text, at: index) else { return index }
        if Self.isEscaped(scalar.value) {
          escape(scalar.value)
        } else {
          append(text, index..<index + scalar.length)
        }
        index += scalar.length
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return nil
  }

  /// Writes a whole number.
  mutating func number(_ value: some BinaryInteger, isQuoted: Bool) {
    if isQuoted { quoted(String(value)) } else { raw(String(value)) }
  }

  /// Writes a floating-point number in the fewest digits that read back as the same number.
  mutating func number(_ value: some BinaryFloatingPoint & CustomStringConvertible) {
    if value.isNaN {
      quoted("NaN")
    } else if value.isInfinite {
      quoted(value < 0 ? "-Infinity" : "Infinity")
    } else {
      raw(value.description)
    }
  }

  /// Appends a run at once: growing byte by byte takes twice as long.
  private mutating func append(_ text: Span<UInt8>, _ range: Range<Int>) {
    bytes.append(addingCapacity: range.count) { output in
      for index in range { output.append(text[index]) }
    }
  }

  /// Whether a byte is a character that stands for itself.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte &- 0x20 < 0x5F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// C0, DEL, C1, line separators, and the marks, embeddings, overrides and isolates of direction.
  private static func isEscaped(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private mutating func escape(_ scalar: UInt32) {
    bytes.append(UInt8(ascii: "\\"))
    switch scalar {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    default:
      bytes.append(UInt8(ascii: "u"))
      for shift: UInt32 in [12, 8, 4, 0] {
        let digit = UInt8(truncatingIfNeeded: scalar >> shift & 15)
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + (digit - 10))
      }
    }
  }

  private mutating func newLine() {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<level {
      bytes.append(UInt8(ascii: " "))
      bytes.append(UInt8(ascii: " "))
    }
  }
}
