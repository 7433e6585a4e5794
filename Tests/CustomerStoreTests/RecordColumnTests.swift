import SQLite
import Testing

@testable import CustomerStore

@Suite struct RecordColumnTests {
  /// As `PRAGMA table_info` tells: whoever adds a column to the table is told that the list lacks it.
  @Test func theListHasEveryColumnOfTheTableButARowsOwn() async throws {
    let folder = try TestFolder()
    try await SQLiteRepository(folder.options()).close()
    let database = try Database(path: folder.database, mode: .readWrite)
    var columns: [String] = []
    try database.prepare("SELECT name FROM pragma_table_info('customer')")
      .forEachRow { columns.append($0.text(at: 0)) }
    let own = ["rid", "change_seq", "record", "record_sum"]
    #expect(columns.filter { !own.contains($0) } == RecordColumn.allCases.map(\.rawValue))
  }

  @Test func statementsNameColumnsAndParametersInOneOrder() {
    #expect(RecordColumn.names("c.").hasPrefix("c.customer_id, c.version, c.first_name, "))
    #expect(RecordColumn.parameters(from: 5).hasSuffix(", ?16, ?17"))
    #expect(RecordColumn.assignments(from: 2).hasPrefix("customer_id = ?2, version = ?3, "))
    #expect(RecordColumn.assignments(from: 2).hasSuffix(", attributes = ?14"))
  }
}
