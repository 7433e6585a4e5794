import Terminal

// The mouse, where it was asked for.

extension ConsoleState {
  /// How far a turn of the wheel goes, in rows.
  static let wheelRows = 3

  /// Turns the wheel: as the arrow keys do.
  mutating func turnWheel(up: Bool) {
    for _ in 0..<Self.wheelRows { press(Key(up ? .up : .down)) }
  }

  /// Does what a click on the screen means.
  mutating func click(_ place: GridPosition) {
    switch render().target(at: place) {
    case .none: break
    case .key(let key): press(key)
    case .row(let row): clickRow(row)
    case .item(let item):
      details?.setFocus(item)
      if case .field = item { return }
      press(Key(.enter))
    case .tab(let tab):
      guard details?.tab != tab else { return }
      if tab == .history { showHistory() } else { press(Key(.left)) }
    case .form(let item): clickForm(item)
    case .conflict(let index):
      details?.conflict?.focus = index
      press(.letter(" "))
    case .answer(let index):
      question?.focus = index
      press(Key(.enter))
    }
  }

  /// The first click selects, the second opens.
  private mutating func clickRow(_ row: Int) {
    if details?.tab == .history {
      details?.history?.selected = row
    } else if section == .changes {
      if feed.selected == row { press(Key(.enter)) } else { feed.selected = row }
    } else if list.selected == row {
      press(Key(.enter))
    } else {
      list.goal = nil
      list.selected = row
    }
  }

  private mutating func clickForm(_ item: AddNewForm.Item) {
    guard let form = addNew, !form.isLocked else { return }
    addNew?.focus = item
    leave(form.focus, for: item)
    if item.field == nil { press(Key(.enter)) }
  }
}
