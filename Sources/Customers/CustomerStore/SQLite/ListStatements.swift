import CustomerModel
import SQLite

/// The statements of lists, on one connection; to be used inside a read transaction.
final class ListStatements {
  /// The rows of one source that are gathered and put in order; where there are more, the order's
  /// own index is walked, in which they lie close enough.
  static let gatheredMax = 2000

  /// The statements of one order.
  private struct Walk {
    let range: Statement
    let equal: Statement
  }

  private let database: Database
  private let walkRows: Statement
  private let walkTerms: Statement
  private let walkPending: Statement
  private let termRows: Statement
  private let pendingTermRows: Statement
  private let record: Statement
  private var walks: [ListOrder: Walk] = [:]
  private var rowsOfRange: [ListPlan.Index: Statement] = [:]
  private var keyed: [ListPlan.Index: Statement] = [:]

  init(_ database: Database) throws(SQLiteError) {
    self.database = database
    walkRows = try database.prepare(ListSQL.walkRows)
    walkTerms = try database.prepare(ListSQL.walkTerms)
    walkPending = try database.prepare(ListSQL.walkPending)
    termRows = try database.prepare(ListSQL.termRows)
    pendingTermRows = try database.prepare(ListSQL.pendingTermRows)
    record = try database.prepare(ListSQL.record)
    for key in ListOrder.Key.allCases {
      for isDescending in [false, true] {
        let index = ListPlan.Index(key)
        walks[.by(key, isDescending: isDescending)] = Walk(
          range: try database.prepare(ListSQL.walk(index, isDescending: isDescending)),
          equal: try database.prepare(ListSQL.walkEqual(index, isDescending: isDescending))
        )
      }
    }
    for index in ListPlan.Index.allCases {
      rowsOfRange[index] = try database.prepare(ListSQL.rows(index))
      keyed[index] = try database.prepare(ListSQL.customer(index))
    }
  }

  /// Reads a page.
  func page(_ query: ListQuery) throws(SQLiteError) -> RecordPage {
    let plan = ListPlan(query.filter)
    if !plan.isServed(by: query.order), let rows = try gather(plan) {
      return try page(query, of: rows)
    }
    var builder = PageBuilder(query)
    switch query.order {
    case .creation where plan.match.isEmpty: try walkRows(query, &builder)
    case .creation: try walkTerms(query, plan, &builder)
    case .by(let key, let isDescending):
      try walk(query, plan.bounds(of: ListPlan.Index(key)), isDescending, &builder)
    }
    return builder.finished()
  }

  // MARK: Walking

  private func walkRows(
    _ query: ListQuery,
    _ builder: inout PageBuilder
  ) throws(SQLiteError) {
    let rows = walkRows.bind(query.position?.row ?? 0)
    while try rows.step() {
      let row = walkRows.integer(at: 0)
      let position = ListPosition(row: row, key: .none)
      guard try builder.take(walkRows, column: 1, at: position) else { return }
    }
  }

  private func walk(
    _ query: ListQuery,
    _ bounds: ListPlan.Bounds,
    _ isDescending: Bool,
    _ builder: inout PageBuilder
  ) throws(SQLiteError) {
    guard let walk = walks[query.order] else { return }
    var bounds = bounds
    if let position = query.position {
      let rows = walk.equal.begin().bind(position.key).bind(position.row)
      guard try take(walk.equal, rows, &builder) else { return }
      if isDescending {
        bounds.upper = position.key
      } else {
        bounds.lower = position.key.successor
      }
    }
    let rows = walk.range.begin().bind(bounds.lower).bind(bounds.upper)
    _ = try take(walk.range, rows, &builder)
  }

  /// Hands a statement's rows to a page; says whether it wants more.
  private func take(
    _ statement: Statement,
    _ rows: consuming StatementRun,
    _ builder: inout PageBuilder
  ) throws(SQLiteError) -> Bool {
    while try rows.step() {
      let position = ListPosition(row: statement.integer(at: 0), key: statement.key(at: 3))
      guard try builder.take(statement, column: 1, at: position) else { return false }
    }
    return true
  }

