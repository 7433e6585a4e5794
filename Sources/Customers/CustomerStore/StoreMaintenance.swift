import SQLite

/// What is done to a store while no daemon serves it.
package enum StoreMaintenance {
  /// Makes all that follows from the records anew: columns, search indexes, counts.
  ///
  /// Killed in between, it goes on where it was when the store is opened the next time.
  ///
  /// - Returns: The customers in the store.
  /// - Throws: ``RepositoryError`` `inUse`, `cannotOpen` if there is no file, and what opening a
  ///   store can throw.
  package static func rebuild(_ options: StoreOptions) throws(RepositoryError) -> Int64 {
    try withLock(options) { () throws(RepositoryError) in
      let opening = StoreOpening(options)
      let database = try opening.openTables()
      let count = try Rebuilder(database, options).run()
      do throws(SQLiteError) { try database.checkpoint(.truncate) } catch {
        throw RepositoryError(error, path: options.path)
      }
      return count
    }
  }

  /// Reads a store through and compares all that must agree; changes nothing.
  ///
  /// - Returns: What was found.
  /// - Throws: ``RepositoryError`` `inUse`, `cannotOpen`, `notAStore`, `newerSchema`; what is wrong
  ///   inside the file is a finding.
  package static func check(_ options: StoreOptions) throws(RepositoryError) -> StoreFindings {
    try withLock(options) { () throws(RepositoryError) in
      do throws(RepositoryError) { return try StoreCheck(options).run() } catch {
        guard case .corrupt(_, let finding) = error else { throw error }
        var findings = StoreFindings()
        findings.note(finding)
        return findings
      }
    }
  }

  /// Does something as the one who has the file; a missing one isn't made.
  private static func withLock<Result>(
    _ options: StoreOptions,
    _ body: () throws(RepositoryError) -> Result
  ) throws(RepositoryError) -> Result {
    guard fileSize(options.path) != nil else {
      throw .cannotOpen(path: options.path, reason: "there is no such file")
    }
    let lock: FileLock
    do throws(FileLockError) { lock = try FileLock(path: options.path + ".lock") } catch {
      throw RepositoryError(error, path: options.path)
    }
    return try withExtendedLifetime(lock, body)
  }
}
