import CustomerModel
import Locks
import SQLite
import Synchronization

/// Customers in an SQLite file.
///
/// One thread writes (``Writer``), a few scan (``ScanPool``), and event loops read single records
/// on connections of their own (``SQLiteRecordReader``). The log lets all of them read while one
/// writes. One process serves a file: a lock beside it says which.
package final class SQLiteRepository: CustomerRepository {
  package let storeID: String

  private let path: String
  private let lock: Lock<FileLock?>
  private let clock: CommitClock
  private let files: StoreFiles
  private let writer: Writer
  private let scans: ScanPool
  private let tail: ChangeTail
  private let backups: BackupMaker
  private let readers = Lock<[SQLiteRecordReader]>([])

  /// Opens a store; a missing file is made.
  ///
  /// After an unclean stop this reads the whole file once, unless the options say otherwise.
  ///
  /// - Throws: ``RepositoryError`` `inUse`, `notAStore`, `newerSchema`, `corrupt`, `cannotOpen`,
  ///   `readOnly`, `storeFull`.
  package convenience init(_ options: StoreOptions) throws(RepositoryError) {
    try self.init(StoreOpening(options))
  }

  init(_ opening: StoreOpening) throws(RepositoryError) {
    let options = opening.options
    path = options.path
    do throws(FileLockError) {
      lock = Lock(try FileLock(path: options.path + ".lock"))
    } catch {
      throw RepositoryError(error, path: options.path)
    }
    backups = BackupMaker(path: options.path)
    backups.removeTemporary()
    let connection = try opening.open()
    files = StoreFiles(options)
    clock = CommitClock(
      sequence: connection.counters.newestSequence,
      oldestSequence: connection.counters.oldestSequence,
      customerCount: connection.counters.customerCount
    )
    tail = ChangeTail(clock)
    do throws(SQLiteError) {
      storeID =
        try connection.database.prepare(StoreSQL.meta).bind(MetaName.storeID)
        .first { $0.text(at: 0) } ?? ""
      writer = try Writer(connection, clock: clock, files: files, options: options)
    } catch {
      throw RepositoryError(error, path: options.path)
    }
    scans = ScanPool(path: options.path, files: files, onEvent: options.onEvent)
    writer.waitForIdle()
  }

  package var newestSequence: Int64 { clock.sequence.load(ordering: .acquiring) }

  package var isWatchingEnded: Bool { clock.isClosed }

  package func endWatching() { clock.close() }

  package var oldestSequence: Int64 { clock.oldestSequence.load(ordering: .acquiring) }

  /// The transactions that wrote something, since the store was opened.
  var commitCount: UInt64 { clock.commits.load(ordering: .acquiring) }

  package func makeReader() throws(RepositoryError) -> any RecordReader {
    let reader = try SQLiteRecordReader(path: path, clock: clock, files: files)
    readers.withLock { $0.append(reader) }
    return reader
  }

  package func close() async {
    endWatching()
    await backups.close()
    await writer.finish()
    files.close()
    scans.close()
    let readers = readers.withLock { readers in
      defer { readers = [] }
      return readers
    }
    for reader in readers { reader.close() }
    await writer.close()
    lock.withLock { $0 = nil }
  }

  // MARK: Writing

  package func create(
    _ customer: Customer,
    _ stamp: WriteStamp
  ) async throws(RepositoryError) -> WrittenRecord {
    let prepared = try WriterConnection.Prepared(customer, stamp)
    return try await writer.write { (connection) throws(RepositoryError) in
      try connection.create(prepared, stamp)
    }
  }

  package func update(
    _ id: String,
    version: UInt64,
    merges: Bool,
    allowMissing: Bool,
    _ stamp: WriteStamp,
    decide: @escaping @Sendable (_ current: Customer?) throws -> Customer?
  ) async throws(RepositoryError) -> WrittenRecord {
    try await writer.write { (connection) throws(RepositoryError) in
      try connection.update(
        id,
        version: version,
        merges: merges,
        allowMissing: allowMissing,
        stamp,
        decide: decide
      )
    }
  }

  package func delete(
    _ id: String,
    version: UInt64,
    _ stamp: WriteStamp
  ) async throws(RepositoryError) -> WrittenRecord {
    try await writer.write { (connection) throws(RepositoryError) in
      try connection.delete(id, version: version, stamp)
    }
  }

  package func erase(
    _ id: String,
    version: UInt64,
    _ stamp: WriteStamp
  ) async throws(RepositoryError) -> WrittenRecord {
    try await writer.write { (connection) throws(RepositoryError) in
      try connection.erase(id, version: version, stamp)
    }
  }

  package func importRows(
    _ rows: [ImportRow],
    mode: ImportMode,
    match: ImportMatch,
    _ stamp: WriteStamp,
    decide: @escaping @Sendable (_ row: ImportRow, _ current: Customer?) throws -> Customer?
  ) async throws(RepositoryError) -> [Result<WrittenRecord, RepositoryError>] {
    let work = ImportWork(rows, mode: mode, match: match, stamp, decide: decide)
    do throws(RepositoryError) {
      return try await writer.writeInParts(didCommitPart: work.didCommitPart, work.advance)
    } catch {
      return try work.results(endedBy: error)
    }
  }

  package func updateSettings(
    _ change: @escaping @Sendable (inout RepositorySettings) -> Void
  ) async throws(RepositoryError) -> RepositorySettings {
    // Reading all e-mail addresses takes long, and the writer goes on meanwhile.
    let uniqueAt = Lock<Int64?>(nil)
    while true {
      let update = try await writer.writeInParts {
        (connection, turn) throws(RepositoryError) in
        try uniqueAt.withLock { (sequence) throws(RepositoryError) in
          try connection.updateSettings(change, emailsUniqueAt: &sequence, turn)
        }
      }
      if case .done(let settings) = update { return settings }
      let sequence = try await scans.scan { (connection) throws(RepositoryError) in
        try connection.changeOfUniqueEmails()
      }
      uniqueAt.withLock { $0 = sequence }
    }
  }

  // MARK: Reading

  package func settings() async throws(RepositoryError) -> RepositorySettings {
    try await scans.scan(isQuick: true) { (connection) throws(RepositoryError) in
      try connection.settings()
    }
  }

  package func record(_ id: String, version: UInt64) async throws(RepositoryError) -> [UInt8] {
    try await scans.scan(isQuick: true) { (connection) throws(RepositoryError) in
      try connection.record(id, version: version)
    }
  }

  package func records(_ ids: [String]) async throws(RepositoryError) -> RecordBatch {
    try await scans.scan(isQuick: true) { (connection) throws(RepositoryError) in
      try connection.records(ids)
    }
  }

  package func list(_ query: ListQuery) async throws(RepositoryError) -> RecordPage {
    var page = try await scans.scan { (connection) throws(RepositoryError) in
      try connection.list(query)
    }
    if query.position == nil, query.filter.conditions.isEmpty {
      page.totalCount = clock.customerCount.load(ordering: .acquiring)
    }
    return page
  }

  package func search(
    _ query: SearchQuery,
    limit: Int
  ) async throws(RepositoryError) -> RecordBatch {
    try await scans.scan { (connection) throws(RepositoryError) in
      try connection.search(query, limit: limit)
    }
  }

  package func beginExport() -> ExportPosition { ExportPosition(sequence: newestSequence, row: 0) }

  package func export(
    _ position: ExportPosition,
    _ filter: CustomerFilter,
    limit: Int
  ) async throws(RepositoryError) -> ExportChunk {
    try await scans.scan { (connection) throws(RepositoryError) in
      try connection.export(position, filter, limit: limit)
    }
  }

  package func waitForChange(after sequence: Int64, ticks: Int) async {
    await clock.wait(after: sequence, ticks: ticks)
  }

  package func tick() { clock.tick() }

  package func changes(
    after sequence: Int64?,
    of id: String?,
    limit: Int
  ) async throws(RepositoryError) -> ChangePage {
    try await tail.page(after: sequence, of: id, limit: limit) {
      (sequence, id, limit, isShared) async throws(RepositoryError) in
      // What others wait for doesn't stand behind whatever else its caller has asked for.
      let caller = isShared ? Caller.everybody : Caller.current
      let page = await Caller.$current.withValue(caller) {
        () async -> Result<ChangePage, RepositoryError> in
        do throws(RepositoryError) {
          return .success(
            try await scans.scan(isQuick: isShared) { (connection) throws(RepositoryError) in
              try connection.changes(after: sequence, of: id, limit: limit)
            }
          )
        } catch {
          return .failure(error)
        }
      }
      return try page.get()
    }
  }

  package func status() async throws(RepositoryError) -> RepositoryStatus {
    var status = try await scans.scan(isQuick: true) { (connection) throws(RepositoryError) in
      try connection.status()
    }
    status.storeID = storeID
    status.customerCount = clock.customerCount.load(ordering: .acquiring)
    return status
  }

  package func backUp() async throws(RepositoryError) -> any RepositoryBackup {
    if let failure = files.look() { throw failure }
    return try await backups.backUp()
  }

  /// Makes a copy as ``backUp()`` does, at a path that must be free.
  ///
  /// - Returns: The sequence number of the newest change that it holds.
  func backUp(to path: String) async throws(RepositoryError) -> Int64 {
    try await backups.backUp(to: path)
  }
}
