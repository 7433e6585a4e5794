import CustomerModel
import ProtoWire
import Testing
import WellKnownTypes

@testable import CustomerStore

@Suite struct SQLiteRepositoryTests {
  let folder: TestFolder
  let store: SQLiteRepository

  init() throws {
    folder = try TestFolder()
    store = try SQLiteRepository(folder.options())
  }

  @Test func readsWhatWasCreated() async throws {
    let written = try await store.create(testCustomer(1), testStamp(1))
    let reader = try store.makeReader()
    let record = try #require(try reader.record(testID(1)))
    #expect(record == written.record)
    var expected = testCustomer(1)
    expected.version = 1
    expected.createTime = Timestamp(microseconds: testStamp(1).timeMicroseconds)
    expected.updateTime = expected.createTime
    #expect(try Customer(decoding: record) == expected)
    #expect(written.outcome == .created)
    #expect(try reader.record(testID(2)) == nil)
    #expect(try reader.deletion(testID(1)) == nil)
  }

  @Test func refusesAnIDThatIsTaken() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    await expectRefusal("customer \(testID(1)) exists already") {
      try await store.create(testCustomer(1), testStamp(2))
    }
    #expect(store.newestSequence == 1)
  }

  @Test func countsVersionsOfChangesOnly() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    let same = try await store.update(
      testID(1),
      version: 1,
      merges: false,
      allowMissing: false,
      testStamp(2)
    ) {
      $0
    }
    #expect(same.outcome == .unchanged)
    #expect(same.version == 1)
    let changed = try await store.update(
      testID(1),
      version: 1,
      merges: false,
      allowMissing: false,
      testStamp(3)
    ) {
      var next = try #require($0)
      next.firstName = "Bea"
      next.version = 77
      next.customerID = "mine"
      next.createTime = nil
      return next
    }
    #expect(changed.outcome == .updated)
    var expected = testCustomer(1)
    expected.firstName = "Bea"
    expected.version = 2
    expected.createTime = Timestamp(microseconds: testStamp(1).timeMicroseconds)
    expected.updateTime = Timestamp(microseconds: testStamp(3).timeMicroseconds)
    #expect(try changed.customer == expected)
    #expect(store.newestSequence == 2)
  }

  @Test func mergesWhatWasMadeOfAnEarlierVersion() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    func rename(to name: String, _ version: UInt64, merges: Bool) async throws -> WrittenRecord {
      try await store.update(
        testID(1),
        version: version,
        merges: merges,
        allowMissing: false,
        testStamp(2)
      ) {
        var next = try #require($0)
        next.lastName = name
        return next
      }
    }
    for email in ["a@example.com", "b@example.com"] {
      _ = try await store.update(
        testID(1),
        version: 0,
        merges: true,
        allowMissing: false,
        testStamp(2)
      ) {
        var next = try #require($0)
        next.emailAddress = email
        return next
      }
    }
    let stale = "customer \(testID(1)) is at version "
    await expectRefusal(stale + "3") { try await rename(to: "Lee", 1, merges: false) }
    let merged = try await rename(to: "Lee", 1, merges: true)
    #expect(merged.version == 4)
    #expect(
      try (merged.customer.lastName, merged.customer.emailAddress) == ("Lee", "b@example.com")
    )
    // What was changed since isn't changed again, whatever to; a version that never was says nothing.
    await expectRefusal(stale + "4") { try await rename(to: "Lee", 3, merges: true) }
    await expectRefusal(stale + "4") { try await rename(to: "Ann", 1, merges: true) }
    await expectRefusal(stale + "4") { try await rename(to: "Ann", 9, merges: true) }
    #expect(try await rename(to: "Ann", 4, merges: true).version == 5)
  }

  @Test func refusesAnotherVersionWithTheCurrentRecord() async throws {
    let created = try await store.create(testCustomer(1), testStamp(1))
    do {
      _ = try await store.update(
        testID(1),
        version: 2,
        merges: false,
        allowMissing: false,
        testStamp(2)
      ) { $0 }
      Issue.record("written")
    } catch {
      guard case .versionMismatch(let id, let version, let record) = error else { throw error }
      #expect(id == testID(1))
      #expect(version == 1)
      #expect(record == created.record)
    }
    await expectRefusal("customer \(testID(1)) is at version 1") {
      try await store.delete(testID(1), version: 9, testStamp(2))
    }
  }

  @Test func goesOnCountingAfterADeletion() async throws {
    _ = try await store.create(testCustomer(1), testStamp(1))
    let deleted = try await store.delete(testID(1), version: 1, testStamp(2))
    #expect(deleted.version == 2)
    #expect(deleted.outcome == .deleted)
    let reader = try store.makeReader()
    #expect(try reader.record(testID(1)) == nil)
    #expect(try reader.deletion(testID(1)) == 2)
    await expectRefusal("no customer \(testID(1)): it was deleted at version 2") {
      try await store.update(
        testID(1),
        version: 0,
        merges: false,
        allowMissing: false,
        testStamp(3)
      ) { $0 }
    }
    let back = try await store.update(
      testID(1),
      version: 1,
      merges: false,
      allowMissing: true,
      testStamp(3)
    ) {
      #expect($0 == nil)
      return testCustomer(1)
    }
    #expect(back.outcome == .created)
    #expect(try back.customer.version == 3)
    #expect(
      try back.customer.createTime == Timestamp(microseconds: testStamp(1).timeMicroseconds)
    )
    #expect(try reader.deletion(testID(1)) == nil)
    #expect(try await store.list(ListQuery(limit: 10)).totalCount == 1)
  }

  @Test func showsEveryVersionOfThePast() async throws {
    var expected: [[UInt8]?] = [try await store.create(testCustomer(1), testStamp(1)).record]
    for step in 2...40 {
      if step % 9 == 0 {
        _ = try await store.delete(testID(1), version: 0, testStamp(step))
        expected.append(nil)
      } else {
        let written = try await store.update(
          testID(1),
          version: 0,
          merges: false,
          allowMissing: true,
          testStamp(step)
        ) { _ in
          var next = testCustomer(1)
          next.firstName = "Ann \(step)"
          return next
        }
        expected.append(written.record)
      }
      // Another's changes stand between.
      _ = try await store.create(testCustomer(step), testStamp(step))
    }
    let reader = try store.makeReader()
    for (index, record) in expected.enumerated() {
      let version = UInt64(index + 1)
      if let record {
        #expect(try reader.record(testID(1), version: version) == record)
        #expect(try await store.record(testID(1), version: version) == record)
      } else {
        await expectRefusal("no customer \(testID(1)): it was deleted at version \(version)") {
          try reader.record(testID(1), version: version)
        }
      }
    }
    for version in [0, 41, .max] as [UInt64] {
      await expectRefusal("customer \(testID(1)) has no version \(version), the newest is 40") {
        try await store.record(testID(1), version: version)
      }
    }
  }

  @Test func readsInABurstWhatWasWrittenDuringIt() async throws {
    let reader = try store.makeReader()
    reader.begin()
    #expect(try reader.record(testID(1)) == nil)
    let first = try await store.create(testCustomer(1), testStamp(1))
    #expect(try reader.record(testID(1)) == first.record)
    let second = try await store.update(
      testID(1),
      version: 0,
      merges: false,
      allowMissing: false,
      testStamp(2)
    ) {
      var next = try #require($0)
      next.lastName = "Jones"
      return next
    }
    var bytes: [UInt8] = [7]
    #expect(try reader.append(testID(1), to: &bytes))
    #expect(bytes == [7] + second.record)
    reader.end()
    #expect(try reader.record(testID(1)) == second.record)
  }

  @Test func whatADecisionThrowsComesBack() async throws {
    struct Refusal: Error, Equatable {}
    _ = try await store.create(testCustomer(1), testStamp(1))
    do {
      _ = try await store.update(
        testID(1),
        version: 0,
        merges: false,
        allowMissing: false,
        testStamp(2)
      ) { _ in
        throw Refusal()
      }
      Issue.record("written")
    } catch {
      guard case .refused(let reason) = error else { throw error }
      #expect(reason is Refusal)
    }
  }

  @Test func listsInOrderOfCreationPageByPage() async throws {
    for number in [5, 3, 9, 1, 7] {
      _ = try await store.create(testCustomer(number), testStamp(number))
    }
    _ = try await store.delete(testID(9), version: 0, testStamp(10))
    var ids: [[String]] = []
    var query: ListQuery? = ListQuery(limit: 2)
    while let next = query {
      let page = try await store.list(next)
      ids.append(
        try (0..<page.records.count).map { try Customer(decoding: page.records[$0]).customerID }
      )
      #expect(page.totalCount == (next.position == nil ? 4 : 0))
      #expect(page.sequence == 6)
      query = page.next.map { ListQuery(position: $0, limit: 2) }
    }
    #expect(ids == [[testID(5), testID(3)], [testID(1), testID(7)]])
  }

  @Test func getsSomeInTheOrderAskedFor() async throws {
    for number in 1...3 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    let batch = try await store.records([3, 4, 1, 3].map(testID))
    let ids = try (0..<batch.count).map { try Customer(decoding: batch[$0]).customerID }
    #expect(ids == [3, 1, 3].map(testID))
  }

  @Test func refusesEverythingOnceClosed() async throws {
    let reader = try store.makeReader()
    _ = try await store.create(testCustomer(1), testStamp(1))
    await store.close()
    await expectRefusal("the store is closed") {
      try await store.create(testCustomer(2), testStamp(2))
    }
    await expectRefusal("the store is closed") { try reader.record(testID(1)) }
    await expectRefusal("the store is closed") { try await store.list(ListQuery(limit: 1)) }
    let again = try SQLiteRepository(folder.options("another id, which is not used"))
    #expect(again.storeID == store.storeID)
    #expect(again.newestSequence == 1)
    #expect(try again.makeReader().record(testID(1)) != nil)
  }
}
