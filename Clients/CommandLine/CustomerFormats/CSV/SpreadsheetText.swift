/// Text in cells that a spreadsheet shows as it is.
///
/// Excel takes `0412` for a number, `1/2` for a date and `=1+1` for a formula, which may even call
/// other programs. An apostrophe before such text stops all of that, in every spreadsheet; unlike
/// `="0412"` it is no formula itself, has no limit of length and outlives being saved again.
///
/// Where lists are separated by semicolons, Excel cuts a file of commas at these instead, so each
/// part of a text behind a semicolon is treated as if it were a cell. An empty text is an
/// apostrophe alone. Text that begins with an apostrophe, as the name 't Hooft, gets another one
/// only if it could be taken for guarded.
enum SpreadsheetText {
  /// The text with apostrophes where it needs them.
  static func guarded(_ text: String) -> String {
    guard !text.isEmpty else { return "'" }
    return parts(text) { part, isWhole in
      needsGuard(part, isWhole: isWhole) ? "'" + String(part) : String(part)
    }
  }

  /// The text that a cell was before it was guarded.
  static func plain(_ cell: String) -> String {
    guard cell.unicodeScalars.contains("'") else { return cell }
    return parts(cell) { part, isWhole in
      let rest = part.dropFirst()
      return part.first == "'" && needsGuard(rest, isWhole: isWhole) ? String(rest) : String(part)
    }
  }

  private static func parts(
    _ text: String,
    _ change: (Substring.UnicodeScalarView, _ isWhole: Bool) -> String
  ) -> String {
    guard text.utf8.contains(UInt8(ascii: ";")) else {
      return change(text.unicodeScalars[...], true)
    }
    let parts = text.unicodeScalars.split(separator: ";", omittingEmptySubsequences: false)
    return parts.map { change($0, false) }.joined(separator: ";")
  }

  private static func needsGuard(_ part: Substring.UnicodeScalarView, isWhole: Bool) -> Bool {
    let content = part.drop { $0 == "'" }
    if content.isEmpty { return isWhole }
    return isFormula(content) || isNumber(content) || isTruth(content)
  }

  /// Whether a text begins like a formula, also as East Asian input methods write it.
  private static func isFormula(_ text: Substring.UnicodeScalarView) -> Bool {
    switch text.first(where: { $0 != " " }) {
    case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": true
    default: false
    }
  }

  /// Whether a text may be taken for a number, an amount, a date or a time, and so be changed.
  ///
  /// A number of up to ``digitsMax`` digits without zeros in front stays what it is.
  private static func isNumber(_ text: Substring.UnicodeScalarView) -> Bool {
    guard text.contains(where: isDigit) else { return false }
    if text.allSatisfy({ ("0"..."9").contains($0) }) {
      return text.count > digitsMax || (text.count > 1 && text.first == "0")
    }
    var word = ""
    for scalar in text {
      if scalar.properties.isAlphabetic {
        word.unicodeScalars.append(scalar)
      } else if !isDigit(scalar), !marks.contains(scalar) {
        return false
      }
    }
    return word.isEmpty || words.contains(word.lowercased())
  }

  private static func isTruth(_ text: Substring.UnicodeScalarView) -> Bool {
    ["true", "false"].contains(String(text).lowercased())
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.numericType == .decimal
  }

  /// The most digits that Excel shows of a number, and saves.
  private static let digitsMax = 11

  /// What stands in numbers, amounts, dates and times beside digits.
  private static let marks = Set(" .,-/:+()%'$€£¥\u{A0}\u{2009}\u{202F}".unicodeScalars)

  /// The letters of numbers (`1E5`), of times and of dates (`MAR1`).
  private static let words: Set<String> = {
    let months = [
      "january", "february", "march", "april", "may", "june", "july", "august", "september",
      "october", "november", "december",
    ]
    return Set(months + months.map { String($0.prefix(3)) } + ["sept", "e", "am", "pm", "a", "p"])
  }()
}