  /// Walks the terms index, and what waits for it, in the order of rows.
  private func walkTerms(
    _ query: ListQuery,
    _ plan: ListPlan,
    _ builder: inout PageBuilder
  ) throws(SQLiteError) {
    let start = query.position?.row ?? 0
    let terms = walkTerms.bind(utf8: plan.match.span).bind(start)
    let pending = walkPending.bind(utf8: plan.pendingWord.span).bind(start)
    var indexed = try terms.step() ? walkTerms.integer(at: 0) : nil
    var waiting = try pending.step() ? walkPending.integer(at: 0) : nil
    while let row = [indexed, waiting].compactMap(\.self).min() {
      if indexed == row { indexed = try terms.step() ? walkTerms.integer(at: 0) : nil }
      if waiting == row { waiting = try pending.step() ? walkPending.integer(at: 0) : nil }
      // A row that waits may be gone, and still stand in the index.
      let isEnough = try record.bind(row).first { (columns) throws(SQLiteError) -> Bool in
        try !builder.take(columns, column: 0, at: ListPosition(row: row, key: .none))
      }
      if isEnough ?? false { return }
    }
  }

  // MARK: Gathering

  /// The rows of the first source that holds few; `nil` if none does.
  private func gather(_ plan: ListPlan) throws(SQLiteError) -> [Int64]? {
    for (index, bounds) in plan.ranges {
      guard let statement = rowsOfRange[index] else { continue }
      let range = statement.begin().bind(bounds.lower).bind(bounds.upper)
      if let rows = try rows(range) { return rows }
    }
    guard !plan.match.isEmpty,
      let indexed = try rows(termRows.bind(utf8: plan.match.span)),
      let waiting = try rows(pendingTermRows.bind(utf8: plan.pendingWord.span))
    else { return nil }
    return indexed + waiting
  }

  /// The rows of a run that lacks its limit; `nil` if there are too many to gather.
  private func rows(_ run: consuming StatementRun) throws(SQLiteError) -> [Int64]? {
    var rows: [Int64] = []
    try run.bind(Int64(Self.gatheredMax) + 1).forEachRow { rows.append($0.integer(at: 0)) }
    return rows.count > Self.gatheredMax ? nil : rows
  }

  /// Makes a page of gathered rows.
  ///
  /// Their places are put in order first, and the page's records are read again: all records at once
  /// might not fit.
  private func page(_ query: ListQuery, of rows: [Int64]) throws(SQLiteError) -> RecordPage {
    var places: [ListPosition] = []
    for row in Set(rows) {
      if let place = try place(of: row, query) { places.append(place) }
    }
    places.sort { query.order.isBefore($0, $1) }
    var page = RecordPage()
    var last: ListPosition?
    if query.position == nil { page.totalCount = Int64(places.count) }
    for place in places {
      if let position = query.position, !query.order.isBefore(position, place) { continue }
      if page.records.isFull(query.limit) {
        page.next = last
        break
      }
      try record.bind(place.row).forEachRow { (columns) throws(SQLiteError) in
        try page.records.append(columns, column: 0, of: "row \(place.row)")
      }
      last = place
    }
    return page
  }

  /// Where a customer stands in a list; `nil` if it isn't in it.
  private func place(of row: Int64, _ query: ListQuery) throws(SQLiteError) -> ListPosition? {
    let statement: Statement
    switch query.order {
    case .creation: statement = record
    case .by(let key, _): statement = keyed[ListPlan.Index(key)] ?? record
    }
    let found = try statement.bind(row).first { (columns) throws(SQLiteError) -> ListPosition? in
      guard try query.filter.matches(columns, column: 0) else { return nil }
      if case .creation = query.order { return ListPosition(row: row, key: .none) }
      return ListPosition(row: row, key: columns.key(at: 2))
    }
    return found ?? nil
  }
}
