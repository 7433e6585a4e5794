import CustomerAPI
import CustomerModel
import CustomerStore
import TTRPC
import Testing
import WellKnownTypes

@testable import CustomerService

/// Watches as they are called.
@Suite(.timeLimit(.minutes(1))) struct WatchTests {
  private func watch(
    _ service: ServiceUnderTest,
    _ change: (inout WatchCustomersRequest) -> Void
  ) async throws -> ResponseStream<Change> {
    var request = WatchCustomersRequest()
    change(&request)
    return try await service.customers.watchCustomers(request)
  }

  /// All changes of a watch that ends.
  private func changes(
    _ service: ServiceUnderTest,
    _ change: (inout WatchCustomersRequest) -> Void
  ) async throws -> [Change] {
    let stream = try await watch(service) {
      $0.stopAtEnd = true
      change(&$0)
    }
    var changes: [Change] = []
    while let next = try await stream.next() { changes.append(next) }
    return changes
  }

  private func delete(_ service: ServiceUnderTest, _ id: String, erase: Bool = false) async throws {
    var request = DeleteCustomerRequest()
    request.customerID = id
    request.erase = erase
    _ = try await service.customers.deleteCustomer(request)
  }

  @Test func showsTheHistoryOfACustomer() async throws {
    let service = try ServiceUnderTest()
    let first = try await service.create { $0.firstName = "Ann" }
    _ = try await service.create { $0.firstName = "Bob" }
    var next = first
    next.firstName = "Anna"
    let second = try await service.update(next)
    try await delete(service, first.customerID)
    let history = try await changes(service) {
      $0.fromStart = true
      $0.customerID = first.customerID.uppercased()
    }
    #expect(history.map(\.kind) == [.created, .updated, .deleted])
    #expect(history.map(\.customer) == [first, second, second])
    let tester = Author(userID: 1000, groupID: 1000, processID: 42, program: "test")
    #expect(history.map(\.author) == [tester, tester, tester])
    #expect(history[0].changeTime == first.createTime)
    #expect(history[1].changeTime == second.updateTime)
    #expect(try await changes(service) { $0.fromStart = true }.count == 4)
  }

  @Test func goesOnBehindAToken() async throws {
    let service = try ServiceUnderTest()
    for name in ["A", "B", "C", "D"] { _ = try await service.create { $0.firstName = name } }
    let all = try await changes(service) { $0.fromStart = true }
    for (index, change) in all.enumerated() {
      let rest = try await changes(service) { $0.resumeToken = change.resumeToken }
      #expect(rest == Array(all[(index + 1)...]))
    }
    let list = try await service.customers.listCustomers(ListCustomersRequest())
    #expect(try await changes(service) { $0.resumeToken = list.resumeToken } == [])
    let export = try await service.export()
    #expect(try await changes(service) { $0.resumeToken = export.token } == [])
  }

  @Test func showsChangesAsTheyAreMade() async throws {
    let service = try ServiceUnderTest()
    let old = try await service.create { $0.firstName = "Old" }
    let all = try await watch(service) { _ in }
    let one = try await watch(service) { $0.customerID = old.customerID }
    // Both have begun when the first heartbeat is here.
    #expect(try await all.next()?.kind == Change.Kind.none)
    #expect(try await one.next()?.kind == Change.Kind.none)
    let new = try await service.create { $0.firstName = "New" }
    try await delete(service, old.customerID, erase: true)
    var seen: [Change] = []
    while seen.count < 2, let change = try await all.next() {
      if change.kind != .none { seen.append(change) }
    }
    #expect(seen.map(\.kind) == [.created, .erased])
    #expect(seen[0].customer == new)
    #expect(seen[1].customer == Customer(customerID: old.customerID, version: 2))
    var mine: Change?
    while let change = try await one.next(), mine == nil {
      if change.kind != .none { mine = change }
    }
    #expect(mine == seen[1])
  }

  /// A token that a heartbeat carries is newer, and as good as any.
  @Test func heartbeatsCarryNewerTokens() async throws {
    let service = try ServiceUnderTest()
    let ann = try await service.create { $0.firstName = "Ann" }
    let one = try await watch(service) { $0.customerID = ann.customerID }
    #expect(try await one.next()?.customer == nil)
    _ = try await service.create { $0.firstName = "Bob" }
    let list = try await service.customers.listCustomers(ListCustomersRequest())
    var token = ""
    while token != list.resumeToken, let beat = try await one.next() {
      #expect(beat.kind == .none)
      token = beat.resumeToken
    }
    #expect(token == list.resumeToken)
  }

  @Test func refusesTokensThatMeanNothing() async throws {
    let service = try ServiceUnderTest()
    let other = try ServiceUnderTest()
    _ = try await other.create { $0.firstName = "Ann" }
    let foreign = try await changes(other) { $0.fromStart = true }[0].resumeToken
    let expired = await failure { try await changes(service) { $0.resumeToken = foreign } }
    #expect(expired?.code == .outOfRange)
    #expect(expired?.detail(ErrorInfo.self)?.reason == "RESUME_TOKEN_EXPIRED")
    for text in ["x", foreign + "0", String(repeating: "1.", count: 1000)] {
      let error = await failure { try await changes(service) { $0.resumeToken = text } }
      #expect(error?.code == .invalidArgument, "\(text)")
      #expect(error?.detail(ErrorInfo.self)?.reason == "RESUME_TOKEN_INVALID")
    }
    let both = await failure {
      try await changes(service) {
        $0.resumeToken = foreign
        $0.fromStart = true
      }
    }
    #expect(both?.message == "fromStart: goes with no resumeToken")
    // Of this store, from a future that its file no longer has.
    let future = StoreToken.text(
      store: service.repository.storeID,
      position: 1000,
      purpose: "changes"
    )
    let late = await failure { try await changes(service) { $0.resumeToken = future } }
    #expect(late?.detail(ErrorInfo.self)?.reason == "RESUME_TOKEN_EXPIRED")
  }

  @Test func endsWhenTheDaemonStops() async throws {
    let service = try ServiceUnderTest()
    let stream = try await watch(service) { _ in }
    #expect(try await stream.next()?.kind == Change.Kind.none)
    service.repository.endWatching()
    let error = await failure { while try await stream.next() != nil {} }
    #expect(error?.code == .unavailable)
  }

  /// An export's token is where a watch goes on, however many write meanwhile: what both tell makes
  /// up exactly the store, and each change is told once.
  @Test func anExportAndAWatchMakeUpTheStore() async throws {
    let service = try ServiceUnderTest()
    for number in 0..<200 { _ = try await service.create { $0.firstName = "N\(number)" } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for round in 0..<60 {
            let new = try await service.create { $0.firstName = "W\(writer)x\(round)" }
            if round % 3 == 0 { try await delete(service, new.customerID, erase: round % 2 == 0) }
            if round % 3 == 1 {
              var next = new
              next.lastName = "Changed"
              _ = try await service.update(next)
            }
          }
        }
      }
      for _ in 0..<3 {
        let export = try await service.export()
        var state: [String: Customer] = [:]
        for customer in export.customers { state[customer.customerID] = customer }
        #expect(state.count == export.customers.count)
        var tokens: Set<String> = [export.token]
        for change in try await changes(service, { $0.resumeToken = export.token }) {
          #expect(tokens.insert(change.resumeToken).inserted)
          let id = change.customer?.customerID ?? ""
          switch change.kind {
          case .created:
            #expect(state[id] == nil)
            state[id] = change.customer
          case .updated:
            #expect(state[id]?.version == (change.customer?.version ?? 0) - 1)
            state[id] = change.customer
          default: state[id] = nil
          }
        }
        try await Task.sleep(for: .milliseconds(20))
      }
      try await group.waitForAll()
    }
    // Now that it is quiet, to the end.
    let first = try await changes(service) { $0.fromStart = true }
    var state: [String: Customer] = [:]
    for change in first {
      let id = change.customer?.customerID ?? ""
      state[id] = change.kind == .deleted || change.kind == .erased ? nil : change.customer
    }
    let export = try await service.export()
    #expect(
      state.values.sorted { $0.customerID < $1.customerID }
        == export.customers.sorted { $0.customerID < $1.customerID }
    )
  }
}
