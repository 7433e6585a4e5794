import CustomerFormats
import CustomerModel
import ProtoWire
import Terminal

/// The Customer Details screen as cells.
struct DetailsScreen {
  /// Title and tabs.
  static let headRows = 2

  /// The buttons, and a free line above.
  static let footRows = 2

  let details: CustomerDetails
  let clock: ClockText

  func render(_ grid: inout Grid, _ layout: ConsoleLayout) {
    Self.renderHead(details, &grid, row: layout.body.lowerBound)
    let form = DetailsForm(details, clock: clock)
    let first = layout.body.lowerBound + Self.headRows
    let rows = first..<layout.body.upperBound - Self.footRows
    for row in rows {
      let index = details.top + row - first
      guard form.lines.indices.contains(index) else { break }
      render(form.lines[index], &grid, row: row)
    }
    renderMore(form.lines.count, rows, &grid)
    renderButtons(&grid, row: layout.body.upperBound - 1)
  }

  /// Draws the title and the tabs.
  static func renderHead(_ details: CustomerDetails, _ grid: inout Grid, row: Int) {
    let width = grid.size.columns
    let (state, style) = stateText(details)
    let start = width - 1 - CellWidth.of(state)
    grid.put(details.base.shownName, row: row, column: 1, width: start - 3, style: .bold)
    grid.put(state, row: row, column: start, style: style)
    var column = 1
    for (title, tab) in [("DETAILS", CustomerDetails.Tab.details), ("HISTORY", .history)] {
      let isOpen = details.tab == tab
      let isFocused = isOpen && (details.focus == .tabs || tab == .history)
      let style: Style = isFocused ? .selected : isOpen ? .heading : .dim
      let start = column
      column = grid.put(" \(title) ", row: row + 1, column: column, style: style) + 1
      grid.onClick(.tab(tab), row: row + 1, columns: start..<column)
    }
  }

  private static func stateText(_ details: CustomerDetails) -> (String, Style) {
    if details.isSaving { return ("saving", .dim) }
    if details.isUnanswered { return ("no answer: perhaps saved", .warning) }
    if let who = details.deletedBy { return ("deleted by \(who)", .bad) }
    if details.isChanged { return ("changed, not saved", .warning) }
    return ("", .plain)
  }

  private func renderMore(_ count: Int, _ rows: Range<Int>, _ grid: inout Grid) {
    let column = grid.size.columns - 1
    if details.top > 0 { grid.put("▲", row: rows.lowerBound, column: column, style: .dim) }
    if details.top + rows.count < count {
      grid.put("▼", row: rows.upperBound - 1, column: column, style: .dim)
    }
  }

  private func renderButtons(_ grid: inout Grid, row: Int) {
    var column = 3
    for (item, label) in [
      (CustomerDetails.Item.save, "Save"), (.delete, "Delete"), (.close, "Close"),
    ] {
      let start = column
      let isDim = details.isSaving || (item == .save && !details.canBeSaved)
      column =
        grid.putButton(
          label,
          row: row,
          column: column,
          isFocused: details.focus == item,
          isDim: isDim
        ) + 2
      grid.onClick(.item(item), row: row, columns: start..<column - 2)
    }
  }

  private func render(_ line: DetailsForm.Line, _ grid: inout Grid, row: Int) {
    switch line {
    case .blank: break
    case .info(let label, let value):
      grid.put(label, row: row, column: 4, width: Grid.fieldColumn - 5, style: .dim)
      grid.put(
        value,
        row: row,
        column: Grid.fieldColumn,
        width: grid.size.columns - Grid.fieldColumn - 2,
        style: .dim
      )
    case .text(let field, let label): renderText(field, label, &grid, row: row)
    case .type(let phone): renderType(phone, &grid, row: row)
    case .heading(let item, let title, let key): renderHeading(item, title, key, &grid, row: row)
    case .add(let item, let label):
      if details.focus == item { grid.put("›", row: row, column: 1, style: .accent) }
      let style: Style = details.focus == item ? .selected : .plain
      let end = grid.put("+ \(label)", row: row, column: 3, style: style)
      grid.onClick(.item(item), row: row, columns: 3..<end)
    case .attributeHeading:
      grid.put("Attributes", row: row, column: 3, style: .bold)
    case .attribute(let index): renderAttribute(index, &grid, row: row)
    case .problem(let text): grid.putProblem(text, row: row)
    }
  }

  /// A sign before a field that was changed, here or by another program.
  private func renderSign(_ part: CustomerPart, isOwn: Bool, _ grid: inout Grid, row: Int) {
    if isOwn {
      grid.put("*", row: row, column: 2, style: .warning)
    } else if details.marks.contains(part) {
      grid.put("●", row: row, column: 2, style: .accent)
    }
  }

