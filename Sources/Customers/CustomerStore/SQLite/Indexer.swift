import SQLite

/// Moves waiting words into the search index, in transactions of its own.
final class Indexer {
  /// The rows that one transaction moves.
  ///
  /// The index takes a segment from each, so few rows are dear to merge later, and many keep the
  /// writes behind them waiting. At 140 thousand customers a row costs 37 microseconds by 256, 26
  /// by 512 and 24 by 1024.
  static let batchMax: Int64 = 512

  /// The fewest, where so many would take too long: SQLite merges what was moved before, now and then
  /// a lot of it.
  static let batchMin: Int64 = 64

  /// What a transaction should take, in microseconds.
  static let microsecondsMax: Int64 = 15_000

  /// The rows that may wait: where more do, the writer moves some before each of its transactions.
  ///
  /// Every search looks through what waits, in about a millisecond by so many.
  static let waitingMax: Int64 = 4096

  private let connection: WriterConnection
  private let stopwatch: @Sendable () -> Int64
  private var pace = Pace(batchMin...batchMax, microsecondsMax: microsecondsMax)
  private let pendingEnd: Statement
  private let pendingLast: Statement
  private let steps: [Statement]

  init(
    _ connection: WriterConnection,
    stopwatch: @escaping @Sendable () -> Int64
  ) throws(SQLiteError) {
    self.connection = connection
    self.stopwatch = stopwatch
    pendingEnd = try connection.database.prepare(StoreSQL.pendingEnd)
    pendingLast = try connection.database.prepare(StoreSQL.pendingLast)
    var steps: [Statement] = []
    for sql in StoreSQL.indexing { steps.append(try connection.database.prepare(sql)) }
    self.steps = steps
  }

  /// Moves one batch, of the rows that came to be first.
  ///
  /// - Returns: The last row that was moved; `nil` if none is left.
  /// - Throws: What SQLite says; nothing was moved then.
  @discardableResult
  func indexBatch() throws(SQLiteError) -> Int64? {
    let start = stopwatch()
    let count = pace.count
    let (last, moved) = try connection.transactions.writing {
      () throws(SQLiteError) -> (Int64?, Int64) in
      let last = try pendingEnd.bind(count - 1).first { $0.integer(at: 0) }
      let end = if let last { last } else { try lastWaiting() ?? 0 }
      for step in steps { try step.bind(end).run() }
      return (last, Int64(connection.database.changeCount))
    }
    connection.waitingWords = nil
    // The number is an upper bound, so it may say that rows are left where none is.
    connection.counters.pendingCount =
      last == nil ? 0 : max(1, connection.counters.pendingCount - moved)
    if last != nil { pace.note(count, microseconds: stopwatch() - start) }
    return last
  }

  /// The newest row that waits; `nil` if none does.
  func lastWaiting() throws(SQLiteError) -> Int64? {
    try pendingLast.first { $0.isNull(at: 0) ? nil : $0.integer(at: 0) } ?? nil
  }
}
