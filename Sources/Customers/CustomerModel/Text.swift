/// The rule for all text that a customer holds.
///
/// Text is stored in Unicode's normal form C and without white space at its ends, so that what
/// looks alike is alike. Refused are characters that no field of one line has a use for, and
/// those that make a text read otherwise than it is: controls (C0, DEL, C1), the noncharacters
/// U+FFFE and U+FFFF, and the bidirectional embeddings, overrides and isolates. The joiners and
/// the marks U+200C to U+200F stay: Persian and Indic names need them.
struct Text: Equatable {
  /// The normal form.
  ///
  /// The text as it came, but for the white space around it, if it is ``TextFault/tooLong``.
  var text: String

  /// What is wrong with the text.
  var faults: [TextFault] = []

  /// Whether a text is in normal form and of printable ASCII, and surely not too long.
  ///
  /// Almost all text is, and this takes about a nanosecond a character.
  static func isPlain(_ text: String, codePointsMax: Int) -> Bool {
    let bytes = text.utf8Span.span
    guard let last = bytes.indices.last else { return true }
    guard bytes.count <= codePointsMax else { return false }
    var isPrintable = true
    for index in bytes.indices where bytes[index] &- 0x20 > 0x5E { isPrintable = false }
    return isPrintable && bytes[0] != UInt8(ascii: " ") && bytes[last] != UInt8(ascii: " ")
  }

  /// Brings a text into normal form.
  ///
  /// Takes time in proportion to the text's length: a text that cannot come within the limit
  /// isn't normalised, because a long run of combining marks takes more than that.
  init(_ original: String, codePointsMax: Int) {
    text = Self.trimmed(original)
    var count = 0
    var needsNormalForm = false
    var refused: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      count += 1
      if scalar.value >= Self.firstComposing { needsNormalForm = true }
      if refused == nil, Self.isRefused(scalar) { refused = scalar }
    }
    if let refused { faults.append(.character(refused)) }
    if needsNormalForm, count <= codePointsMax * Self.shrinkingMax, !Self.isNormalised(text) {
      text = String(decoding: text._nfcCodeUnits, as: UTF8.self)
      count = text.unicodeScalars.count
    }
    if count > codePointsMax { faults.append(.tooLong(codePoints: count, max: codePointsMax)) }
  }

  /// The first code point that takes part in composition: U+0300; every text below it is in
  /// normal form C.
  private static let firstComposing: UInt32 = 0x300

  /// The most code points that normal form C makes one of (U+1F82 and its like;
  /// unicode.org/faq/normalization.html).
  private static let shrinkingMax = 4

  /// Whether a text is in normal form C for certain; `false` says nothing.
  private static func isNormalised(_ text: String) -> Bool {
    var span = text.utf8Span
    return span.checkForNFC(quickCheck: true)
  }

  /// A text without the white space around it, as Unicode's White_Space tells it.
  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    let end = scalars.index(after: last)
    if start == scalars.startIndex, end == scalars.endIndex { return text }
    return String(scalars[start..<end])
  }

  /// Whether no text may hold a character.
  static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F: true
    case 0x202A...0x202E, 0x2066...0x2069: true
    case 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  /// A name as an error may show it: its first 40 code points, controls written out.
  static func shown(_ name: String) -> String {
    var shown = ""
    for scalar in name.unicodeScalars.prefix(shownCodePointsMax) {
      if isRefused(scalar) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    let isCut = name.unicodeScalars.dropFirst(shownCodePointsMax).isEmpty == false
    return isCut ? shown + "…" : shown
  }

  private static let shownCodePointsMax = 40
}

/// A text without the white space around it.
package func trimmed(_ text: some StringProtocol) -> String { Text.trimmed(String(text)) }

/// What is wrong with a text.
enum TextFault: Hashable {
  /// It has a character that is refused everywhere; the first is named.
  case character(Unicode.Scalar)

  /// It has more code points than its field may have.
  case tooLong(codePoints: Int, max: Int)
}

extension TextFault: CustomStringConvertible {
  var description: String {
    switch self {
    case .character(let scalar):
      switch scalar.value {
      case 0...0x9F: "control character \(scalar.codePoint) is not allowed"
      case 0xFFFE, 0xFFFF: "noncharacter \(scalar.codePoint) is not allowed"
      default: "bidirectional control \(scalar.codePoint) is not allowed"
      }
    case .tooLong(let codePoints, let max):
      "\(codePoints) code points is over the limit of \(max)"
    }
  }
}

extension Unicode.Scalar {
  /// The code point as Unicode writes it: `U+0041`.
  var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
