import SQLite

/// Overwrites what erased customers leave where nothing reads it.
///
/// SQLite zeroes what is deleted from its tables (`secure_delete`). What stays are words in the
/// segments of the full-text indexes, which forget them when all are merged into one, and pages in
/// the log, which goes when it is copied whole and cut to nothing. Both are done piece by piece, as
/// writes and readers let; the store notes that it is under way, and goes on after a restart.
final class Scrubber {
  /// The pages that one piece of merging writes; fewer where so many take too long.
  private static let mergePages: ClosedRange<Int64> = 16...256

  /// What a piece should take, in microseconds.
  private static let microsecondsMax: Int64 = 10_000

  /// The groups of writes that go before each piece: it isn't urgent, as nothing reads what it
  /// overwrites.
  private static let groupsBetween = 16

  /// What is done next.
  private enum Step {
    case begin
    case index(through: Int64)
    case merge(Int, hasBegun: Bool)
    case cutLog
  }

  private let connection: WriterConnection
  private let merges: [Statement]
  private let stopwatch: @Sendable () -> Int64
  private var pace = Pace(mergePages, microsecondsMax: microsecondsMax)
  private var step = Step.begin
  private var doneCount: Int64 = 0
  private var wantedCount: Int64 = 0
  private var groups = 0

  init(
    _ connection: WriterConnection,
    stopwatch: @escaping @Sendable () -> Int64
  ) throws(SQLiteError) {
    self.connection = connection
    self.stopwatch = stopwatch
    var merges: [Statement] = []
    for sql in StoreSQL.merges { merges.append(try connection.database.prepare(sql)) }
    self.merges = merges
  }

  /// Whether there is something to overwrite.
  var isNeeded: Bool { connection.counters.erasureCount > doneCount }

  /// Whether a piece is to be done between two groups of writes; asked once after each.
  func isDue() -> Bool {
    guard isNeeded else { return false }
    groups = (groups + 1) % Self.groupsBetween
    return groups == 0
  }

  /// Does the next piece.
  ///
  /// - Parameter indexer: Moves the words that wait into the indexes, erased ones out of them.
  /// - Returns: Whether it came further; not while a reader holds the log.
  /// - Throws: What SQLite says; the piece is done again.
  func advance(_ indexer: Indexer) throws(SQLiteError) -> Bool {
    switch step {
    case .begin:
      wantedCount = connection.counters.erasureCount
      step = .index(through: try indexer.lastWaiting() ?? 0)
    case .index(let end):
      // Who came to be first is moved first, and the erased ones wait already.
      let moved = try indexer.indexBatch()
      if moved.map({ $0 >= end }) ?? true { step = .merge(0, hasBegun: false) }
    case .merge(let place, let hasBegun):
      try merge(place, hasBegun: hasBegun)
    case .cutLog:
      guard try cutLog() else { return false }
      step = .begin
      doneCount = wantedCount
      if !isNeeded {
        try connection.transactions.writing { () throws(SQLiteError) in
          try connection.setMeta.bind(MetaName.erasing).bind("0").run()
        }
      }
    }
    return true
  }

  private func merge(_ place: Int, hasBegun: Bool) throws(SQLiteError) {
    let start = stopwatch()
    let pages = pace.count
    let before = connection.database.totalChangeCount
    try connection.transactions.writing { () throws(SQLiteError) in
      try merges[place].bind(hasBegun ? pages : -pages).run()
    }
    pace.note(pages, microseconds: stopwatch() - start)
    // A merge with nothing to do still counts as one change (`sqlite.org/fts5.html`, 6.8).
    if connection.database.totalChangeCount - before >= 2 {
      step = .merge(place, hasBegun: true)
    } else {
      step = place + 1 < merges.count ? .merge(place + 1, hasBegun: false) : .cutLog
    }
  }

  /// Copies the whole log and makes its file empty; says whether readers let it.
  private func cutLog() throws(SQLiteError) -> Bool {
    let database = connection.database
    database.setBusyTimeout(milliseconds: 0)
    defer { database.setBusyTimeout(milliseconds: Int32(StoreOpening.busyMilliseconds)) }
    do throws(SQLiteError) {
      try database.checkpoint(.truncate)
      return true
    } catch {
      guard case .busy = error.code else { throw error }
      return false
    }
  }
}
