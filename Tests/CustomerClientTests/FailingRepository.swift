import CustomerModel
import CustomerStore

/// A store in which nothing works, for a reason that a test gives.
struct FailingRepository: CustomerRepository, RecordReader {
  let error: RepositoryError

  /// Whether an import answers, with this error for each of its rows.
  var failsRowByRow = false

  let storeID = "00000000-0000-7000-8000-000000000000"
  let newestSequence: Int64 = 1
  let oldestSequence: Int64 = 1
  let isWatchingEnded = false

  func makeReader() -> any RecordReader { self }
  func endWatching() {}
  func close() async {}
  func waitForChange(after sequence: Int64, ticks: Int) async {}
  func tick() {}

  func create(
    _ customer: Customer,
    _ stamp: WriteStamp
  ) async throws(RepositoryError) -> WrittenRecord {
    throw error
  }

  func update(
    _ id: String,
    version: UInt64,
    merges: Bool,
    allowMissing: Bool,
    _ stamp: WriteStamp,
    decide: @escaping @Sendable (_ current: Customer?) throws -> Customer?
  ) async throws(RepositoryError) -> WrittenRecord {
    throw error
  }

  func delete(
    _ id: String,
    version: UInt64,
    _ stamp: WriteStamp
  ) async throws(RepositoryError) -> WrittenRecord {
    throw error
  }

  func erase(
    _ id: String,
    version: UInt64,
    _ stamp: WriteStamp
  ) async throws(RepositoryError) -> WrittenRecord {
    throw error
  }

  func importRows(
    _ rows: [ImportRow],
    mode: ImportMode,
    match: ImportMatch,
    _ stamp: WriteStamp,
    decide: @escaping @Sendable (_ row: ImportRow, _ current: Customer?) throws -> Customer?
  ) async throws(RepositoryError) -> [Result<WrittenRecord, RepositoryError>] {
    if failsRowByRow { return rows.map { _ in .failure(error) } }
    throw error
  }

  func record(_ id: String, version: UInt64) async throws(RepositoryError) -> [UInt8] {
    throw error
  }

  func records(_ ids: [String]) async throws(RepositoryError) -> RecordBatch { throw error }

  func list(_ query: ListQuery) async throws(RepositoryError) -> RecordPage { throw error }

  func search(
    _ query: SearchQuery,
    limit: Int
  ) async throws(RepositoryError) -> RecordBatch {
    throw error
  }

  func beginExport() throws(RepositoryError) -> ExportPosition { throw error }

  func export(
    _ position: ExportPosition,
    _ filter: CustomerFilter,
    limit: Int
  ) async throws(RepositoryError) -> ExportChunk {
    throw error
  }

  func changes(
    after sequence: Int64?,
    of id: String?,
    limit: Int
  ) async throws(RepositoryError) -> ChangePage {
    throw error
  }

  func status() async throws(RepositoryError) -> RepositoryStatus { throw error }

  func settings() async throws(RepositoryError) -> RepositorySettings { throw error }

  func updateSettings(
    _ change: @escaping @Sendable (inout RepositorySettings) -> Void
  ) async throws(RepositoryError) -> RepositorySettings {
    throw error
  }

  func backUp() async throws(RepositoryError) -> any RepositoryBackup { throw error }

  // MARK: The event loop's reader

  func begin() {}
  func end() {}

  func record(_ id: String) throws(RepositoryError) -> [UInt8]? { throw error }

  func append(_ id: String, to bytes: inout [UInt8]) throws(RepositoryError) -> Bool {
    throw error
  }

  func record(_ id: String, version: UInt64) throws(RepositoryError) -> [UInt8] { throw error }

  func deletion(_ id: String) throws(RepositoryError) -> UInt64? { throw error }
}
