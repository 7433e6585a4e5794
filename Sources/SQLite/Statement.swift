import CSQLite

/// A prepared statement: bound, stepped through and reset, again and again.
///
/// It belongs to one connection and is used where that one is. Values are bound in order, the
/// first call of ``bind(_:)-(Int64)`` after a reset being `?1`; a value that SQLite doesn't take
/// makes the next step throw. ``run()``, ``first(_:)`` and ``forEachRow(_:)`` reset the statement
/// however they end, so that it holds no lock and no value afterwards.
package final class Statement {
  /// The statement's text.
  package let sql: String

  private let database: Database
  private let handle: OpaquePointer
  private var parameter: Int32 = 0
  private var bindingCode = SQLITE_OK

  /// SQLite copies a value bound with this before the call returns.
  private static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

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

  // MARK: Binding

  /// Binds the next parameter to a number.
  @discardableResult
  package func bind(_ value: Int64) -> Statement {
    note(sqlite3_bind_int64(handle, next(), value))
  }

  /// Binds the next parameter to a number or, without one, to NULL.
  @discardableResult
  package func bind(_ value: Int64?) -> Statement {
    guard let value else { return bindNull() }
    return bind(value)
  }

  /// Binds the next parameter to a text, which SQLite copies.
  @discardableResult
  package func bind(_ value: String) -> Statement {
    var value = value
    let index = next()
    return note(
      value.withUTF8 { bytes in
        bindText(index, UnsafeRawBufferPointer(bytes), Self.copied)
      }
    )
  }

  /// Binds the next parameter to a text given as UTF-8, which SQLite copies.
  @discardableResult
  package func bind(utf8 bytes: Span<UInt8>) -> Statement {
    let index = next()
    return note(bytes.withUnsafeBytes { bindText(index, $0, Self.copied) })
  }

  /// Binds the next parameter to a blob, which SQLite copies.
  @discardableResult
  package func bind(_ value: [UInt8]) -> Statement {
    let index = next()
    return note(
      value.withUnsafeBytes { bytes in
        // An empty array may have no address, which SQLite would take for NULL.
        guard let start = bytes.baseAddress else { return sqlite3_bind_zeroblob(handle, index, 0) }
        return sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), Self.copied)
      }
    )
  }

  /// Binds the next parameter to NULL.
  @discardableResult
  package func bindNull() -> Statement { note(sqlite3_bind_null(handle, next())) }

  /// Binds the next parameter to a text while a closure runs, without a copy.
  ///
  /// The statement is reset and its values are forgotten when the closure ends, before the text
  /// may go away.
  package func withBound<Result, Failure: Error>(
    _ value: String,
    _ body: (Statement) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let index = next()
    var outcome: Swift.Result<Result, Failure>?
    var value = value
    value.withUTF8 { bytes in
      // A null destructor is SQLITE_STATIC: the bytes stay where they are until the reset below.
      note(bindText(index, UnsafeRawBufferPointer(bytes), nil))
      do throws(Failure) { outcome = .success(try body(self)) } catch { outcome = .failure(error) }
      reset()
    }
    switch outcome {
    case .some(let outcome): return try outcome.get()
    case .none: preconditionFailure("withUTF8 runs its closure")
    }
  }

  private func bindText(
    _ index: Int32,
    _ bytes: UnsafeRawBufferPointer,
    _ destructor: sqlite3_destructor_type?
  ) -> Int32 {
    // An empty buffer may have no address, which SQLite would take for NULL.
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      return sqlite3_bind_text(handle, index, "", 0, nil)
    }
    return sqlite3_bind_text64(
      handle,
      index,
      start.assumingMemoryBound(to: CChar.self),
      UInt64(bytes.count),
      destructor,
      UInt8(SQLITE_UTF8)
    )
  }

  private func next() -> Int32 {
    parameter += 1
    return parameter
  }

  @discardableResult
  private func note(_ code: Int32) -> Statement {
    if code != SQLITE_OK, bindingCode == SQLITE_OK { bindingCode = code }
    return self
  }

  // MARK: Running

  /// Goes to the next row.
  ///
  /// - Returns: Whether there is one.
  package func step() throws(SQLiteError) -> Bool {
    guard bindingCode == SQLITE_OK else {
      throw SQLiteError(bindingCode, nil, sql: sql, quotesOnlySQL: false)
    }
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      throw SQLiteError(code, database.handle, sql: sql, quotesOnlySQL: false)
    }
  }

  /// Ends the run and forgets the bound values.
  package func reset() {
    // The code it answers is that of the last step, which has been thrown.
    sqlite3_reset(handle)
    if parameter > 0 { sqlite3_clear_bindings(handle) }
    parameter = 0
    bindingCode = SQLITE_OK
  }

  /// Runs the statement to its end; its rows are read away.
  @inlinable
  package func run() throws(SQLiteError) {
    defer { reset() }
    while try step() {}
  }

  /// Runs the statement until its first row.
  ///
  /// - Parameter row: Takes what it wants from the columns.
  /// - Returns: What `row` made, or `nil` if there was no row.
  /// - Throws: What SQLite says, or what `row` throws.
  @inlinable
  package func first<Result>(
    _ row: (Statement) throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result? {
    defer { reset() }
    return try step() ? try row(self) : nil
  }

  /// Runs the statement, and the closure with every row.
  @inlinable
  package func forEachRow(
    _ row: (Statement) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    defer { reset() }
    while try step() { try row(self) }
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
