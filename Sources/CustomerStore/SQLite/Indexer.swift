import SQLite

/// Moves waiting words into the search index, in transactions of its own.
final class Indexer {
  /// The rows that one transaction moves.
  ///
  /// The index takes a segment from each, so few rows are dear to merge later, and many keep the
  /// writes behind them waiting. At 140 thousand customers a row costs 37 microseconds by 256, 26
  /// by 512 and 24 by 1024.
  static let batchMax: Int64 = 512

  /// The rows that may wait: the writer moves all of them before it goes on, so many at once.
  ///
  /// Every search looks through what waits, in about a millisecond by so many.
  static let waitingMax: Int64 = 4096

  private let connection: WriterConnection
  private let pendingCount: Statement
  private let pendingEnd: Statement
  private let pendingLast: Statement
  private let steps: [Statement]

  init(_ connection: WriterConnection) throws(SQLiteError) {
    self.connection = connection
    pendingCount = try connection.database.prepare(StoreSQL.pendingCount)
    pendingEnd = try connection.database.prepare(StoreSQL.pendingEnd)
    pendingLast = try connection.database.prepare(StoreSQL.pendingLast)
    var steps: [Statement] = []
    for sql in StoreSQL.indexing { steps.append(try connection.database.prepare(sql)) }
    self.steps = steps
  }

  /// Moves one batch.
  ///
  /// - Parameter count: The rows that it moves; many at once are cheaper, and keep others waiting.
  /// - Returns: Whether rows are left.
  /// - Throws: What SQLite says; nothing was moved then.
  func indexBatch(of count: Int64 = batchMax) throws(SQLiteError) -> Bool {
    let left = try connection.transactions.writing { () throws(SQLiteError) -> Int64 in
      var end = try pendingEnd.bind(count - 1).first { $0.integer(at: 0) }
      if end == nil { end = try pendingLast.first { $0.integer(at: 0) } }
      for step in steps { try step.bind(end ?? 0).run() }
      return try pendingCount.first { $0.integer(at: 0) } ?? 0
    }
    connection.counters.pendingCount = left
    return left > 0
  }
}
