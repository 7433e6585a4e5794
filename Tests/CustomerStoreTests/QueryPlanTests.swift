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
    (StoreSQL.deleteChanges, ["SEARCH change USING INDEX change_rid (rid=?)"]),
    (StoreSQL.kindOfChange, ["SEARCH change USING INTEGER PRIMARY KEY (rowid=?)"]),
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
        "SCAN t VIRTUAL TABLE INDEX 64:M1>", "CORRELATED SCALAR SUBQUERY 1",
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
    (StoreSQL.pendingTerms, ["SCAN search_pending"]),
    (StoreSQL.pendingCount, ["SCAN search_pending"]),
    (StoreSQL.pendingEnd, ["SCAN search_pending"]),
    (StoreSQL.customerCount, ["SCAN customer USING COVERING INDEX customer_update"]),
  ])
  func isServedBy(_ sql: String, _ expected: [String]) throws {
    #expect(try plan(sql) == expected)
  }

  @Test func servesEveryOrderByItsIndex() throws {
    #expect(try plan(ListSQL.walkRows) == [Self.byKey + ">?)"])
    let indexes: [ListPlan.Index: (name: String, column: String)] = [
      .lastName: ("customer_sort", "sort_key"), .emailAddress: ("customer_email", "email_key"),
      .updateTime: ("customer_update", "update_time"),
    ]
    for key in ListOrder.Key.allCases {
      let index = ListPlan.Index(key)
      let (name, column) = try #require(indexes[index])
      for isDescending in [false, true] {
        let search = "SEARCH customer USING INDEX \(name)"
        #expect(
          try plan(ListSQL.walk(index, isDescending: isDescending)) == [
            "\(search) (\(column)>? AND \(column)<?)"
          ]
        )
        #expect(
          try plan(ListSQL.walkEqual(index, isDescending: isDescending)) == [
            "\(search) (\(column)=? AND rowid\(isDescending ? "<" : ">")?)"
          ]
        )
      }
    }
  }

  @Test func servesEveryFilterByAnIndex() throws {
    let ranges: [(ListPlan.Index, String)] = [
      (.customerID, "sqlite_autoindex_customer_1 (customer_id>? AND customer_id<?)"),
      (.emailAddress, "customer_email (email_key>? AND email_key<?)"),
      (.lastName, "customer_sort (sort_key>? AND sort_key<?)"),
      (.updateTime, "customer_update (update_time>? AND update_time<?)"),
    ]
    for (index, expected) in ranges {
      #expect(
        try plan(ListSQL.rows(index)) == ["SEARCH customer USING COVERING INDEX " + expected]
      )
      #expect(
        try plan(ListSQL.customer(index)) == [
          "SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)"
        ]
      )
    }
    #expect(ranges.count == ListPlan.Index.allCases.count)
    // M is the full-text query, > a range of rows.
    #expect(try plan(ListSQL.termRows) == ["SCAN terms VIRTUAL TABLE INDEX 0:M1"])
    // 6 is a range of terms.
    let butForThoseThatWait = [
      "CORRELATED SCALAR SUBQUERY 1", "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)",
    ]
    #expect(
      try plan(ListSQL.wordRows)
        == ["SCAN term_words VIRTUAL TABLE INDEX 6:"] + butForThoseThatWait
    )
    #expect(
      try plan(ListSQL.textRows) == ["SCAN search VIRTUAL TABLE INDEX 0:M1"] + butForThoseThatWait
    )
    #expect(try plan(ListSQL.walkTerms) == ["SCAN terms VIRTUAL TABLE INDEX 64:M1>"])
    #expect(
      try plan(ListSQL.record) == ["SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)"]
    )
    // Bounded by what may wait.
    #expect(try plan(ListSQL.waitingRows(words: 2)) == ["SCAN search_pending"])
    #expect(try plan(ListSQL.pendingTermRows) == ["SCAN search_pending"])
    #expect(
      try plan(ListSQL.walkPending) == ["SEARCH search_pending USING INTEGER PRIMARY KEY (rowid>?)"]
    )
  }

  private func plan(_ sql: String) throws -> [String] {
    let database = try Database(path: ":memory:", mode: .readWrite)
    for migration in Schema.migrations { try database.execute(migration) }
    var plan: [String] = []
    try database.prepare("EXPLAIN QUERY PLAN " + sql).forEachRow { plan.append($0.text(at: 3)) }
    return plan
  }
}
