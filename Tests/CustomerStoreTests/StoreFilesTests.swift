import CustomerModel
import Locks
import SQLite
import TestSupport
import Testing

@testable import CustomerStore

/// Files that are moved, replaced or removed under an open store: noticed before anybody is told
/// that a write is safe.
@Suite(.enabled(if: ExternalTool.isExpected("sqlite3"))) struct StoreFilesTests {
  let folder: TestFolder
  private let events = Events()

  private final class Events: Sendable {
    let all = Lock<[StoreEvent]>([])
  }

  init() throws { folder = try TestFolder() }

  private var refusal: String {
    "database \(folder.database) or its log was moved, replaced or removed while it was open"
  }

  private func open() throws -> SQLiteRepository {
    var options = folder.options()
    options.onEvent = { [events] event in events.all.withLock { $0.append(event) } }
    return try SQLiteRepository(options)
  }

  private func shell(_ command: String) throws {
    try run(["sh", "-c", "cd \(folder.path) && \(command)"])
  }

  @Test(arguments: [
    ("mv customers.db elsewhere.db", "customers.db"),
    ("rm customers.db", "customers.db"),
    ("cp customers.db copy.db && mv copy.db customers.db", "customers.db"),
    ("rm customers.db-wal", "customers.db-wal"),
    ("mv customers.db-wal elsewhere-wal", "customers.db-wal"),
    ("cp customers.db-wal copy && mv copy customers.db-wal", "customers.db-wal"),
  ])
  func nothingIsServedAfterwards(_ command: String, _ file: String) async throws {
    let store = try open()
    let reader = try store.makeReader()
    for number in 1...20 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    try shell(command)
    await expectRefusal(refusal) { try await store.create(testCustomer(21), testStamp(21)) }
    await expectRefusal(refusal) { try await store.delete(testID(1), version: 0, testStamp(22)) }
    await expectRefusal(refusal) { try await store.status() }
    await expectRefusal(refusal) { try await store.search(try SearchQuery("smith"), limit: 5) }
    await expectRefusal(refusal) { try await store.changes(after: nil, of: nil, limit: 5) }
    await expectRefusal(refusal) { try await store.backUp() }
    await expectRefusal(refusal) { try reader.record(testID(1)) }
    await expectRefusal(refusal) { try store.makeReader() }
    let moved = events.all.withLock { $0 }.filter { $0 != .created(path: folder.database) }
    #expect(moved == [.fileMoved(path: "\(folder.path)/\(file)")])
    // The new file at the path is another's: nothing is written to it.
    await store.close()
  }

  @Test func aReadNoticesIt() async throws {
    let store = try open()
    _ = try await store.create(testCustomer(1), testStamp(1))
    try shell("mv customers.db elsewhere.db")
    await expectRefusal(refusal) { try await store.records([testID(1)]) }
    await store.close()
  }

  /// Closing completes the database wherever it went, so putting it back is all there is to do.
  @Test func whatWasAnsweredIsThereWhenTheFileIsPutBack() async throws {
    let store = try open()
    for number in 1...20 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    try shell("mv customers.db elsewhere.db")
    await expectRefusal(refusal) { try await store.create(testCustomer(21), testStamp(21)) }
    await store.close()
    try shell("mv elsewhere.db customers.db; rm -f customers.db-wal customers.db-shm")
    let again = try open()
    let reader = try again.makeReader()
    for number in 1...20 { #expect(try reader.record(testID(number)) != nil) }
    await again.close()
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
  }

  @Test func aDatabaseThatLostItsLogIsCompletedAtTheEnd() async throws {
    let store = try open()
    for number in 1...20 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    try shell("rm customers.db-wal")
    await expectRefusal(refusal) { try await store.status() }
    await store.close()
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
    #expect(try StoreMaintenance.check(folder.options()).customerCount == 20)
  }

  /// Another database, put where the open one was, is left as it is.
  @Test func anotherDatabaseAtThePathIsLeftAlone() async throws {
    let store = try open()
    _ = try await store.create(testCustomer(1), testStamp(1))
    try shell(
      "mv customers.db elsewhere.db; sqlite3 customers.db 'CREATE TABLE mine (a)'; cp customers.db kept"
    )
    await expectRefusal(refusal) { try await store.create(testCustomer(2), testStamp(2)) }
    await store.close()
    try shell("cmp customers.db kept")
  }
}
