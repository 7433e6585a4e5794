import CustomerModel
import Terminal

/// The HISTORY tab as cells: the versions, and what the selected one changed.
struct HistoryScreen {
  let details: CustomerDetails
  let clock: ClockText
  let context: ConsoleContext

  /// How many versions fit a body.
  static func rows(in bodyRows: Int) -> Int {
    bodyRows - DetailsScreen.headRows - 1 - 1 - detailRows(in: bodyRows)
  }

  private static func detailRows(in bodyRows: Int) -> Int { max(bodyRows / 3, 4) }

  func render(_ grid: inout Grid, _ layout: ConsoleLayout) {
    let body = layout.body
    DetailsScreen.renderHead(details, &grid, row: body.lowerBound)
    guard let history = details.history, !history.entries.isEmpty else {
      let text =
        details.history?.problem ?? (details.history?.isLoading == true ? "reading" : "none")
      grid.put(text, row: body.lowerBound + 3, column: 3, style: .dim)
      return
    }
    let top = body.lowerBound + DetailsScreen.headRows
    let isWide = grid.size.columns >= 80
    let time = isWide ? 19 : 10
    let who = isWide ? 20 : 12
    let starts = [3, 11, 11 + time + 2, 11 + time + who + 4]
    for (title, start) in zip(["Version", "Time", "Who", "What"], starts) {
      grid.put(title, row: top, column: start, style: .bold)
    }
    let rows = Self.rows(in: body.count)
    for line in 0..<rows {
      let index = history.top + line
      guard index < history.entries.count else { break }
      let entry = history.entries[index]
      let row = top + 1 + line
      grid.onClick(.row(index), row: row)
      grid.put("\(entry.version)", row: row, column: 3, width: 7, edge: .right)
      let text = isWide ? clock.second(entry.time) : clock.short(entry.time)
      grid.put(text, row: row, column: starts[1], width: time, style: .dim)
      let name = context.name(of: entry.author)
      grid.put(name, row: row, column: starts[2], width: who)
      grid.put(entry.summary, row: row, column: starts[3], width: grid.size.columns - 1 - starts[3])
      guard index == history.selected else { continue }
      grid.put("›", row: row, column: 1, style: .accent)
      grid.restyle(row: row, columns: 2..<grid.size.columns - 1) { $0.with(.reversed) }
    }
    renderSelected(history, &grid, top + 1 + rows..<body.upperBound)
  }

  private func renderSelected(_ history: CustomerHistory, _ grid: inout Grid, _ rows: Range<Int>) {
    guard history.entries.indices.contains(history.selected) else { return }
    let entry = history.entries[history.selected]
    let who = context.detail(of: entry.author)
    grid.rule(row: rows.lowerBound, columns: 3..<grid.size.columns - 1)
    let caption = " version \(entry.version), \(who) "
    grid.put(caption, row: rows.lowerBound, column: 5, width: grid.size.columns - 8, style: .dim)
    var row = rows.lowerBound + 1
    for (index, difference) in entry.differences.enumerated() {
      if row == rows.upperBound - 1, index < entry.differences.count - 1 {
        grid.put("… \(entry.differences.count - index) more", row: row, column: 4, style: .dim)
        return
      }
      guard row < rows.upperBound else { return }
      grid.put(difference.part.label, row: row, column: 4, width: 16)
      let end = Self.renderOld(difference, &grid, row: row)
      let width = grid.size.columns - 1 - end
      let new = difference.new ?? ""
      grid.put(
        new.isEmpty ? "(empty)" : new,
        row: row,
        column: end,
        width: width,
        style: new.isEmpty ? .dim : .good
      )
      row += 1
    }
    if entry.differences.isEmpty {
      grid.put("The record before it is kept: r brings it back.", row: row, column: 4, style: .dim)
    }
  }

  private static func renderOld(
    _ difference: HistoryEntry.Difference,
    _ grid: inout Grid,
    row: Int
  ) -> Int {
    guard let old = difference.old, !old.isEmpty else { return Grid.fieldColumn }
    let half = (grid.size.columns - Grid.fieldColumn) / 2 - 3
    let style = Style.bad.with(.struck)
    let end = grid.put(old, row: row, column: Grid.fieldColumn, width: half, style: style)
    return grid.put(" → ", row: row, column: end, style: .dim)
  }
}
