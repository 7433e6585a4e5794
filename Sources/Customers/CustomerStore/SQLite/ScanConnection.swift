import CustomerModel
import SQLite

/// A connection for reads of many rows; each of its functions is one read transaction.
final class ScanConnection {
  let single: RecordStatements
  private let lists: ListStatements
  private let searches: SearchStatements
  private let chunkEnd: Statement
  private let chunk: Statement
  private let deletedSince: Statement
  private let recordBeforeNextChange: Statement
  private let customerByRow: Statement
  private let changesStatement: Statement
  private let changesOfRow: Statement
  private let newestChange: Statement
  private let oldestChange: Statement
  private let oldestTime: Statement
  private let pendingCount: Statement
  private let meta: Meta

  init(path: String) throws(SQLiteError) {
    single = try RecordStatements.open(path)
    let database = single.database
    lists = try ListStatements(database)
    searches = try SearchStatements(database)
    chunkEnd = try database.prepare(StoreSQL.chunkEnd)
    chunk = try database.prepare(StoreSQL.chunk)
    deletedSince = try database.prepare(StoreSQL.deletedSince)
    recordBeforeNextChange = try database.prepare(StoreSQL.recordBeforeNextChange)
    customerByRow = try database.prepare(StoreSQL.customerByRow)
    changesStatement = try database.prepare(StoreSQL.changes)
    changesOfRow = try database.prepare(StoreSQL.changesOfRow)
    newestChange = try database.prepare(StoreSQL.newestChange)
    oldestChange = try database.prepare(StoreSQL.oldestChange)
    oldestTime = try database.prepare(HistorySQL.oldestTime)
    pendingCount = try database.prepare(StoreSQL.pendingCount)
    meta = try Meta(database)
  }

  /// Runs statements that all see one moment.
  private func reading<Result>(
    _ body: () throws(SQLiteError) -> Result
  ) throws(RepositoryError) -> Result {
    try single.sqlite { () throws(SQLiteError) in
      try single.transactions.reading(body) { $0 }
    }
  }

  /// The same, where all changes after a number must be kept; `nil` stands for those that are.
  ///
  /// `body` is given that number, and the newest change's.
  private func reading<Result>(
    changesAfter sequence: Int64?,
    _ body: (_ sequence: Int64, _ newest: Int64) throws(SQLiteError) -> Result
  ) throws(RepositoryError) -> Result {
    let (result, kept) = try reading { () throws(SQLiteError) -> (Result?, ClosedRange<Int64>) in
      let oldest = try meta.oldestSequence()
      let newest = try newest()
      let kept = oldest - 1...max(oldest - 1, newest)
      let start = sequence ?? kept.lowerBound
      return (kept.contains(start) ? try body(start, newest) : nil, kept)
    }
    if let result { return result }
    let sequence = sequence ?? 0
    guard sequence < kept.lowerBound else {
      throw .changesUnknown(after: sequence, newest: kept.upperBound)
    }
    throw .changesForgotten(after: sequence, oldest: kept.lowerBound + 1)
  }

  /// The newest change's number; 0 before the first.
  private func newest() throws(SQLiteError) -> Int64 {
    try newestChange.first { (columns) throws(SQLiteError) in
      try columns.number(at: 0, "newest change", of: "the store", from: 0)
    } ?? 0
  }

  func record(_ id: String, version: UInt64) throws(RepositoryError) -> [UInt8] {
    try single.transactions.reading(
      { () throws(RepositoryError) in try single.record(id, version: version) },
      mapping: { RepositoryError($0, path: single.path) }
    )
  }

  func records(_ ids: [String]) throws(RepositoryError) -> RecordBatch {
    try reading { () throws(SQLiteError) in
      var batch = RecordBatch()
      for id in ids where try single.append(id, to: &batch.bytes) {
        batch.ends.append(batch.bytes.count)
        if batch.bytes.count > StoreLimit.batchBytesMax { break }
      }
      return batch
    }
  }

  func list(_ query: ListQuery) throws(RepositoryError) -> RecordPage {
    try reading { () throws(SQLiteError) in
      var page = try lists.page(query)
      page.sequence = try newest()
      return page
    }
  }

