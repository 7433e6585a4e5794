import Locks
import SQLite
import TestSupport
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
          let endless = try connection.single.database.prepare(sql)
          return try connection.single.transactions.reading(
            { () throws(SQLiteError) in try endless.first { $0.integer(at: 0) } },
            mapping: { $0 }
          )
        }
      }
    }
    try await gate.waitForEntry()
    gate.open()
    // The statement runs some milliseconds after the gate.
    try await Task.sleep(for: .milliseconds(100))
    endless.cancel()
    await expectRefusal("the call was cancelled") { try await endless.value }
  }

  /// Deadlines of some microseconds, and of none: wherever they land, the next call finds nothing of
  /// it.
  @Test func deadlinesLandNowhereThatHurtsTheNextScan() async throws {
    for number in 1...40 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    try await waitForIndex(store)
    let gold = ListQuery(filter: Self.gold, order: Self.byName, position: nil, limit: 10)
    let all = ListQuery(filter: CustomerFilter([]), order: .creation, position: nil, limit: 5)
    var random = SeededGenerator.announced()
    var stopped = 0
    for round in 0..<3000 {
      let scan = Task { [pool] in
        try await pool.scan { (connection) throws(RepositoryError) in
          try connection.list(round.isMultiple(of: 3) ? all : gold).records.count
        }
      }
      if round.isMultiple(of: 2) {
        for _ in 0..<Int.random(in: 0...60, using: &random) { await Task.yield() }
      } else {
        try await Task.sleep(for: .microseconds(Int.random(in: 1...400, using: &random)))
      }
      scan.cancel()
      do { _ = try await scan.value } catch RepositoryError.cancelled { stopped += 1 }
    }
    #expect((1..<3000).contains(stopped))
    for _ in 0..<10 {
      let found = try await pool.scan { (connection) throws(RepositoryError) in
        (try connection.list(gold).records.count, try connection.status().schemaVersion)
      }
      #expect(found == (10, Schema.migrations.count))
    }
  }

  /// An interrupt at every instruction of SQLite's that a scan has.
  @Test func aScanThatIsStoppedAnywhereLeavesTheNextWhole() async throws {
    for number in 1...12 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    try await waitForIndex(store)
    _ = try await store.create(testCustomer(13), testStamp(13))
    let gold = ListQuery(filter: Self.gold, order: Self.byName, position: nil, limit: 10)
    let connection = try ScanConnection(path: folder.database)
    let database = connection.single.database
    let query = try SearchQuery("smith 000013")
    func scan(_ place: Int) throws(RepositoryError) -> Int {
      switch place {
      case 0: return try connection.list(gold).records.count
      case 1: return try connection.search(query, limit: 5).count
      case 2: return try connection.changes(after: 3, of: testID(6), limit: 5).changes.count
      case 3:
        let start = ExportPosition(sequence: 9, row: 0)
        return try connection.export(start, CustomerFilter([]), limit: 20).records.count
      default: return try connection.record(testID(2), version: 1).count
      }
    }
    for place in 0..<5 {
      let expected = try scan(place)
      var stopped = 0
      for wanted in 1... {
        var instruction = 0
        database.setProgressHandler(every: 1) {
          instruction += 1
          if instruction == wanted { database.interrupter.interrupt() }
          return false
        }
        do throws(RepositoryError) { #expect(try scan(place) == expected) } catch {
          guard case .cancelled = error else { throw error }
          stopped += 1
        }
        database.setProgressHandler(every: 0, nil)
        database.interrupter.reset()
        #expect(database.whatIsOpen == nil, "scan \(place), instruction \(wanted)")
        #expect(try scan(place) == expected, "scan \(place), instruction \(wanted)")
        if instruction < wanted { break }
      }
      #expect(stopped > 2, "scan \(place)")
    }
  }

  @Test func aLaneThatIsLeftOpenIsReplaced() async throws {
    let events = Lock<[StoreEvent]>([])
    let pool = ScanPool(path: folder.database) { event in events.withLock { $0.append(event) } }
    for _ in 0...StoreLimit.runningScansMax {
      try await pool.scan { (connection) throws(RepositoryError) in
        try connection.single.sqlite { () throws(SQLiteError) in
          try connection.single.transactions.beginReading()
        }
      }
      _ = try await store.create(testCustomer(Int(store.newestSequence) + 1), testStamp(0))
      // Neither an error nor an old moment.
      let newest = try await pool.scan { (connection) throws(RepositoryError) in
        try connection.status().changeCount
      }
      #expect(newest == store.newestSequence)
    }
    let replaced = StoreEvent.readerReplaced(reason: "its transaction is open")
    #expect(events.withLock { $0 } == Array(repeating: replaced, count: 3))
  }

  private static let byName = ListOrder.by(.lastName, isDescending: false)

  private static let gold = CustomerFilter([.attribute(name: "tier", value: "gold")])

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
