import CustomerModel
import Locks
import ProtoWire
import SQLite
import TestSupport
import Testing

@testable import CustomerStore

/// What follows from the records is made anew, also after being broken off anywhere.
@Suite struct RebuildTests {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private final class Events: Sendable {
    let all = Lock<[StoreEvent]>([])
  }

  private func options() -> (StoreOptions, Events) {
    let events = Events()
    var options = folder.options()
    options.onEvent = { event in events.all.withLock { $0.append(event) } }
    return (options, events)
  }

  /// A closed store with customers, in which all that is derived is wrong.
  private func makeSpoiltStore(_ count: Int) async throws {
    let store = try SQLiteRepository(folder.options())
    let rows = (1...count).map { ImportRow(customer: testCustomer($0), newID: "") }
    _ = try await store.importRows(rows, mode: .create, match: .none, testStamp(0)) { row, _ in
      row.customer
    }
    _ = try await store.delete(testID(3), version: 0, testStamp(1))
    await store.close()
    try Database(path: folder.database, mode: .readWrite).execute(
      """
      UPDATE customer SET version = 9, first_name = 'x', last_name = 'x', display_name = 'x',
        email_address = 'x', create_time = 1, update_time = 1, email_key = 'x', sort_key = 'x',
        phones = 'x', address = 'x', attributes = 'x';
      INSERT INTO search (search) VALUES ('delete-all');
      INSERT INTO search (rowid, text) VALUES (3, 'nonsense'), (5, 'more of it');
      UPDATE meta SET value = 12345 WHERE name = 'customer_count';
      """
    )
  }

  @Test func mendsAllThatIsDerived() async throws {
    try await makeSpoiltStore(100)
    #expect(try StoreMaintenance.check(folder.options()).count > 100)
    let (options, events) = options()
    #expect(try StoreMaintenance.rebuild(options) == 99)
    #expect(events.all.withLock(\.first) == .rebuilding(done: 0, of: 99))
    #expect(events.all.withLock(\.last) == .rebuilt(customers: 99))
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
    #expect(fileSize(folder.database + "-wal") ?? 0 == 0)
  }

  @Test func tellsHowFarItIs() async throws {
    let count = Int(Rebuilder.batchMax) * 3
    try await makeSpoiltStore(count)
    let (options, events) = options()
    _ = try StoreMaintenance.rebuild(options)
    let total = Int64(count - 1)
    #expect(
      events.all.withLock { $0 } == [
        .rebuilding(done: 0, of: total), .rebuilding(done: Rebuilder.batchMax, of: total),
        .rebuilding(done: Rebuilder.batchMax * 2, of: total), .rebuilt(customers: total),
      ]
    )
  }

  @Test(arguments: [0, 1, 2, 3])
  func goesOnWhereItWasBrokenOff(_ steps: Int) async throws {
    let count = Int(Rebuilder.batchMax) * 2 + 100
    try await makeSpoiltStore(count)
    do {
      let database = try StoreOpening(folder.options()).openTables()
      let rebuilder = try Rebuilder(database, folder.options())
      _ = try rebuilder.begin()
      for _ in 0..<steps { _ = try rebuilder.step() }
    }
    let broken = try StoreMaintenance.check(folder.options()).texts
    #expect(broken.contains("a rebuild of derived data was broken off: rebuild it"))
    let (options, events) = options()
    let store = try SQLiteRepository(options)
    let done = min(Int64(steps) * Rebuilder.batchMax, Int64(count) - 1)
    #expect(events.all.withLock(\.first) == .rebuilding(done: done, of: Int64(count) - 1))
    #expect(try await store.status().customerCount == Int64(count) - 1)
    await store.close()
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
  }

  @Test func aStoreOfOtherRulesIsDerivedAnewWhenItIsOpened() async throws {
    try await makeSpoiltStore(10)
    try Database(path: folder.database, mode: .readWrite).execute(
      "UPDATE meta SET value = value - 1 WHERE name = 'folding_version'"
    )
    let (options, events) = options()
    let store = try SQLiteRepository(options)
    #expect(events.all.withLock(\.last) == .rebuilt(customers: 9))
    // Written to at once, as if nothing had been.
    _ = try await store.create(testCustomer(50), testStamp(50))
    await store.close()
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
    let again = Events()
    var plain = folder.options()
    plain.onEvent = { event in again.all.withLock { $0.append(event) } }
    try await SQLiteRepository(plain).close()
    #expect(again.all.withLock { $0 } == [])
  }

  @Test func aHalfDoneRebuildByOtherRulesBeginsAnew() async throws {
    try await makeSpoiltStore(10)
    try Database(path: folder.database, mode: .readWrite).execute(
      "INSERT INTO meta (name, value) VALUES ('rebuild_version', '0'), ('rebuild_row', '8')"
    )
    _ = try StoreMaintenance.rebuild(folder.options())
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
  }

  @Test func refusesARecordThatCanNotBeReadAndAFileInUse() async throws {
    try await makeSpoiltStore(10)
    try Database(path: folder.database, mode: .readWrite).execute(
      "UPDATE customer SET record = x'0a' WHERE rid = 7"
    )
    do {
      _ = try StoreMaintenance.rebuild(folder.options())
      Issue.record("rebuilt")
    } catch {
      #expect("\(error)".hasPrefix("database \(folder.database) is damaged: record of row 7: "))
    }
    let other = try TestFolder()
    let store = try SQLiteRepository(other.options())
    #expect(throws: RepositoryError.self) { try StoreMaintenance.rebuild(other.options()) }
    await store.close()
    await expectRefusal("database /nowhere/x can't be opened: there is no such file") {
      try StoreMaintenance.rebuild(StoreOptions(path: "/nowhere/x", newStoreID: ""))
    }
  }
}
