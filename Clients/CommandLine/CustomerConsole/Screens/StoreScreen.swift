import CustomerModel
import Terminal
import WellKnownTypes

/// The Store screen as cells: what the daemon reports of itself, and what was written last.
struct StoreScreen {
  let state: ConsoleState

  func render(_ grid: inout Grid, _ layout: ConsoleLayout) {
    var row = layout.body.lowerBound
    grid.put("Store", row: row, column: 1, style: .bold)
    row += 1
    guard state.store.isKnown else {
      grid.put("No daemon has answered yet.", row: row + 1, column: 3, style: .dim)
      return
    }
    let lines = StoreReport.lines(state.store.status, state.clock)
    // Where there is little room the last, which matters least, is left out.
    for (name, value) in lines.prefix(layout.body.count > 15 ? lines.count : lines.count - 1) {
      grid.put(name, row: row, column: 3, width: 17, style: .dim)
      grid.put(value, row: row, column: 21, width: grid.size.columns - 22)
      row += 1
    }
    guard row + 2 < layout.body.upperBound else { return }
    if layout.body.count > 18 { row += 1 }
    grid.put("Recent activity", row: row, column: 1, style: .bold)
    row += 1
    let columns = ChangeColumns(width: grid.size.columns)
    for entry in state.feed.entries.prefix(max(layout.body.upperBound - row, 0)) {
      columns.render(entry, state, &grid, row: row)
      row += 1
    }
  }
}
