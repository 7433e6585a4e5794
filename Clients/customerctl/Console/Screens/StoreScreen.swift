import CustomerModel
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
    for (name, value) in lines(layout.body.count) {
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

  /// What the daemon reports; only what matters most where there is little room.
  private func lines(_ rows: Int) -> [(String, String)] {
    let status = state.store.status
    let count = { (number: UInt64) in CustomerListScreen.grouped(number) }
    let uptime = status.startTime.map { ClockText.duration(seconds: state.now - $0.seconds) }
    var lines = [
      ("Customers", count(status.customerCount)),
      ("Changes", count(status.changeCount)),
      ("Size", Self.size(status.databaseBytes)),
      ("Search index", indexing(status.unindexedCount)),
      (
        "Oldest change",
        status.oldestChangeTime == nil
          ? "none is kept" : state.clock.minute(status.oldestChangeTime)
      ),
      ("History", retention(status.settings?.historyRetention)),
      (
        "E-mail addresses",
        status.settings?.uniqueEmail == true
          ? "each for one customer only" : "may be shared"
      ),
    ]
    if status.erasing { lines.append(("Erasing", "traces are being overwritten")) }
    lines += [
      ("Daemon", "version \(status.serverVersion), up \(uptime ?? "?")")
    ]
    if rows > 15 {
      lines += [("Store", "\(status.storeID), tables of version \(status.schemaVersion)")]
    }
    return lines
  }

  private func indexing(_ count: UInt64) -> String {
    count == 0 ? "up to date" : "\(CustomerListScreen.grouped(count)) changes to take in"
  }

  private func retention(_ duration: ProtoDuration?) -> String {
    guard let duration else { return "kept for ever" }
    return "kept for \(ClockText.duration(seconds: duration.seconds))"
  }

  /// Bytes in the unit that suits.
  static func size(_ bytes: UInt64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = bytes
    var rest: UInt64 = 0
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      rest = value % 1024
      value /= 1024
      unit += 1
    }
    let tenth = unit > 0 && value < 100 ? ".\(rest * 10 / 1024)" : ""
    return "\(value)\(tenth) \(units[unit])"
  }
}
