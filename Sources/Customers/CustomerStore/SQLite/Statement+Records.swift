import SQLite

// Records as a file has them: each is compared with the number that was written with it
// (``ByteSum``), wherever it leaves the store. That stands in the column behind the record's.

extension Statement {
  /// The record in a column of the row; empty where there is none.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - owner: Whose it is, for the error.
  /// - Returns: Its bytes.
  /// - Throws: ``SQLiteError`` `corrupt` if it isn't the one that was written.
  func record(
    at column: Int32,
    of owner: @autoclosure () -> String
  ) throws(SQLiteError) -> [UInt8] {
    try checkRecord(at: column, of: owner())
    return bytes(at: column)
  }

  /// Adds the record in a column of the row to others; see ``record(at:of:)``.
  func append(
    recordAt column: Int32,
    of owner: @autoclosure () -> String,
    to bytes: inout [UInt8]
  ) throws(SQLiteError) {
    try checkRecord(at: column, of: owner())
    append(bytesAt: column, to: &bytes)
  }

  /// Whether the record in a column of the row is the one that was written.
  ///
  /// Those of a store of an older schema have no number until it is rebuilt, or they are changed.
  func isRecordWhole(at column: Int32) -> Bool {
    sum(at: column) == integer(at: column + 1) || isNull(at: column + 1) || isNull(at: column)
  }

  private func checkRecord(
    at column: Int32,
    of owner: @autoclosure () -> String
  ) throws(SQLiteError) {
    guard !isRecordWhole(at: column) else { return }
    throw SQLiteError(
      code: .corrupt,
      message: "\(owner()): the record is not the one that was written"
    )
  }
}
