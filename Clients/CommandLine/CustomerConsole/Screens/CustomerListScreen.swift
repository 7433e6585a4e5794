import CustomerModel
import Terminal

/// The Customers screen as cells.
struct CustomerListScreen {
  /// The rows above the customers: title, search, headings.
  static let headRows = 3

  let state: ConsoleState

  private var list: CustomerList { state.list }

  /// Where a column stands.
  private struct Column {
    var title: String
    var start: Int
    var width: Int
  }

  func render(_ grid: inout Grid, _ layout: ConsoleLayout) {
    let body = layout.body
    renderTitle(&grid, layout, row: body.lowerBound)
    renderSearch(&grid, row: body.lowerBound + 1)
    let columns = Self.columns(grid.size.columns)
    for column in columns {
      grid.put(
        heading(column),
        row: body.lowerBound + 2,
        column: column.start,
        width: column.width,
        style: .bold
      )
    }
    let first = body.lowerBound + Self.headRows
    guard list.rowCount > 0 else {
      for (offset, line) in emptyText.enumerated() {
        grid.put(line, row: first + 1 + offset, column: 3, style: .dim)
      }
      return
    }
    for row in first..<body.upperBound {
      let index = list.top + row - first
      guard index < list.rowCount else { break }
      renderRow(index, &grid, row: row, columns)
    }
  }

  private func renderTitle(_ grid: inout Grid, _ layout: ConsoleLayout, row: Int) {
    let end = grid.put("All Customers", row: row, column: 1, style: .bold)
    let button = "[ Add New ] a"
    let start = grid.size.columns - 1 - button.count
    grid.put(button, row: row, column: start)
    if !list.isTyping {
      grid.onClick(.key(.letter("a")), row: row, columns: start..<start + button.count)
    }
    grid.put(counts, row: row, column: end + 2, width: start - end - 4, style: .dim)
  }

  private var counts: String {
    if let found = list.found {
      if found.isEmpty { return "" }
      let limit = found.count == CustomerList.foundMax ? " or more" : ""
      return "\(found.count)\(limit) found, the best match first"
    }
    if let goal = list.goal, goal >= list.rowCount, list.pages.isBegun {
      return "reading on: \(StoreReport.grouped(list.rowCount)) so far"
    }
    guard let total = list.total else { return list.loading == nil ? "" : "reading" }
    let more = list.isTotalMinimum ? " or more" : ""
    let unseen = list.unseen > 0 ? " · \(list.unseen) new: r shows them" : ""
    let noun = total == 1 ? "customer" : "customers"
    return "\(StoreReport.grouped(total))\(more) \(noun), \(list.order.title)\(unseen)"
  }

  private func renderSearch(_ grid: inout Grid, row: Int) {
    let width = grid.size.columns - 12
    let (text, cursor) = list.query.window(width: width)
    if list.isTyping {
      grid.put("Search", row: row, column: 1, style: .accent)
      grid.fill(row: row, columns: 9..<9 + width, style: .plain.with(.underlined))
      grid.put(text, row: row, column: 9, width: width, style: .plain.with(.underlined))
      grid.cursor = GridPosition(row: row, column: 9 + cursor)
    } else if !list.query.text.isEmpty {
      grid.put("Search", row: row, column: 1, style: .dim)
      grid.put(text, row: row, column: 9, width: width)
    }
  }

  private var emptyText: [String] {
    if list.found != nil { return ["Nobody is found."] }
    if case .lost = state.link.state {
      return ["The console goes on trying.", "A daemon is started with: customerd"]
    }
    if list.loading != nil || !list.pages.isBegun { return ["Reading customers"] }
    return ["There are no customers yet: a adds the first."]
  }

  private func heading(_ column: Column) -> String {
    switch (column.title, list.found == nil ? list.order : .creation) {
    case ("Display Name", .lastName): "Display Name ▲ last name"
    case ("E-mail", .emailAddress): "E-mail ▲"
    case ("Updated", .newestUpdate): "Updated ▼"
    case ("Updated", .oldestUpdate): "Updated ▲"
    default: column.title
    }
  }

  private func renderRow(_ index: Int, _ grid: inout Grid, row: Int, _ columns: [Column]) {
    let isSelected = index == list.selected
    if isSelected { grid.put("›", row: row, column: 0, style: .accent) }
    grid.onClick(.row(index), row: row)
    guard let customer = list.customer(index) else {
      grid.put("…", row: row, column: 3, style: .dim)
      return
    }
    let isGoing = state.isCalling(.delete(customer.customerID))
    var style = isGoing ? Style.dim : Style.plain
    if let mark = list.marks[customer.customerID] {
      let (sign, looks) = Self.sign(mark.kind)
      grid.put(sign, row: row, column: 1, style: looks)
      if mark.kind == .deleted { style = .dim.with(.struck) }
    }
    let updated =
      grid.size.columns >= Self.wideColumns
      ? state.clock.minute(customer.updateTime) : state.clock.short(customer.updateTime)
    let cells = [
      customer.shownName, customer.emailAddress, customer.shownNumber, updated,
    ]
    for (column, text) in zip(columns, cells) {
      grid.put(text, row: row, column: column.start, width: column.width, style: style)
    }
    if isSelected {
      grid.restyle(row: row, columns: 2..<grid.size.columns - 1) { $0.with(.reversed) }
    }
  }

  private static func sign(_ kind: ListMark.Kind) -> (String, Style) {
    switch kind {
    case .created: ("+", .good)
    case .updated: ("●", .accent)
    case .deleted: ("✕", .bad)
    }
  }

  /// From how many columns on there is room for whole times.
  private static let wideColumns = 100

  private static func columns(_ width: Int) -> [Column] {
    let isWide = width >= wideColumns
    let updated = isWide ? 16 : 10
    let phone = width >= 80 ? 16 : 12
    // Three spaces of two, three columns before, two behind.
    let rest = width - updated - phone - 6 - 5
    let name = rest * 9 / 20
    var start = 3
    return [
      ("Display Name", name), ("E-mail", rest - name), ("Phone", phone), ("Updated", updated),
    ].map { title, width in
      defer { start += width + 2 }
      return Column(title: title, start: start, width: width)
    }
  }
}
