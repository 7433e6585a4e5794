import CustomerModel
import ProtoWire
import SQLite
import Testing

@testable import CustomerStore

/// Numbers in a file that nobody wrote: whatever is asked then has an answer or an error.
///
/// A number that isn't checked ends the process, and with it this test.
@Suite struct DamagedNumbersTests {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// Numbers at every border: of what 64 bits hold, of what imports may carry, of what is read.
  private static let numbers: [Int64] = [
    .min, -1, 0, 1 << 62, StoreLimit.numberMax, StoreLimit.numberMax + 1, .max - 1, .max,
  ]

  /// A closed store: a customer with a past, one that was deleted, one whose words wait.
  private func makeStore() async throws {
    let store = try SQLiteRepository(folder.options())
    for number in 1...4 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    for number in 5...6 { _ = try await rename(store, 1, "Name \(number)") }
    _ = try await store.delete(testID(2), version: 0, testStamp(7))
    try await waitForIndex(store)
    await store.close()
  }

  private func rename(
    _ store: SQLiteRepository,
    _ number: Int,
    _ name: String
  ) async throws(RepositoryError) -> WrittenRecord {
    try await store.update(
      testID(number),
      version: 0,
      merges: false,
      allowMissing: false,
      testStamp(9)
    ) {
      var next = try #require($0)
      next.lastName = name
      return next
    }
  }

  /// Asks everything there is to ask; returns the errors' texts.
  private func askAll() async throws -> [String] {
    var errors: [String] = []
    func ask<Value>(_ body: () async throws(RepositoryError) -> Value) async {
      do throws(RepositoryError) { _ = try await body() } catch { errors.append("\(error)") }
    }
    var store: SQLiteRepository?
    var options = folder.options()
    options.microseconds = { 1_767_225_600_000_000 + 3_600_000_000 }
    await ask { () throws(RepositoryError) in store = try SQLiteRepository(options) }
    guard let store else { return errors }
    await ask { () async throws(RepositoryError) in try await store.status() }
    await ask { () async throws(RepositoryError) in try await store.settings() }
    for order in [ListOrder.creation, .by(.updateTime, isDescending: true)] {
      let query = ListQuery(filter: CustomerFilter(), order: order, position: nil, limit: 2)
      await ask { () async throws(RepositoryError) in
        guard let next = try await store.list(query).next else { return }
        let more = ListQuery(filter: CustomerFilter(), order: order, position: next, limit: 9)
        _ = try await store.list(more)
      }
    }
    let query = try SearchQuery("smith")
    await ask { () async throws(RepositoryError) in try await store.search(query, limit: 5) }
    for number in 1...2 {
      for version: UInt64 in [1, 2, 3, 99] {
        await ask { () async throws(RepositoryError) in
          try await store.record(testID(number), version: version)
        }
      }
      await ask { () async throws(RepositoryError) in
        try store.makeReader().deletion(testID(number))
      }
      await ask { () async throws(RepositoryError) in
        try await store.changes(after: nil, of: testID(number), limit: 10)
      }
    }
    await ask { () async throws(RepositoryError) in
      try await store.changes(after: nil, of: nil, limit: 3)
    }
    await ask { () async throws(RepositoryError) in
      try await store.changes(after: 2, of: nil, limit: 100)
    }
    for sequence in [0, 3, store.newestSequence] {
      await ask { () async throws(RepositoryError) in
        let start = ExportPosition(sequence: sequence, row: 0)
        _ = try await store.export(start, CustomerFilter(), limit: 3)
      }
    }
    errors += await askWrites(store)
    await ask { () async throws(RepositoryError) in try await store.status() }
    try await Task.sleep(for: .milliseconds(30))
    await store.close()
    return errors
  }

  /// Writes everything there is to write; returns the errors' texts.
  private func askWrites(_ store: SQLiteRepository) async -> [String] {
    var errors: [String] = []
    func ask<Value>(_ body: () async throws(RepositoryError) -> Value) async {
      do throws(RepositoryError) { _ = try await body() } catch { errors.append("\(error)") }
    }
    await ask { () async throws(RepositoryError) in try await rename(store, 1, "New") }
    await ask { () async throws(RepositoryError) in
      try await store.create(testCustomer(9), testStamp(9))
    }
    await ask { () async throws(RepositoryError) in
      try await store.create(testCustomer(2), testStamp(9))
    }
    let rows = [ImportRow(customer: testCustomer(3), newID: testID(77))]
    await ask { () async throws(RepositoryError) in
      try await store.importRows(rows, mode: .upsert, match: .none, testStamp(9)) { row, _ in
        row.customer
      }[0].get()
    }
    await ask { () async throws(RepositoryError) in
      try await store.delete(testID(1), version: 0, testStamp(9))
    }
    await ask { () async throws(RepositoryError) in
      try await store.erase(testID(1), version: 0, testStamp(9))
    }
    await ask { () async throws(RepositoryError) in
      try await store.updateSettings { $0.historyRetention = 3_600_000_000 }
    }
    await ask { () async throws(RepositoryError) in try await store.backUp() }
    return errors
  }