  func search(_ query: SearchQuery, limit: Int) throws(RepositoryError) -> RecordBatch {
    try reading { () throws(SQLiteError) in try searches.records(query, limit: limit) }
  }

  // MARK: Export

  /// The next customers as they were when `position.sequence` was the newest change.
  ///
  /// A chunk is a range of rows, seen at one moment of today. Those that changed since are shown
  /// as the first change since says they were before; it says nothing for those that are new.
  /// Those deleted since stand in `deleted` and take their place among the others.
  func export(
    _ position: ExportPosition,
    _ filter: CustomerFilter,
    limit: Int
  ) throws(RepositoryError) -> ExportChunk {
    try reading(changesAfter: position.sequence) { (_, _) throws(SQLiteError) in
      var records = RecordBatch()
      let end = try chunkEnd.bind(position.row).bind(Int64(limit) - 1).first { $0.integer(at: 0) }
      var gone = try deletedRows(after: position, through: end ?? .max, limit: limit)
      // Where more rows were deleted than fit, the range ends at the last of these.
      let through = gone.count == limit ? gone[limit - 1] : end
      gone.reverse()
      let rows = chunk.bind(position.row).bind(through ?? .max)
      while try rows.step() {
        let row = chunk.integer(at: 0)
        while let next = gone.last, next < row {
          gone.removeLast()
          try append(row: next, at: position.sequence, filter, to: &records)
        }
        if chunk.integer(at: 1) > position.sequence {
          try append(row: row, at: position.sequence, filter, to: &records)
        } else if try filter.matches(chunk, column: 2) {
          try records.append(chunk, column: 2, of: "row \(row)")
        }
        if records.bytes.count >= StoreLimit.chunkBytesMax {
          return ExportChunk(records: records, next: position.moved(to: row))
        }
      }
      for next in gone.reversed() {
        try append(row: next, at: position.sequence, filter, to: &records)
      }
      return ExportChunk(records: records, next: through.map { position.moved(to: $0) })
    }
  }

  private func deletedRows(
    after position: ExportPosition,
    through end: Int64,
    limit: Int
  ) throws(SQLiteError) -> [Int64] {
    var rows: [Int64] = []
    try deletedSince.bind(position.row).bind(end).bind(position.sequence).bind(Int64(limit))
      .forEachRow { rows.append($0.integer(at: 0)) }
    return rows
  }

  /// Adds a customer's record as it was at a moment before a change of it, if it was there.
  private func append(
    row: Int64,
    at sequence: Int64,
    _ filter: CustomerFilter,
    to records: inout RecordBatch
  ) throws(SQLiteError) {
    try recordBeforeNextChange.bind(row).bind(sequence).forEachRow {
      (columns) throws(SQLiteError) in
      guard !columns.isNull(at: 0), try filter.matches(columns, column: 0) else { return }
      try records.append(columns, column: 0, of: "row \(row) before a change")
    }
  }

  // MARK: Changes

  func changes(
    after sequence: Int64?,
    of id: String?,
    limit: Int
  ) throws(RepositoryError) -> ChangePage {
    try reading(changesAfter: sequence) { (sequence, newest) throws(SQLiteError) in
      try changes(after: sequence, through: newest, of: id, limit: limit)
    }
  }

  private func changes(
    after sequence: Int64,
    through newest: Int64,
    of id: String?,
    limit: Int
  ) throws(SQLiteError) -> ChangePage {
    // Where there is no more, all up to the newest change of any customer was seen.
    var page = ChangePage(changes: [], next: newest, hasMore: false)
    let statement = id == nil ? changesStatement : changesOfRow
    var run = statement.bind(sequence).bind(Int64(limit) + 1)
    if let id {
      guard let row = try single.row(id) else { return page }
      run = run.bind(row)
    }
    var bytes = 0
    while try run.step() {
      if page.changes.count == limit || bytes >= StoreLimit.chunkBytesMax {
        page.hasMore = true
        page.next = page.changes.last?.sequence ?? sequence
        break
      }
      let entry = try entry(statement)
      bytes += entry.record.count
      page.changes.append(entry)
    }
    return page
  }

