/// A line of text that is edited, and where in it the next letter goes.
package struct TextField: Equatable, Sendable {
  /// The most code points: twice the longest text that is kept anywhere, so that what is too long
  /// can be seen and shortened.
  static let scalarsMax = 1000

  package private(set) var text: String

  /// How many graphemes stand before the cursor.
  package private(set) var cursor: Int

  /// Creates a field with the cursor behind its text.
  package init(_ text: String = "") {
    self.text = text
    cursor = text.count
  }

  /// Puts a text in at the cursor: line ends become spaces, other controls are left out, and what
  /// is over the limit is too.
  package mutating func insert(_ inserted: String) {
    var clean = String.UnicodeScalarView()
    var room = Self.scalarsMax - text.unicodeScalars.count
    for scalar in inserted.replacing("\r\n", with: "\n").unicodeScalars where room > 0 {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: clean.append(" ")
      case 0..<0x20, 0x7F..<0xA0: continue
      default: clean.append(scalar)
      }
      room -= 1
    }
    let before = String(text.prefix(cursor)) + String(clean)
    let after = String(text.dropFirst(cursor))
    text = before + after
    // A mark joins the letter before it: graphemes are counted again.
    cursor = min(before.count, text.count)
  }

  /// Does what a key means in a field.
  ///
  /// - Returns: Whether it means anything there.
  package mutating func handle(_ key: Key) -> Bool {
    if let character = key.typed {
      insert(String(character))
      return true
    }
    switch (key.code, key.modifiers) {
    case (.left, []): cursor = max(0, cursor - 1)
    case (.right, []): cursor = min(text.count, cursor + 1)
    case (.left, _), (.character("b"), .alt): cursor = wordStart
    case (.right, _), (.character("f"), .alt): cursor = wordEnd
    case (.home, _), (.character("a"), .control): cursor = 0
    case (.end, _), (.character("e"), .control): cursor = text.count
    case (.backspace, []): remove(max(0, cursor - 1)..<cursor)
    case (.backspace, _), (.character("w"), .control): remove(wordStart..<cursor)
    case (.delete, _): remove(cursor..<min(text.count, cursor + 1))
    case (.character("u"), .control): remove(0..<cursor)
    case (.character("k"), .control): remove(cursor..<text.count)
    default: return false
    }
    return true
  }

  /// The part of the text that fits a width and has the cursor in it.
  ///
  /// - Returns: The part, harmless for a terminal, and the cursor's column in it.
  package func window(width: Int) -> (text: String, cursor: Int) {
    let parts = text.map { TerminalText.safe(String($0)) }
    let widths = parts.map { CellWidth.of($0) }
    // The cursor needs a cell of its own behind the text.
    var start = 0
    var before = widths.prefix(cursor).reduce(0, +)
    let column = before
    while before >= width, start < cursor {
      before -= widths[start]
      start += 1
    }
    var shown = ""
    var taken = 0
    for index in start..<parts.count {
      guard taken + widths[index] <= width else { break }
      shown += parts[index]
      taken += widths[index]
    }
    return (shown, start == 0 ? column : before)
  }

  private var wordStart: Int {
    let before = Array(text.prefix(cursor))
    var place = before.count
    while place > 0, before[place - 1] == " " { place -= 1 }
    while place > 0, before[place - 1] != " " { place -= 1 }
    return place
  }

  private var wordEnd: Int {
    let all = Array(text)
    var place = cursor
    while place < all.count, all[place] == " " { place += 1 }
    while place < all.count, all[place] != " " { place += 1 }
    return place
  }

  private mutating func remove(_ range: Range<Int>) {
    let before = String(text.prefix(range.lowerBound))
    text = before + String(text.dropFirst(range.upperBound))
    cursor = min(before.count, text.count)
  }
}
