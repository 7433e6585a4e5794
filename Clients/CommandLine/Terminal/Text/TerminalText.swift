/// Data made harmless for a terminal.
///
/// A name must not be able to move the cursor, change colours, answer for the user or
/// turn the order of the text around. Controls and the characters that steer the direction of text
/// become `\u{1B}`; what scripts and emoji need to be written (joiners, direction marks, tags)
/// stays.
package enum TerminalText {
  /// The text with escapes, for tables and messages.
  package static func safe(_ text: String) -> String {
    escaping(text) { $0.escaped(asASCII: true) }
  }

  /// JSON text with escapes of JSON: such characters stand in its strings only.
  ///
  /// Line feeds and tabs outside of strings are layout and stay.
  package static func safeJSON(_ json: String) -> String {
    escaping(json) { scalar in
      guard scalar != "\n", scalar != "\t" else { return String(scalar) }
      return String(scalar).utf16.map { unit in
        let digits = String(unit, radix: 16)
        return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }
  }

  /// Lines of cells: tabs and line feeds are part of the format and stay.
  package static func safeLines(_ text: String) -> String {
    escaping(text) { scalar in
      scalar == "\n" || scalar == "\t" ? String(scalar) : scalar.escaped(asASCII: true)
    }
  }

  private static func escaping(
    _ text: String,
    _ escape: (Unicode.Scalar) -> String
  ) -> String {
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isHarmful(scalar) {
        result += escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x200B, 0x2060...0x2064, 0xFEFF: true
    case 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x206F: true
    case 0xFFF9...0xFFFB: true
    default: false
    }
  }
}