  private func entry(_ columns: Statement) throws(SQLiteError) -> ChangeEntry {
    let sequence = try columns.number(at: 0, "number", of: "a change")
    let row = try columns.number(at: 1, "row", of: "change \(sequence)")
    guard let kind = ChangeEntry.Kind(rawValue: columns.integer(at: 2)) else {
      throw SQLiteError(
        code: .corrupt,
        message: "change \(sequence) is of unknown kind \(columns.integer(at: 2))"
      )
    }
    var entry = ChangeEntry(
      sequence: sequence,
      kind: kind,
      version: try columns.version(at: 3, of: "change \(sequence)"),
      timeMicroseconds: try columns.time(at: 4, of: "change \(sequence)"),
      author: AuthorColumn.author(columns.text(at: 5)),
      record: []
    )
    switch kind {
    case .deleted, .erased:
      entry.record = try columns.record(at: 6, of: "change \(sequence)")
    case .created, .updated:
      let next = recordBeforeNextChange.bind(row).bind(sequence)
      var record = try next.first { (columns) throws(SQLiteError) in
        try columns.record(at: 0, of: "the change after \(sequence) of row \(row)")
      }
      if record == nil {
        record = try customerByRow.bind(row).first { (columns) throws(SQLiteError) in
          try columns.record(at: 3, of: "row \(row)")
        }
      }
      entry.record = record ?? []
    }
    return entry
  }

  // MARK: Status

  /// The facts that the file itself knows; the rest is filled in by the repository.
  func status() throws(RepositoryError) -> RepositoryStatus {
    try reading { () throws(SQLiteError) in
      let database = single.database
      let fileBytes = try database.pragma("page_count") * database.pragma("page_size")
      return RepositoryStatus(
        storeID: "",
        customerCount: 0,
        changeCount: try newest(),
        oldestSequence: try oldestChange.first { $0.integer(at: 0) } ?? 0,
        oldestTimeMicroseconds: try oldestTime.first { (columns) throws(SQLiteError) in
          try columns.time(at: 0, of: "the oldest change")
        },
        unindexedCount: try pendingCount.first { $0.integer(at: 0) } ?? 0,
        isErasing: try meta.number(MetaName.erasing) == 1,
        databaseBytes: fileBytes + (fileSize(single.path + "-wal") ?? 0),
        schemaVersion: Int(try database.pragma("user_version")),
        settings: try meta.settings()
      )
    }
  }

  func settings() throws(RepositoryError) -> RepositorySettings {
    try reading { () throws(SQLiteError) in try meta.settings() }
  }

  /// Reads all e-mail addresses; answers the newest change at which they are unique.
  ///
  /// - Throws: ``RepositoryError`` `emailsNotUnique`.
  func changeOfUniqueEmails() throws(RepositoryError) -> Int64 {
    var ids: [String] = []
    let sequence = try reading { () throws(SQLiteError) in
      let database = single.database
      if let shared = try database.prepare(SettingsSQL.sharedEmail).first({ $0.text(at: 0) }) {
        try database.prepare(SettingsSQL.idsByEmail).bind(shared)
          .forEachRow { ids.append($0.text(at: 0)) }
      }
      return try newestChange.first { $0.integer(at: 0) } ?? 0
    }
    if ids.count > 1 { throw .emailsNotUnique(ids: ids) }
    return sequence
  }
}

extension RecordBatch {
  /// Whether no more records may follow.
  func isFull(_ limit: Int) -> Bool {
    count >= limit || bytes.count >= StoreLimit.chunkBytesMax
  }

  /// Adds the record in a column of a row.
  mutating func append(
    _ columns: Statement,
    column: Int32,
    of owner: @autoclosure () -> String
  ) throws(SQLiteError) {
    try columns.append(recordAt: column, of: owner(), to: &bytes)
    ends.append(bytes.count)
  }
}

extension ExportPosition {
  /// The same export after a row.
  func moved(to row: Int64) -> ExportPosition { ExportPosition(sequence: sequence, row: row) }
}
