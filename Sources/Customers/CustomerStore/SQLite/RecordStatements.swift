import SQLite

/// The statements that read single records, on one connection.
final class RecordStatements {
  /// Where a customer's past begins to be looked for.
  private struct Head {
    var row: Int64
    var version: UInt64
    var sequence: Int64
    var record: [UInt8]?

    init(
      _ columns: Statement,
      _ owner: @autoclosure () -> String,
      record: [UInt8]?
    ) throws(SQLiteError) {
      row = columns.integer(at: 0)
      version = try columns.version(at: 1, of: owner())
      sequence = try columns.number(at: 2, "newest change", of: owner())
      self.record = record
    }

    /// The error of a version that never was: the customer may be there all the same.
    func hasNo(_ version: UInt64, _ id: String) -> RepositoryError {
      if record == nil { return .notFound(id: id, deletedAtVersion: nil) }
      return .noSuchVersion(id: id, version: version, newest: self.version)
    }
  }

  /// A change on the way to the one that made a version.
  private struct Probe {
    var sequence: Int64
    var version: UInt64
    var kind: Int64

    init(_ columns: Statement) throws(SQLiteError) {
      sequence = try columns.number(at: 0, "number", of: "a change")
      version = try columns.version(at: 1, of: "change \(columns.integer(at: 0))")
      kind = columns.integer(at: 2)
    }
  }

  let database: Database
  let transactions: TransactionControl
  let path: String

  private let recordByID: Statement
  private let customerByID: Statement
  private let deletedByID: Statement
  private let changeOfRowFrom: Statement
  private let recordBeforeNextChange: Statement
  private let meta: Meta

  init(_ database: Database) throws(SQLiteError) {
    self.database = database
    path = database.path
    transactions = try TransactionControl(database)
    recordByID = try database.prepare(StoreSQL.recordByID)
    customerByID = try database.prepare(StoreSQL.customerByID)
    deletedByID = try database.prepare(StoreSQL.deletedByID)
    changeOfRowFrom = try database.prepare(StoreSQL.changeOfRowFrom)
    recordBeforeNextChange = try database.prepare(StoreSQL.recordBeforeNextChange)
    meta = try Meta(database)
  }

  /// Opens a connection that only reads, as every reader has one.
  static func open(_ path: String) throws(SQLiteError) -> RecordStatements {
    let database = try Database(path: path, mode: .readOnly)
    database.setBusyTimeout(milliseconds: Int32(StoreOpening.busyMilliseconds))
    try database.setPragma("query_only", to: "ON")
    try database.setPragma("mmap_size", to: "\(StoreOpening.mappedBytes)")
    return try RecordStatements(database)
  }

  /// Runs SQLite calls, and says of their errors what they mean.
  func sqlite<Result>(
    _ body: () throws(SQLiteError) -> Result
  ) throws(RepositoryError) -> Result {
    do { return try body() } catch { throw RepositoryError(error, path: path) }
  }

  func record(_ id: String) throws(SQLiteError) -> [UInt8]? {
    var record: [UInt8]?
    _ = try recordByID.firstRow(lending: id) { (columns) throws(SQLiteError) in
      record = try columns.record(at: 0, of: "customer \(id)")
    }
    return record
  }

  func append(_ id: String, to bytes: inout [UInt8]) throws(SQLiteError) -> Bool {
    try recordByID.firstRow(lending: id) { (columns) throws(SQLiteError) in
      try columns.append(recordAt: 0, of: "customer \(id)", to: &bytes)
    }
  }

  func deletion(_ id: String) throws(SQLiteError) -> UInt64? {
    try deletedByID.bind(id).first { (columns) throws(SQLiteError) in
      try columns.version(at: 1, of: "deleted customer \(id)")
    }
  }

  /// The row of a customer, there or deleted.
  func row(_ id: String) throws(SQLiteError) -> Int64? {
    try head(id)?.row
  }

  /// The record of one version; to be run inside a transaction.
  func record(_ id: String, version: UInt64) throws(RepositoryError) -> [UInt8] {
    let head = try sqlite { () throws(SQLiteError) in try self.head(id) }
    guard let head else { throw .notFound(id: id, deletedAtVersion: nil) }
    guard version > 0, version <= head.version else { throw head.hasNo(version, id) }
    if version == head.version {
      guard let record = head.record else { throw .notFound(id: id, deletedAtVersion: version) }
      return record
    }
    let found = try sqlite { () throws(SQLiteError) in try self.change(head, version) }
    guard let found else { return try record(id, head, forgotten: version) }
    let gone: [ChangeEntry.Kind] = [.deleted, .erased]
    if gone.contains(where: { $0.rawValue == found.kind }) {
      throw .notFound(id: id, deletedAtVersion: version)
    }
    let record = try sqlite { () throws(SQLiteError) in
      try recordBeforeNextChange.bind(head.row).bind(found.sequence)
        .first { (columns) throws(SQLiteError) in
          try columns.record(at: 0, of: "version \(version) of customer \(id)")
        }
    }
    guard let record, !record.isEmpty else { throw head.hasNo(version, id) }
    return record
  }

  /// The record of a version whose change isn't there: the one after it may know what it replaced.
  private func record(
    _ id: String,
    _ head: Head,
    forgotten version: UInt64
  ) throws(RepositoryError) -> [UInt8] {
    let (oldestSequence, oldest) = try sqlite { () throws(SQLiteError) in
      (
        try meta.oldestSequence(),
        try changeOfRowFrom.bind(head.row).bind(Int64(0)).first(Probe.init)
      )
    }
    guard oldestSequence > 1, version < oldest?.version ?? head.version else {
      throw head.hasNo(version, id)
    }
    guard let oldest else {
      throw .versionForgotten(id: id, version: version, oldest: head.version)
    }
    let before = try sqlite { () throws(SQLiteError) in
      try recordBeforeNextChange.bind(head.row).bind(oldest.sequence - 1)
        .first { (columns) throws(SQLiteError) in
          try columns.record(at: 0, of: "version \(oldest.version - 1) of customer \(id)")
        } ?? []
    }
    if version == oldest.version - 1, !before.isEmpty { return before }
    throw .versionForgotten(
      id: id,
      version: version,
      oldest: before.isEmpty ? oldest.version : oldest.version - 1
    )
  }

  private func head(_ id: String) throws(SQLiteError) -> Head? {
    let live = try customerByID.bind(id).first { (columns) throws(SQLiteError) in
      try Head(columns, "customer \(id)", record: columns.record(at: 3, of: "customer \(id)"))
    }
    if let live { return live }
    return try deletedByID.bind(id).first { (columns) throws(SQLiteError) in
      try Head(columns, "deleted customer \(id)", record: nil)
    }
  }

  /// Finds the change that made a version, by halving: versions and sequences ascend together.
  private func change(
    _ head: Head,
    _ version: UInt64
  ) throws(SQLiteError) -> Probe? {
    var low: Int64 = 1
    var high = head.sequence
    while low <= high {
      let middle = low + (high - low) / 2
      let probe = try changeOfRowFrom.bind(head.row).bind(middle).first(Probe.init)
      guard let probe else { return nil }
      if probe.version == version { return probe }
      if probe.version < version { low = probe.sequence + 1 } else { high = middle - 1 }
    }
    return nil
  }
}
