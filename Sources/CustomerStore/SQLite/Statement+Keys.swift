import SQLite

// The keys of lists, as SQLite sorts them.

extension ListOrder {
  /// Whether a place comes before another.
  func isBefore(_ place: ListPosition, _ other: ListPosition) -> Bool {
    let isDescending = if case .by(_, true) = self { true } else { false }
    let (first, second) = isDescending ? (other, place) : (place, other)
    if first.key == second.key { return first.row < second.row }
    return first.key.isBefore(second.key)
  }
}

extension ListKey {
  /// Whether SQLite sorts this key before another one of the same index.
  fileprivate func isBefore(_ other: ListKey) -> Bool {
    switch (self, other) {
    case (.text(let text), .text(let other)): text.lexicographicallyPrecedes(other)
    case (.time(let time), .time(let other)): time < other
    case (.none, _), (.text, _), (.time, _): false
    }
  }

  /// The key that follows, with none between.
  var successor: ListKey {
    switch self {
    case .none: .none
    case .text(let text): .text(text + [0])
    case .time(let time): .time(time == .max ? time : time + 1)
    }
  }
}

extension Statement {
  /// Binds the next parameter to a key.
  @discardableResult
  func bind(_ key: ListKey) -> Statement {
    switch key {
    case .none: bindNull()
    case .text(let text): bind(utf8: text.span)
    case .time(let time): bind(time)
    }
  }

  /// The key in a column of the row.
  func key(at column: Int32) -> ListKey {
    isInteger(at: column) ? .time(integer(at: column)) : .text(bytes(at: column))
  }

  /// Goes to the next row and returns the number in its first column; `nil` behind the last.
  func nextRow() throws(SQLiteError) -> Int64? {
    try step() ? integer(at: 0) : nil
  }
}
