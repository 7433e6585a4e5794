import SQLite

/// Has SQLite count anew what its plans rest on, when a table has grown a lot
/// (`sqlite.org/pragma.html#pragma_optimize`).
///
/// SQLite decides what is worth it; here it is only asked now and then, and kept from reading whole
/// indexes.
struct Optimizer {
  /// The changes since the last time that make it ask again.
  static let changesBetween: Int64 = 4096

  /// The rows that are read of each index.
  private static let rowsMax = 400

  private let database: Database
  private var askedAt: Int64

  /// Prepares the connection; `sequence` is the newest change.
  init(_ database: Database, sequence: Int64) throws(SQLiteError) {
    self.database = database
    askedAt = sequence
    try database.setPragma("analysis_limit", to: "\(Self.rowsMax)")
  }

  /// Asks, if enough has changed; `sequence` is the newest change.
  mutating func step(_ sequence: Int64) throws(SQLiteError) {
    guard sequence - askedAt >= Self.changesBetween else { return }
    askedAt = sequence
    try database.execute("PRAGMA optimize")
  }
}
