import Terminal

/// What a click means, by what stands where it was made.
enum ClickTarget: Equatable, Sendable {
  /// The same as a key.
  case key(Key)

  /// A row of the list that is shown, counted from its first.
  case row(Int)

  /// Something on the details form.
  case item(CustomerDetails.Item)

  /// One of the tabs of the details.
  case tab(CustomerDetails.Tab)

  /// Something on the Add New panel.
  case form(AddNewForm.Item)

  /// A field on the conflict screen.
  case conflict(Int)

  /// An answer to the question.
  case answer(Int)
}

extension Grid {
  /// Says what a click on a part of a row means.
  mutating func onClick(_ target: ClickTarget, row: Int, columns: Range<Int>? = nil) {
    areas.append((row, columns ?? 0..<size.columns, target))
  }

  /// What a click means; nil where it means nothing.
  func target(at place: GridPosition) -> ClickTarget? {
    areas.last { $0.row == place.row && $0.columns.contains(place.column) }?.target as? ClickTarget
  }
}
