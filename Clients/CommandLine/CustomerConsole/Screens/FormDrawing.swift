import Terminal

/// The parts that forms are made of.
extension Grid {
  /// Where fields begin, behind their labels.
  static let fieldColumn = 22

  /// The widest that a field is drawn.
  static let fieldWidthMax = 64

  /// How wide a field is on this screen.
  var fieldWidth: Int { min(size.columns - Self.fieldColumn - 3, Self.fieldWidthMax) }

  /// Draws a field's label.
  mutating func putLabel(_ text: String, row: Int, isFocused: Bool) {
    if isFocused { put("›", row: row, column: 1, style: .accent) }
    put(text, row: row, column: 4, width: Self.fieldColumn - 5, style: isFocused ? .accent : .plain)
  }

  /// Draws a field, with the cursor if it is in focus.
  mutating func putField(
    _ field: TextField,
    row: Int,
    column: Int = Grid.fieldColumn,
    width: Int,
    isFocused: Bool,
    style: Style = .plain
  ) {
    let style = style.with(.underlined)
    fill(row: row, columns: column..<column + width, style: style)
    let (text, cursor) =
      isFocused ? field.window(width: width) : (TerminalText.safe(field.text), 0)
    put(text, row: row, column: column, width: width, style: style)
    if isFocused { self.cursor = GridPosition(row: row, column: column + cursor) }
  }

  /// Draws a button.
  ///
  /// - Returns: The column behind it.
  @discardableResult
  mutating func putButton(
    _ label: String,
    row: Int,
    column: Int,
    isFocused: Bool,
    isDim: Bool = false
  ) -> Int {
    let style: Style = isDim ? .dim : .bold
    return put(
      "[ \(label) ]",
      row: row,
      column: column,
      style: isFocused ? style.with(.reversed) : style
    )
  }

  /// Draws what is wrong, under its field.
  mutating func putProblem(_ text: String, row: Int, column: Int = Grid.fieldColumn) {
    put("✗ \(text)", row: row, column: column, width: size.columns - column - 1, style: .bad)
  }
}
