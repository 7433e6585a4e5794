import SQLite

// Numbers as a file has them. Whatever stands there, what is read here can be counted on from: the
// one place where a damaged number is found, so that nothing behind it has to reckon with one.

extension Statement {
  /// A number in a column of the row: a version, a row or a change's number.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - name: What the number is.
  ///   - owner: Whose it is, for the error.
  ///   - least: The least that it may be.
  /// - Returns: A number from `least` to ``StoreLimit/numberMax``.
  /// - Throws: ``SQLiteError`` `corrupt` for any other.
  func number(
    at column: Int32,
    _ name: String,
    of owner: @autoclosure () -> String,
    from least: Int64 = 1
  ) throws(SQLiteError) -> Int64 {
    let value = integer(at: column)
    if value >= least, value <= StoreLimit.numberMax { return value }
    throw .damaged(owner(), name, value, least...StoreLimit.numberMax)
  }

  /// The version in a column of the row.
  func version(
    at column: Int32,
    of owner: @autoclosure () -> String
  ) throws(SQLiteError) -> UInt64 {
    UInt64(try number(at: column, "version", of: owner()))
  }

  /// The time in a column of the row, in microseconds since 1970-01-01T00:00:00Z.
  func time(
    at column: Int32,
    of owner: @autoclosure () -> String
  ) throws(SQLiteError) -> Int64 {
    let value = integer(at: column)
    if StoreLimit.times.contains(value) { return value }
    throw .damaged(owner(), "time", value, StoreLimit.times)
  }
}

extension SQLiteError {
  /// The error of a number that no program of ours has written.
  static func damaged(
    _ owner: String,
    _ name: String,
    _ value: some CustomStringConvertible,
    _ range: ClosedRange<Int64>
  ) -> SQLiteError {
    SQLiteError(
      code: .corrupt,
      message:
        "\(owner): \(name) is \(value), and not from \(range.lowerBound) to \(range.upperBound)"
    )
  }
}
