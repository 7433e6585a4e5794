import CustomerModel
import ProtoWire
import SQLite
import Synchronization
import Testing

@testable import CustomerStore

/// How long one write keeps the others waiting; the time that passes is the test's own.
@Suite struct WriterTurnTests {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// A store for which a millisecond passes each time that it looks.
  private func makeStore(
    _ change: (inout StoreOptions) -> Void = { _ in }
  ) throws -> SQLiteRepository {
    var options = folder.options()
    let time = SteppingStopwatch()
    options.stopwatch = { time.next() }
    change(&options)
    return try SQLiteRepository(options)
  }

  private func rows(_ numbers: Range<Int>) -> [ImportRow] {
    numbers.map { ImportRow(customer: testCustomer($0), newID: "") }
  }

  private func importRows(
    _ numbers: Range<Int>,
    _ store: SQLiteRepository,
    mode: ImportMode = .upsert,
    gate: Gate? = nil
  ) async throws -> [Result<WrittenRecord, RepositoryError>] {
    try await store.importRows(rows(numbers), mode: mode, match: .none, testStamp(1)) { row, _ in
      gate?.enter()
      return row.customer
    }
  }

  @Test func aCreateWaitsForOnePartOfTenImports() async throws {
    let store = try makeStore()
    let gate = Gate()
    let first = Task { try await importRows(0..<300, store, gate: gate) }
    try await gate.waitForEntry()
    let others = (1..<10).map { number in
      Task { try await importRows(number * 1000..<number * 1000 + 300, store) }
    }
    let create = Task { try await store.create(testCustomer(100_000), testStamp(2)) }
    // The create waits in the queue before the first part ends.
    try await Task.sleep(for: .milliseconds(100))
    gate.open()
    let created = try await create.value
    #expect(created.sequence <= 20)
    var written = try await first.value
    for other in others { written += try await other.value }
    #expect(written.count { (try? $0.get())?.outcome == .created } == 3000)
    #expect(store.newestSequence == 3001)
  }

  @Test func importsTakeTurns() async throws {
    let store = try makeStore()
    let gate = Gate()
    let long = Task { try await importRows(0..<2000, store, gate: gate) }
    try await gate.waitForEntry()
    let short = Task { try await importRows(5000..<5005, store) }
    try await Task.sleep(for: .milliseconds(100))
    gate.open()
    let last = try #require(try await short.value.last).get()
    #expect(last.sequence < 100)
    #expect(try await long.value.count == 2000)
  }

  @Test func anImportThatNobodyWaitsForIsWrittenInLargerParts() async throws {
    let store = try makeStore()
    _ = try await importRows(0..<200, store)
    let rowsOfAPart = Writer.groupMicrosecondsMax / 1000
    #expect(store.commitCount == UInt64(200 / rowsOfAPart))
  }

  @Test func writesThatAreDoneAtOnceAreCutByTimeToo() async throws {
    let store = try makeStore()
    let gate = Gate()
    let holder = Task { try await importRows(9000..<9001, store, gate: gate) }
    try await gate.waitForEntry()
    let writes = (0..<200).map { number in
      Task { try await store.create(testCustomer(number), testStamp(number)) }
    }
    try await Task.sleep(for: .milliseconds(200))
    gate.open()
    for write in writes { _ = try await write.value }
    _ = try await holder.value
    #expect(store.commitCount >= UInt64(200_000 / Writer.groupMicrosecondsMax))
  }

