import CustomerModel
import Locks
import ProtoWire
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import CustomerStore

@Suite struct WriterTests {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// Creates customers from many tasks at once, and returns how many were written.
  private func create(
    _ numbers: Range<Int>,
    in store: SQLiteRepository
  ) async -> [Result<WrittenRecord, RepositoryError>] {
    await withTaskGroup(of: Result<WrittenRecord, RepositoryError>.self) { group in
      for number in numbers {
        group.addTask {
          do throws(RepositoryError) {
            return .success(try await store.create(testCustomer(number), testStamp(number)))
          } catch { return .failure(error) }
        }
      }
      var results: [Result<WrittenRecord, RepositoryError>] = []
      for await result in group { results.append(result) }
      return results
    }
  }

  @Test func writesThatWaitShareACommit() async throws {
    let store = try SQLiteRepository(folder.options())
    let results = await create(1..<401, in: store)
    #expect(results.allSatisfy { (try? $0.get()) != nil })
    let commits = store.commitCount
    #expect(store.newestSequence == 400)
    #expect(commits < 100, "\(commits) commits for 400 writes")
  }

  @Test func aWriteThatFailsSinksNoOther() async throws {
    let store = try SQLiteRepository(folder.options())
    _ = try await store.create(testCustomer(7), testStamp(7))
    let results = await create(1..<101, in: store)
    let failures = results.compactMap { result -> String? in
      if case .failure(let error) = result { "\(error)" } else { nil }
    }
    #expect(failures == ["customer \(testID(7)) exists already"])
    #expect(try await store.status().customerCount == 100)
  }

  /// A trigger stands for whatever makes SQLite refuse half way through a row.
  @Test func aWriteThatFailsHalfWayLeavesNothing() async throws {
    let store = try SQLiteRepository(folder.options())
    try Database(path: folder.database, mode: .readWrite).execute(
      """
      CREATE TRIGGER refuse BEFORE INSERT ON search_pending
      WHEN new.text LIKE '%user.5%' BEGIN SELECT raise(ABORT, 'refused'); END
      """
    )
    let results = await create(1..<11, in: store)
    #expect(results.filter { (try? $0.get()) == nil }.count == 1)
    let status = try await store.status()
    #expect(status.customerCount == 9)
    #expect(status.changeCount == 9)
    let changes = try await store.changes(after: 0, of: nil, limit: 100).changes
    #expect(changes.map(\.sequence) == Array(1...9))
    #expect(try store.makeReader().record(testID(5)) == nil)
  }

  @Test func aCancelledWriteLeavesTheQueue() async throws {
    let store = try SQLiteRepository(folder.options())
    _ = try await store.create(testCustomer(1), testStamp(1))
    let gate = Gate()
    // Holds the writer's thread until the other write waits and is cancelled.
    let holder = Task {
      try await store.update(
        testID(1),
        version: 0,
        merges: false,
        allowMissing: false,
        testStamp(2)
      ) { current in
        gate.enter()
        return current
      }
    }
    try await gate.waitForEntry()
    let late = Task { try await store.create(testCustomer(2), testStamp(3)) }
    late.cancel()
    await expectRefusal("the call was cancelled") { try await late.value }
    gate.open()
    #expect(try await holder.value.outcome == .unchanged)
    #expect(try store.makeReader().record(testID(2)) == nil)
  }

  @Test func refusesOneWriteMoreThanMayWait() async throws {
    let store = try SQLiteRepository(folder.options())
    _ = try await store.create(testCustomer(1), testStamp(1))
    let gate = Gate()
    let holder = Task {
      try await store.update(
        testID(1),
        version: 0,
        merges: false,
        allowMissing: false,
        testStamp(2)
      ) { current in
        gate.enter()
        return current
      }
    }
    try await gate.waitForEntry()
    let refused = await withTaskGroup(of: String?.self) { group in
      for _ in 0...StoreLimit.waitingWritesMax {
        group.addTask {
          do throws(RepositoryError) {
            _ = try await store.delete(testID(9), version: 0, testStamp(3))
            return nil
          } catch {
            if case .tooManyWaiting = error { gate.open() }
            return "\(error)"
          }
        }
      }
      var texts: [String: Int] = [:]
      for await text in group { texts[text ?? "", default: 0] += 1 }
      return texts
    }
    #expect(refused["4096 calls wait for the store already"] == 1)
    #expect(refused["no customer \(testID(9))"] == 4096)
    _ = try await holder.value
  }

