import CustomerClient
import Foundation
import TestSupport
import Testing

/// The library against the whole of the daemon, over a socket.
@Suite(.timeLimit(.minutes(1))) struct CustomerClientTests {
  private let folder: TemporaryFolder
  private let daemon: TestDaemon
  private let client: CustomerClient

  init() async throws {
    folder = try TemporaryFolder()
    daemon = try await TestDaemon(in: folder)
    client = CustomerClient(socket: daemon.path)
  }

  private func add(_ count: Int) async throws -> [Customer] {
    var customers: [Customer] = []
    for index in 0..<count {
      customers.append(try await client.create(Customer(firstName: "C\(index)")))
    }
    return customers
  }

  @Test func createsReadsChangesAndDeletes() async throws {
    let created = try await client.create(
      Customer(firstName: "Ann", lastName: "Lee", attributes: ["tier": "gold"])
    )
    #expect(created.version == 1)
    #expect(created.displayName == "Ann Lee")
    #expect(try await client.get(created.customerID) == created)
    var change = created
    change.lastName = "Moe"
    let updated = try await client.update(change, mask: FieldMask(paths: ["last_name"]))
    #expect(updated.version == 2)
    #expect(updated.lastName == "Moe")
    #expect(try await client.get(created.customerID, version: 1).lastName == "Lee")
    #expect(try await client.delete(created.customerID, version: 2) == 3)
    let error = await #expect(throws: CustomerError.self) {
      try await client.get(created.customerID)
    }
    guard case .notFound(_, deletedAtVersion: 3) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let back = try await client.update(updated.unversioned, allowMissing: true)
    #expect(back.version == 4)
  }

  @Test func conflictCarriesTheCurrentCustomer() async throws {
    let created = try await client.create(Customer(firstName: "Ann"))
    var first = created
    first.lastName = "Lee"
    let current = try await client.update(first)
    var second = created
    second.lastName = "Moe"
    let error = await #expect(throws: CustomerError.self) { try await client.update(second) }
    guard case .conflict(let message, current: current) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message == "customer \(created.customerID) is at version 2: read it again")
  }

  @Test func invalidNamesEveryField() async throws {
    let customer = Customer(firstName: "Ann", emailAddress: "nobody", phones: [PhoneNumber()])
    let error = await #expect(throws: CustomerError.self) { try await client.create(customer) }
    guard case .invalid(_, let violations) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(violations.map(\.field).contains("emailAddress"))
  }

  @Test func takenIDIsAlreadyThere() async throws {
    let created = try await client.create(Customer(firstName: "Ann"))
    let error = await #expect(throws: CustomerError.self) { try await client.create(created) }
    guard case .alreadyExists = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func pagesGiveEveryCustomerOnce() async throws {
    let added = try await add(25)
    var seen: [String] = []
    for try await customer in client.customers(pageSize: 10) { seen.append(customer.customerID) }
    #expect(seen == added.map(\.customerID))
    #expect(try await client.list(pageSize: 10).customers.count == 10)
  }

  @Test func batchKeepsTheOrderAndLeavesOutWhatIsMissing() async throws {
    let ids = try await add(3).map(\.customerID)
    let missing = "01890000-0000-7000-8000-000000000001"
    let found = try await client.batchGet([ids[2], missing, ids[0]])
    #expect(found.map(\.customerID) == [ids[2], ids[0]])
    // One over what a call can carry.
    let many = Array(repeating: ids[1], count: 1001)
    #expect(try await client.batchGet(many).count == 1001)
    #expect(try await client.batchGet([]) == [])
  }

  @Test func importAnswersEachBatchInOrder() async throws {
    let call = try await client.importCustomers(mode: .upsert)
    let sender = Task {
      for batch in 0..<20 {
        let rows = (0..<10).map { Customer(firstName: "B\(batch)", lastName: "R\($0)") }
        try await call.send(batch == 7 ? rows + [Customer()] : rows)
      }
      try await call.finish()
      print("FINISHED")
    }
    var counts: [Int] = []
    var failed = 0
    for try await results in call.results {
      counts.append(results.count)
      print("RES", counts)
      failed += results.count { $0.outcome == .failed }
    }
    try await sender.value
    #expect(counts == (0..<20).map { $0 == 7 ? 11 : 10 })
    #expect(failed == 1)
    #expect(try await client.status().customerCount == 200)
  }

  @Test func exportShowsAllCustomers() async throws {
    let added = try await add(30)
    var seen: Set<String> = []
    var token = ""
    for try await message in client.export() {
      seen.formUnion(message.customers.map(\.customerID))
      if !message.resumeToken.isEmpty { token = message.resumeToken }
    }
    #expect(seen == Set(added.map(\.customerID)))
    #expect(!token.isEmpty)
    var iterator = client.export().customers.makeAsyncIterator()
    var count = 0
    while try await iterator.next() != nil { count += 1 }
    #expect(count == 30)
    #expect(!iterator.resumeToken.isEmpty)
  }

  @Test func editMergesWithChangesOfOtherFields() async throws {
    let id = try await client.create(Customer(firstName: "Ann")).customerID
    let client = client
    try await withThrowingTaskGroup { group in
      for index in 0..<8 {
        group.addTask {
          try await client.update(id) { $0.attributes["k\(index)"] = "v" }
        }
      }
      group.addTask { try await client.update(id) { $0.lastName = "Lee" } }
      try await group.waitForAll()
    }
    let customer = try await client.get(id)
    #expect(customer.attributes.count == 8)
    #expect(customer.lastName == "Lee")
    #expect(customer.version == 10)
    let removed = try await client.update(id) { $0.attributes["k3"] = nil }
    #expect(removed.attributes.count == 7)
    #expect(try await client.update(id) { _ in }.version == 11)
  }

  @Test func callsGoOnAfterARestart() async throws {
    let created = try await client.create(Customer(firstName: "Ann"))
    let client = client
    let reader = Task {
      var count = 0
      while !Task.isCancelled {
        guard try await client.get(created.customerID) == created else { break }
        count += 1
      }
      return count
    }
    try await Task.sleep(for: .milliseconds(50))
    await daemon.stop()
    try await Task.sleep(for: .milliseconds(100))
    let second = try await TestDaemon(in: folder)
    try await client.waitUntilReady()
    #expect(try await client.create(Customer(firstName: "Bob")).version == 1)
    try await Task.sleep(for: .milliseconds(50))
    reader.cancel()
    do {
      #expect(try await reader.value > 0)
    } catch {
      #expect(error as? CustomerError == .cancelled)
    }
    await second.stop()
  }

  @Test func manyTasksShareOneConnection() async throws {
    let ids = try await add(10).map(\.customerID)
    let client = client
    try await withThrowingTaskGroup { group in
      for task in 0..<32 {
        group.addTask {
          for round in 0..<50 {
            let id = ids[(task + round) % ids.count]
            let customer = try await client.get(id)
            #expect(customer.customerID == id)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}

extension Customer {
  /// The same values without the version that they rest on.
  fileprivate var unversioned: Customer {
    var customer = self
    customer.version = 0
    return customer
  }
}