  @Test(arguments: [
    "customer.rid", "customer.version", "customer.change_seq", "customer.create_time",
    "customer.update_time", "change.seq", "change.rid", "change.version", "change.kind",
    "change.time", "deleted.rid", "deleted.version", "deleted.change_seq", "search_pending.rid",
  ])
  func aDamagedColumnIsAnErrorOrAnAnswer(_ name: String) async throws {
    try await makeStore()
    let parts = name.split(separator: ".")
    let (table, column) = (parts[0], parts[1])
    for number in Self.numbers {
      let damaged = try TestFolder()
      try run(["cp", folder.database, damaged.database])
      if table == "search_pending" {
        try execute(damaged, "INSERT INTO search_pending VALUES (\(number), 'a', 'b', NULL, NULL)")
      } else {
        let all = "SELECT rid FROM \(table) ORDER BY rid LIMIT 1"
        try execute(
          damaged,
          "UPDATE \(table) SET \(column) = \(number) WHERE rid = (\(all)) AND \(column) <> \(number)"
            + (column == "seq"
              ? " AND seq = (SELECT max(seq) FROM change WHERE rid = (\(all)))" : "")
        )
      }
      let copy = Self(damaged)
      _ = try await copy.askAll()
      for _ in 0..<2 {
        _ = Result { try StoreMaintenance.check(damaged.options()) }
        _ = Result { try StoreMaintenance.rebuild(damaged.options()) }
      }
    }
  }

  @Test(arguments: [
    "customer_count", "oldest_sequence", "erasing", "history_retention", "unique_email",
    "folding_version", "rebuild_row",
  ])
  func aDamagedFactIsAnErrorOrAnAnswer(_ name: String) async throws {
    try await makeStore()
    for number in Self.numbers.map({ "\($0)" }) + ["x", "", "9223372036854775808"] {
      let damaged = try TestFolder()
      try run(["cp", folder.database, damaged.database])
      try execute(damaged, "INSERT OR REPLACE INTO meta VALUES ('\(name)', '\(number)')")
      let copy = Self(damaged)
      let errors = try await copy.askAll()
      if Int64(number) == nil {
        let range = "0 to \(StoreLimit.numberMax)"
        let expected = "is damaged: meta: \(name) is '\(number)', and not from \(range)"
        #expect(errors.first?.hasSuffix(expected) ?? false, "\(errors)")
      }
      _ = Result { try StoreMaintenance.check(damaged.options()) }
    }
  }

  /// The text says which number, of what, and what it may be.
  @Test func errorsNameTheRow() async throws {
    try await makeStore()
    try execute(folder, "UPDATE change SET version = -5 WHERE seq = 3")
    try execute(folder, "UPDATE change SET time = 4611686018427387905 WHERE seq = 4")
    try execute(folder, "UPDATE customer SET version = \(StoreLimit.numberMax + 1) WHERE rid = 1")
    let store = try SQLiteRepository(folder.options())
    let damaged = "database \(folder.database) is damaged: "
    let range = "1 to \(StoreLimit.numberMax)"
    await expectRefusal("\(damaged)change 3: version is -5, and not from \(range)") {
      try await store.changes(after: 2, of: nil, limit: 1)
    }
    await expectRefusal(
      """
      \(damaged)change 4: time is 4611686018427387905, and not from -62135596800000000 to \
      253402300799999999
      """
    ) { try await store.changes(after: 3, of: nil, limit: 1) }
    await expectRefusal(
      "\(damaged)row 1: version is \(StoreLimit.numberMax + 1), and not from \(range)"
    ) { try await rename(store, 1, "New") }
    // The others are as they were.
    _ = try await rename(store, 3, "New")
    await store.close()
  }

  @Test func readsTheLargestNumbersThereMayBe() async throws {
    try await makeStore()
    try execute(folder, "UPDATE customer SET version = \(StoreLimit.numberMax) WHERE rid = 1")
    let store = try SQLiteRepository(folder.options())
    let written = try await rename(store, 1, "New")
    #expect(written.version == UInt64(StoreLimit.numberMax) + 1)
    await store.close()
  }

  private func execute(_ folder: TestFolder, _ sql: String) throws {
    let database = try Database(path: folder.database, mode: .readWrite)
    try database.execute(sql)
    try database.checkpoint(.truncate)
  }

  private init(_ folder: TestFolder) { self.folder = folder }
}
