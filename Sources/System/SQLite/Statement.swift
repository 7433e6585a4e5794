import CSQLite

/// A prepared statement, run again and again, with other values each time.
///
/// It belongs to one connection and is used where that one is. Values are bound and rows are read in
/// a ``StatementRun`` alone, which leaves nothing of itself behind; the columns of the row that a run
/// has come to are read here.
package final class Statement {
  /// The statement's text.
  package let sql: String

  let database: Database
  let handle: OpaquePointer

  init(_ database: Database, _ sql: String) throws(SQLiteError) {
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(
      database.handle,
      sql,
      -1,
      UInt32(SQLITE_PREPARE_PERSISTENT),
      &handle,
      nil
    )
    guard code == SQLITE_OK, let handle else {
      let failure = code == SQLITE_OK ? SQLITE_MISUSE : code
      throw SQLiteError(failure, database.handle, sql: sql, quotesOnlySQL: true)
    }
    self.database = database
    self.handle = handle
    self.sql = sql
  }

  deinit { sqlite3_finalize(handle) }

  // MARK: Running

  /// Begins a run.
  package func begin() -> StatementRun { StatementRun(self) }

  /// Begins a run and binds its first parameter to a number.
  package func bind(_ value: Int64) -> StatementRun { begin().bind(value) }

  /// Begins a run and binds its first parameter to a text, which SQLite copies.
  package func bind(_ value: String) -> StatementRun { begin().bind(value) }

  /// Begins a run and binds its first parameter to a text given as UTF-8, which SQLite copies.
  package func bind(utf8 bytes: Span<UInt8>) -> StatementRun { begin().bind(utf8: bytes) }

  /// Begins a run and binds its first parameter to a blob, which SQLite copies.
  package func bind(_ value: [UInt8]) -> StatementRun { begin().bind(value) }

  /// Runs the statement to its end; its rows are read away.
  package func run() throws(SQLiteError) { try begin().run() }

  /// Runs the statement until its first row; see ``StatementRun/first(_:)``.
  @inlinable
  package func first<Result>(
    _ row: (Statement) throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result? {
    try begin().first(row)
  }

  /// Runs the statement, and the closure with every row.
  @inlinable
  package func forEachRow(
    _ row: (Statement) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    try begin().forEachRow(row)
  }

  /// Runs the statement until its first row, its only parameter being a text that isn't copied.
  ///
  /// It isn't generic: looking up what a generic one is made for took a tenth of reading a record.
  ///
  /// - Parameters:
  ///   - value: The text.
  ///   - row: Takes what it wants from the columns.
  /// - Returns: Whether there was a row.
  /// - Throws: What SQLite says, or what `row` throws.
  package func firstRow(
    lending value: String,
    _ row: (Statement) throws(SQLiteError) -> Void
  ) throws(SQLiteError) -> Bool {
    var hasRow = false
    var failure: SQLiteError?
    var value = value
    value.withUTF8 { bytes in
      // The run ends before the text may go away.
      let run = begin().bind(lending: bytes)
      do throws(SQLiteError) {
        hasRow = try run.step()
        if hasRow { try row(self) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return hasRow
  }

  // MARK: Columns of the row

  /// The number in a column of the row; 0 for NULL.
  package func integer(at column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// Whether a column of the row is a whole number.
  package func isInteger(at column: Int32) -> Bool {
    sqlite3_column_type(handle, column) == SQLITE_INTEGER
  }

  /// Whether a column of the row is NULL.
  package func isNull(at column: Int32) -> Bool {
    sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  /// The text in a column of the row; empty for NULL.
  ///
  /// Bytes that aren't UTF-8 become U+FFFD, as somebody else may have written the file.
  package func text(at column: Int32) -> String {
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// The size of a text or blob in a column of the row, in bytes.
  package func byteCount(at column: Int32) -> Int { Int(sqlite3_column_bytes(handle, column)) }

  /// The bytes in a column of the row; empty for NULL.
  package func bytes(at column: Int32) -> [UInt8] { [UInt8](memory(at: column)) }

  /// Adds the bytes in a column of the row to others.
  package func append(bytesAt column: Int32, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: memory(at: column))
  }

  /// The number that is made of the bytes in a column of the row.
  package func sum(at column: Int32) -> Int64 {
    ByteSum.of(UnsafeRawBufferPointer(memory(at: column)))
  }

  /// Lends the bytes in a column of the row, where SQLite has them.
  package func withBytes<Result, Failure: Error>(
    at column: Int32,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(memory(at: column).span)
  }

  /// SQLite's memory of a column, which lasts until the next step or reset.
  private func memory(at column: Int32) -> UnsafeBufferPointer<UInt8> {
    // The pointer is asked for first: asking may convert the value and so change its size.
    guard let start = sqlite3_column_blob(handle, column) else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    return UnsafeBufferPointer(
      start: start.assumingMemoryBound(to: UInt8.self),
      count: Int(sqlite3_column_bytes(handle, column))
    )
  }
}
