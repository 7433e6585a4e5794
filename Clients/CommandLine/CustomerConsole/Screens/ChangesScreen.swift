import CustomerModel
import Terminal

/// The Changes screen as cells: newest on top.
struct ChangesScreen {
  /// The rows above the changes: title, headings.
  static let headRows = 2

  let state: ConsoleState

  func render(_ grid: inout Grid, _ layout: ConsoleLayout) {
    let body = layout.body
    let end = grid.put("Changes", row: body.lowerBound, column: 1, style: .bold)
    grid.put(
      caption,
      row: body.lowerBound,
      column: end + 2,
      width: grid.size.columns - end - 4,
      style: .dim
    )
    let columns = ChangeColumns(width: grid.size.columns)
    columns.renderHeadings(&grid, row: body.lowerBound + 1)
    let first = body.lowerBound + Self.headRows
    guard !state.feed.entries.isEmpty else {
      grid.put("Nothing was written yet.", row: first + 1, column: 3, style: .dim)
      return
    }
    for row in first..<body.upperBound {
      let index = state.feed.top + row - first
      guard index < state.feed.entries.count else { break }
      columns.render(state.feed.entries[index], state, &grid, row: row)
      grid.onClick(.row(index), row: row)
      guard index == state.feed.selected else { continue }
      grid.put("›", row: row, column: 1, style: .accent)
      grid.restyle(row: row, columns: 2..<grid.size.columns - 1) { $0.with(.reversed) }
    }
  }

  private var caption: String {
    switch state.link.live {
    case .on: "live · \(StoreReport.grouped(state.feed.told)) since the console was opened"
    case .off: "waiting for the daemon"
    case .unsupported: "this daemon can't tell changes as they are made"
    }
  }
}

/// The columns in which changes are shown.
struct ChangeColumns {
  let width: Int

  private var name: Range<Int> { 24..<24 + (width - 24 - 9) * 11 / 20 }
  private var version: Range<Int> { name.upperBound + 1..<name.upperBound + 7 }
  private var author: Range<Int> { version.upperBound + 2..<width - 1 }

  func renderHeadings(_ grid: inout Grid, row: Int) {
    grid.put("Time", row: row, column: 3, style: .bold)
    grid.put("What", row: row, column: 15, style: .bold)
    grid.put("Customer", row: row, column: name.lowerBound, width: name.count, style: .bold)
    grid.put("Version", row: row, column: version.lowerBound - 1, style: .bold)
    grid.put("Who", row: row, column: author.lowerBound, style: .bold)
  }

  func render(_ entry: FeedEntry, _ state: ConsoleState, _ grid: inout Grid, row: Int) {
    grid.put(state.clock.short(entry.time), row: row, column: 3, width: 10, style: .dim)
    let (word, style) = Self.word(entry.kind)
    grid.put(word, row: row, column: 15, width: 7, style: style)
    grid.put(entry.name, row: row, column: name.lowerBound, width: name.count)
    grid.put(
      "\(entry.version)",
      row: row,
      column: version.lowerBound,
      width: version.count,
      edge: .right
    )
    let who = entry.author.map { state.context.name(of: $0) } ?? ""
    grid.put(who, row: row, column: author.lowerBound, width: author.count, style: .dim)
  }

  private static func word(_ kind: Change.Kind) -> (String, Style) {
    switch kind {
    case .created: ("created", .good)
    case .updated: ("updated", .plain)
    case .deleted: ("deleted", .bad)
    case .erased: ("erased", .bad)
    default: ("", .plain)
    }
  }
}
