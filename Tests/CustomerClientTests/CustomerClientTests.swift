import CustomerClient
import Dispatch
import Foundation
import Locks
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
      failed += results.count { (try? $0.outcome.get()) == nil }
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
      for index in 0..<49 {
        group.addTask {
          try await client.update(id) { $0.attributes["k\(index)"] = "v" }
        }
      }
      group.addTask { try await client.update(id) { $0.lastName = "Lee" } }
      try await group.waitForAll()
    }
    let customer = try await client.get(id)
    #expect(customer.attributes.count == 49)
    #expect(customer.lastName == "Lee")
    #expect(customer.version == 51)
    let removed = try await client.update(id) { $0.attributes["k3"] = nil }
    #expect(removed.attributes.count == 48)
    #expect(try await client.update(id) { _ in }.version == 52)
  }

  /// All that a customer may have, added at once by as many.
  @Test func phonesAreAddedBesideEachOther() async throws {
    let id = try await client.create(Customer(firstName: "Ann")).customerID
    let client = client
    let numbers = (0..<20).map { "\($0)" }
    try await withThrowingTaskGroup { group in
      for number in numbers {
        group.addTask {
          try await client.update(id) { $0.phones.append(PhoneNumber(numberLocal: number)) }
        }
      }
      try await group.waitForAll()
    }
    #expect(Set(try await client.get(id).phones.map(\.numberLocal)) == Set(numbers))
  }

  /// What was read long ago is merged too: the daemon knows what it was.
  @Test func aChangeOfAnOldVersionIsMerged() async throws {
    let base = try await client.create(Customer(firstName: "Ann"))
    for number in 0..<5 { try await client.update(base.customerID) { $0.lastName = "L\(number)" } }
    var edited = base
    edited.emailAddress = "ann@example.com"
    let stored = try await client.update(edited, from: base)
    #expect(stored.version == 7)
    #expect((stored.lastName, stored.emailAddress) == ("L4", "ann@example.com"))
  }

  /// Two edits of one field meet in the middle: nothing is written, and all three states are told.
  @Test func editReportsARealConflict() async throws {
    let base = try await client.create(Customer(firstName: "Ann", lastName: "Lee"))
    var theirs = base
    let client = client
    let error = await #expect(throws: CustomerError.self) {
      var attempt = 0
      try await client.update(base.customerID) { customer in
        attempt += 1
        if attempt == 1 { theirs = Self.waiting(for: Self.rename(base, "Anna", client)) }
        customer.firstName = "Annie"
        customer.attributes["tier"] = "gold"
      }
    }
    guard case .editConflict(let message, let edit) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(
      message == "customer \(base.customerID) was changed meanwhile, in the same fields: first_name"
    )
    #expect(edit.base == base)
    #expect(edit.theirs == theirs)
    #expect(edit.mine.firstName == "Annie")
    #expect(edit.paths == ["first_name"])
    #expect(try await client.get(base.customerID) == theirs)
  }

  /// Somebody else's write of the same value is none.
  @Test func editAgreesWithAnEqualChange() async throws {
    let base = try await client.create(Customer(firstName: "Ann", lastName: "Lee"))
    let client = client
    var attempt = 0
    let stored = try await client.update(base.customerID) { customer in
      attempt += 1
      if attempt == 1 { _ = Self.waiting(for: Self.rename(base, "Anna", client)) }
      customer.firstName = "Anna"
      customer.lastName = "Lee-Wong"
    }
    #expect(attempt == 2)
    #expect(stored.firstName == "Anna")
    #expect(stored.lastName == "Lee-Wong")
    #expect(stored.version == 3)
  }

  private static func rename(
    _ customer: Customer,
    _ name: String,
    _ client: CustomerClient
  ) -> Task<Customer, any Error> {
    var next = customer
    next.firstName = name
    return Task.detached { [next] in try await client.update(next) }
  }

  /// A task's value, in a place that can't wait: an edit's closure.
  private static func waiting(for task: Task<Customer, any Error>) -> Customer {
    let result = Lock<Customer?>(nil)
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      let customer = try? await task.value
      result.withLock { $0 = customer }
      done.signal()
    }
    done.wait()
    return result.withLock { $0 } ?? Customer()
  }

  /// A search by one connection sees each write that another one's caller was answered.
  @Test func searchSeesTheLastWriteOfAnotherConnection() async throws {
    let writer = CustomerClient(socket: daemon.path)
    let reader = CustomerClient(socket: daemon.path)
    for number in 0..<300 {
      let created = try await writer.create(Customer(firstName: "Loop", lastName: "Run\(number)x"))
      #expect(try await reader.search("run\(number)x") == [created])
      let filtered = try await reader.list(filter: "lastName = run\(number)x")
      #expect(filtered.customers == [created])
      if number % 3 == 0 {
        try await writer.delete(created.customerID)
        #expect(try await reader.search("run\(number)x") == [])
      }
    }
  }

  @Test func watchSeesWhatOthersWriteAndGoesOnAfterARestart() async throws {
    let first = try await client.create(Customer(firstName: "Ann"))
    var changes = client.watch(from: .oldest).makeAsyncIterator()
    #expect(try await changes.next()?.customer == first)
    let second = try await client.create(Customer(firstName: "Bob"))
    #expect(try await changes.next()?.customer == second)
    await daemon.stop()
    let waiting = Task { [changes] in
      var changes = changes
      return try await changes.next()?.customer
    }
    try await Task.sleep(for: .milliseconds(300))
    let again = try await TestDaemon(in: folder)
    let third = try await client.create(Customer(firstName: "Cy"))
    #expect(try await waiting.value == third)
    await again.stop()
  }

  /// A subscriber that reads nothing holds nobody up, and misses nothing: 7 MB of changes, of which
  /// the daemon may hold one.
  @Test func aSlowWatchMissesNothing() async throws {
    let first = try await client.create(Customer(firstName: "First"))
    let watcher = CustomerClient(socket: daemon.path)
    var changes = watcher.watch(from: .oldest).makeAsyncIterator()
    #expect(try await changes.next()?.customer == first)
    var attributes: WireMap<String, String> = [:]
    for number in 0..<48 { attributes["a\(number)"] = String(repeating: "x", count: 500) }
    let call = try await client.importCustomers()
    for batch in 0..<3 {
      try await call.send(
        (0..<100).map { Customer(firstName: "N\(batch * 100 + $0)", attributes: attributes) }
      )
    }
    try await call.finish()
    var created = 0
    for try await results in call.results { created += results.count }
    #expect(created == 300)
    #expect(try await client.get(first.customerID) == first)
    for number in 0..<300 {
      #expect(try await changes.next()?.customer?.firstName == "N\(number)")
    }
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
      guard case .cancelled = error as? CustomerError else { throw error }
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
