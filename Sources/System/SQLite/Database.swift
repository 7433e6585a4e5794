import CSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A connection to a database file.
///
/// Used by one thread at a time (it is opened without SQLite's mutex and isn't `Sendable`); the
/// owner keeps the statements it prepares. The file is closed when the connection and all its
/// statements are gone.
package final class Database {
  /// What a connection may do with the file.
  package enum Mode: Sendable {
    /// Read and write a file that is there.
    case readWrite
    /// Read and write; a missing file is made, for its owner alone (mode 0600).
    case readWriteCreate
    /// Read only.
    case readOnly
  }

  /// A number that SQLite bounds for a connection (`sqlite.org/c3ref/c_limit_attached.html`).
  package enum Limit: Int32, Sendable {
    /// The bytes of a value or row. The corresponding C limit is `SQLITE_LIMIT_LENGTH`.
    case valueLength = 0
    /// The bytes of a statement. The corresponding C limit is `SQLITE_LIMIT_SQL_LENGTH`.
    case statementLength = 1
    /// The attached databases. The corresponding C limit is `SQLITE_LIMIT_ATTACHED`.
    case attachedDatabases = 7
  }

  /// The oldest SQLite this works with: 3.40.0, for STRICT tables and FTS5's trigrams.
  package static let versionMin: Int32 = 3_040_000

  /// The file's path, as it was given.
  package let path: String

  /// Stops the connection's work from another thread.
  package let interrupter: Interrupter

  let handle: OpaquePointer
  private var progress: Progress?
  private var logPagesNoted: Int32 = 0

  /// Opens a file.
  ///
  /// SQLite reads nothing yet: that the file is no database shows at the first statement.
  ///
  /// - Throws: ``SQLiteError`` `cannotOpen` if it isn't there or may not be opened.
  package init(path: String, mode: Mode) throws(SQLiteError) {
    guard sqlite3_libversion_number() >= Self.versionMin else {
      throw SQLiteError(
        code: .error,
        message: "SQLite \(sqlite3_libversion_number()) is older than \(Self.versionMin)"
      )
    }
    var flags = SQLITE_OPEN_NOMUTEX
    switch mode {
    case .readWrite: flags |= SQLITE_OPEN_READWRITE
    case .readWriteCreate:
      Self.createPrivately(path)
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    }
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let handle else {
      let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
      let error = SQLiteError(extended, handle, sql: "", quotesOnlySQL: true)
      let number = sqlite3_system_errno(handle)
      sqlite3_close_v2(handle)
      guard number != 0 else { throw error }
      let reason = String(cString: strerror(number))
      let message = "\(error.message): \(reason)"
      throw SQLiteError(code: error.code, message: message, systemNumber: number)
    }
    sqlite3_extended_result_codes(handle, 1)
    self.path = path
    self.handle = handle
    interrupter = Interrupter(handle)
  }

  deinit {
    sqlite3_progress_handler(handle, 0, nil, nil)
    sqlite3_wal_hook(handle, nil, nil)
    interrupter.detach()
    sqlite3_close_v2(handle)
  }

  /// Makes an empty file that only its owner may open, unless a file is there.
  ///
  /// SQLite would make it with the process's umask, and gives the WAL beside it the same mode. A
  /// failure shows when SQLite opens the file. An existing file isn't touched: closing a second
  /// descriptor of it would drop the locks that other connections of this process hold.
  private static func createPrivately(_ path: String) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Whether no transaction is open: after some errors SQLite has rolled back by itself.
  package var isAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

  /// What a user of the connection has left open, in words; `nil` if the next one can begin.
  ///
  /// An open transaction, or a statement that still runs, shows the next user an old moment.
  package var whatIsOpen: String? {
    if !isAutocommit { return "its transaction is open" }
    var statement = sqlite3_next_stmt(handle, nil)
    while let current = statement {
      if sqlite3_stmt_busy(current) != 0 {
        let sql = sqlite3_sql(current).map { String(cString: $0) } ?? ""
        return "a statement still runs: \(sql)"
      }
      statement = sqlite3_next_stmt(handle, current)
    }
    return nil
  }

  /// Whether the file can only be read, whatever was asked for when it was opened.
  package var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") != 0 }

  /// The rows that the last statement inserted, changed or deleted.
  package var changeCount: Int { Int(sqlite3_changes64(handle)) }

  /// The rows that all statements of this connection have inserted, changed or deleted so far, those
  /// that a virtual table writes behind its own among them.
  package var totalChangeCount: Int64 { sqlite3_total_changes64(handle) }

  /// Sets how long a statement waits for another connection's lock before it is `busy`.
  package func setBusyTimeout(milliseconds: Int32) {
    sqlite3_busy_timeout(handle, milliseconds)
  }

  /// Bounds a number for this connection; it can't be raised over what SQLite was built with.
  package func setLimit(_ limit: Limit, to value: Int32) {
    sqlite3_limit(handle, limit.rawValue, value)
  }

  /// Runs statements that answer nothing, separated by semicolons.
  package func execute(_ sql: String) throws(SQLiteError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else {
      throw SQLiteError(code, handle, sql: sql, quotesOnlySQL: true)
    }
  }

  /// Prepares a statement, which the owner keeps for as long as it needs it.
  package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    try Statement(self, sql)
  }

  /// A pragma's value as a number; 0 if it answers nothing.
  package func pragma(_ name: String) throws(SQLiteError) -> Int64 {
    try prepare("PRAGMA \(name)").first { $0.integer(at: 0) } ?? 0
  }

  /// A pragma's first column, a line a row: `quick_check` answers with several.
  package func pragmaLines(_ name: String) throws(SQLiteError) -> [String] {
    var lines: [String] = []
    try prepare("PRAGMA \(name)").forEachRow { lines.append($0.text(at: 0)) }
    return lines
  }

  /// Sets a pragma, and reads away what it answers.
  package func setPragma(_ name: String, to value: String) throws(SQLiteError) {
    try execute("PRAGMA \(name) = \(value)")
  }

  /// How a checkpoint treats those who use the WAL.
  package enum Checkpoint: Int32, Sendable {
    /// Copies what can be copied without waiting for anyone.
    case passive = 0
    /// Waits for readers (as long as the busy timeout says), copies all and makes the file empty.
    case truncate = 3
  }

  /// Copies the write-ahead log's pages into the database file.
  ///
  /// - Returns: The pages in the log and those of them copied; equal when all were.
  /// - Throws: ``SQLiteError`` `busy` where a reader or writer holds what the mode must wait for.
  @discardableResult
  package func checkpoint(
    _ mode: Checkpoint
  ) throws(SQLiteError) -> (logPages: Int, copiedPages: Int) {
    var logPages: Int32 = 0
    var copiedPages: Int32 = 0
    let code = sqlite3_wal_checkpoint_v2(handle, nil, mode.rawValue, &logPages, &copiedPages)
    guard code == SQLITE_OK else {
      throw SQLiteError(code, handle, sql: "PRAGMA wal_checkpoint", quotesOnlySQL: true)
    }
    return (Int(logPages), Int(copiedPages))
  }

  /// The pages in the write-ahead log after this connection's last commit.
  ///
  /// Known once ``noteLogPages()`` was called.
  package var logPages: Int { Int(logPagesNoted) }

  /// Has ``logPages`` follow the commits; SQLite makes no checkpoints by itself from then on.
  ///
  /// (`sqlite.org/c3ref/wal_hook.html`: its own checkpoints use the same hook.)
  package func noteLogPages() {
    // The context is this connection itself, which unregisters the hook when it goes.
    sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<Database>.fromOpaque(context).takeUnretainedValue().logPagesNoted = pages
        return SQLITE_OK
      },
      Unmanaged.passUnretained(self).toOpaque()
    )
  }

  /// Waits until the disk has what was written to the file (`sqlite.org/c3ref/io_methods.html`,
  /// xSync); what is still cached isn't among it.
  func syncFile() throws(SQLiteError) {
    var file: UnsafeMutablePointer<sqlite3_file>?
    let found = sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    guard found == SQLITE_OK, let file, let sync = file.pointee.pMethods?.pointee.xSync else {
      return
    }
    let code = sync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY)
    guard code == SQLITE_OK else { throw SQLiteError(code, nil, sql: "", quotesOnlySQL: true) }
  }

  /// Asks, every some thousand instructions of SQLite's, whether statements shall stop.
  ///
  /// - Parameters:
  ///   - instructions: How many virtual machine instructions lie between two questions.
  ///   - shouldStop: Answers true to end the running statement with `interrupted`; `nil` ends the
  ///     asking. It must not use the connection.
  package func setProgressHandler(every instructions: Int32, _ shouldStop: (() -> Bool)?) {
    guard let shouldStop else {
      sqlite3_progress_handler(handle, 0, nil, nil)
      progress = nil
      return
    }
    let progress = Progress(shouldStop)
    // The object outlives the registration: it is kept in `progress`, and a new registration or
    // `deinit` comes before it goes.
    sqlite3_progress_handler(
      handle,
      instructions,
      { context in
        guard let context else { return 0 }
        return Unmanaged<Progress>.fromOpaque(context).takeUnretainedValue().shouldStop() ? 1 : 0
      },
      Unmanaged.passUnretained(progress).toOpaque()
    )
    self.progress = progress
  }

  private final class Progress {
    let shouldStop: () -> Bool
    init(_ shouldStop: @escaping () -> Bool) { self.shouldStop = shouldStop }
  }
}
