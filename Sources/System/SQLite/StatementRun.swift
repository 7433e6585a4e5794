import CSQLite

/// One run of a statement: its values, bound in order, then its rows.
///
/// A run ends with its value, and can't be copied: however that comes about, the statement is reset
/// then, so that it holds no lock, and no value that the next run would begin with. A value that
/// SQLite doesn't take makes the first step throw.
package struct StatementRun: ~Copyable {
  @usableFromInline let statement: Statement
  private var parameter: Int32 = 0
  private var bindingCode = SQLITE_OK

  /// SQLite copies a value bound with this before the call returns.
  private static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  init(_ statement: Statement) {
    assert(sqlite3_stmt_busy(statement.handle) == 0, "the statement runs already")
    self.statement = statement
  }

  deinit {
    // The code it answers is that of the last step, which has been thrown.
    sqlite3_reset(statement.handle)
    if parameter > 0 { sqlite3_clear_bindings(statement.handle) }
  }

  // MARK: Binding

  /// Binds the next parameter to a number.
  package consuming func bind(_ value: Int64) -> StatementRun {
    note(sqlite3_bind_int64(statement.handle, next(), value))
    return self
  }

  /// Binds the next parameter to a number or, without one, to NULL.
  package consuming func bind(_ value: Int64?) -> StatementRun {
    guard let value else { return bindNull() }
    return bind(value)
  }

  /// Binds the next parameter to a text, which SQLite copies.
  package consuming func bind(_ value: String) -> StatementRun {
    var value = value
    let index = next()
    let statement = statement
    note(
      value.withUTF8 { bytes in
        Self.bindText(statement, index, UnsafeRawBufferPointer(bytes), Self.copied)
      }
    )
    return self
  }

  /// Binds the next parameter to a text given as UTF-8, which SQLite copies.
  package consuming func bind(utf8 bytes: Span<UInt8>) -> StatementRun {
    let index = next()
    let statement = statement
    note(bytes.withUnsafeBytes { Self.bindText(statement, index, $0, Self.copied) })
    return self
  }

  /// Binds the next parameter to a blob, which SQLite copies.
  package consuming func bind(_ value: [UInt8]) -> StatementRun {
    let index = next()
    let handle = statement.handle
    note(
      value.withUnsafeBytes { bytes in
        // An empty array may have no address, which SQLite would take for NULL.
        guard let start = bytes.baseAddress else { return sqlite3_bind_zeroblob(handle, index, 0) }
        return sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), Self.copied)
      }
    )
    return self
  }

  /// Binds the next parameter to a blob, which SQLite copies, or, without one, to NULL.
  package consuming func bind(_ value: [UInt8]?) -> StatementRun {
    guard let value else { return bindNull() }
    return bind(value)
  }

  /// Binds the next parameter to NULL.
  package consuming func bindNull() -> StatementRun {
    note(sqlite3_bind_null(statement.handle, next()))
    return self
  }

  /// Binds the next parameter to a text without a copy: it must outlive the run.
  consuming func bind(lending bytes: UnsafeBufferPointer<UInt8>) -> StatementRun {
    // A null destructor is SQLITE_STATIC: the bytes stay where they are.
    note(Self.bindText(statement, next(), UnsafeRawBufferPointer(bytes), nil))
    return self
  }

  private static func bindText(
    _ statement: Statement,
    _ index: Int32,
    _ bytes: UnsafeRawBufferPointer,
    _ destructor: sqlite3_destructor_type?
  ) -> Int32 {
    // An empty buffer may have no address, which SQLite would take for NULL.
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      return sqlite3_bind_text(statement.handle, index, "", 0, nil)
    }
    return sqlite3_bind_text64(
      statement.handle,
      index,
      start.assumingMemoryBound(to: CChar.self),
      UInt64(bytes.count),
      destructor,
      UInt8(SQLITE_UTF8)
    )
  }

  private mutating func next() -> Int32 {
    parameter += 1
    return parameter
  }

  private mutating func note(_ code: Int32) {
    if code != SQLITE_OK, bindingCode == SQLITE_OK { bindingCode = code }
  }

  // MARK: Stepping

  /// Goes to the next row, whose columns are the statement's.
  ///
  /// - Returns: Whether there is one.
  package borrowing func step() throws(SQLiteError) -> Bool {
    guard bindingCode == SQLITE_OK else {
      throw SQLiteError(bindingCode, nil, sql: statement.sql, quotesOnlySQL: false)
    }
    switch sqlite3_step(statement.handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let handle = statement.database.handle
      throw SQLiteError(code, handle, sql: statement.sql, quotesOnlySQL: false)
    }
  }

  /// Goes to the end; the rows are read away.
  package consuming func run() throws(SQLiteError) {
    while try step() {}
  }

  /// Goes to the first row, and ends there.
  ///
  /// - Parameter row: Takes what it wants from the columns.
  /// - Returns: What `row` made, or `nil` if there was no row.
  /// - Throws: What SQLite says, or what `row` throws.
  @inlinable
  package consuming func first<Result>(
    _ row: (Statement) throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result? {
    try step() ? try row(statement) : nil
  }

  /// Calls the closure with every row.
  @inlinable
  package consuming func forEachRow(
    _ row: (Statement) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    while try step() { try row(statement) }
  }
}
