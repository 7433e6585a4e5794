import SQLite

/// Opens, checks, makes and migrates the file.
struct StoreOpening {
  /// How long a statement waits for somebody at an SQL prompt, in milliseconds.
  static let busyMilliseconds = 5000

  /// The address space, not memory, that readers map the file into.
  static let mappedBytes: Int64 = 2 << 30

  /// The size that the log's file is cut to, in bytes.
  static let logBytesMax = 64 << 20

  /// The writer's page cache in KiB.
  static let cacheKibibytes = 16_000

  /// The least page of SQLite's, in bytes.
  private static let pageBytesMin = 512

  /// The schema's steps; other than ``Schema/migrations`` only in tests.
  var migrations = Schema.migrations

  let options: StoreOptions
  private var path: String { options.path }

  init(_ options: StoreOptions) { self.options = options }

  /// Opens the file for the writer; a missing one is made.
  ///
  /// To be called by the lock's holder. What is no store of ours is refused untouched.
  func open() throws(RepositoryError) -> WriterConnection {
    let database = try openTables()
    let rebuilder = try Rebuilder(database, options)
    if try rebuilder.isNeeded() { _ = try rebuilder.run() }
    return try sqlite { () throws(SQLiteError) in
      try WriterConnection(database, options: options, counters: try counters(database))
    }
  }

  /// Opens the file for the writer, with the newest tables, whatever was derived from its records.
  func openTables() throws(RepositoryError) -> Database {
    try checkBeginning()
    // The log's file is emptied or removed when a store is closed.
    let isUnclean = (fileSize(path + "-wal") ?? 0) > 0
    let database = try sqlite { () throws(SQLiteError) in
      let database = try Database(path: path, mode: .readWriteCreate)
      database.setBusyTimeout(milliseconds: Int32(Self.busyMilliseconds))
      try database.setPragma("trusted_schema", to: "OFF")
      return database
    }
    if database.isReadOnly { throw .readOnly(path: path) }
    let version = try schemaVersion(database)
    if isUnclean, version > 0, options.checkAfterUncleanStop { try check(database) }
    try sqlite { () throws(SQLiteError) in try configure(database, isNew: version == 0) }
    try migrate(database, from: version)
    return database
  }

  private func sqlite<Result>(
    _ body: () throws(SQLiteError) -> Result
  ) throws(RepositoryError) -> Result {
    do { return try body() } catch { throw RepositoryError(error, path: path) }
  }

  /// Refuses a file that doesn't begin as a database does; a missing or empty one may become one.
  ///
  /// SQLite itself takes a file that is shorter than its least page, of 512 bytes, for an empty one,
  /// and would overwrite it (`sqlite.org/fileformat2.html`, 1.3).
  func checkBeginning() throws(RepositoryError) {
    guard let size = fileSize(path), size > 0 else { return }
    let header = Array("SQLite format 3\0".utf8)
    guard size >= Self.pageBytesMin, firstBytes(of: path, limit: header.count) ?? header == header
    else { throw .notAStore(path: path, reason: "file is not a database") }
  }

  /// The version of the file's tables; 0 for an empty file.
  func schemaVersion(_ database: Database) throws(RepositoryError) -> Int {
    let (application, version, tables) = try sqlite { () throws(SQLiteError) in
      (
        try database.pragma("application_id"), Int(try database.pragma("user_version")),
        try database.prepare(StoreSQL.tableCount).first { $0.integer(at: 0) } ?? 0
      )
    }
    if application == 0, version == 0, tables == 0 { return 0 }
    guard application == Schema.applicationID else {
      throw .notAStore(path: path, reason: "its application id is \(application)")
    }
    guard version >= 1 else {
      throw .notAStore(path: path, reason: "its schema version is \(version)")
    }
    guard version <= migrations.count else {
      throw .newerSchema(path: path, version: version, known: migrations.count)
    }
    return version
  }

  /// Reads the file through, as far as SQLite can tell without comparing indexes with tables.
  private func check(_ database: Database) throws(RepositoryError) {
    options.onEvent(.checking(path: path))
    let findings = try sqlite { () throws(SQLiteError) in
      try database.pragmaLines("quick_check(1)")
    }
    guard findings == ["ok"] else {
      throw .corrupt(path: path, finding: findings.first ?? "it can't be read")
    }
    options.onEvent(.checked(path: path))
  }

  private func configure(_ database: Database, isNew: Bool) throws(SQLiteError) {
    if isNew { try database.setPragma("page_size", to: "\(Schema.pageBytes)") }
    try database.setPragma("journal_mode", to: "WAL")
    try database.setPragma("synchronous", to: options.durability == .full ? "FULL" : "NORMAL")
    // On Darwin a plain fsync doesn't reach the disk; elsewhere these do nothing.
    try database.setPragma("fullfsync", to: options.durability == .full ? "ON" : "OFF")
    try database.setPragma("checkpoint_fullfsync", to: "ON")
    database.noteLogPages()
    try database.setPragma("journal_size_limit", to: "\(Self.logBytesMax)")
    try database.setPragma("cache_size", to: "-\(Self.cacheKibibytes)")
    try database.setPragma("secure_delete", to: "ON")
    if let pagesMax = options.pagesMax {
      try database.setPragma("max_page_count", to: "\(pagesMax)")
    }
  }

  /// Brings the tables to the newest version, after a copy of the file as it was.
  private func migrate(_ database: Database, from version: Int) throws(RepositoryError) {
    guard version < migrations.count else { return }
    if version > 0 {
      let backup = "\(path).version-\(version)"
      options.onEvent(.migrating(from: version, to: migrations.count, backup: backup))
      try sqlite { () throws(SQLiteError) in try database.backUp(to: backup) }
    }
    for (index, migration) in migrations.enumerated().dropFirst(version) {
      try sqlite { () throws(SQLiteError) in
        try TransactionControl(database).writing { () throws(SQLiteError) in
          try database.execute(migration)
          if index == 0 { try describe(database) }
          try database.setPragma("user_version", to: "\(index + 1)")
        }
      }
    }
    if version == 0 { options.onEvent(.created(path: path)) }
  }

  /// Writes down what a new store is.
  private func describe(_ database: Database) throws(SQLiteError) {
    try database.setPragma("application_id", to: "\(Schema.applicationID)")
    let setMeta = try database.prepare(StoreSQL.setMeta)
    try setMeta.bind(MetaName.storeID).bind(options.newStoreID).run()
    try setMeta.bind(MetaName.foldingVersion).bind("\(DerivedData.version)").run()
    try setMeta.bind(MetaName.customerCount).bind("0").run()
  }

  private func counters(_ database: Database) throws(SQLiteError) -> WriterConnection.Counters {
    func number(_ sql: String, _ name: String) throws(SQLiteError) -> Int64 {
      try database.prepare(sql).first { (columns) throws(SQLiteError) in
        try columns.number(at: 0, name, of: "the store", from: 0)
      } ?? 0
    }
    let meta = try Meta(database)
    var customerCount = try meta.number(MetaName.customerCount)
    if customerCount == nil { customerCount = try number(StoreSQL.customerCount, "count") }
    return WriterConnection.Counters(
      newestRow: try number(StoreSQL.newestRow, "newest row"),
      newestSequence: try number(StoreSQL.newestChange, "newest change"),
      oldestSequence: try meta.oldestSequence(),
      customerCount: customerCount ?? 0,
      pendingCount: try number(StoreSQL.pendingCount, "count of waiting rows"),
      erasureCount: try meta.number(MetaName.erasing) ?? 0,
      settings: try meta.settings()
    )
  }
}
