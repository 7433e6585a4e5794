import CustomerModel
import Locks
import ProtoWire
import Synchronization
import TestSupport
import Testing

@testable import CustomerStore

/// The store against a model of it in memory, on random writes.
@Suite struct HistoryPropertyTests {
  /// The states of all customers, as the writes' answers say, by sequence.
  private final class Oracle: Sendable {
    /// What a change made of a customer: its record, or `nil` for a deletion.
    let changes = Lock<[Int64: (id: String, record: [UInt8]?)]>([:])
    let isOver = Atomic(false)

    func note(_ written: WrittenRecord) {
      if written.outcome == .unchanged { return }
      let record = written.outcome == .deleted ? nil : written.record
      changes.withLock { $0[written.sequence] = (written.id, record) }
    }

    /// The records after the change of a number, by id.
    func state(at sequence: Int64) -> [String: [UInt8]] {
      let changes = changes.withLock { $0 }
      var state: [String: [UInt8]] = [:]
      for number in stride(from: Int64(1), through: sequence, by: 1) {
        guard let change = changes[number] else { continue }
        state[change.id] = change.record
      }
      return state
    }
  }

  /// Writes something to one of a few customers, so that they change, go and come back often.
  private static func write(
    _ store: SQLiteRepository,
    _ oracle: Oracle,
    _ random: inout SeededGenerator,
    _ step: Int
  ) async throws {
    let number = Int.random(in: 1...60, using: &random)
    let choice = Int.random(in: 0..<10, using: &random)
    let name = "Name \(Int.random(in: 0..<4, using: &random))"
    do throws(RepositoryError) {
      switch choice {
      case 0..<3:
        oracle.note(try await store.create(testCustomer(number), testStamp(step)))
      case 3..<8:
        let written = try await store.update(
          testID(number),
          version: 0,
          merges: false,
          allowMissing: choice == 3,
          testStamp(step)
        ) { current in
          var next = current ?? testCustomer(number)
          next.firstName = name
          return next
        }
        oracle.note(written)
      default:
        oracle.note(try await store.delete(testID(number), version: 0, testStamp(step)))
      }
    } catch {
      switch error {
      case .notFound, .alreadyExists: return
      default: throw error
      }
    }
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func exportsShowOneMomentWhileOthersWrite() async throws {
    let folder = try TestFolder()
    let store = try SQLiteRepository(folder.options())
    let oracle = Oracle()
    var random = SeededGenerator.announced("exportsShowOneMomentWhileOthersWrite")
    for step in 0..<100 { try await Self.write(store, oracle, &random, step) }
    let seeds = (0..<4).map { _ in random.next() }
    let exports = try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in seeds {
        group.addTask {
          var random = SeededGenerator(seed: seed)
          var step = 1000
          while !oracle.isOver.load(ordering: .acquiring) {
            try await Self.write(store, oracle, &random, step)
            step += 1
          }
        }
      }
      var exports: [(sequence: Int64, records: [String: [UInt8]], count: Int)] = []
      for round in 0..<25 {
        var records: [String: [UInt8]] = [:]
        var count = 0
        let start = store.beginExport()
        var position: ExportPosition? = start
        while let next = position {
          let chunk = try await store.export(next, CustomerFilter(), limit: 1 + round % 7)
          for index in 0..<chunk.records.count {
            let record = chunk.records[index]
            records[try Customer(decoding: record).customerID] = record
            count += 1
          }
          position = chunk.next
          // So that much happens during an export.
          let seen = store.newestSequence
          while round % 2 == 0, store.newestSequence == seen {
            try await Task.sleep(for: .microseconds(100))
          }
        }
        exports.append((start.sequence, records, count))
      }
      oracle.isOver.store(true, ordering: .releasing)
      try await group.waitForAll()
      return exports
    }
    for export in exports {
      #expect(export.records == oracle.state(at: export.sequence))
      #expect(export.count == export.records.count)
    }
    #expect(Set(exports.map(\.sequence)).count > 5, "the writers stood still")
    try await checkChanges(store, oracle)
    try await waitForIndex(store)
    await store.close()
    try expectIntegrity(folder.database)
  }

  /// With changes being forgotten while exports run, each shows its moment or fails.
  @Test func anExportShowsItsMomentOrSaysThatItIsForgotten() async throws {
    let folder = try TestFolder()
    var options = folder.options()
    // All changes are old; whenever nobody writes, all but the newest go.
    options.microseconds = { testStamp(0).timeMicroseconds + 1_000_000_000 }
    let store = try SQLiteRepository(options)
    _ = try await store.updateSettings { $0.historyRetention = 1 }
    let oracle = Oracle()
    var random = SeededGenerator.announced("anExportShowsItsMomentOrSaysThatItIsForgotten")
    var ends = (whole: 0, forgotten: 0)
    for round in 0..<60 {
      for step in 0..<10 { try await Self.write(store, oracle, &random, round * 100 + step) }
      let start = store.beginExport()
      var records: [String: [UInt8]] = [:]
      var position: ExportPosition? = start
      do throws(RepositoryError) {
        while let next = position {
          let chunk = try await store.export(next, CustomerFilter(), limit: 7)
          for index in 0..<chunk.records.count {
            let record = chunk.records[index]
            guard let customer = try? Customer(decoding: record) else { continue }
            records[customer.customerID] = record
          }
          position = chunk.next
          if Bool.random(using: &random) {
            try? await Self.write(store, oracle, &random, round * 100 + 50)
          } else if Int.random(in: 0..<3, using: &random) == 0 {
            try? await Task.sleep(for: .milliseconds(30))
          }
        }
        #expect(records == oracle.state(at: start.sequence))
        ends.whole += 1
      } catch {
        guard case .changesForgotten(start.sequence, _) = error else { throw error }
        ends.forgotten += 1
      }
    }
    #expect(ends.whole > 0 && ends.forgotten > 0, "\(ends)")
    await store.close()
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
  }

  /// The change log, read in small pages, is the oracle's; so is each customer's.
  private func checkChanges(_ store: SQLiteRepository, _ oracle: Oracle) async throws {
    let expected = oracle.changes.withLock { $0 }
    var last: [String: [UInt8]] = [:]
    var sequence: Int64 = 0
    var seen = 0
    while true {
      let page = try await store.changes(after: sequence, of: nil, limit: 13)
      for change in page.changes {
        #expect(change.sequence == sequence + 1)
        sequence = change.sequence
        seen += 1
        let wanted = try #require(expected[change.sequence])
        if change.kind == .deleted {
          #expect(wanted.record == nil)
          #expect(change.record == last[wanted.id])
        } else {
          #expect(change.record == wanted.record)
          #expect(try Customer(decoding: change.record).version == change.version)
        }
        last[wanted.id] = wanted.record
      }
      #expect(page.next == sequence)
      if !page.hasMore { break }
    }
    #expect(seen == expected.count)
    for number in 1...60 {
      let page = try await store.changes(after: 0, of: testID(number), limit: 10_000)
      let own = expected.filter { $0.value.id == testID(number) }.keys.sorted()
      #expect(page.changes.map(\.sequence) == own)
      #expect(page.changes.map(\.version) == (0..<own.count).map { UInt64($0 + 1) })
    }
  }
}
