/// The statements that forget old changes.
enum HistorySQL {
  static let oldestChanges = """
    SELECT seq, time, length(before) FROM change ORDER BY seq LIMIT ?1
    """

  static let removeChanges = "DELETE FROM change WHERE seq <= ?1"

  static let oldestTime = "SELECT time FROM change ORDER BY seq LIMIT 1"
}

/// The statements behind a store's settings.
enum SettingsSQL {
  static let removeMeta = "DELETE FROM meta WHERE name = ?1"

  /// An e-mail address that more than one customer has; the index is read once through.
  static let sharedEmail = """
    SELECT email_key FROM customer WHERE email_key <> '' GROUP BY email_key HAVING count(*) > 1
    LIMIT 1
    """

  /// The e-mail addresses of those whom the changes behind a number are about.
  static let emailsChangedAfter = """
    SELECT h.seq, coalesce(c.email_key, '') FROM change h LEFT JOIN customer c ON c.rid = h.rid
    WHERE h.seq > ?1 ORDER BY h.seq LIMIT ?2
    """

  static let idsByEmail =
    "SELECT customer_id FROM customer WHERE email_key = ?1 ORDER BY rid LIMIT 2"
}
