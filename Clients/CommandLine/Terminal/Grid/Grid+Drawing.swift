/// At which edge of its room a text stands.
package enum TextEdge: Sendable {
  case left
  case right
}

extension Grid {
  /// Writes a text into a part of a row: made harmless, cut with `…` where it doesn't fit.
  ///
  /// - Parameters:
  ///   - text: Anything.
  ///   - row: Counted from 0.
  ///   - column: Where the room begins.
  ///   - width: How wide the room is; nil is the rest of the row.
  ///   - style: How it looks.
  ///   - edge: Where the text stands if there is more room.
  /// - Returns: The column behind the text.
  @discardableResult
  package mutating func put(
    _ text: String,
    row: Int,
    column: Int,
    width: Int? = nil,
    style: Style = .plain,
    edge: TextEdge = .left
  ) -> Int {
    let room = min(width ?? size.columns, size.columns - column)
    guard room > 0 else { return column }
    let (cut, taken) = TextTable.cut(TerminalText.safe(text), to: room)
    var place = edge == .left ? column : column + room - taken
    for character in cut {
      let width = CellWidth.of(character)
      guard width > 0 else { continue }
      set(Cell(text: Self.bounded(character), style: style), row: row, column: place)
      place += width
    }
    return place
  }

  /// Fills a part of a row.
  package mutating func fill(row: Int, columns: Range<Int>, with text: String = " ", style: Style) {
    for column in columns { set(Cell(text: text, style: style), row: row, column: column) }
  }

  /// Gives what stands in a part of a row other looks.
  package mutating func restyle(row: Int, columns: Range<Int>, _ change: (Style) -> Style) {
    for column in columns.clamped(to: 0..<size.columns) {
      let cell = self[row, column]
      guard !cell.text.isEmpty else { continue }
      set(Cell(text: cell.text, style: change(cell.style)), row: row, column: column)
    }
  }

  /// Draws a line across.
  package mutating func rule(row: Int, columns: Range<Int>? = nil, style: Style = .dim) {
    fill(row: row, columns: columns ?? 0..<size.columns, with: "─", style: style)
  }

  /// Draws a frame and empties what is within.
  package mutating func box(rows: Range<Int>, columns: Range<Int>, style: Style) {
    for row in rows { fill(row: row, columns: columns, style: .plain) }
    guard let top = rows.first, let bottom = rows.last, let left = columns.first,
      let right = columns.last
    else { return }
    for row in rows {
      set(Cell(text: "│", style: style), row: row, column: left)
      set(Cell(text: "│", style: style), row: row, column: right)
    }
    for (row, corners) in [(top, ("┌", "┐")), (bottom, ("└", "┘"))] {
      rule(row: row, columns: columns, style: style)
      set(Cell(text: corners.0, style: style), row: row, column: left)
      set(Cell(text: corners.1, style: style), row: row, column: right)
    }
  }

  private static func bounded(_ character: Character) -> String {
    let scalars = character.unicodeScalars
    guard scalars.count > Cell.scalarsMax else { return String(character) }
    return String(String.UnicodeScalarView(scalars.prefix(Cell.scalarsMax)))
  }
}
