import SQLite
import Testing

@testable import CustomerStore

@Suite struct ScanPoolTests {
  let folder: TestFolder
  let store: SQLiteRepository
  let pool: ScanPool

  init() throws {
    folder = try TestFolder()
    store = try SQLiteRepository(folder.options())
    pool = ScanPool(path: folder.database)
  }

  @Test func cancellationStopsTheStatementThatRuns() async throws {
    let gate = Gate()
    let endless = Task { [pool] in
      try await pool.scan { (connection) throws(RepositoryError) -> Int64? in
        gate.enter()
        return try connection.single.sqlite { () throws(SQLiteError) in
          let sql =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
          return try connection.single.database.prepare(sql).first { $0.integer(at: 0) }
        }
      }
    }
    try await gate.waitForEntry()
    gate.open()
    // The statement runs some milliseconds after the gate; an interrupt before it would be lost.
    try await Task.sleep(for: .milliseconds(100))
    endless.cancel()
    await expectRefusal("the call was cancelled") { try await endless.value }
  }

  @Test func aWaitingScanThatIsCancelledLeavesTheQueue() async throws {
    let gate = Gate()
    let holders = (0..<StoreLimit.runningScansMax).map { _ in
      Task { [pool] in try await pool.scan { _ in gate.enter() } }
    }
    try await gate.waitForEntry()
    let late = Task { [pool] in try await pool.scan { _ in true } }
    late.cancel()
    await expectRefusal("the call was cancelled") { try await late.value }
    gate.open()
    for holder in holders { try await holder.value }
    #expect(try await pool.scan { _ in 7 } == 7)
  }

  @Test func refusesWhatCannotBeOpened() async throws {
    let pool = ScanPool(path: folder.path + "/missing.db")
    await expectRefusal(
      "database \(folder.path)/missing.db can't be opened: unable to open database file: No such file or directory"
    ) {
      try await pool.scan { _ in 1 }
    }
  }

  @Test func writesAreImpossible() async throws {
    await expectRefusal("database \(folder.database) can only be read") { [pool] in
      try await pool.scan { (connection) throws(RepositoryError) in
        try connection.single.sqlite { () throws(SQLiteError) in
          try connection.single.database.execute("DELETE FROM customer")
        }
      }
    }
  }
}
