import SQLite

extension WriterConnection {
  /// What an attempt to set rules comes to.
  enum SettingsUpdate {
    /// They are set.
    case done(RepositorySettings)
    /// All e-mail addresses must be read first, beside the writer.
    case mustReadEmails
  }

  /// The changes that are looked at together.
  private static let changesAtOnce: Int64 = 64

  /// A part of ``CustomerRepository/updateSettings(_:)`` inside a transaction.
  ///
  /// - Parameters:
  ///   - change: Makes the new rules.
  ///   - sequence: The change up to which e-mail addresses are known to be unique; those of later
  ///     changes are looked at here.
  ///   - turn: How far that goes.
  /// - Returns: `nil` if the turn was over before.
  /// - Throws: ``RepositoryError`` `emailsNotUnique`, and what can befall any write.
  func updateSettings(
    _ change: (inout RepositorySettings) -> Void,
    emailsUniqueAt sequence: inout Int64?,
    _ turn: Turn
  ) throws(RepositoryError) -> SettingsUpdate? {
    var settings = counters.settings
    change(&settings)
    if settings.uniqueEmail, !counters.settings.uniqueEmail {
      guard let checked = sequence, checked >= counters.oldestSequence - 1 else {
        return .mustReadEmails
      }
      var end = checked
      let isDone = try sqlite { () throws(SQLiteError) in try readEmails(after: &end, turn) }
      sequence = end
      if let ids = isDone.shared { throw .emailsNotUnique(ids: ids) }
      if !isDone.isAll { return nil }
    }
    try part { () throws(RepositoryError) in
      try sqlite { () throws(SQLiteError) in
        try note(MetaName.uniqueEmail, settings.uniqueEmail ? "1" : "0")
        if let retention = settings.historyRetention {
          try note(MetaName.historyRetention, "\(retention)")
        } else {
          try database.prepare(SettingsSQL.removeMeta).bind(MetaName.historyRetention).run()
        }
      }
      counters.settings = settings
    }
    return .done(settings)
  }

  /// Looks whether the customers that changed share their e-mail addresses with others.
  ///
  /// - Returns: Whether all up to the newest change were looked at, and two that share one.
  private func readEmails(
    after sequence: inout Int64,
    _ turn: Turn
  ) throws(SQLiteError) -> (isAll: Bool, shared: [String]?) {
    let changed = try database.prepare(SettingsSQL.emailsChangedAfter)
    let owners = try database.prepare(SettingsSQL.idsByEmail)
    repeat {
      var emails: [String] = []
      var last: Int64?
      try changed.bind(sequence).bind(Self.changesAtOnce).forEachRow { columns in
        last = columns.integer(at: 0)
        emails.append(columns.text(at: 1))
      }
      guard let last else { return (true, nil) }
      for email in Set(emails) where !email.isEmpty {
        var ids: [String] = []
        try owners.bind(email).forEachRow { ids.append($0.text(at: 0)) }
        if ids.count > 1 { return (false, ids) }
      }
      sequence = last
    } while !turn.isOver
    return (false, nil)
  }
}
