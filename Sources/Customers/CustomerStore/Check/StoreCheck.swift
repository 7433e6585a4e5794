import CustomerModel
import SQLite

/// Reads a whole store and compares everything in it that must agree.
///
/// The records and the change log are what all else is compared with. The lock's holder runs it,
/// so nothing changes meanwhile.
final class StoreCheck {
  private let options: StoreOptions
  private let database: Database
  private let version: Int
  private var findings = StoreFindings()

  /// Opens the file.
  init(_ options: StoreOptions) throws(RepositoryError) {
    self.options = options
    let opening = StoreOpening(options)
    try opening.checkBeginning()
    do throws(SQLiteError) {
      database = try Database(path: options.path, mode: .readWrite)
      database.setBusyTimeout(milliseconds: Int32(StoreOpening.busyMilliseconds))
      try database.setPragma("temp_store", to: "MEMORY")
    } catch {
      throw RepositoryError(error, path: options.path)
    }
    version = try opening.schemaVersion(database)
    guard version > 0 else { throw .notAStore(path: options.path, reason: "it is empty") }
  }

  /// Checks everything.
  func run() throws(RepositoryError) -> StoreFindings {
    guard version == Schema.migrations.count else {
      findings.note(
        "the schema version is \(version): customerd brings it to \(Schema.migrations.count)"
      )
      return findings
    }
    do throws(SQLiteError) {
      for line in try database.pragmaLines(CheckSQL.integrity) where line != "ok" {
        findings.note(line)
      }
      // In a damaged file the rest would only find the same again, or fail at it.
      if findings.count > 0 { return findings }
      try checkFacts()
      let records = try RecordCheck(database)
      try records.run(&findings)
      try SearchIndexCheck(database, "search", column: "text", Self.text).run(&findings)
      try SearchIndexCheck(database, "terms", column: "term", Self.terms).run(&findings)
      try ChangeLogCheck(database).run(&findings)
    } catch {
      switch error.code {
      case .corrupt, .inputOutput: findings.note(error.message)
      default: throw RepositoryError(error, path: options.path)
      }
    }
    return findings
  }

  private static func text(_ derived: DerivedColumns) -> Range<Int> { derived.text }

  private static func terms(_ derived: DerivedColumns) -> Range<Int> { derived.terms }

  /// What the store says of itself.
  private func checkFacts() throws(SQLiteError) {
    let meta = try Meta(database)
    let count = try database.prepare(StoreSQL.customerCount).first { $0.integer(at: 0) } ?? 0
    findings.customerCount = count
    if let noted = try meta.number(MetaName.customerCount), noted != count {
      findings.note("\(count) customers are there, and \(noted) were counted")
    }
    let derivation = try meta.number(MetaName.foldingVersion) ?? 0
    if derivation != DerivedData.version {
      findings.note(
        "data was derived by rules \(derivation) and not by \(DerivedData.version): rebuild it"
      )
    }
    if try meta.number(MetaName.rebuildRow) != nil {
      findings.note("a rebuild of derived data was broken off: rebuild it")
    }
    if try (meta.text(MetaName.storeID) ?? "").isEmpty { findings.note("the store has no id") }
  }
}
