import CustomerModel
import Terminal

/// The conflict screen as cells: yours, theirs with who and when, and how it was before.
struct ConflictScreen {
  let details: CustomerDetails
  let conflict: SaveConflict
  let clock: ClockText

  func render(_ grid: inout Grid, _ layout: ConsoleLayout) {
    let body = layout.body
    var row = body.lowerBound
    let name = details.base.shownName
    grid.put(
      "\(name) was changed by two",
      row: row,
      column: 1,
      width: grid.size.columns - 2,
      style: .bold
    )
    let who = conflict.who.isEmpty ? "another program" : conflict.who
    for line in [
      "Theirs is version \(conflict.theirs.version), of \(clock.second(conflict.theirs.updateTime)),",
      "by \(who).",
    ] {
      row += 1
      grid.put(line, row: row, column: 1, width: grid.size.columns - 2, style: .dim)
    }
    row += 2
    // Four rows a field: its name, then the three values; a free one where there is room.
    let room = body.upperBound - 2 - row
    let height = conflict.parts.count * 5 <= room ? 5 : 4
    let shown = max((room + 1) / height, 1)
    let top = max(0, min(conflict.focus - shown + 1, conflict.parts.count - shown))
    for index in max(top, 0)..<min(top + shown, conflict.parts.count) {
      renderField(index, &grid, row: row)
      for row in row..<row + 4 { grid.onClick(.conflict(index), row: row) }
      row += height
    }
    if conflict.parts.count > shown {
      let text = "\(conflict.focus + 1) of \(conflict.parts.count)"
      grid.put(
        text,
        row: body.lowerBound,
        column: 1,
        width: grid.size.columns - 2,
        style: .dim,
        edge: .right
      )
    }
    let mine = conflict.keepsMine.count { $0 }
    let text =
      "Ctrl-S saves \(mine) of yours, \(conflict.keepsMine.count - mine) of theirs."
      + " Before: version \(details.base.version)."
    grid.put(text, row: body.upperBound - 1, column: 1, width: grid.size.columns - 2)
  }

  private func renderField(_ index: Int, _ grid: inout Grid, row: Int) {
    let part = conflict.parts[index]
    let isFocused = index == conflict.focus
    let keepsMine = conflict.keepsMine[index]
    if isFocused { grid.put("›", row: row, column: 1, style: .accent) }
    grid.put(part.label, row: row, column: 3, width: 30, style: isFocused ? .accent : .bold)
    let rows: [(String, String?, Bool?)] = [
      ("Yours", part.text(in: details.draft.customer), keepsMine),
      ("Theirs", part.text(in: conflict.theirs), !keepsMine),
      ("Before", part.text(in: details.base), nil),
    ]
    for (offset, line) in rows.enumerated() {
      let row = row + 1 + offset
      let sign = line.2.map { $0 ? "(•)" : "( )" } ?? ""
      let style: Style = line.2 == true ? .good : line.2 == false ? .plain : .dim
      grid.put(sign, row: row, column: 4, style: style)
      grid.put(line.0, row: row, column: 8, style: style)
      let text = line.1.flatMap { $0.isEmpty ? nil : $0 } ?? "(empty)"
      grid.put(text, row: row, column: 16, width: grid.size.columns - 17, style: style)
    }
  }
}
