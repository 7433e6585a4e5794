import CSQLite

extension Database {
  /// The pages that a backup copies before it lets others at the file.
  private static let backupPagesAtOnce: Int32 = 1024

  /// Copies the whole database, as it is at one moment, into a new file (mode 0600).
  ///
  /// - Parameter path: Where the copy goes; what is there is overwritten.
  /// - Throws: ``SQLiteError`` of either side; the half-made file is left for the caller.
  package func backUp(to path: String) throws(SQLiteError) {
    let copy = try Database(path: path, mode: .readWriteCreate)
    guard let backup = sqlite3_backup_init(copy.handle, "main", handle, "main") else {
      throw SQLiteError(
        sqlite3_extended_errcode(copy.handle),
        copy.handle,
        sql: "",
        quotesOnlySQL: true
      )
    }
    var code = SQLITE_OK
    while code == SQLITE_OK { code = sqlite3_backup_step(backup, Self.backupPagesAtOnce) }
    let finished = sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE, finished == SQLITE_OK else {
      let failure = code == SQLITE_DONE ? finished : code
      throw SQLiteError(failure, copy.handle, sql: "", quotesOnlySQL: true)
    }
  }
}
