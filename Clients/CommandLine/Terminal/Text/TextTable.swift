/// Rows under headings, aligned by the cells they take on a terminal.
package struct TextTable {
  /// A column.
  package struct Column {
    /// Its heading.
    var title: String

    /// Whether it may be cut where the table is too wide.
    var mayShrink: Bool

    /// Whether numbers stand at its right edge.
    var isNumber: Bool

    /// Describes a column.
    package init(_ title: String, mayShrink: Bool = true, isNumber: Bool = false) {
      self.title = title
      self.mayShrink = mayShrink
      self.isNumber = isNumber
    }
  }

  /// The narrowest that a column is cut to.
  static let shrunkWidthMin = 8

  private let columns: [Column]

  /// Creates a table.
  package init(columns: [Column]) {
    self.columns = columns
  }

  /// Names and values in two columns without headings.
  package static func pairs(_ rows: [[String]]) -> [String] {
    let table = TextTable(columns: [Column(""), Column("")])
    let widths = table.widths(rows, fitting: nil)
    return rows.map { table.line($0, widths) }
  }

  /// How wide each column is: as wide as its widest cell, cut down if they don't fit together.
  ///
  /// - Parameters:
  ///   - rows: The cells to fit, not yet made safe.
  ///   - width: Of the terminal; nil cuts nothing.
  /// - Returns: A width for each column.
  package func widths(_ rows: [[String]], fitting width: Int?) -> [Int] {
    var widths = columns.map { CellWidth.of($0.title) }
    for row in rows {
      for (index, cell) in row.enumerated() where index < widths.count {
        widths[index] = max(widths[index], CellWidth.of(TerminalText.safe(cell)))
      }
    }
    guard let width else { return widths }
    var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
    while excess > 0 {
      // The widest gives first, so that long texts lose before short ones do.
      let candidates = widths.indices.filter {
        columns[$0].mayShrink && widths[$0] > Self.shrunkWidthMin
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  /// The headings as a line, without its end.
  package func heading(_ widths: [Int]) -> String {
    line(columns.map(\.title), widths)
  }

  /// A row as a line, without its end; a cell wider than its column is cut, or sticks out.
  package func line(_ cells: [String], _ widths: [Int], cutting: Bool = true) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() where index < widths.count {
      if index > 0 { text += "  " }
      let (cut, taken) = Self.cut(TerminalText.safe(cell), to: cutting ? widths[index] : .max)
      let space = String(repeating: " ", count: max(0, widths[index] - taken))
      let isLast = index == cells.count - 1
      if columns[index].isNumber {
        text += space + cut
      } else {
        text += cut + (isLast ? "" : space)
      }
    }
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }

  /// The beginning of a text that fits, with `…` where something is missing, and its width.
  static func cut(_ text: String, to width: Int) -> (text: String, width: Int) {
    let whole = CellWidth.of(text)
    guard whole > width else { return (text, whole) }
    var result = ""
    var taken = 0
    for character in text {
      let next = CellWidth.of(character)
      guard taken + next < width else { break }
      result.append(character)
      taken += next
    }
    return (result + "…", taken + 1)
  }
}
