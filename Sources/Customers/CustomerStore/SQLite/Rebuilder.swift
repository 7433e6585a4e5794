import CustomerModel
import ProtoWire
import SQLite

/// Makes all that follows from the records anew: columns, search indexes, counts.
///
/// It works through the rows a bounded transaction at a time, each of which notes how far it came:
/// a process that is killed goes on there when the store is opened next, whoever opens it. Nobody
/// else may use the file meanwhile.
final class Rebuilder {
  /// The rows that one transaction derives; fewer where the records are large.
  static let batchMax: Int64 = 512

  /// How often it says how far it is.
  private static let progressCount: Int64 = 20

  private let database: Database
  private let path: String
  private let onEvent: @Sendable (StoreEvent) -> Void
  private let transactions: TransactionControl
  private let meta: Meta
  private let setMeta: Statement
  private let records: Statement
  private let deriveColumns: Statement
  private let sumRecord: Statement
  private let insertText: Statement
  private let insertTerms: Statement

  init(_ database: Database, _ options: StoreOptions) throws(RepositoryError) {
    self.database = database
    path = options.path
    onEvent = options.onEvent
    do throws(SQLiteError) {
      transactions = try TransactionControl(database)
      meta = try Meta(database)
      setMeta = try database.prepare(StoreSQL.setMeta)
      records = try database.prepare(RebuildSQL.records)
      deriveColumns = try database.prepare(RebuildSQL.deriveColumns)
      sumRecord = try database.prepare(RebuildSQL.sumRecord)
      insertText = try database.prepare(RebuildSQL.insertText)
      insertTerms = try database.prepare(RebuildSQL.insertTerms)
    } catch {
      throw RepositoryError(error, path: options.path)
    }
  }

  /// Whether the store's data was derived by other rules, or a rebuild was broken off.
  func isNeeded() throws(RepositoryError) -> Bool {
    try sqlite { () throws(SQLiteError) in
      let version = try meta.number(MetaName.foldingVersion)
      let brokenOff = try meta.number(MetaName.rebuildRow)
      return version != DerivedData.version || brokenOff != nil
    }
  }

  /// Derives everything, or what a rebuild that was broken off has left.
  ///
  /// - Returns: The customers in the store.
  /// - Throws: ``RepositoryError`` `corrupt` for a record that can't be read.
  func run() throws(RepositoryError) -> Int64 {
    let start = try begin()
    let (total, before) = try sqlite { () throws(SQLiteError) in
      (
        try number(StoreSQL.customerCount),
        try database.prepare(RebuildSQL.countUpToRow).bind(start)
          .first { $0.integer(at: 0) } ?? 0
      )
    }
    onEvent(.rebuilding(done: before, of: total))
    var done = before
    var told = before
    while true {
      let count = try step()
      if count == 0 { break }
      done += count
      if done - told >= max(1, total / Self.progressCount), done < total {
        told = done
        onEvent(.rebuilding(done: done, of: total))
      }
    }
    try sumChanges()
    try finish()
    onEvent(.rebuilt(customers: total))
    return total
  }

  /// Empties what is made anew, unless a rebuild by the same rules goes on.
  ///
  /// - Returns: The row up to which is derived already.
  func begin() throws(RepositoryError) -> Int64 {
    try sqlite { () throws(SQLiteError) in
      let version = try meta.number(MetaName.rebuildVersion)
      let row = try meta.number(MetaName.rebuildRow)
      if version == DerivedData.version, let row { return row }
      try transactions.writing { () throws(SQLiteError) in
        try database.execute(RebuildSQL.emptyIndexes)
        try note(MetaName.rebuildVersion, DerivedData.version)
        try note(MetaName.rebuildRow, 0)
      }
      return 0
    }
  }

