import CustomerModel
import Foundation
import ProtoWire
import SQLite
import Testing
import WellKnownTypes

@testable import CustomerStore

/// Databases of every released schema version open, whole, in this program (`Data/README.md`).
@Suite struct KeptDatabaseTests {
  private static let data = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Data")

  /// A copy of the database of a version, in a folder of its own.
  private func copy(_ version: Int) throws -> TestFolder {
    let folder = try TestFolder()
    try FileManager.default.copyItem(
      atPath: Self.data.appending(path: "version-\(version).db").path,
      toPath: folder.database
    )
    return folder
  }

  @Test func everyVersionIsKept() throws {
    for version in 1...Schema.migrations.count {
      let folder = try copy(version)
      let database = try Database(path: folder.database, mode: .readWrite)
      #expect(try database.pragma("user_version") == Int64(version))
      #expect(fileSize(folder.database) ?? .max < 200_000)
    }
  }

  /// Records of before there were sums get theirs by a rebuild.
  @Test func anOldStoreGetsSumsOfItsRecords() throws {
    let folder = try copy(2)
    func unsummed() throws -> [Int64] {
      let database = try Database(path: folder.database, mode: .readWrite)
      let conditions = ["customer WHERE record_sum", "change WHERE before NOT NULL AND before_sum"]
      return try conditions.map {
        try database.prepare("SELECT count(*) FROM \($0) IS NULL").first { $0.integer(at: 0) } ?? -1
      }
    }
    _ = try StoreOpening(folder.options()).openTables()
    #expect(try unsummed() == [63, 11])
    _ = try StoreMaintenance.rebuild(folder.options())
    #expect(try unsummed() == [0, 0])
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
  }

  @Test(arguments: 1...Schema.migrations.count)
  func opensAndIsWhole(_ version: Int) async throws {
    let folder = try copy(version)
    let store = try SQLiteRepository(folder.options())
    let status = try await store.status()
    #expect(status.schemaVersion == Schema.migrations.count)
    #expect(status.customerCount == 63)
    #expect(status.changeCount == 77)
    #expect(status.settings == RepositorySettings())
    let reader = try store.makeReader()
    // As `Data/make` wrote them.
    let ann = "0193a5c0-0001-7000-8000-000000000000"
    #expect(try Customer(decoding: reader.record(ann, version: 1)).lastName == "Lee")
    #expect(try Customer(decoding: reader.record(ann, version: 9)).lastName == "Lee 8")
    let families = try #require(try reader.record("0193a5c0-0003-7000-8000-000000000000"))
    #expect(try Customer(decoding: families).displayName == "👩‍👩‍👧‍👦 Families")
    #expect(try reader.deletion("0193a5c0-000c-7000-8000-000000000000") == 2)
    let back = try #require(try reader.record("0193a5c0-000d-7000-8000-000000000000"))
    #expect(try Customer(decoding: back).version == 5)
    let old = try #require(try reader.record("0193a5c0-000b-7000-8000-000000000000"))
    #expect(try Customer(decoding: old).createTime?.rfc3339 == "1969-07-20T20:17:40.000001Z")
    let history = try await store.changes(after: nil, of: ann, limit: 100)
    #expect(history.changes.map(\.version) == Array(1...9))
    // As the sqlite3 shell shows `change.actor` of the first two: `uid=0 pid=13737 customerctl`.
    let processes: [Int: [Int32?]] = [1: [13_737, 13_743], 2: [7088, 7095], 3: [5487, 5496]]
    let first = history.changes.prefix(2).map(\.author)
    #expect(first.map { $0?.processID } == processes[version])
    #expect(first.allSatisfy { $0?.userID == 0 && $0?.program == "customerctl" })
    #expect(first.allSatisfy { $0?.groupID == nil })
    try await waitForIndex(store)
    _ = try await store.create(testCustomer(1), testStamp(1))
    await store.close()
    #expect(try StoreMaintenance.check(folder.options()).texts == [])
  }
}