  /// The file may not grow any more: SQLite ends a transaction in the middle.
  @Test func whatAPartWroteStaysWhereTheNextFails() async throws {
    let store = try makeStore { $0.pagesMax = 400 }
    let results = try await importRows(0..<3000, store)
    let count = results.prefix { (try? $0.get()) != nil }.count
    #expect(count > 0)
    #expect(count.isMultiple(of: Int(Writer.groupMicrosecondsMax / 1000)))
    for result in results[count...] {
      guard case .failure(.storeFull) = result else {
        Issue.record("\(result)")
        continue
      }
    }
    #expect(store.newestSequence == count)
    await store.close()
    let again = try SQLiteRepository(folder.options())
    #expect(try await again.status().customerCount == Int64(count))
    let reader = try again.makeReader()
    for number in 0..<count { #expect(try reader.record(testID(number)) != nil) }
    #expect(try reader.record(testID(count)) == nil)
  }

  @Test func anImportThatIsGivenUpLeavesWholePartsAndSaysSo() async throws {
    let store = try makeStore()
    let gate = Gate()
    let importing = Task {
      try await store.importRows(rows(0..<2000), mode: .upsert, match: .none, testStamp(1)) {
        row,
        _ in
        if row.customer.customerID == testID(110) { gate.enter() }
        return row.customer
      }
    }
    try await gate.waitForEntry()
    importing.cancel()
    gate.open()
    let results = try await importing.value
    let count = results.count { (try? $0.get()) != nil }
    #expect(count == 120)
    #expect(store.newestSequence == 120)
    for result in results[count...] {
      guard case .failure(.cancelled) = result else {
        Issue.record("\(result)")
        continue
      }
    }
  }

  @Test func closingFinishesAllParts() async throws {
    let store = try makeStore()
    let gate = Gate()
    let importing = Task { try await importRows(0..<500, store, gate: gate) }
    try await gate.waitForEntry()
    let closing = Task { await store.close() }
    try await Task.sleep(for: .milliseconds(50))
    gate.open()
    let results = try await importing.value
    await closing.value
    #expect(results.allSatisfy { (try? $0.get()) != nil })
    let again = try SQLiteRepository(folder.options())
    #expect(try await again.status().customerCount == 500)
  }

  @Test func aValidationGivesWayAndSaysTheSame() async throws {
    let store = try makeStore()
    let gate = Gate()
    let validating = Task { try await importRows(0..<300, store, mode: .validate, gate: gate) }
    try await gate.waitForEntry()
    let create = Task { try await store.create(testCustomer(10), testStamp(2)) }
    try await Task.sleep(for: .milliseconds(50))
    gate.open()
    let created = try await create.value
    #expect(created.sequence == 1)
    let results = try await validating.value.map { try $0.get().outcome }
    // The part in which number 10 stood may have been before the create, or behind it.
    #expect(results.filter { $0 == .created }.count >= 299)
    #expect(store.newestSequence == 1)
  }

  /// All addresses are read beside the writer; what is written meanwhile is looked at by itself, in
  /// parts.
  @Test func emailAddressesAreUniqueWhateverIsWrittenWhileTheyAreRead() async throws {
    let store = try makeStore()
    for start in stride(from: 0, to: 3000, by: 500) {
      _ = try await importRows(start..<start + 500, store)
    }
    let writers = (1...4).map { writer in
      Task {
        for number in 0..<300 {
          var customer = testCustomer(writer * 10_000 + number)
          // Every tenth has the address of one that is there.
          if number % 10 == 9 { customer.emailAddress = testCustomer(number).emailAddress }
          _ = try? await store.create(customer, testStamp(2))
        }
      }
    }
    while try await !setUniqueEmail(store) {}
    for writer in writers { await writer.value }
    await store.close()
    let shared = try Database(path: folder.database, mode: .readOnly)
      .prepare(SettingsSQL.sharedEmail).first { $0.text(at: 0) }
    #expect(shared == nil)
  }

  /// Switches the rule on, or deletes one of two that are in the way.
  private func setUniqueEmail(_ store: SQLiteRepository) async throws -> Bool {
    let result: Result<RepositorySettings, RepositoryError>
    do throws(RepositoryError) {
      result = .success(try await store.updateSettings { $0.uniqueEmail = true })
    } catch {
      result = .failure(error)
    }
    guard case .failure(.emailsNotUnique(let ids)) = result else {
      return try result.get().uniqueEmail
    }
    #expect(Set(ids).count == 2)
    _ = try await store.delete(ids[1], version: 0, testStamp(3))
    return false
  }

  @Test func aPieceThatTookTooLongMakesTheNextOnesSmaller() {
    var pace = Pace(10...100, microsecondsMax: 1000)
    #expect(pace.count == 100)
    pace.note(100, microseconds: 1001)
    #expect(pace.count == 50)
    pace.note(50, microseconds: 1000)
    #expect(pace.count == 50)
    pace.note(50, microseconds: 499)
    #expect(pace.count == 100)
    for _ in 0..<9 { pace.note(pace.count, microseconds: 5000) }
    #expect(pace.count == 10)
    // A piece that was smaller than it might be says nothing about larger ones.
    pace.note(3, microseconds: 1)
    #expect(pace.count == 10)
  }
}

/// A time that passes when it is looked at: a millisecond each time.
final class SteppingStopwatch: Sendable {
  private let looks = Atomic<Int64>(0)

  func next() -> Int64 { looks.wrappingAdd(1, ordering: .relaxed).newValue * 1000 }
}