  /// Derives the next rows.
  ///
  /// - Returns: Their number; 0 behind the last.
  func step() throws(RepositoryError) -> Int64 {
    let rows = try sqlite { () throws(SQLiteError) in
      try nextRows(after: try meta.number(MetaName.rebuildRow) ?? 0)
    }
    guard let last = rows.last?.row else { return 0 }
    var customers: [Customer] = []
    for (row, record) in rows {
      do { customers.append(try Customer(decoding: record)) } catch {
        throw .corrupt(path: path, finding: "record of row \(row): \(error)")
      }
    }
    try sqlite { () throws(SQLiteError) in
      try transactions.writing { () throws(SQLiteError) in
        for ((row, record), customer) in zip(rows, customers) {
          try derive(row, record, customer)
        }
        try note(MetaName.rebuildRow, last)
      }
      if database.logPages >= Checkpointer.beginPages { try database.checkpoint(.passive) }
    }
    return Int64(rows.count)
  }

  /// Gives the records that changes keep their numbers, where they have none.
  private func sumChanges() throws(RepositoryError) {
    var last: Int64 = 0
    while true {
      let rows = try sqlite { () throws(SQLiteError) -> [(sequence: Int64, sum: Int64)] in
        var rows: [(sequence: Int64, sum: Int64)] = []
        let unsummed = try database.prepare(RebuildSQL.unsummedChanges)
        try unsummed.bind(last).bind(Self.batchMax).forEachRow { columns in
          rows.append((columns.integer(at: 0), columns.sum(at: 1)))
        }
        return rows
      }
      guard let end = rows.last?.sequence else { return }
      last = end
      try sqlite { () throws(SQLiteError) in
        try transactions.writing { () throws(SQLiteError) in
          let sumChange = try database.prepare(RebuildSQL.sumChange)
          for row in rows { try sumChange.bind(row.sequence).bind(row.sum).run() }
        }
        if database.logPages >= Checkpointer.beginPages { try database.checkpoint(.passive) }
      }
    }
  }

  /// Says that all is derived.
  private func finish() throws(RepositoryError) {
    try sqlite { () throws(SQLiteError) in
      try transactions.writing { () throws(SQLiteError) in
        try note(MetaName.customerCount, try number(StoreSQL.customerCount))
        try note(MetaName.foldingVersion, DerivedData.version)
        let remove = try database.prepare(SettingsSQL.removeMeta)
        try remove.bind(MetaName.rebuildVersion).run()
        try remove.bind(MetaName.rebuildRow).run()
      }
    }
  }

  private func nextRows(after row: Int64) throws(SQLiteError) -> [(row: Int64, record: [UInt8])] {
    var rows: [(row: Int64, record: [UInt8])] = []
    var bytes = 0
    let run = records.bind(row).bind(Self.batchMax)
    while bytes < StoreLimit.chunkBytesMax, try run.step() {
      rows.append((records.integer(at: 0), records.bytes(at: 1)))
      bytes += records.byteCount(at: 1)
    }
    return rows
  }

  private func derive(
    _ row: Int64,
    _ record: [UInt8],
    _ customer: Customer
  ) throws(SQLiteError) {
    let derived = DerivedColumns(customer)
    let bytes = derived.bytes.span
    try deriveColumns.bind(row).bind(customer, derived).run()
    try sumRecord.bind(row).bind(ByteSum.of(record.span)).run()
    try insertText.bind(row).bind(utf8: bytes.extracting(derived.text)).run()
    try insertTerms.bind(row).bind(utf8: bytes.extracting(derived.terms)).run()
  }

  private func note(_ name: String, _ value: Int64) throws(SQLiteError) {
    try setMeta.bind(name).bind("\(value)").run()
  }

  private func number(_ sql: String) throws(SQLiteError) -> Int64 {
    try database.prepare(sql).first { $0.integer(at: 0) } ?? 0
  }

  private func sqlite<Result>(
    _ body: () throws(SQLiteError) -> Result
  ) throws(RepositoryError) -> Result {
    do { return try body() } catch { throw RepositoryError(error, path: path) }
  }
}