  @Test func closingFinishesWhatWaits() async throws {
    let store = try SQLiteRepository(folder.options())
    async let results = create(1..<201, in: store)
    while store.newestSequence == 0 { await Task.yield() }
    await store.close()
    let written = await results.count { (try? $0.get()) != nil }
    let again = try SQLiteRepository(folder.options())
    #expect(try await again.status().customerCount == Int64(written))
    #expect(written > 0)
  }

  /// A copy of the file and its log is what a crash at that moment leaves: the writers don't pause,
  /// so nothing is moved from the log into the file meanwhile.
  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func whatWasAnsweredSurvivesACrashAtAnyMoment() async throws {
    let store = try SQLiteRepository(folder.options())
    let next = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          while !Task.isCancelled {
            let number = next.claim()
            _ = try await store.create(testCustomer(number), testStamp(number))
            next.note(number)
          }
        }
      }
      for round in 1...8 {
        while next.answered.count < round * 40 { try await Task.sleep(for: .milliseconds(1)) }
        let answered = next.answered
        let crashed = try TestFolder()
        for suffix in ["", "-wal"] {
          try run(["cp", folder.database + suffix, crashed.database + suffix])
        }
        let again = try SQLiteRepository(crashed.options())
        let reader = try again.makeReader()
        for number in answered {
          #expect(try reader.record(testID(number)) != nil)
        }
        try await waitForIndex(again)
        await again.close()
        try expectIntegrity(crashed.database)
      }
      group.cancelAll()
      do { try await group.waitForAll() } catch RepositoryError.cancelled {}
    }
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func wordsReachTheIndexWhenNobodyWrites() async throws {
    let store = try SQLiteRepository(folder.options())
    _ = await create(1..<1301, in: store)
    let renamed = Set(stride(from: 1, to: 1301, by: 3))
    let deleted = Set(stride(from: 2, to: 1301, by: 50))
    for number in renamed {
      _ = try await store.update(
        testID(number),
        version: 0,
        merges: false,
        allowMissing: false,
        testStamp(2000)
      ) {
        var next = try #require($0)
        next.lastName = "Renamed"
        return next
      }
    }
    for number in deleted {
      _ = try await store.delete(testID(number), version: 0, testStamp(3000))
    }
    try await waitForIndex(store)
    await store.close()
    try expectIntegrity(folder.database)
    let found = try shell(
      folder.database,
      """
      SELECT count(*) FROM search WHERE search MATCH 'renamed';
      SELECT count(*) FROM terms WHERE terms MATCH '"atier=gold" OR "atier=silver" OR "atier=bronze"';
      """
    )
    #expect(found == ["\(renamed.subtracting(deleted).count)", "\(1300 - deleted.count)"])
  }
}

/// Holds a thread until it is opened.
final class Gate: Sendable {
  private let isEntered = Atomic(false)
  private let isOpen = Atomic(false)

  func enter() {
    isEntered.store(true, ordering: .releasing)
    while !isOpen.load(ordering: .acquiring) { pause() }
  }

  func waitForEntry() async throws {
    while !isEntered.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(1)) }
  }

  func open() { isOpen.store(true, ordering: .releasing) }
}

/// Numbers that are given out once each, and those that were answered for.
final class Counter: Sendable {
  private let state = Lock((next: 0, answered: [Int]()))

  var answered: [Int] { state.withLock { $0.answered } }

  func claim() -> Int {
    state.withLock { state in
      state.next += 1
      return state.next
    }
  }

  func note(_ number: Int) { state.withLock { $0.answered.append(number) } }
}
