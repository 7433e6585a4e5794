/// The tables, as the steps that made them.
///
/// Append only: a released step is never edited, because there are files it has made. Each runs in
/// a transaction of its own together with the new `user_version`, which is its place in the list.
/// One small database of every released version is kept in the tests.
enum Schema {
  /// What `PRAGMA application_id` says of a file of ours: `CUST` in ASCII.
  static let applicationID: Int64 = 0x4355_5354

  /// A page's size in bytes: the file system's own.
  static let pageBytes = 4096

  /// All steps.
  static let migrations: [String] = [
    customersWithHistoryAndSearch, wordsOfTerms, sumsOfRecords,
  ]

  /// Customers, their past, and what finds them.
  ///
  /// Truth is `customer.record` and `change`; the rest follows from them and can be made again.
  ///
  /// - `customer.rid` is the order in which customers came to be. It is never used twice, because
  ///   the search index knows customers by it; a deleted customer that comes back gets its own.
  /// - Few b-trees: each random entry dirties a page of its own, at a million customers 15 to 20
  ///   microseconds a write. Times are in microseconds since 1970.
  /// - `change.before` is the record that the change replaced; what it made stands in the next
  ///   change of that customer, or in `customer`. So each state is stored once. `change_rid`
  ///   (rid, then seq, which every index carries) finds that next change; its entries are appended
  ///   as long as customers are only added. A chain without an index would save 14 bytes, but
  ///   walk all later changes of a customer to show an early one.
  /// - `search_pending` holds what `search` and `terms` don't know yet: FTS5 writes a segment at
  ///   every savepoint, so nothing is written to it inside one. It is emptied into them in batches
  ///   (``StoreSQL/indexing``), and who searches looks in both. `text` is NULL for a deleted
  ///   customer; `old_text` is what the index holds now, NULL if nothing: a contentless index must
  ///   be told the exact words that it shall forget.
  private static let customersWithHistoryAndSearch = """
    CREATE TABLE customer (
      rid           INTEGER PRIMARY KEY,
      customer_id   TEXT    NOT NULL UNIQUE,
      version       INTEGER NOT NULL,
      change_seq    INTEGER NOT NULL,
      first_name    TEXT    NOT NULL,
      last_name     TEXT    NOT NULL,
      display_name  TEXT    NOT NULL,
      email_address TEXT    NOT NULL,
      create_time   INTEGER NOT NULL,
      update_time   INTEGER NOT NULL,
      email_key     TEXT    NOT NULL,
      sort_key      TEXT    NOT NULL,
      phones        TEXT    NOT NULL,
      address       TEXT    NOT NULL,
      attributes    TEXT    NOT NULL,
      record        BLOB    NOT NULL
    ) STRICT;
    CREATE INDEX customer_email  ON customer(email_key);
    CREATE INDEX customer_sort   ON customer(sort_key);
    CREATE INDEX customer_update ON customer(update_time);
    CREATE TABLE change (
      seq     INTEGER PRIMARY KEY,
      rid     INTEGER NOT NULL,
      version INTEGER NOT NULL,
      kind    INTEGER NOT NULL,
      time    INTEGER NOT NULL,
      actor   TEXT    NOT NULL,
      before  BLOB
    ) STRICT;
    CREATE INDEX change_rid ON change(rid);
    CREATE TABLE deleted (
      rid         INTEGER PRIMARY KEY,
      customer_id TEXT    NOT NULL UNIQUE,
      version     INTEGER NOT NULL,
      change_seq  INTEGER NOT NULL
    ) STRICT;
    CREATE VIRTUAL TABLE search USING fts5(
      text, content = '', columnsize = 0, tokenize = 'trigram');
    CREATE VIRTUAL TABLE terms USING fts5(
      term, content = '', columnsize = 0, detail = none,
      tokenize = "unicode61 remove_diacritics 0 tokenchars '@.+-_='");
    INSERT INTO search(search, rank) VALUES ('automerge', 8);
    CREATE TABLE search_pending (
      rid       INTEGER PRIMARY KEY,
      text      TEXT,
      terms     TEXT,
      old_text  TEXT,
      old_terms TEXT
    ) STRICT;
    CREATE TABLE meta (
      name  TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  /// The words of the terms index, one by one in their order, each with the rows that have it.
  ///
  /// A view of the index without data of its own (`sqlite.org/fts5.html`, 7). It finds those whose
  /// words begin so as they come; the index itself would gather all of them before the first.
  private static let wordsOfTerms = """
    CREATE VIRTUAL TABLE term_words USING fts5vocab('terms', 'instance');
    """

  /// Beside each record the number that tells whether it is the one that was written
  /// (``ByteSum``); NULL where it was written before there were any, until a rebuild.
  private static let sumsOfRecords = """
    ALTER TABLE customer ADD COLUMN record_sum INTEGER;
    ALTER TABLE change ADD COLUMN before_sum INTEGER;
    """
}
