import CustomerModel
import ProtoWire
import SQLite
import TestSupport
import Testing

@testable import CustomerStore

/// The check of a store finds what is made wrong here by hand, and nothing else.
@Suite struct StoreCheckTests {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// A closed store of ten customers, of which one changed, one was deleted, one came back.
  private func makeStore() async throws {
    let store = try SQLiteRepository(folder.options())
    for number in 1...10 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    _ = try await store.update(
      testID(1),
      version: 0,
      merges: false,
      allowMissing: false,
      testStamp(11)
    ) {
      var next = try #require($0)
      next.firstName = "Changed"
      return next
    }
    for number in 2...3 { _ = try await store.delete(testID(number), version: 0, testStamp(12)) }
    _ = try await store.create(testCustomer(3), testStamp(14))
    try await waitForIndex(store)
    await store.close()
  }

  /// What the check finds after a statement was run.
  private func findings(after sql: String) throws -> [String] {
    try Database(path: folder.database, mode: .readWrite).execute(sql)
    return try StoreMaintenance.check(folder.options()).texts
  }

  @Test func findsNothingInAWholeStore() async throws {
    try await makeStore()
    let findings = try StoreMaintenance.check(folder.options())
    #expect(findings.texts == [])
    #expect(findings.customerCount == 9)
    #expect(findings.changeCount == 14)
  }

  @Test func findsNothingWhereCustomersWereErased() async throws {
    try await makeStore()
    let store = try SQLiteRepository(folder.options())
    for number in [1, 2, 4] { _ = try await store.erase(testID(number), version: 0, testStamp(20)) }
    // One of them comes back, and is deleted.
    _ = try await store.create(testCustomer(4), testStamp(23))
    _ = try await store.delete(testID(4), version: 0, testStamp(24))
    await store.close()
    let findings = try StoreMaintenance.check(folder.options())
    #expect(findings.texts == [])
    #expect(findings.customerCount == 7)
    _ = try StoreMaintenance.rebuild(folder.options())
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
  }

  @Test func findsNothingWhileWordsWait() async throws {
    try await makeStore()
    let store = try SQLiteRepository(folder.options())
    for number in 20...29 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    _ = try await store.delete(testID(5), version: 0, testStamp(30))
    _ = try await store.update(
      testID(6),
      version: 0,
      merges: false,
      allowMissing: false,
      testStamp(31)
    ) {
      var next = try #require($0)
      next.lastName = "Waits"
      return next
    }
    // What a crash leaves, before the words are moved.
    let crashed = try TestFolder()
    for suffix in ["", "-wal"] {
      try run(["cp", folder.database + suffix, crashed.database + suffix])
    }
    await store.close()
    let findings = try StoreMaintenance.check(crashed.options())
    #expect(findings.texts == [])
    #expect(findings.customerCount == 18)
    let waiting = try Database(path: crashed.database, mode: .readWrite)
      .prepare(StoreSQL.pendingCount).first { $0.integer(at: 0) }
    #expect(waiting ?? 0 > 0, "the words had been moved already")
  }

