/// The statements of lists and searches, made of the columns and orders there are.
///
/// How each is served is under test (`QueryPlanTests`), as with those of ``StoreSQL``.
enum ListSQL {
  /// Customers in the order in which they came to be, behind the row `?1`.
  static let walkRows =
    "SELECT rid, record, record_sum FROM customer WHERE rid > ?1 ORDER BY rid"

  /// Customers in the order of an index, from key `?1` to before `?2`.
  static func walk(_ index: ListPlan.Index, isDescending: Bool) -> String {
    let direction = isDescending ? "DESC" : "ASC"
    let column = index.column
    return """
      SELECT rid, record, record_sum, \(column) FROM customer WHERE \(column) >= ?1 AND \(column) < ?2
      ORDER BY \(column) \(direction), rid \(direction)
      """
  }

  /// Customers of one key, `?1`, behind the row `?2`.
  ///
  /// Together with ``walk(_:isDescending:)`` this goes on behind a place; SQLite would serve a
  /// comparison of `(key, rid)` by the key alone, and begin with the first customer of that key.
  static func walkEqual(_ index: ListPlan.Index, isDescending: Bool) -> String {
    let (comparison, direction) = isDescending ? ("<", "DESC") : (">", "ASC")
    let column = index.column
    return """
      SELECT rid, record, record_sum, \(column) FROM customer WHERE \(column) = ?1 AND rid \(comparison) ?2
      ORDER BY rid \(direction)
      """
  }

  /// The rows of a range of an index, in its order: from key `?1` to before `?2`.
  static func rows(_ index: ListPlan.Index) -> String {
    let column = index.column
    return """
      SELECT rid FROM customer WHERE \(column) >= ?1 AND \(column) < ?2 ORDER BY \(column) LIMIT ?3
      """
  }

  /// The rows that the terms index finds by `?1`, behind the row `?2`.
  static let walkTerms =
    "SELECT rowid FROM terms WHERE terms MATCH ?1 AND rowid > ?2 ORDER BY rowid"

  /// The rows whose words wait for the terms index and hold `?1`, behind the row `?2`.
  static let walkPending = """
    SELECT rid FROM search_pending WHERE instr(' ' || terms || ' ', ?1) AND rid > ?2 ORDER BY rid
    """

  /// The rows that the terms index finds.
  static let termRows = "SELECT rowid FROM terms WHERE terms MATCH ?1 LIMIT ?2"

  /// The rows that the index of texts finds, but for those that wait: it knows these as they were.
  static let textRows = """
    SELECT rowid FROM search WHERE search MATCH ?1
    AND NOT EXISTS (SELECT 1 FROM search_pending p WHERE p.rid = search.rowid) LIMIT ?2
    """

  /// The rows whose terms are from the word `?1` to before `?2`, in the order of words, but for those
  /// that wait.
  static let wordRows = """
    SELECT doc FROM term_words WHERE term >= ?1 AND term < ?2
    AND NOT EXISTS (SELECT 1 FROM search_pending p WHERE p.rid = doc) LIMIT ?3
    """

  /// All rows that wait for the index and may match a search of so many words.
  ///
  /// Two parameters a word: the word, which a text may hold, and its digits, which a number may
  /// hold; the last one is the digits of the whole query. NULL finds nothing.
  static func waitingRows(words: Int) -> String {
    let conditions = (0..<words).map { word in
      "(instr(text, ?\(2 * word + 1)) OR instr(terms, ?\(2 * word + 2)))"
    }
    let all = conditions.joined(separator: " AND ")
    return "SELECT rid FROM search_pending WHERE (\(all)) OR instr(terms, ?\(2 * words + 1))"
  }

  /// The rows whose terms wait for the index and hold `?1`.
  static let pendingTermRows = """
    SELECT rid FROM search_pending WHERE instr(' ' || terms || ' ', ?1) LIMIT ?2
    """

  /// A customer's record and what orders it.
  static func customer(_ index: ListPlan.Index) -> String {
    "SELECT record, record_sum, \(index.column) FROM customer WHERE rid = ?1"
  }

  /// A customer's record.
  static let record = "SELECT record, record_sum FROM customer WHERE rid = ?1"
}
