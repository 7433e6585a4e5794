import SQLite
import Testing

@testable import CustomerStore

/// How SQLite serves the statements that look after a store while others use it, or make it anew.
@Suite struct UpkeepPlanTests {
  static let byRow = "SEARCH customer USING INTEGER PRIMARY KEY (rowid"

  @Test(arguments: [
    (HistorySQL.oldestChanges, ["SCAN change"]),
    (HistorySQL.oldestTime, ["SCAN change"]),
    (HistorySQL.removeChanges, ["SEARCH change USING INTEGER PRIMARY KEY (rowid<?)"]),
    (SettingsSQL.removeMeta, ["SEARCH meta USING PRIMARY KEY (name=?)"]),
    (SettingsSQL.sharedEmail, ["SCAN customer USING COVERING INDEX customer_email"]),
    (SettingsSQL.idsByEmail, ["SEARCH customer USING INDEX customer_email (email_key=?)"]),
    (
      SettingsSQL.emailsChangedAfter,
      [
        "SEARCH h USING INTEGER PRIMARY KEY (rowid>?)",
        "SEARCH c USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
      ]
    ),
    (RebuildSQL.records, [byRow + ">?)"]),
    (RebuildSQL.countUpToRow, [byRow + "<?)"]),
    (RebuildSQL.deriveColumns, [byRow + "=?)"]),
  ])
  func isServedBy(_ sql: String, _ expected: [String]) throws {
    let database = try Database(path: ":memory:", mode: .readWrite)
    for migration in Schema.migrations { try database.execute(migration) }
    var plan: [String] = []
    try database.prepare("EXPLAIN QUERY PLAN " + sql).forEachRow { plan.append($0.text(at: 3)) }
    #expect(plan == expected)
  }
}
