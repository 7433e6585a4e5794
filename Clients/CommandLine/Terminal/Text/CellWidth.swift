/// How many columns of a terminal text takes.
///
/// Wide is what Unicode's `EastAsianWidth.txt` calls W or F (version 17) and every emoji that is
/// shown as a picture; combining marks and invisible characters take nothing. A grapheme takes
/// what its widest part takes, with one column more for a spacing mark.
package enum CellWidth {
  /// The columns of a text without control characters.
  package static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The columns of one grapheme.
  package static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard scalars.count > 1 else { return scalars.first.map(of) ?? 0 }
    var width = 0
    for scalar in scalars { width = max(width, of(scalar)) }
    if width == 1, scalars.contains("\u{FE0F}"), scalars.first?.properties.isEmoji == true {
      return 2
    }
    let hasSpacingMark = scalars.dropFirst().contains {
      $0.properties.generalCategory == .spacingMark
    }
    return width + (hasSpacingMark ? 1 : 0)
  }

  /// The columns of one code point that stands alone.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    guard scalar.value >= 0x300 else { return 1 }
    if isWide(scalar) { return 2 }
    return isInvisible(scalar) ? 0 : 1
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark, .lineSeparator, .paragraphSeparator:
      return true
    case .format:
      return !prependedMarks.contains(scalar.value)
    default:
      // The vowels and final consonants of Hangul join the consonant before them.
      let isJoining =
        (0x1160...0x11FF).contains(scalar.value)
        || (0xD7B0...0xD7FF).contains(scalar.value)
      return isJoining || properties.isDefaultIgnorableCodePoint
    }
  }

  /// Format characters that show: they enclose the digits behind them.
  private static let prependedMarks: Set<UInt32> = [
    0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
  ]

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x1100 else { return false }
    if scalar.properties.isEmojiPresentation { return true }
    var low = 0
    var high = wide.count
    while low < high {
      let middle = (low + high) / 2
      if wide[middle].upperBound < scalar.value { low = middle + 1 } else { high = middle }
    }
    guard low < wide.count, wide[low].contains(scalar.value) else { return false }
    // Combining marks of the wide scripts stand inside the ranges.
    let category = scalar.properties.generalCategory
    return category != .nonspacingMark && category != .spacingMark && scalar.value != 0x3164
  }

  /// Ascending; emoji and the marks between wide letters are told by their properties.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x2E99,
    0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x2FF0...0x303E, 0x3041...0x3096, 0x309B...0x30FF,
    0x3105...0x312F, 0x3131...0x3163, 0x3165...0x318E, 0x3190...0x31E5, 0x31EF...0x321E,
    0x3220...0x3247, 0x3250...0xA48C, 0xA490...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE52, 0xFE54...0xFE66, 0xFE68...0xFE6B,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x16FE3, 0x16FF2...0x16FF6, 0x17000...0x18CD5,
    0x18CFF...0x18D1E, 0x18D80...0x18DF2, 0x1AFF0...0x1AFF3, 0x1AFF5...0x1AFFB, 0x1AFFD...0x1AFFE,
    0x1B000...0x1B122, 0x1B132...0x1B132, 0x1B150...0x1B152, 0x1B155...0x1B155, 0x1B164...0x1B167,
    0x1B170...0x1B2FB, 0x1D300...0x1D356, 0x1D360...0x1D376, 0x1F200...0x1F202, 0x1F210...0x1F23B,
    0x1F240...0x1F248, 0x1F260...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}
