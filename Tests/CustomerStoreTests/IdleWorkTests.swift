import CustomerModel
import SQLite
import TestSupport
import Testing

@testable import CustomerStore

/// What a store does when nobody writes.
@Suite struct IdleWorkTests {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func fill(_ store: SQLiteRepository, _ count: Int) async throws {
    for start in stride(from: 1, through: count, by: 500) {
      let rows = (start..<start + 500).map { ImportRow(customer: testCustomer($0), newID: "") }
      let stamp = testStamp(start)
      _ = try await store.importRows(rows, mode: .create, match: .none, stamp) { row, _ in
        row.customer
      }
    }
  }

  /// Waits for an answer of the file, on a connection of the test's own.
  private func wait(for answer: Int64, _ sql: String, in path: String) async throws {
    let database = try Database(path: path, mode: .readOnly)
    var last: Int64?
    for _ in 0..<1000 where last != answer {
      last = try? database.prepare(sql).first { $0.integer(at: 0) } ?? 0
      if last != answer { try await Task.sleep(for: .milliseconds(10)) }
    }
    #expect(last == answer, "\(sql)")
  }

  /// The database file alone, without the log beside it, comes to hold all that was written.
  @Test func theLogIsCopiedIntoTheFile() async throws {
    let store = try SQLiteRepository(folder.options())
    try await fill(store, 1000)
    try await waitForIndex(store)
    let alone = folder.path + "/alone.db"
    var count = ""
    for _ in 0..<1000 where count != "1000" {
      try run(["cp", folder.database, alone])
      let database = try? Database(path: alone, mode: .readWrite)
      let rows = try? database?.prepare(StoreSQL.customerCount).first { $0.integer(at: 0) }
      count = "\(rows ?? 0)"
      if count != "1000" { try await Task.sleep(for: .milliseconds(10)) }
    }
    #expect(count == "1000")
    #expect((fileSize(folder.database + "-wal") ?? 0) > 0, "the store was closed")
  }

  @Test func countsForPlansAreTakenOnceEnoughHasChanged() async throws {
    let store = try SQLiteRepository(folder.options())
    try await fill(store, Int(Optimizer.changesBetween) / 500 * 500)
    try await waitForIndex(store)
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'"
    try await Task.sleep(for: .milliseconds(200))
    try await wait(for: 0, tables, in: folder.database)
    _ = try await store.update(
      testID(1),
      version: 0,
      merges: false,
      allowMissing: true,
      testStamp(1)
    ) { current in
      var next = current ?? testCustomer(1)
      next.firstName = "Changed"
      return next
    }
    try await fillMore(store)
    try await wait(for: 1, tables, in: folder.database)
    let counted =
      "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'customer' AND idx = 'customer_email'"
    try await wait(for: 1, counted, in: folder.database)
    await store.close()
    try expectSamePlans()
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
  }

  private func fillMore(_ store: SQLiteRepository) async throws {
    let rows = (10_000..<10_200).map { ImportRow(customer: testCustomer($0), newID: "") }
    _ = try await store.importRows(rows, mode: .create, match: .none, testStamp(9)) { row, _ in
      row.customer
    }
  }

  /// With counts every statement is served as without them.
  private func expectSamePlans() throws {
    let empty = try Database(path: ":memory:", mode: .readWrite)
    for migration in Schema.migrations { try empty.execute(migration) }
    let counted = try Database(path: folder.database, mode: .readWrite)
    for sql in [
      StoreSQL.recordByID, StoreSQL.customerByID, StoreSQL.customerByRow, StoreSQL.deletedByID,
      StoreSQL.changeOfRowFrom, StoreSQL.recordBeforeNextChange, StoreSQL.changes,
      StoreSQL.changesOfRow, StoreSQL.chunkEnd, StoreSQL.chunk,
      StoreSQL.deletedSince, StoreSQL.rowsByEmail, StoreSQL.idByEmail, StoreSQL.rowsByTerm,
      StoreSQL.updateCustomer, HistorySQL.oldestChanges, HistorySQL.removeChanges, ListSQL.walkRows,
      ListSQL.walkTerms, ListSQL.termRows, ListSQL.textRows,
    ] + Self.listStatements {
      #expect(try plan(counted, sql) == plan(empty, sql), "\(sql)")
    }
  }

  /// Those of all orders and filters.
  private static let listStatements = ListPlan.Index.allCases.flatMap { index in
    [
      ListSQL.rows(index), ListSQL.customer(index), ListSQL.walk(index, isDescending: false),
      ListSQL.walk(index, isDescending: true), ListSQL.walkEqual(index, isDescending: false),
      ListSQL.walkEqual(index, isDescending: true),
    ]
  }

  private func plan(_ database: Database, _ sql: String) throws -> [String] {
    var plan: [String] = []
    try database.prepare("EXPLAIN QUERY PLAN " + sql).forEachRow { plan.append($0.text(at: 3)) }
    return plan
  }
}
