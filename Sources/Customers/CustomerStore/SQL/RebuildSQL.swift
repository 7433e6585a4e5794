/// The statements that make derived data anew.
enum RebuildSQL {
  /// Empties the indexes whatever they hold, and what waits for them.
  static let emptyIndexes = """
    INSERT INTO search (search) VALUES ('delete-all');
    INSERT INTO terms (terms) VALUES ('delete-all');
    DELETE FROM search_pending;
    """

  static let records =
    "SELECT rid, record FROM customer WHERE rid > ?1 ORDER BY rid LIMIT ?2"

  /// Gives a record its number, if it has none: what was written with it stays.
  static let sumRecord =
    "UPDATE customer SET record_sum = ?2 WHERE rid = ?1 AND record_sum IS NULL"

  /// The records without a number that changes keep, behind change `?1`.
  static let unsummedChanges = """
    SELECT seq, before FROM change WHERE seq > ?1 AND before IS NOT NULL AND before_sum IS NULL
    ORDER BY seq LIMIT ?2
    """

  static let sumChange = "UPDATE change SET before_sum = ?2 WHERE seq = ?1"

  static let countUpToRow = "SELECT count(*) FROM customer WHERE rid <= ?1"

  static let deriveColumns =
    "UPDATE customer SET \(RecordColumn.assignments(from: 2)) WHERE rid = ?1"

  static let insertText = "INSERT INTO search (rowid, text) VALUES (?1, ?2)"

  static let insertTerms = "INSERT INTO terms (rowid, term) VALUES (?1, ?2)"
}
