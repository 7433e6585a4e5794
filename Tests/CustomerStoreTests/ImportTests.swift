import CustomerModel
import ProtoWire
import Testing
import WellKnownTypes

@testable import CustomerStore

@Suite struct ImportTests {
  let folder: TestFolder
  let store: SQLiteRepository

  init() throws {
    folder = try TestFolder()
    store = try SQLiteRepository(folder.options())
  }

  private func row(
    _ number: Int,
    id: String = "",
    _ change: (inout Customer) -> Void = { _ in }
  ) -> ImportRow {
    var customer = testCustomer(number)
    customer.customerID = id
    change(&customer)
    return ImportRow(customer: customer, newID: testID(number))
  }

  /// Imports rows as they are, and says of each what came of it.
  private func outcomes(
    _ rows: [ImportRow],
    _ mode: ImportMode = .upsert,
    _ match: ImportMatch = .none
  ) async throws -> [String] {
    let results = try await store.importRows(rows, mode: mode, match: match, testStamp(9)) {
      row,
      _ in row.customer
    }
    return results.map { result in
      switch result {
      case .success(let written): "\(written.outcome) \(written.id.prefix(13)) \(written.version)"
      case .failure(let error): "\(error)"
      }
    }
  }

  @Test func aRowThatIsNewKeepsVersionAndTimes() async throws {
    let rows = [
      row(1, id: testID(1)) {
        $0.version = 7
        $0.createTime = Timestamp(microseconds: 1_000_001)
        $0.updateTime = Timestamp(microseconds: -1)
      },
      row(2),
    ]
    #expect(try await outcomes(rows) == ["created 00000000-0001 7", "created 00000000-0002 1"])
    let batch = try await store.records([testID(1), testID(2)])
    var expected = rows[0].customer
    #expect(try Customer(decoding: batch[0]) == expected)
    expected = testCustomer(2)
    expected.version = 1
    expected.createTime = Timestamp(microseconds: testStamp(9).timeMicroseconds)
    expected.updateTime = expected.createTime
    #expect(try Customer(decoding: batch[1]) == expected)
    #expect(
      try await outcomes(rows) == [
        "unchanged 00000000-0001 7", "customer \(testID(2)) exists already",
      ]
    )
  }

  @Test func aVersionIsThePreconditionOfACustomerThatIsThere() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    let rows = [
      row(1, id: testID(1)) {
        $0.version = 2
        $0.firstName = "X"
      },
      row(1, id: testID(1)) {
        $0.version = 1
        $0.firstName = "Y"
      },
      row(1, id: testID(1)) { $0.firstName = "Z" },
    ]
    #expect(
      try await outcomes(rows) == [
        "customer \(testID(1)) is at version 1", "updated 00000000-0001 2",
        "updated 00000000-0001 3",
      ]
    )
    #expect(
      try await outcomes([row(1, id: testID(1))], .create) == [
        "customer \(testID(1)) exists already"
      ]
    )
  }

  @Test func refusesAVersionOverTheLimit() async throws {
    let rows = [StoreLimit.versionMax, StoreLimit.versionMax + 1].enumerated().map { pair in
      row(pair.offset) { $0.version = pair.element }
    }
    #expect(
      try await outcomes(rows) == [
        "created 00000000-0000 4611686018427387904",
        "version 4611686018427387905 is over the limit of 4611686018427387904",
      ]
    )
    #expect(
      try await store.record(testID(0), version: 1 << 62)
        == store.makeReader().record(testID(0))
    )
  }

  @Test(arguments: [ImportMatch.emailAddress, .attribute("accountNumber")])
  func findsACustomerByAnotherKey(_ match: ImportMatch) async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    _ = try await store.create(testCustomer(2), testStamp(2))
    try await waitForIndex(store)
    _ = try await store.create(testCustomer(3), testStamp(3))
    var twin = testCustomer(4)
    twin.emailAddress = testCustomer(3).emailAddress.uppercased()
    twin.attributes["accountNumber"] = "ACC-3"
    _ = try await store.create(twin, testStamp(4))
    let rows = [
      row(1) {
        $0.firstName = "New"
        $0.emailAddress = "USER.1@example1.com"
      },
      row(2),
      row(3),
      row(5),
      // Matches the row before.
      row(5) { $0.firstName = "Again" },
      row(6) {
        $0.emailAddress = ""
        $0.attributes = [:]
      },
    ]
    #expect(
      try await outcomes(rows, .upsert, match) == [
        "updated 00000000-0001 2", "unchanged 00000000-0002 1", "2 customers match where one may",
        "created 00000000-0005 1", "updated 00000000-0005 2", "created 00000000-0006 1",
      ]
    )
  }

  @Test func anAttributeMatchesExactly() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    try await waitForIndex(store)
    let other = row(2) { $0.attributes = ["accountNumber": "acc-1"] }
    #expect(
      try await outcomes([other], .upsert, .attribute("accountNumber")) == [
        "created 00000000-0002 1"
      ]
    )
  }

  @Test func validationSaysTheSameAndWritesNothing() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    let rows = [
      row(1) { $0.firstName = "New" },
      row(5),
      row(5) { $0.firstName = "Again" },
    ]
    let expected = [
      "updated 00000000-0001 2", "created 00000000-0005 1", "updated 00000000-0005 2",
    ]
    #expect(try await outcomes(rows, .validate, .emailAddress) == expected)
    #expect(store.newestSequence == 1)
    #expect(try await store.status().customerCount == 1)
    #expect(try await outcomes(rows, .upsert, .emailAddress) == expected)
    #expect(store.newestSequence == 4)
  }

  @Test func aRowOfADeletedCustomerGoesOnCounting() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    _ = try await store.delete(testID(1), version: 0, testStamp(2))
    let old = row(1, id: testID(1)) { $0.version = 1 }
    #expect(try await outcomes([old]) == ["created 00000000-0001 3"])
  }

  /// What an export gives makes the same store somewhere else.
  @Test func anExportIntoAnEmptyStoreIsTheSameStore() async throws {
    for number in 1...50 {
      _ = try await store.create(testCustomer(number), testStamp(number))
      if number % 3 == 0 {
        _ = try await store.update(
          testID(number),
          version: 1,
          merges: false,
          allowMissing: false,
          testStamp(99)
        ) {
          var next = try #require($0)
          next.lastName = "Changed"
          return next
        }
      }
    }
    let exported = try await store.export(store.beginExport(), CustomerFilter(), limit: 1000)
    let otherFolder = try TestFolder()
    let other = try SQLiteRepository(otherFolder.options())
    let rows = try (0..<exported.records.count).map {
      ImportRow(customer: try Customer(decoding: exported.records[$0]), newID: "")
    }
    _ = try await other.importRows(rows, mode: .upsert, match: .none, testStamp(200)) { row, _ in
      row.customer
    }
    let again = try await other.export(other.beginExport(), CustomerFilter(), limit: 1000)
    #expect(again.records == exported.records)
  }

  @Test func keepsEmailAddressesUniqueWhereAskedTo() async throws {
    let folder = try TestFolder()
    let store = try SQLiteRepository(folder.options())
    _ = try await store.updateSettings { $0.uniqueEmail = true }
    _ = try await store.create(testCustomer(1), testStamp(1))
    var twin = testCustomer(2)
    twin.emailAddress = "USER.1@EXAMPLE1.com"
    let taken = "the e-mail address is customer \(testID(1))'s"
    await expectRefusal(taken) { [twin] in try await store.create(twin, testStamp(2)) }
    _ = try await store.create(testCustomer(2), testStamp(3))
    await expectRefusal(taken) { [twin] in
      try await store.update(
        testID(2),
        version: 0,
        merges: false,
        allowMissing: false,
        testStamp(4)
      ) { _ in twin }
    }
    _ = try await store.update(
      testID(1),
      version: 0,
      merges: false,
      allowMissing: false,
      testStamp(5)
    ) {
      var next = try #require($0)
      next.firstName = "Same"
      return next
    }
  }

  @Test func refusesARecordOneByteOverTheLimit() async throws {
    var customer = testCustomer(1)
    customer.attributes["long"] = ""
    let prepared = try WriterConnection.Prepared(customer, testStamp(1))
    // A longer value makes three lengths before it longer as well, by two bytes each.
    let room = StoreLimit.recordBytesMax - prepared.record.count
    var fits = 0
    for spare in 0..<8 {
      customer.attributes["long"] = String(repeating: "x", count: room - spare)
      var stamped = customer
      stamped.version = 1
      stamped.createTime = Timestamp(microseconds: testStamp(1).timeMicroseconds)
      stamped.updateTime = stamped.createTime
      if stamped.encoded().count == StoreLimit.recordBytesMax { fits = room - spare }
    }
    customer.attributes["long"] = String(repeating: "x", count: fits + 1)
    await expectRefusal("record of 65537 bytes is over the limit of 65536") { [customer] in
      try await store.create(customer, testStamp(1))
    }
    customer.attributes["long"] = String(repeating: "x", count: fits)
    let written = try await store.create(customer, testStamp(1))
    #expect(written.record.count == StoreLimit.recordBytesMax)
  }
}
