import Locks
import Synchronization
import Testing

@testable import CustomerStore

/// Those who follow the changes, over a log of the test's own that counts who reads it.
@Suite(.timeLimit(.minutes(1))) struct ChangeTailTests {
  /// A log; change `n` is about customer `n % 3`.
  private final class Log: Sendable {
    let clock = CommitClock(sequence: 0, oldestSequence: 1, customerCount: 0)
    let tail: ChangeTail
    private let reads = Lock(0)
    private let sharedReads = Lock(0)

    init() { tail = ChangeTail(clock) }

    var readCount: Int { reads.withLock { $0 } }

    /// Those that were made for whoever waits, not for the one who asked.
    var sharedReadCount: Int { sharedReads.withLock { $0 } }

    func commit(_ count: Int64 = 1, hasErased: Bool = false) {
      let sequence = clock.sequence.load(ordering: .acquiring) + count
      clock.publish(sequence: sequence, customerCount: 0, hasErased: hasErased)
    }

    static func entry(_ sequence: Int64) -> ChangeEntry {
      let id = testID(Int(sequence % 3))
      return ChangeEntry(
        sequence: sequence,
        kind: .updated,
        version: UInt64(sequence),
        timeMicroseconds: 0,
        author: nil,
        record: [0x0A, 36] + Array(id.utf8)
      )
    }

    func page(
      after sequence: Int64,
      of id: String? = nil,
      limit: Int = 256
    ) async throws -> ChangePage {
      try await tail.page(after: sequence, of: id, limit: limit) {
        (sequence, id, limit, isShared) async throws(RepositoryError) in
        self.reads.withLock { $0 += 1 }
        if isShared { self.sharedReads.withLock { $0 += 1 } }
        try? await Task.sleep(for: .milliseconds(5))
        let newest = self.clock.sequence.load(ordering: .acquiring)
        let start = sequence ?? 0
        let all = start < newest ? (start + 1...newest).map(Self.entry) : []
        let changes = all.filter { id == nil || id == testID(Int($0.sequence % 3)) }
        guard changes.count > limit else {
          return ChangePage(changes: changes, next: newest, hasMore: false)
        }
        return ChangePage(
          changes: Array(changes.prefix(limit)),
          next: changes[limit - 1].sequence,
          hasMore: true
        )
      }
    }

    /// Reads on until nothing is missing.
    func follow(from sequence: Int64, to end: Int64, of id: String? = nil) async throws -> [Int64] {
      var seen: [Int64] = []
      var next = sequence
      while next < end {
        let page = try await page(after: next, of: id)
        seen += page.changes.map(\.sequence)
        next = page.next
      }
      return seen
    }
  }

  @Test func twoHundredWhoFollowCostOneReadACommit() async throws {
    let log = Log()
    for round in 1...20 {
      log.commit(3)
      let newest = Int64(round * 3)
      let seen = try await withThrowingTaskGroup(of: [Int64].self) { group in
        for _ in 0..<200 { group.addTask { try await log.follow(from: newest - 3, to: newest) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(seen == Array(repeating: [newest - 2, newest - 1, newest], count: 200))
    }
    #expect(log.readCount == 20)
    #expect(log.sharedReadCount == 20)
  }

  @Test func whoFollowsOneCustomerCostsNoReadMore() async throws {
    let log = Log()
    log.commit(9)
    #expect(try await log.follow(from: 0, to: 9).count == 9)
    #expect(try await log.follow(from: 0, to: 9, of: testID(1)) == [1, 4, 7])
    let page = try await log.page(after: 0, of: testID(1), limit: 2)
    #expect(page.changes.map(\.sequence) == [1, 4])
    #expect(page.hasMore)
    #expect(page.next == 4)
    #expect(log.readCount == 1)
  }

  /// A page that ends where what was read ends says that there is more.
  @Test func moreIsReadUntilNothingIsMissing() async throws {
    let log = Log()
    log.commit(600)
    let first = try await log.page(after: 0, limit: 1000)
    #expect(first.hasMore)
    #expect(first.next < 600)
    #expect(try await log.follow(from: 0, to: 600) == Array(1...600))
    #expect(try await !log.page(after: 599).hasMore)
  }

  @Test func nothingIsKeptForASlowReaderBeyondTheBound() async throws {
    let log = Log()
    let count = Int64(ChangeTail.changesMax)
    for _ in 0..<5 {
      let from = log.clock.sequence.load(ordering: .acquiring)
      log.commit(count / 4)
      _ = try await log.follow(from: from, to: from + count / 4)
    }
    let newest = count / 4 * 5
    let before = log.readCount
    #expect(try await log.follow(from: newest - count, to: newest).count == Int(count))
    #expect(log.readCount == before)
    #expect(try await log.follow(from: newest - count - 1, to: newest).count == Int(count) + 1)
    #expect(log.readCount > before)
  }

  @Test func whatWasReadBeforeAnErasureIsNotShownAfterIt() async throws {
    let log = Log()
    log.commit(5)
    #expect(try await log.follow(from: 0, to: 5).count == 5)
    log.commit(1, hasErased: true)
    _ = try await log.page(after: 2)
    #expect(log.readCount == 2)
    #expect(try await log.follow(from: 5, to: 6) == [6])
  }

  @Test func aReadThatIsGivenUpFailsNobodyElse() async throws {
    let log = Log()
    log.commit()
    let results = await withTaskGroup(of: [Int64]?.self) { group in
      for number in 0..<20 {
        group.addTask {
          if number == 0 { withUnsafeCurrentTask { $0?.cancel() } }
          return try? await log.follow(from: 0, to: 1)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count { $0 == [1] } >= 19)
  }
}
