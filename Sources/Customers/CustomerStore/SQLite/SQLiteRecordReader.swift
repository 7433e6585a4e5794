import Locks
import SQLite
import Synchronization

/// A reader with a connection of its own.
///
/// A burst keeps one read transaction open, which saves about two microseconds a read; each read
/// looks first whether there has been a commit since the transaction began, and begins a new one
/// then. Outside a burst every read is its own transaction.
final class SQLiteRecordReader: RecordReader {
  private struct State {
    /// `nil` when the repository is closed.
    var statements: RecordStatements?
    var isBurst = false
    var isReading = false
    var commits: UInt64 = 0

    /// The statements, in a transaction that shows the newest commit if a burst is on.
    mutating func statements(
      at clock: CommitClock,
      in files: StoreFiles
    ) throws(RepositoryError) -> RecordStatements {
      guard let statements else { throw .closed }
      if let failure = files.failure { throw failure }
      guard isBurst || isReading else { return statements }
      // Loaded before the transaction begins: a commit in between makes one begin too many.
      let newest = clock.commits.load(ordering: .acquiring)
      if isReading, commits != newest {
        endReading()
        // It would show an old moment.
        guard !isReading else { throw .unexpected(reason: "a transaction for reading stays open") }
      }
      if !isReading {
        try statements.sqlite { () throws(SQLiteError) in
          try statements.transactions.beginReading()
        }
        isReading = true
        commits = newest
      }
      return statements
    }

    /// Ends the transaction; it counts as open for as long as it is.
    mutating func endReading() {
      guard isReading, let statements else { return }
      statements.transactions.rollback()
      isReading = !statements.database.isAutocommit
    }
  }

  private let state: Lock<State>
  private let clock: CommitClock
  private let files: StoreFiles

  init(path: String, clock: CommitClock, files: StoreFiles) throws(RepositoryError) {
    if let failure = files.look() { throw failure }
    do throws(SQLiteError) {
      state = Lock(State(statements: try RecordStatements.open(path)))
    } catch {
      throw RepositoryError(error, path: path)
    }
    self.clock = clock
    self.files = files
  }

  func begin() {
    state.withLock { $0.isBurst = true }
  }

  func end() {
    state.withLock { state in
      state.isBurst = false
      state.endReading()
    }
  }

  /// Closes the connection; reads throw `closed` from now on.
  func close() {
    end()
    state.withLock { $0.statements = nil }
  }

  func record(_ id: String) throws(RepositoryError) -> [UInt8]? {
    try state.withLock { (state) throws(RepositoryError) in
      let statements = try state.statements(at: clock, in: files)
      return try statements.sqlite { () throws(SQLiteError) in try statements.record(id) }
    }
  }

  func append(_ id: String, to bytes: inout [UInt8]) throws(RepositoryError) -> Bool {
    try state.withLock { (state) throws(RepositoryError) in
      let statements = try state.statements(at: clock, in: files)
      return try statements.sqlite { () throws(SQLiteError) in
        try statements.append(id, to: &bytes)
      }
    }
  }

  func record(_ id: String, version: UInt64) throws(RepositoryError) -> [UInt8] {
    try state.withLock { (state) throws(RepositoryError) in
      let statements = try state.statements(at: clock, in: files)
      if state.isReading { return try statements.record(id, version: version) }
      return try statements.transactions.reading(
        { () throws(RepositoryError) in try statements.record(id, version: version) },
        mapping: { RepositoryError($0, path: statements.path) }
      )
    }
  }

  func deletion(_ id: String) throws(RepositoryError) -> UInt64? {
    try state.withLock { (state) throws(RepositoryError) in
      let statements = try state.statements(at: clock, in: files)
      return try statements.sqlite { () throws(SQLiteError) in try statements.deletion(id) }
    }
  }
}
