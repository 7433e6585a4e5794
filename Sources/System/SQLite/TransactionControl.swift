/// The statements that open and close a connection's transactions, prepared once.
package final class TransactionControl {
  private let database: Database
  private let beginDeferred: Statement
  private let beginImmediate: Statement
  private let commitStatement: Statement
  private let rollbackStatement: Statement
  private let savepointStatement: Statement
  private let releaseStatement: Statement
  private let rollbackToStatement: Statement

  /// Prepares the statements.
  package init(_ database: Database) throws(SQLiteError) {
    self.database = database
    beginDeferred = try database.prepare("BEGIN")
    beginImmediate = try database.prepare("BEGIN IMMEDIATE")
    commitStatement = try database.prepare("COMMIT")
    rollbackStatement = try database.prepare("ROLLBACK")
    savepointStatement = try database.prepare("SAVEPOINT part")
    releaseStatement = try database.prepare("RELEASE part")
    rollbackToStatement = try database.prepare("ROLLBACK TO part")
  }

  /// Opens a transaction for reading: all its statements see the moment of the first one.
  package func beginReading() throws(SQLiteError) { try beginDeferred.run() }

  /// Opens a transaction for writing and takes the write lock at once.
  package func beginWriting() throws(SQLiteError) { try beginImmediate.run() }

  /// Makes the transaction's writes stay.
  package func commit() throws(SQLiteError) { try commitStatement.run() }

  /// Ends the transaction, if one is open, without its writes.
  ///
  /// It can't fail in a way the caller could mend: where SQLite has already rolled back there is
  /// nothing to do, and an error leaves a transaction open (``Database/whatIsOpen``).
  package func rollback() {
    if !database.isAutocommit { try? rollbackStatement.run() }
  }

  /// Runs a part of a transaction whose writes stay or go together.
  ///
  /// An error takes the part's writes back and is thrown on; the transaction goes on, unless
  /// SQLite has ended it (``Database/isAutocommit``).
  package func part<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result,
    mapping: (SQLiteError) -> Failure
  ) throws(Failure) -> Result {
    do { try savepointStatement.run() } catch { throw mapping(error) }
    do throws(Failure) {
      let result = try body()
      do throws(SQLiteError) { try releaseStatement.run() } catch { throw mapping(error) }
      return result
    } catch {
      try? abandonPart()
      throw error
    }
  }

  /// Takes a part's writes back; where SQLite has ended the whole transaction there are none.
  private func abandonPart() throws(SQLiteError) {
    guard !database.isAutocommit else { return }
    try rollbackToStatement.run()
    try releaseStatement.run()
  }

  /// Runs a transaction for writing; an error rolls it back and is thrown on.
  package func writing<Result>(
    _ body: () throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result {
    try beginWriting()
    do throws(SQLiteError) {
      let result = try body()
      try commit()
      return result
    } catch {
      rollback()
      throw error
    }
  }

  /// Runs statements that all see one moment, and may be stopped (``Interrupter``).
  package func reading<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result,
    mapping: (SQLiteError) -> Failure
  ) throws(Failure) -> Result {
    do { try beginReading() } catch { throw mapping(error) }
    defer { rollback() }
    return try database.interrupter.working(body, mapping: mapping)
  }
}
