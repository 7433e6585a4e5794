import CustomerModel
import Locks
import ProtoWire
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import CustomerStore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct BackupTests {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private var copy: String { folder.path + "/copy.db" }

  private func fill(_ store: SQLiteRepository, _ numbers: ClosedRange<Int>) async throws {
    let rows = numbers.map { ImportRow(customer: testCustomer($0), newID: "") }
    _ = try await store.importRows(rows, mode: .create, match: .none, testStamp(0)) { row, _ in
      row.customer
    }
  }

  /// All records of a store, in order.
  private func records(_ store: SQLiteRepository) async throws -> [[UInt8]] {
    var records: [[UInt8]] = []
    var position: ExportPosition? = store.beginExport()
    while let next = position {
      let chunk = try await store.export(next, CustomerFilter(), limit: 1000)
      records += (0..<chunk.records.count).map { chunk.records[$0] }
      position = chunk.next
    }
    return records
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func aCopyIsTheSameStore() async throws {
    let store = try SQLiteRepository(folder.options())
    try await fill(store, 1...500)
    _ = try await store.delete(testID(7), version: 0, testStamp(1))
    #expect(try await store.backUp(to: copy) == 501)
    var facts = stat()
    #expect(stat(copy, &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o600)
    let answer = try shell(copy, "PRAGMA integrity_check; SELECT count(*) FROM customer")
    #expect(answer == ["ok", "499"])
    var options = folder.options("00000000-0000-4000-8000-000000000000")
    options.path = copy
    let opened = try SQLiteRepository(options)
    #expect(opened.storeID == store.storeID)
    #expect(opened.newestSequence == 501)
    #expect(try await records(opened) == records(store))
  }

  @Test func anExistingFileIsLeftAlone() async throws {
    let store = try SQLiteRepository(folder.options())
    try run(["sh", "-c", "echo mine > \(copy)"])
    await expectRefusal("database \(copy) can't be opened: it is there already") {
      try await store.backUp(to: copy)
    }
    #expect(try run(["cat", copy]) == "mine\n")
  }

  /// Those who write while a copy is made.
  private final class Writers: Sendable {
    let isOver = Atomic(false)
    let count = Atomic(0)
    private let store: SQLiteRepository

    init(_ store: SQLiteRepository) { self.store = store }

    /// Changes and deletes customers until it is over.
    func write(from start: Int) async throws {
      for step in 1... {
        if isOver.load(ordering: .acquiring) { return }
        try await write(step, 1 + (start + step * 4) % 6000)
        count.add(1, ordering: .relaxed)
      }
    }

    private func write(_ step: Int, _ number: Int) async throws {
      if step % 9 == 0 {
        _ = try? await store.delete(testID(number), version: 0, testStamp(step))
        return
      }
      let stamp = testStamp(step)
      _ = try await store.update(
        testID(number),
        version: 0,
        merges: false,
        allowMissing: true,
        stamp
      ) { current in
        var next = current ?? testCustomer(number)
        next.firstName = "step \(step)"
        return next
      }
    }
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func aCopyShowsOneMomentWhileOthersWrite() async throws {
    let store = try SQLiteRepository(folder.options())
    // More than a step's pages, so that writes come between two.
    try await fill(store, 1...6000)
    try await waitForIndex(store)
    let writers = Writers(store)
    let sequences = try await withThrowingTaskGroup(of: Void.self) { group in
      for start in 0..<4 { group.addTask { try await writers.write(from: start) } }
      while writers.count.load(ordering: .relaxed) == 0 {
        try await Task.sleep(for: .milliseconds(1))
      }
      var sequences: [Int64] = []
      let before = writers.count.load(ordering: .relaxed)
      for round in 0..<3 { sequences.append(try await store.backUp(to: copy + "\(round)")) }
      #expect(writers.count.load(ordering: .relaxed) > before, "writers waited for the copies")
      writers.isOver.store(true, ordering: .releasing)
      try await group.waitForAll()
      return sequences
    }
    for (round, sequence) in sequences.enumerated() {
      let path = copy + "\(round)"
      let answer = try shell(path, "PRAGMA integrity_check; SELECT max(seq) FROM change")
      #expect(answer == ["ok", "\(sequence)"])
      try await expectReplay(path, sequence)
    }
  }

  /// The change log, replayed, is the table.
  private func expectReplay(_ path: String, _ sequence: Int64) async throws {
    var options = folder.options()
    options.path = path
    let store = try SQLiteRepository(options)
    var state: [String: [UInt8]] = [:]
    var position: Int64?
    while true {
      let page = try await store.changes(after: position, of: nil, limit: 1000)
      for change in page.changes {
        let id = try Customer(decoding: change.record).customerID
        state[id] = change.kind == .deleted ? nil : change.record
      }
      position = page.next
      if !page.hasMore { break }
    }
    #expect(position == sequence)
    let live = try await records(store)
    #expect(Set(live) == Set(state.values))
    #expect(live.count == state.count)
    await store.close()
  }

  @Test func aCopyWithoutANameLeavesNothingBehind() async throws {
    let store = try SQLiteRepository(folder.options())
    try await fill(store, 1...3000)
    var backup: (any RepositoryBackup)? = try await store.backUp()
    let bytes = try #require(backup?.byteCount)
    #expect(try run(["ls", folder.path]).contains("unfinished") == false)
    var read: [UInt8] = []
    while case let piece = try await backup?.bytes(at: Int64(read.count), limit: 100_000) ?? [],
      !piece.isEmpty
    {
      read += piece
    }
    #expect(read.count == bytes)
    #expect(Array(read.prefix(16)) == Array("SQLite format 3\0".utf8))
    await expectRefusal("another backup is being made") { try await store.backUp() }
    backup = nil
    #expect(try await store.backUp().sequence == 3000)
  }

  @Test func aCancelledCopyIsRemoved() async throws {
    let store = try SQLiteRepository(folder.options())
    try await fill(store, 1...6000)
    let task = Task { try await store.backUp() }
    task.cancel()
    await expectRefusal("the call was cancelled") { try await task.value.byteCount }
    #expect(try run(["ls", folder.path]).contains("unfinished") == false)
    #expect(try await store.backUp().sequence == 6000)
  }

  @Test func whatAKilledProcessLeftIsRemovedAtTheStart() async throws {
    let left = BackupMaker.temporaryPath(of: folder.database)
    for suffix in ["", "-wal", "-shm", "-journal"] {
      try run(["sh", "-c", "echo x > \(left)\(suffix)"])
    }
    let store = try SQLiteRepository(folder.options())
    #expect(try run(["ls", folder.path]).contains("unfinished") == false)
    await store.close()
    await expectRefusal("the store is closed") { try await store.backUp() }
  }
}