  @Test(arguments: [
    (
      "UPDATE customer SET sort_key = 'x' WHERE rid = 4",
      ["customer \(testID(4)): sort_key is not what the record says"]
    ),
    (
      "UPDATE customer SET update_time = 7 WHERE rid = 4",
      [
        """
        customer \(testID(4)): update_time is 7, and the record says \
        \(testStamp(4).timeMicroseconds)
        """
      ]
    ),
    (
      "UPDATE customer SET record = x'0a' WHERE rid = 4",
      [
        "customer \(testID(4)): the record can't be read: ",
        "search index search holds",
        "search index terms holds",
      ]
    ),
    (
      "UPDATE meta SET value = 4 WHERE name = 'customer_count'",
      ["9 customers are there, and 4 were counted"]
    ),
    (
      "UPDATE meta SET value = 99 WHERE name = 'folding_version'",
      ["data was derived by rules 99 and not by \(DerivedData.version): rebuild it"]
    ),
    ("DELETE FROM meta WHERE name = 'store_id'", ["the store has no id"]),
    (
      "INSERT INTO search (rowid, text) VALUES (77, 'abc')",
      ["search index search holds"]
    ),
    (
      "INSERT INTO terms (terms, rowid, term) VALUES ('delete', 4, 'fzoe')",
      ["search index terms holds"]
    ),
    (
      """
      INSERT INTO terms (terms, rowid, term) VALUES ('delete', 4, 'fzoe');
      INSERT INTO terms (rowid, term) VALUES (77, 'fzoe')
      """,
      ["search index terms holds other words than the records have"]
    ),
    (
      "INSERT INTO search_pending (rid, text, terms) VALUES (2, 'x', 'y')",
      ["row 2: words wait for a customer that isn't there"]
    ),
    (
      "DELETE FROM change WHERE seq = 14",
      ["change 13: what it made isn't there", "change 14 is missing"]
    ),
    ("UPDATE change SET version = 5 WHERE seq = 11", ["change 11: version 5 follows version 1"]),
    ("DELETE FROM change WHERE seq = 8", ["13 changes are there instead of 14"]),
    ("UPDATE change SET kind = 9 WHERE seq = 11", ["change 11 is of unknown kind 9"]),
    (
      "UPDATE change SET before = x'0a' WHERE seq = 11",
      ["change 11: the record it replaced can't be read"]
    ),
    (
      "UPDATE change SET before = (SELECT record FROM customer WHERE rid = 4) WHERE seq = 11",
      ["customer \(testID(1)): its past is that of customer \(testID(4))"]
    ),
    ("DELETE FROM deleted", ["change 12: what it made isn't there"]),
    (
      "UPDATE customer SET change_seq = 3 WHERE rid = 4",
      ["customer \(testID(4)) is at version 1 by change 3", "change 3 is missing"]
    ),
    (
      """
      INSERT INTO deleted (rid, customer_id, version, change_seq)
      SELECT 99, customer_id, 2, 4 FROM customer WHERE rid = 4
      """,
      ["is there and deleted", "change 4 is missing"]
    ),
  ])
  func finds(_ sql: String, _ expected: [String]) async throws {
    try await makeStore()
    let texts = try findings(after: sql)
    for part in expected {
      #expect(texts.contains { $0.contains(part) }, "\(part) isn't among \(texts)")
    }
  }

