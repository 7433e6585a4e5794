import CustomerModel
import SQLite

// The keys of lists, as SQLite sorts them, and the columns of customers.

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
  func isBefore(_ other: ListKey) -> Bool {
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

extension StatementRun {
  /// Binds the next parameters to what a customer's ``RecordColumn``s hold.
  consuming func bind(_ customer: Customer, _ derived: DerivedColumns) -> StatementRun {
    var run = self
    for column in RecordColumn.allCases {
      switch column.value(customer, derived) {
      case .number(let number): run = run.bind(number)
      case .text(let text): run = run.bind(text)
      case .derived(let range): run = run.bind(utf8: derived.bytes.span.extracting(range))
      }
    }
    return run
  }

  /// Binds the next parameter to a key.
  consuming func bind(_ key: ListKey) -> StatementRun {
    switch key {
    case .none: return bindNull()
    case .text(let text): return bind(utf8: text.span)
    case .time(let time): return bind(time)
    }
  }

  /// Binds the next two parameters to a record and its number, or to NULL without one.
  consuming func bind(record: [UInt8]?) -> StatementRun {
    guard let record else { return bindNull().bindNull() }
    return bind(record).bind(ByteSum.of(record.span))
  }

  /// Binds the next two parameters to what a search reads of a customer, or to NULL without one.
  consuming func bind(searched derived: DerivedColumns?) -> StatementRun {
    guard let derived else { return bindNull().bindNull() }
    let bytes = derived.bytes.span
    return bind(utf8: bytes.extracting(derived.text)).bind(utf8: bytes.extracting(derived.terms))
  }
}

extension Statement {
  /// The key in a column of the row.
  func key(at column: Int32) -> ListKey {
    isInteger(at: column) ? .time(integer(at: column)) : .text(bytes(at: column))
  }
}
