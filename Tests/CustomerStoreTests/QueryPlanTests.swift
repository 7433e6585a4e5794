import SQLite
import Testing

@testable import CustomerStore

/// How SQLite serves each statement: `sqlite.org/eqp.html`.
@Suite struct QueryPlanTests {
  static let byKey = "SEARCH customer USING INTEGER PRIMARY KEY (rowid"

  @Test(arguments: [
    (
      StoreSQL.recordByID,
      ["SEARCH customer USING INDEX sqlite_autoindex_customer_1 (customer_id=?)"]
    ),
    (
      StoreSQL.customerByID,
      ["SEARCH customer USING INDEX sqlite_autoindex_customer_1 (customer_id=?)"]
    ),
    (StoreSQL.customerByRow, ["SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)"]),
    (
      StoreSQL.deletedByID,
      ["SEARCH deleted USING INDEX sqlite_autoindex_deleted_1 (customer_id=?)"]
    ),
    (StoreSQL.changeBySequence, ["SEARCH change USING INTEGER PRIMARY KEY (rowid=?)"]),
    (StoreSQL.changeOfRowFrom, ["SEARCH change USING INDEX change_rid (rid=? AND rowid>?)"]),
    (StoreSQL.recordBeforeNextChange, ["SEARCH change USING INDEX change_rid (rid=? AND rowid>?)"]),
    (StoreSQL.changes, ["SEARCH change USING INTEGER PRIMARY KEY (rowid>?)"]),
    (StoreSQL.changesOfRow, ["SEARCH change USING INDEX change_rid (rid=? AND rowid>?)"]),
    (StoreSQL.newestChange, ["SEARCH change"]),
    (StoreSQL.oldestChange, ["SEARCH change"]),
    (StoreSQL.listInOrderOfCreation, [byKey + ">?)"]),
    (StoreSQL.chunkEnd, [byKey + ">?)"]),
    (StoreSQL.chunk, [byKey + ">? AND rowid<?)"]),
    (StoreSQL.deletedSince, ["SEARCH deleted USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
    (
      StoreSQL.newestRow,
      [
        "SCAN CONSTANT ROW", "SCALAR SUBQUERY 1", "SEARCH customer", "SCALAR SUBQUERY 2",
        "SEARCH deleted",
      ]
    ),
    (
      StoreSQL.rowsByEmail, ["SEARCH customer USING COVERING INDEX customer_email (email_key=?)"]
    ),
    (StoreSQL.idByEmail, ["SEARCH customer USING INDEX customer_email (email_key=?)"]),
    (
      StoreSQL.rowsByTerm,
      [
        "SCAN t VIRTUAL TABLE INDEX 0:M1", "CORRELATED SCALAR SUBQUERY 1",
        "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)",
      ]
    ),
    (StoreSQL.updateCustomer, ["SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)"]),
    (StoreSQL.deleteCustomer, ["SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)"]),
    (StoreSQL.removeDeleted, ["SEARCH deleted USING INTEGER PRIMARY KEY (rowid=?)"]),
    (StoreSQL.pendingLast, ["SEARCH search_pending"]),
    (StoreSQL.indexing[0], ["SEARCH search_pending USING INTEGER PRIMARY KEY (rowid<?)"]),
    (StoreSQL.indexing[1], ["SEARCH search_pending USING INTEGER PRIMARY KEY (rowid<?)"]),
    (StoreSQL.indexing[2], ["SEARCH search_pending USING INTEGER PRIMARY KEY (rowid<?)"]),
    (StoreSQL.indexing[3], ["SEARCH search_pending USING INTEGER PRIMARY KEY (rowid<?)"]),
    (StoreSQL.indexing[4], ["SEARCH search_pending USING INTEGER PRIMARY KEY (rowid<?)"]),
    (StoreSQL.meta, ["SEARCH meta USING PRIMARY KEY (name=?)"]),
    // Bounded tables, and those that are read whole on purpose: what waits for the index, and a
    // count that is only made where the noted one is missing.
    (StoreSQL.pendingRowsByTerm, ["SCAN search_pending"]),
    (StoreSQL.pendingCount, ["SCAN search_pending"]),
    (StoreSQL.pendingEnd, ["SCAN search_pending"]),
    (StoreSQL.customerCount, ["SCAN customer USING COVERING INDEX customer_update"]),
  ])
  func isServedBy(_ sql: String, _ expected: [String]) throws {
    let database = try Database(path: ":memory:", mode: .readWrite)
    for migration in Schema.migrations { try database.execute(migration) }
    var plan: [String] = []
    try database.prepare("EXPLAIN QUERY PLAN " + sql).forEachRow { plan.append($0.text(at: 3)) }
    #expect(plan == expected)
  }
}
