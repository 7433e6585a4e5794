import SQLite

/// The names in `meta`.
enum MetaName {
  static let storeID = "store_id"
  static let foldingVersion = "folding_version"
  static let customerCount = "customer_count"
  static let uniqueEmail = "unique_email"
  static let historyRetention = "history_retention"
  static let oldestSequence = "oldest_sequence"
  static let rebuildVersion = "rebuild_version"
  static let rebuildRow = "rebuild_row"

  /// 1 as long as traces of erased customers may lie in the files.
  static let erasing = "erasing"
}

/// Reads the facts about the store that `meta` holds, on one connection.
final class Meta {
  private let value: Statement

  init(_ database: Database) throws(SQLiteError) {
    value = try database.prepare(StoreSQL.meta)
  }

  /// The text of a name; `nil` if nothing was noted.
  func text(_ name: String) throws(SQLiteError) -> String? {
    try value.bind(name).first { $0.text(at: 0) }
  }

  /// The number of a name, from 0 to ``StoreLimit/numberMax``; `nil` if none was noted.
  func number(_ name: String) throws(SQLiteError) -> Int64? {
    guard let text = try text(name) else { return nil }
    let range = 0...StoreLimit.numberMax
    guard let number = Int64(text), range.contains(number) else {
      throw .damaged("meta", name, "'\(text.prefix(Self.quotedMax))'", range)
    }
    return number
  }

  /// The characters of a damaged fact that an error quotes.
  private static let quotedMax = 40

  /// The number from which on all changes are kept.
  func oldestSequence() throws(SQLiteError) -> Int64 {
    max(1, try number(MetaName.oldestSequence) ?? 1)
  }

  /// The rules that were set.
  func settings() throws(SQLiteError) -> RepositorySettings {
    var settings = RepositorySettings()
    settings.uniqueEmail = try number(MetaName.uniqueEmail) == 1
    settings.historyRetention = try number(MetaName.historyRetention)
    return settings
  }
}
