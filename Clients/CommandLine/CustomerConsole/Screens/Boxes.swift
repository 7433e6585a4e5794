import Terminal

/// A question over the screen.
struct QuestionBox {
  let question: Question

  func render(_ grid: inout Grid) {
    let buttons = question.answers.map { $0.label.count + 6 }.reduce(0, +)
    let texts = ([question.title] + question.lines).map { CellWidth.of(TerminalText.safe($0)) }
    let width = min(max((texts.max() ?? 0) + 6, buttons + 4, 36), grid.size.columns - 4)
    let height = question.lines.count + 6
    let top = (grid.size.rows - height) / 2
    let left = (grid.size.columns - width) / 2
    grid.cursor = nil
    grid.areas = []
    grid.box(rows: top..<top + height, columns: left..<left + width, style: .accent)
    grid.put(question.title, row: top + 1, column: left + 3, width: width - 6, style: .bold)
    for (index, line) in question.lines.enumerated() {
      grid.put(line, row: top + 2 + index, column: left + 3, width: width - 6)
    }
    var column = left + 3
    for (index, answer) in question.answers.enumerated() {
      let isFocused = index == question.focus
      let start = column
      column = grid.putButton(
        answer.label,
        row: top + height - 3,
        column: column,
        isFocused: isFocused
      )
      grid.onClick(.answer(index), row: top + height - 3, columns: start..<column)
      column += 2
    }
    let letters = question.answers.map { String($0.letter) }.joined(separator: "/")
    grid.put(
      "\(letters), or Enter",
      row: top + height - 2,
      column: left + 3,
      width: width - 6,
      style: .dim
    )
  }
}

/// The keys, over the screen.
enum HelpBox {
  private static let keys: [(String, String)] = [
    ("↑ ↓ PgUp PgDn Home End", "move"),
    ("1 2 3, Tab, ← →", "Customers, Changes, Store"),
    ("Enter", "open"),
    ("a", "Add New"),
    ("/", "search as you type"),
    ("s, S", "next order, previous one"),
    ("d", "Delete"),
    ("u", "undo the last Delete"),
    ("r", "read again"),
    ("Tab, Shift-Tab", "next field, previous one"),
    ("Ctrl-S", "Submit or Save"),
    ("Esc", "Cancel or Close"),
    ("Ctrl-L, Ctrl-Z", "draw anew, suspend"),
    ("q", "quit"),
  ]

  static func render(_ grid: inout Grid) {
    let width = min(grid.size.columns - 4, 66)
    let height = keys.count + 4
    let top = (grid.size.rows - height) / 2
    let left = (grid.size.columns - width) / 2
    grid.cursor = nil
    grid.areas = []
    for row in 0..<grid.size.rows { grid.onClick(.key(Key(.escape)), row: row) }
    grid.box(rows: top..<top + height, columns: left..<left + width, style: .accent)
    grid.put("Keys", row: top + 1, column: left + 3, style: .bold)
    grid.put(
      "+ ● ✕  made, changed, gone by others",
      row: top + 1,
      column: left + 9,
      width: width - 12,
      style: .dim,
      edge: .right
    )
    for (index, key) in keys.enumerated() {
      grid.put(key.0, row: top + 3 + index, column: left + 3, width: 24, style: .accent)
      grid.put(key.1, row: top + 3 + index, column: left + 28, width: width - 31)
    }
  }
}