  /// Single bytes of records and of those that changes keep, anywhere: all are found.
  @Test func findsEveryByteOfARecordThatIsWrong() async throws {
    try await makeStore()
    var random = SeededGenerator.announced()
    let database = try Database(path: folder.database, mode: .readWrite)
    let places = [("customer", "record", "rid"), ("change", "before", "seq")]
    for _ in 0..<200 {
      let (table, column, key) = places[Int.random(in: 0...1, using: &random)]
      let rows = try numbers(database, "SELECT \(key) FROM \(table) WHERE \(column) IS NOT NULL")
      let row = rows[Int.random(in: 0..<rows.count, using: &random)]
      let read = try database.prepare("SELECT \(column) FROM \(table) WHERE \(key) = ?1")
      let record = try #require(try read.bind(row).first { $0.bytes(at: 0) })
      var damaged = record
      let place = Int.random(in: 0..<damaged.count, using: &random)
      damaged[place] ^= UInt8.random(in: 1...255, using: &random)
      let write = try database.prepare("UPDATE \(table) SET \(column) = ?2 WHERE \(key) = ?1")
      try write.bind(row).bind(damaged).run()
      var findings = StoreFindings()
      try RecordCheck(database).run(&findings)
      try ChangeLogCheck(database).run(&findings)
      let text = "not the one that was written"
      #expect(
        findings.texts.contains { $0.hasSuffix(text) },
        "byte \(place) of \(column) of \(row): \(findings.texts)"
      )
      try write.bind(row).bind(record).run()
    }
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
  }

  private func numbers(_ database: Database, _ sql: String) throws -> [Int64] {
    var numbers: [Int64] = []
    try database.prepare(sql).forEachRow { numbers.append($0.integer(at: 0)) }
    return numbers
  }

  /// A letter that no column and no index has.
  @Test func nobodyIsGivenADamagedRecord() async throws {
    try await makeStore()
    for sql in [
      "UPDATE customer SET record = replace(record, 'AU', 'NZ') WHERE rid = 4",
      "UPDATE change SET before = replace(before, 'AU', 'NZ') WHERE seq = 11",
    ] {
      try Database(path: folder.database, mode: .readWrite).execute(
        sql.replacing("replace(", with: "CAST(replace(").replacing(
          "') WHERE",
          with: "') AS BLOB) WHERE"
        )
      )
    }
    let store = try SQLiteRepository(folder.options())
    let reader = try store.makeReader()
    let damaged = "database \(folder.database) is damaged: "
    let text = "the record is not the one that was written"
    await expectRefusal("\(damaged)customer \(testID(4)): \(text)") { try reader.record(testID(4)) }
    await expectRefusal("\(damaged)customer \(testID(4)): \(text)") {
      try await store.records([testID(5), testID(4)])
    }
    let all = ListQuery(filter: CustomerFilter(), order: .creation, position: nil, limit: 9)
    await expectRefusal("\(damaged)row 4: \(text)") { try await store.list(all) }
    await expectRefusal("\(damaged)row 4: \(text)") {
      try await store.export(store.beginExport(), CustomerFilter(), limit: 9)
    }
    await expectRefusal("\(damaged)version 1 of customer \(testID(1)): \(text)") {
      try await store.record(testID(1), version: 1)
    }
    await expectRefusal("\(damaged)row 4: \(text)") {
      try await store.delete(testID(4), version: 0, testStamp(40))
    }
    // A refusal comes with the current record.
    await expectRefusal("\(damaged)row 4: \(text)") {
      try await store.erase(testID(4), version: 99, testStamp(40))
    }
    // The others are given, and an erasure takes the damaged one away.
    #expect(try reader.record(testID(5)) != nil)
    _ = try await store.erase(testID(4), version: 0, testStamp(41))
    _ = try await store.list(all)
    await store.close()
    let findings = try StoreMaintenance.check(folder.options()).texts
    #expect(findings == ["change 11: the record it replaced is not the one that was written"])
  }

  @Test func keepsAHundredFindingsAndCountsAll() async throws {
    let store = try SQLiteRepository(folder.options())
    let rows = (1...150).map { ImportRow(customer: testCustomer($0), newID: "") }
    _ = try await store.importRows(rows, mode: .create, match: .none, testStamp(0)) { row, _ in
      row.customer
    }
    await store.close()
    try Database(path: folder.database, mode: .readWrite).execute(
      "UPDATE customer SET phones = 'x'"
    )
    let findings = try StoreMaintenance.check(folder.options())
    #expect(findings.count == 150)
    #expect(findings.texts.count == StoreFindings.textsMax)
  }

  @Test func findsDamagedPages() async throws {
    let store = try SQLiteRepository(folder.options())
    for number in 1...200 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    await store.close()
    try run([
      "dd", "if=/dev/urandom", "of=\(folder.database)", "bs=4096", "seek=40", "count=3",
      "conv=notrunc",
    ])
    #expect(try StoreMaintenance.check(folder.options()).count > 0)
  }

  @Test func refusesWhatItCanNotCheck() async throws {
    await expectRefusal(
      "database \(folder.database) can't be opened: there is no such file"
    ) { try StoreMaintenance.check(folder.options()) }
    #expect(try run(["ls", folder.path]) == "")
    let store = try SQLiteRepository(folder.options())
    #expect(throws: RepositoryError.self) { try StoreMaintenance.check(folder.options()) }
    await store.close()
    try run(["sh", "-c", ": > \(folder.database)"])
    await expectRefusal("\(folder.database) is no customer database: it is empty") {
      try StoreMaintenance.check(folder.options())
    }
  }
}