  private func renderText(_ field: FormField, _ label: String, _ grid: inout Grid, row: Int) {
    let isFocused = details.focus == .field(field)
    grid.onClick(.item(.field(field)), row: row)
    grid.putLabel(label, row: row, isFocused: isFocused)
    let (group, isOwn) = change(field)
    renderSign(group, isOwn: isOwn, &grid, row: row)
    grid.putField(
      isFocused ? details.editor : TextField(details.draft[field]),
      row: row,
      width: Self.width(field, grid),
      isFocused: isFocused && !details.isSaving
    )
    guard case .text(.phone(let index, .numberInternational)) = field else { return }
    let phone = details.draft.phones[index]
    if phone.numberInternational.isEmpty, !phone.numberLocal.isEmpty, !isFocused {
      grid.put("made of country and number", row: row, column: Grid.fieldColumn, style: .dim)
    }
  }

  /// Short fields are drawn short.
  private static func width(_ field: FormField, _ grid: Grid) -> Int {
    switch field {
    case .text(.phone(_, .country)), .text(.address(_, .country)): min(6, grid.fieldWidth)
    case .text(.phone), .text(.address(_, .postcode)): min(24, grid.fieldWidth)
    default: grid.fieldWidth
    }
  }

  /// The part that a field belongs to, and whether it was changed here.
  private func change(_ field: FormField) -> (CustomerPart, isOwn: Bool) {
    let base = details.base
    switch field {
    case .text(.phone(let place, _)):
      let key = details.draft.phones[place].key
      return (.phone(key), isChanged(field, base.phones.firstIndex { $0.key == key }))
    case .text(.address(let place, _)):
      let key = details.draft.addresses[place].key
      return (.address(key), isChanged(field, base.addresses.firstIndex { $0.key == key }))
    case .text(let path): return (.field(path.field), isChanged(field, 0))
    case .attributeName(let index), .attributeValue(let index):
      let attribute = details.draft.attributes[index]
      let isOwn =
        base.attributes[attribute.name] != attribute.value
        && (!attribute.name.isEmpty || !attribute.value.isEmpty)
      return (.attribute(attribute.name), isOwn)
    }
  }

  /// Whether a text isn't what it was in the element at a place; nil for one that is new.
  private func isChanged(_ field: FormField, _ place: Int?) -> Bool {
    guard case .text(let path) = field else { return false }
    let old = place.flatMap { path.moved(to: $0).text(in: details.base) }
    return details.draft[field] != old ?? ""
  }

  private func renderType(_ index: Int, _ grid: inout Grid, row: Int) {
    let isFocused = details.focus == .phoneType(index)
    grid.onClick(.item(.phoneType(index)), row: row)
    grid.putLabel("Type", row: row, isFocused: isFocused)
    let phone = details.draft.phones[index]
    let old = details.base.phones.first { $0.key == phone.key && !phone.key.isEmpty }
    let isOwn = old.map { $0.type != phone.type } ?? (phone.type != .unknown)
    renderSign(.phone(phone.key), isOwn: isOwn, &grid, row: row)
    let name = phone.type.name
    grid.put(
      isFocused ? "‹ \(name) ›" : name,
      row: row,
      column: isFocused ? Grid.fieldColumn - 2 : Grid.fieldColumn,
      style: isFocused ? .accent : .plain
    )
  }

  private func renderHeading(
    _ item: CustomerDetails.Item,
    _ title: String,
    _ key: String,
    _ grid: inout Grid,
    row: Int
  ) {
    let isFocused = details.focus == item
    if isFocused { grid.put("›", row: row, column: 1, style: .accent) }
    grid.put(title, row: row, column: 3, width: Grid.fieldColumn - 4, style: .bold)
    let button = "[ Remove ]"
    let start = Grid.fieldColumn + grid.fieldWidth - button.count
    let width = start - Grid.fieldColumn - 1
    grid.put(
      key.isEmpty ? "new" : key,
      row: row,
      column: Grid.fieldColumn,
      width: width,
      style: .dim
    )
    grid.put(button, row: row, column: start, style: isFocused ? .selected : .dim)
    grid.onClick(.item(item), row: row, columns: start..<start + button.count)
  }

  private func renderAttribute(_ index: Int, _ grid: inout Grid, row: Int) {
    let name = FormField.attributeName(index)
    let value = FormField.attributeValue(index)
    let (group, isOwn) = change(name)
    renderSign(group, isOwn: isOwn, &grid, row: row)
    let button = "[ Remove ]"
    let width = grid.fieldWidth - button.count - 1
    for (field, column, width) in [
      (name, 4, Grid.fieldColumn - 6), (value, Grid.fieldColumn, width),
    ] {
      let isFocused = details.focus == .field(field)
      if isFocused { grid.put("›", row: row, column: 1, style: .accent) }
      grid.onClick(.item(.field(field)), row: row, columns: column..<column + width)
      grid.putField(
        isFocused ? details.editor : TextField(details.draft[field]),
        row: row,
        column: column,
        width: width,
        isFocused: isFocused && !details.isSaving
      )
    }
    let start = Grid.fieldColumn + width + 1
    grid.onClick(.item(.removeAttribute(index)), row: row, columns: start..<start + button.count)
    let isFocused = details.focus == .removeAttribute(index)
    if isFocused { grid.put("›", row: row, column: 1, style: .accent) }
    grid.put(
      button,
      row: row,
      column: start,
      style: isFocused ? .selected : .dim
    )
  }
}
