import CustomerModel
import SQLite
import TestSupport
import Testing

@testable import CustomerStore

/// What a store that was closed leaves, however much went on.
@Suite(.enabled(if: ExternalTool.isExpected("sqlite3"))) struct CleanStopTests {
  private func fill(_ store: SQLiteRepository, _ numbers: Range<Int>) async throws {
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 50) {
      let rows = (start..<start + 50).map { ImportRow(customer: testCustomer($0), newID: "") }
      let results = try await store.importRows(rows, mode: .create, match: .none, testStamp(1)) {
        row,
        _ in row.customer
      }
      for result in results { _ = try result.get() }
    }
  }

  /// The log is copied again and again, and still grows, when the store is closed.
  @Test(arguments: 1...3)
  func theFileAloneIsWholeAfterAStopUnderLoad(round: Int) async throws {
    let folder = try TestFolder()
    var options = folder.options()
    options.logPagesMin = 100
    let store = try SQLiteRepository(options)
    // As long as a reader holds the log it isn't begun anew.
    let backup = Task { try await store.backUp() }
    try await fill(store, 0..<500 + round * 50)
    let writers = (0..<4).map { writer in
      Task {
        var number = 10_000 * (writer + 1)
        while (try? await fill(store, number..<number + 50)) != nil { number += 50 }
        return number
      }
    }
    let reader = Task {
      while (try? await store.export(store.beginExport(), CustomerFilter(), limit: 1000)) != nil {}
    }
    try await Task.sleep(for: .milliseconds(50 * round))
    await store.close()
    #expect((fileSize(folder.database + "-wal") ?? 0) == 0)
    for writer in writers { _ = await writer.value }
    await reader.value
    _ = try? await backup.value
    let alone = try TestFolder()
    try run(["cp", folder.database, alone.database])
    try expectIntegrity(alone.database)
    let count = try shell(alone.database, "SELECT count(*) FROM customer")
    #expect(count == ["\(store.newestSequence)"])
  }
}
