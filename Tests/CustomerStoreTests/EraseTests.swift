import CustomerModel
import Foundation
import ProtoWire
import TestSupport
import Testing

@testable import CustomerStore

/// What an erasure leaves: nothing of the person in the bytes of any file.
@Suite struct EraseTests {
  let folder: TestFolder
  let store: SQLiteRepository

  init() throws {
    folder = try TestFolder()
    store = try SQLiteRepository(folder.options())
  }

  /// A customer whose every value has a word of its own.
  private func person(_ number: Int) -> Customer {
    var customer = testCustomer(number)
    customer.firstName = "Xavierqqz\(number)"
    customer.lastName = "Ypsilonqqz\(number)"
    customer.displayName = "Zacharyqqz\(number)"
    customer.emailAddress = "mailqqz\(number)@example.com"
    customer.phones[0].numberLocal = "0499\(100_000 + number)"
    customer.phones[0].numberInternational = "+61499\(100_000 + number)"
    customer.addresses[0].address1 = "Streetqqz\(number)"
    customer.addresses[0].suburb = "Suburbqqz\(number)"
    customer.attributes["secret"] = "valueqqz\(number)"
    return customer
  }

  /// The files' bytes that hold a text, in any case.
  private func traces(of text: String) throws -> [String] {
    try ["", "-wal", "-shm", ".lock"].filter { suffix in
      let path = folder.database + suffix
      guard FileManager.default.fileExists(atPath: path) else { return false }
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      let lower = Data(bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 })
      return lower.range(of: Data(text.lowercased().utf8)) != nil
    }
  }

  private func waitUntilErased() async throws {
    for _ in 0..<2000 {
      if try await !store.status().isErasing { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw TestFailure("still erasing after 20 seconds")
  }

  @Test func leavesNothingInTheFiles() async throws {
    for part in 0..<6 {
      let rows = (part * 500..<part * 500 + 500).map { number in
        ImportRow(customer: number % 60 == 7 ? person(number) : testCustomer(number), newID: "")
      }
      _ = try await store.importRows(rows, mode: .create, match: .none, testStamp(part)) { row, _ in
        row.customer
      }
    }
    let numbers = Array(stride(from: 7, to: 3000, by: 60))
    for number in numbers {
      _ = try await store.update(
        testID(number),
        version: 0,
        merges: false,
        allowMissing: false,
        testStamp(9)
      ) {
        var next = try #require($0)
        next.attributes["later"] = "laterqqz\(number)"
        return next
      }
    }
    try await waitForIndex(store)
    // One was deleted before, one is changed just now and isn't indexed so.
    _ = try await store.delete(testID(67), version: 0, testStamp(20))
    _ = try await store.update(
      testID(127),
      version: 0,
      merges: false,
      allowMissing: false,
      testStamp(21)
    ) {
      var next = try #require($0)
      next.displayName = "Unindexedqqz"
      return next
    }
    #expect(try traces(of: "ypsilonqqz7") != [])
    for number in numbers {
      let erased = try await store.erase(testID(number), version: 0, testStamp(30 + number))
      #expect(erased.outcome == .deleted)
      #expect(erased.version == (number == 67 || number == 127 ? 4 : 3))
    }
    #expect(try await store.status().customerCount == 3000 - Int64(numbers.count))
    try await waitUntilErased()
    // `qqz` is in every value; the trigrams of an index would hold it too.
    #expect(try traces(of: "qqz") == [])
    #expect(try traces(of: "61499100") == [])
    #expect(try await store.search(try SearchQuery("ypsilonqqz7"), limit: 9).count == 0)
    #expect(try await store.search(try SearchQuery("smith"), limit: 9).count == 9)
    await store.close()
    #expect(try traces(of: "qqz") == [])
    try expectIntegrity(folder.database)
  }

  @Test func tellsOfTheErasureAndNothingElse() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    _ = try await store.create(testCustomer(2), testStamp(2))
    _ = try await store.delete(testID(1), version: 0, testStamp(3))
    let start = store.beginExport()
    let erased = try await store.erase(testID(1), version: 2, testStamp(4))
    #expect(erased.version == 3)
    let page = try await store.changes(after: nil, of: nil, limit: 10)
    #expect(page.changes.map(\.kind) == [.created, .erased])
    #expect(page.changes.map(\.sequence) == [2, 4])
    var rest = Customer()
    rest.customerID = testID(1)
    rest.version = 3
    #expect(page.changes[1].record == rest.encoded())
    #expect(try await store.changes(after: nil, of: testID(1), limit: 10).changes.count == 1)
    await expectRefusal("no customer \(testID(1)): it was deleted at version 3") {
      try await store.record(testID(1), version: 3)
    }
    await expectRefusal("no customer \(testID(1))") {
      try await store.record(testID(1), version: 1)
    }
    await expectRefusal("no customer \(testID(1)): it was deleted at version 3") {
      try await store.erase(testID(1), version: 0, testStamp(5))
    }
    let chunk = try await store.export(start, CustomerFilter(), limit: 10)
    #expect(chunk.records.count == 1)
    // The version goes on, the past is not known.
    let back = try await store.create(testCustomer(1), testStamp(6))
    #expect(back.version == 4)
    #expect(
      try back.customer.createTime?.microseconds == testStamp(6).timeMicroseconds
    )
    await store.close()
    try expectIntegrity(folder.database)
  }

  @Test func refusesAStaleVersion() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    await expectRefusal("customer \(testID(1)) is at version 1") {
      try await store.erase(testID(1), version: 2, testStamp(2))
    }
    await expectRefusal("no customer \(testID(9))") {
      try await store.erase(testID(9), version: 0, testStamp(2))
    }
    await store.close()
  }

  @Test func goesOnAfterARestart() async throws {
    _ = try await store.create(person(1), testStamp(1))
    try await waitForIndex(store)
    _ = try await store.erase(testID(1), version: 0, testStamp(2))
    await store.close()
    let again = try SQLiteRepository(folder.options())
    for _ in 0..<2000 where try await again.status().isErasing {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try await !again.status().isErasing)
    await again.close()
    #expect(try traces(of: "qqz") == [])
  }
}
