/// Every statement that a store runs, but for the tables' (``Schema``).
///
/// How each is served is under test (`QueryPlanTests`): by a key or an index, never by a scan.
enum StoreSQL {
  // MARK: One customer

  static let recordByID = "SELECT record, record_sum FROM customer WHERE customer_id = ?1"

  static let customerByID = """
    SELECT rid, version, change_seq, record, record_sum, customer_id FROM customer
    WHERE customer_id = ?1
    """

  static let customerByRow = """
    SELECT rid, version, change_seq, record, record_sum, customer_id FROM customer WHERE rid = ?1
    """

  static let deletedByID =
    "SELECT rid, version, change_seq FROM deleted WHERE customer_id = ?1"

  // MARK: History

  static let changeBySequence = "SELECT before, before_sum FROM change WHERE seq = ?1"

  static let changeOfRowFrom =
    "SELECT seq, version, kind FROM change WHERE rid = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1"

  /// What a customer was before its next change; NULL where that is an erasure, whose `before` says
  /// only whom it was about.
  static let recordBeforeNextChange = """
    SELECT CASE kind WHEN 4 THEN NULL ELSE before END, before_sum FROM change
    WHERE rid = ?1 AND seq > ?2 ORDER BY seq LIMIT 1
    """

  static let changes = """
    SELECT seq, rid, kind, version, time, actor, before, before_sum FROM change
    WHERE seq > ?1 ORDER BY seq LIMIT ?2
    """

  static let changesOfRow = """
    SELECT seq, rid, kind, version, time, actor, before, before_sum FROM change
    WHERE rid = ?3 AND seq > ?1 ORDER BY seq LIMIT ?2
    """

  static let newestChange = "SELECT max(seq) FROM change"

  static let oldestChange = "SELECT min(seq) FROM change"

  // MARK: All customers

  static let chunkEnd = "SELECT rid FROM customer WHERE rid > ?1 ORDER BY rid LIMIT 1 OFFSET ?2"

  static let chunk = """
    SELECT rid, change_seq, record, record_sum FROM customer WHERE rid > ?1 AND rid <= ?2 ORDER BY rid
    """

  static let deletedSince = """
    SELECT rid FROM deleted WHERE rid > ?1 AND rid <= ?2 AND change_seq > ?3 ORDER BY rid LIMIT ?4
    """

  static let newestRow = """
    SELECT max(coalesce((SELECT max(rid) FROM customer), 0),
      coalesce((SELECT max(rid) FROM deleted), 0))
    """

  static let customerCount = "SELECT count(*) FROM customer"

  // MARK: Matching

  static let rowsByEmail = "SELECT rid FROM customer WHERE email_key = ?1 ORDER BY rid LIMIT ?2"

  static let idByEmail = """
    SELECT customer_id, record, record_sum FROM customer WHERE email_key = ?1 AND customer_id <> ?2
    LIMIT 1
    """

  static let rowsByTerm = """
    SELECT t.rowid FROM terms t WHERE terms MATCH ?1 AND t.rowid > ?2
    AND NOT EXISTS (SELECT 1 FROM search_pending p WHERE p.rid = t.rowid) ORDER BY t.rowid LIMIT ?3
    """

  /// All that waits for the index; there is never much of it.
  static let pendingTerms = "SELECT rid, terms FROM search_pending WHERE terms IS NOT NULL"

  // MARK: Writing

  static let insertCustomer = """
    INSERT INTO customer (rid, change_seq, record, record_sum, \(RecordColumn.names()))
    VALUES (?1, ?2, ?3, ?4, \(RecordColumn.parameters(from: 5)))
    """

  static let updateCustomer = """
    UPDATE customer SET change_seq = ?2, record = ?3, record_sum = ?4,
      \(RecordColumn.assignments(from: 5)) WHERE rid = ?1
    """

  static let deleteCustomer = "DELETE FROM customer WHERE rid = ?1"

  static let insertChange = """
    INSERT INTO change (seq, rid, version, kind, time, actor, before, before_sum)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    """

  static let deleteChanges = "DELETE FROM change WHERE rid = ?1"

  static let kindOfChange = "SELECT kind FROM change WHERE seq = ?1"

  static let insertDeleted =
    "INSERT INTO deleted (rid, customer_id, version, change_seq) VALUES (?1, ?2, ?3, ?4)"

  static let removeDeleted = "DELETE FROM deleted WHERE rid = ?1"

  /// A row that waits already keeps what the index holds of it.
  static let insertPending = """
    INSERT INTO search_pending (rid, text, terms, old_text, old_terms) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (rid) DO UPDATE SET text = excluded.text, terms = excluded.terms
    """

  // MARK: Indexing

  static let pendingCount = "SELECT count(*) FROM search_pending"

  /// The last of the first rows that wait, as many as the parameter and one.
  static let pendingEnd = "SELECT rid FROM search_pending ORDER BY rid LIMIT 1 OFFSET ?1"

  static let pendingLast = "SELECT max(rid) FROM search_pending"

  /// Moves waiting rows up to `?1` into the index, in this order: out with the old words first.
  ///
  /// FTS5 wants row ids ascending within a transaction; each pass begins anew.
  static let indexing = [
    """
    INSERT INTO search (search, rowid, text) SELECT 'delete', rid, old_text FROM search_pending
    WHERE rid <= ?1 AND old_text IS NOT NULL ORDER BY rid
    """,
    """
    INSERT INTO search (rowid, text) SELECT rid, text FROM search_pending
    WHERE rid <= ?1 AND text IS NOT NULL ORDER BY rid
    """,
    """
    INSERT INTO terms (terms, rowid, term) SELECT 'delete', rid, old_terms FROM search_pending
    WHERE rid <= ?1 AND old_terms IS NOT NULL ORDER BY rid
    """,
    """
    INSERT INTO terms (rowid, term) SELECT rid, terms FROM search_pending
    WHERE rid <= ?1 AND terms IS NOT NULL ORDER BY rid
    """,
    "DELETE FROM search_pending WHERE rid <= ?1",
  ]

  // MARK: Erasing

  /// Merges an index's segments, `?1` pages of work.
  ///
  /// A negative number begins to make all of them one, which leaves out what was deleted; positive
  /// ones go on (`sqlite.org/fts5.html`, 6.8).
  static let merges = [
    "INSERT INTO search (search, rank) VALUES ('merge', ?1)",
    "INSERT INTO terms (terms, rank) VALUES ('merge', ?1)",
  ]

  // MARK: Facts about the store

  static let meta = "SELECT value FROM meta WHERE name = ?1"

  static let setMeta = """
    INSERT INTO meta (name, value) VALUES (?1, ?2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
    """

  static let tableCount = "SELECT count(*) FROM sqlite_schema"
}
