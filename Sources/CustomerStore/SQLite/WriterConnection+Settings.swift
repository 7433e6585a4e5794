import SQLite

extension WriterConnection {
  /// ``CustomerRepository/updateSettings(_:)`` inside a transaction.
  func updateSettings(
    _ change: (inout RepositorySettings) -> Void
  ) throws(RepositoryError) -> RepositorySettings {
    try part { () throws(RepositoryError) in
      var settings = counters.settings
      change(&settings)
      if settings.uniqueEmail, !counters.settings.uniqueEmail { try checkEmailsAreUnique() }
      try sqlite { () throws(SQLiteError) in
        try note(MetaName.uniqueEmail, settings.uniqueEmail ? "1" : "0")
        if let retention = settings.historyRetention {
          try note(MetaName.historyRetention, "\(retention)")
        } else {
          try database.prepare(SettingsSQL.removeMeta).bind(MetaName.historyRetention).run()
        }
      }
      counters.settings = settings
      return settings
    }
  }

  private func checkEmailsAreUnique() throws(RepositoryError) {
    var ids: [String] = []
    try sqlite { () throws(SQLiteError) in
      let shared = try database.prepare(SettingsSQL.sharedEmail).first { $0.text(at: 0) }
      guard let shared else { return }
      try database.prepare(SettingsSQL.idsByEmail).bind(shared)
        .forEachRow { ids.append($0.text(at: 0)) }
    }
    if ids.count > 1 { throw .emailsNotUnique(ids: ids) }
  }
}
