import CSQLite

extension Database {
  /// Copies the whole database, as it is at one moment, into a new file (mode 0600).
  ///
  /// - Parameter path: Where the copy goes; what is there is overwritten.
  /// - Throws: ``SQLiteError`` of either side; the half-made file is left for the caller.
  package func backUp(to path: String) throws(SQLiteError) {
    let copying = try DatabaseCopying(of: self, to: path)
    while try copying.step() {}
  }
}

/// A database being copied, some pages at a time (`sqlite.org/c3ref/backup_finish.html`).
///
/// If others write to the source between two steps, SQLite begins anew, for ever if they never
/// stop. A transaction for reading, open on the source all the while, keeps its moment.
package final class DatabaseCopying {
  /// The pages that a step copies, and the disk takes before the next: 1 MiB.
  ///
  /// A copy that is left to the system goes to the disk in bursts of hundreds of MiB, and whoever
  /// commits meanwhile waits for them: with a file that others append to and sync beside it, the
  /// longest waits were twice as long so as by this many pages, and by 4 MiB in between.
  private static let pagesAtOnce: Int32 = 256

  /// The copy: whole when ``step()`` has answered false.
  package let copy: Database

  private let source: Database
  private var backup: OpaquePointer?

  /// Begins a copy.
  ///
  /// - Parameters:
  ///   - source: What is copied.
  ///   - path: Where the copy goes (mode 0600); what is there is overwritten.
  ///   - isForGood: Whether the copy must survive a loss of power once it is whole.
  /// - Throws: ``SQLiteError``.
  package init(
    of source: Database,
    to path: String,
    isForGood: Bool = true
  ) throws(SQLiteError) {
    copy = try Database(path: path, mode: .readWriteCreate)
    self.source = source
    if !isForGood { try copy.setPragma("synchronous", to: "OFF") }
    backup = sqlite3_backup_init(copy.handle, "main", source.handle, "main")
    if backup == nil { throw error(sqlite3_extended_errcode(copy.handle)) }
  }

  deinit { sqlite3_backup_finish(backup) }

  /// Copies some pages.
  ///
  /// - Returns: Whether there are more.
  /// - Throws: ``SQLiteError`` of either side.
  package func step() throws(SQLiteError) -> Bool {
    switch sqlite3_backup_step(backup, Self.pagesAtOnce) {
    case SQLITE_OK:
      try copy.syncFile()
      return true
    case SQLITE_DONE:
      let finished = sqlite3_backup_finish(backup)
      backup = nil
      guard finished == SQLITE_OK else { throw error(finished) }
      return false
    case let code: throw error(code)
    }
  }

  private func error(_ code: Int32) -> SQLiteError {
    SQLiteError(code, copy.handle, sql: "", quotesOnlySQL: true)
  }
}
