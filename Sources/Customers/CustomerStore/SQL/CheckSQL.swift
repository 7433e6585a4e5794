/// The statements that read a store through; they scan, and nobody waits for them.
enum CheckSQL {
  static let integrity = "integrity_check(100)"

  /// All customers with what waits for the index of them; ``RecordColumn``s from number 6 on.
  static let customers = """
    SELECT c.rid, c.record, c.record_sum, p.rid, p.text, p.terms, \(RecordColumn.names("c."))
    FROM customer c LEFT JOIN search_pending p ON p.rid = c.rid ORDER BY c.rid
    """

  /// What waits for the index although its customer isn't there.
  static let pendingWithoutCustomer = """
    SELECT p.rid, p.text IS NULL AND p.terms IS NULL FROM search_pending p
    WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.rid = p.rid)
    """

  /// The rows that the indexes know otherwise than their customers say.
  static let pendingKnown = """
    SELECT rid, old_text, old_terms FROM search_pending WHERE old_text IS NOT NULL ORDER BY rid
    """

  static let changesByRow =
    "SELECT rid, seq, version, kind, before, before_sum FROM change ORDER BY rid, seq"

  static let changeFacts = """
    SELECT count(*), coalesce(min(seq), 0), coalesce(max(seq), 0), coalesce(sum(kind = 4), 0)
    FROM change
    """

  static let customerHead =
    "SELECT customer_id, version, change_seq FROM customer WHERE rid = ?1"

  static let deletedHead =
    "SELECT customer_id, version, change_seq FROM deleted WHERE rid = ?1"

  /// Heads of a past that isn't there, though it should be kept.
  static let headsWithoutChange = """
    SELECT customer_id, change_seq FROM
      (SELECT customer_id, rid, change_seq FROM customer
      UNION ALL SELECT customer_id, rid, change_seq FROM deleted) h
    WHERE change_seq >= ?1
    AND NOT EXISTS (SELECT 1 FROM change WHERE seq = h.change_seq AND rid = h.rid)
    """

  static let thereAndDeleted =
    "SELECT customer_id FROM customer JOIN deleted USING (customer_id)"

  // MARK: What the search indexes hold

  static let indexDefinition = "SELECT sql FROM sqlite_schema WHERE name = ?1"

  /// Has an index check its own structure.
  static func indexIntegrity(_ index: String) -> String {
    "INSERT INTO \(index) (\(index)) VALUES ('integrity-check')"
  }

  /// Makes every word of an index a row (`sqlite.org/fts5.html`, section 7).
  static func makeWords(of index: String, in schema: String, as name: String) -> String {
    "CREATE VIRTUAL TABLE temp.\(name) USING fts5vocab('\(schema)', '\(index)', 'instance')"
  }

  static func words(_ name: String) -> String { "SELECT term, doc, offset FROM temp.\(name)" }

  /// Makes an empty index as another one is defined.
  static func makeIndex(like definition: String, as name: String) -> String? {
    guard let start = definition.firstRange(of: "fts5(")?.lowerBound else { return nil }
    return "CREATE VIRTUAL TABLE temp.\(name) USING \(definition[start...])"
  }

  static func insert(_ column: String, into name: String) -> String {
    "INSERT INTO temp.\(name) (rowid, \(column)) VALUES (?1, ?2)"
  }

  static func empty(_ name: String) -> String {
    "INSERT INTO temp.\(name) (\(name)) VALUES ('delete-all')"
  }
}
