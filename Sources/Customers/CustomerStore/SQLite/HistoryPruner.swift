import SQLite
import Synchronization

/// Forgets changes that are older than the store's settings keep them, a bounded step at a time.
///
/// The changes that are kept are always the newest ones without a gap, so one number says which
/// (``Meta/oldestSequence()``); it moves in the transaction that removes. The newest change stays
/// whatever its age: the numbers go on from it. Where a change is gone, so is the version it made,
/// unless the change after it is kept: that one holds the record it replaced.
final class HistoryPruner {
  /// The changes that one transaction removes; fewer where their records are large.
  static let stepMax: Int64 = 512

  /// What a transaction should take, in microseconds: it removes fewer changes where so many take
  /// longer.
  private static let microsecondsMax: Int64 = 10_000

  private let connection: WriterConnection
  private let clock: CommitClock
  private let microseconds: @Sendable () -> Int64
  private let stopwatch: @Sendable () -> Int64
  private let oldestChanges: Statement
  private let removeChanges: Statement

  private var pace = Pace(16...stepMax, microsecondsMax: microsecondsMax)

  /// The newest change at the last step.
  private var steppedAt: Int64 = 0

  init(
    _ connection: WriterConnection,
    clock: CommitClock,
    microseconds: @escaping @Sendable () -> Int64,
    stopwatch: @escaping @Sendable () -> Int64
  ) throws(SQLiteError) {
    self.connection = connection
    self.clock = clock
    self.microseconds = microseconds
    self.stopwatch = stopwatch
    oldestChanges = try connection.database.prepare(HistorySQL.oldestChanges)
    removeChanges = try connection.database.prepare(HistorySQL.removeChanges)
  }

  /// Whether so much was written since the last step that the next can't wait until nobody writes.
  ///
  /// A step for as many changes as it can remove: so the log doesn't grow under steady writes.
  var isBehind: Bool {
    connection.counters.settings.historyRetention != nil
      && connection.counters.newestSequence - steppedAt >= pace.count
  }

  /// Removes the oldest changes, if they are too old.
  ///
  /// - Returns: How long to wait for the next change to become too old, in microseconds, 0 if
  ///   there may be one already; `nil` if all are kept.
  func step() throws(SQLiteError) -> Int64? {
    steppedAt = connection.counters.newestSequence
    let start = stopwatch()
    guard let retention = connection.counters.settings.historyRetention else { return nil }
    let end = microseconds().subtractingReportingOverflow(retention)
    guard !end.overflow else { return nil }
    let found = try findOld(before: end.partialValue)
    if let last = found.last {
      try connection.transactions.writing { () throws(SQLiteError) in
        try removeChanges.bind(last).run()
        try connection.note(MetaName.oldestSequence, "\(last + 1)")
      }
      pace.note(last + 1 - connection.counters.oldestSequence, microseconds: stopwatch() - start)
      connection.counters.oldestSequence = last + 1
      clock.oldestSequence.store(last + 1, ordering: .releasing)
    }
    return found.pause
  }

  /// The last of the oldest changes that are to go now, and the pause before there are more.
  private func findOld(before end: Int64) throws(SQLiteError) -> (last: Int64?, pause: Int64?) {
    var last: Int64?
    var bytes = 0
    let rows = oldestChanges.bind(Self.stepMax + 1)
    var count: Int64 = 0
    while try rows.step() {
      let sequence = try oldestChanges.number(at: 0, "number", of: "a change")
      let time = try oldestChanges.time(at: 1, of: "change \(sequence)")
      if sequence >= connection.counters.newestSequence { return (last, nil) }
      if time >= end { return (last, time - end + 1) }
      if count == pace.count || bytes >= StoreLimit.chunkBytesMax { return (last, 0) }
      last = sequence
      count += 1
      bytes += Int(oldestChanges.integer(at: 2))
    }
    return (last, nil)
  }
}
