import CustomerModel
import Locks

/// The rows of an import, written in as many parts as it takes, each in a transaction of the
/// writer's.
///
/// A row's result is true of what is committed: those of a part count when that part is durable.
final class ImportWork: Sendable {
  /// The writer's own, from one part to the next.
  private struct Progress {
    var results: [Result<WrittenRecord, RepositoryError>] = []
    var committedCount = 0
    var rehearsal: Rehearsal?
  }

  private let rows: [ImportRow]
  private let mode: ImportMode
  private let match: ImportMatch
  private let stamp: WriteStamp
  private let decide: @Sendable (_ row: ImportRow, _ current: Customer?) throws -> Customer?
  private let progress: Lock<Progress>

  init(
    _ rows: [ImportRow],
    mode: ImportMode,
    match: ImportMatch,
    _ stamp: WriteStamp,
    decide: @escaping @Sendable (_ row: ImportRow, _ current: Customer?) throws -> Customer?
  ) {
    self.rows = rows
    self.mode = mode
    self.match = match
    self.stamp = stamp
    self.decide = decide
    progress = Lock(Progress(rehearsal: mode == .validate ? Rehearsal() : nil))
  }

  /// Does the next rows, at least one; answers all results behind the last.
  func advance(
    _ connection: WriterConnection,
    _ turn: Turn
  ) -> [Result<WrittenRecord, RepositoryError>]? {
    progress.withLock { progress in
      connection.rehearsal = progress.rehearsal
      defer { connection.rehearsal = nil }
      for row in rows[progress.results.count...] {
        progress.results.append(
          Result { () throws(RepositoryError) in
            try connection.importRow(row, mode, match, stamp, decide: decide)
          }
        )
        // After some errors SQLite has ended the transaction; the writer says so of all of it.
        if turn.isOver || connection.rollbackCause != nil { break }
      }
      return progress.results.count == rows.count ? progress.results : nil
    }
  }

  /// Notes that the part before is durable.
  func didCommitPart() { progress.withLock { $0.committedCount = $0.results.count } }

  /// The results where a part ended with an error, or none was begun any more.
  ///
  /// - Throws: The error, if nothing was written before.
  func results(
    endedBy error: RepositoryError
  ) throws(RepositoryError) -> [Result<WrittenRecord, RepositoryError>] {
    let (done, tried) = progress.withLock { progress in
      (progress.results.prefix(progress.committedCount), progress.results.count)
    }
    guard !done.isEmpty, mode != .validate else { throw error }
    let missing: [Result<WrittenRecord, RepositoryError>] = rows.indices[done.count...].map {
      .failure($0 < tried ? error : error.ofWhatWasNotBegun)
    }
    return done + missing
  }
}
