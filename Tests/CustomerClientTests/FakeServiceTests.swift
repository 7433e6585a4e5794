import CustomerAPI
import CustomerClient
import DispatchSockets
import Locks
import TTRPC
import TestSupport
import Testing

/// A service that answers as a test tells it; what isn't told is unimplemented.
private final class FakeService: Sendable {
  let watches = Lock<[WatchCustomersRequest]>([])
  let deadlines = Lock<[ContinuousClock.Instant?]>([])

  var definitions: [ServiceDefinition] {
    typealias Methods = CustomerServiceMethods
    return [
      ServiceDefinition(
        name: Methods.service,
        methods: [
          "GetCustomer": .unary(Methods.getCustomer) { request, context in
            self.deadlines.withLock { $0.append(context.deadline) }
            if request.customerID == "slow" { try await Task.sleep(for: .seconds(60)) }
            return Encoded(Customer(customerID: request.customerID))
          },
          "WatchCustomers": .serverStreaming(Methods.watchCustomers) { request, responses, _ in
            self.watches.withLock { $0.append(request) }
            let first = (UInt64(request.resumeToken) ?? 0) + 1
            for number in first..<first + 3 {
              try await responses.send(Change(resumeToken: "\(number)", kind: .updated))
            }
            if !request.stopAtEnd { try await Task.sleep(for: .seconds(60)) }
          },
        ]
      )
    ]
  }
}

@Suite(.timeLimit(.minutes(1))) struct FakeServiceTests {
  private let folder: TemporaryFolder
  private let service = FakeService()

  init() throws { folder = try TemporaryFolder() }

  @Test func callsEndAfterTheTimeTheyAreGiven() async throws {
    let daemon = try await TestDaemon(in: folder, services: service.definitions)
    let client = CustomerClient(socket: daemon.path)
    let start = ContinuousClock.now
    let error = await #expect(throws: CustomerError.self) {
      try await client.get("slow", timeout: .milliseconds(50))
    }
    guard case .deadlineExceeded = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(ContinuousClock.now - start < .seconds(5))
    await daemon.stop()
  }

  @Test func deadlineHoldsForAllCallsOfATask() async throws {
    let daemon = try await TestDaemon(in: folder, services: service.definitions)
    let client = CustomerClient(socket: daemon.path)
    await #expect(throws: CustomerError.self) {
      try await CustomerClient.withDeadline(.seconds(1)) {
        _ = try await client.get("fast")
        // Longer than what holds around it, so it changes nothing.
        try await CustomerClient.withDeadline(.seconds(60)) {
          async let slow = client.get("slow")
          _ = try await slow
        }
      }
    }
    _ = try await client.get("fast")
    let now = ContinuousClock.now
    let left = service.deadlines.withLock { $0.map { $0.map { $0 - now } ?? .zero } }
    try #require(left.count == 3)
    // The daemon counts from when the call arrives, a little later.
    #expect(left[0] < .milliseconds(500) && left[1] < .milliseconds(500))
    #expect(left[2] > .seconds(8) && left[2] <= .seconds(10))
    await daemon.stop()
  }

  @Test func deadlineThatHasPassedSendsNothing() async throws {
    let daemon = try await TestDaemon(in: folder, services: service.definitions)
    let client = CustomerClient(socket: daemon.path)
    await #expect(throws: CustomerError.self) {
      try await CustomerClient.withDeadline(.zero) { _ = try await client.get("fast") }
    }
    #expect(service.deadlines.withLock { $0.isEmpty })
    await daemon.stop()
  }

  @Test func watchGoesOnBehindTheLastChangeAfterARestart() async throws {
    let first = try await TestDaemon(in: folder, services: service.definitions)
    let client = CustomerClient(socket: first.path)
    var changes = client.watch(from: .oldest).makeAsyncIterator()
    for number in 1...3 { #expect(try await changes.next()?.resumeToken == "\(number)") }
    await first.stop()
    let second = try await TestDaemon(in: folder, services: service.definitions)
    for number in 4...6 { #expect(try await changes.next()?.resumeToken == "\(number)") }
    let requests = service.watches.withLock { $0 }
    #expect(requests.map(\.resumeToken) == ["", "3"])
    #expect(requests.map(\.fromStart) == [true, false])
    await second.stop()
  }

  @Test func watchEndsAtTheEndIfItIsToldTo() async throws {
    let daemon = try await TestDaemon(in: folder, services: service.definitions)
    let client = CustomerClient(socket: daemon.path)
    var tokens: [String] = []
    for try await change in client.watch(from: .token("10"), stopsAtEnd: true) {
      tokens.append(change.resumeToken)
    }
    #expect(tokens == ["11", "12", "13"])
    await daemon.stop()
  }

  @Test func whatTheDaemonDoesNotKnowIsUnimplemented() async throws {
    let daemon = try await TestDaemon(in: folder, services: service.definitions)
    let client = CustomerClient(socket: daemon.path)
    let error = await #expect(throws: CustomerError.self) { try await client.search("x") }
    guard case .unimplemented = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    await daemon.stop()
  }

  @Test func withoutADaemonTheErrorNamesThePath() async {
    let client = CustomerClient(socket: folder.file("nobody"))
    let error = await #expect(throws: CustomerError.self) { try await client.get("x") }
    let message = "no daemon at \(folder.file("nobody")): no such file or directory"
    #expect(error == .unavailable(message: message, outcome: .neverBegun))
  }

  @Test func waitingForADaemonSucceedsWhenItComes() async throws {
    let folder = folder
    let client = CustomerClient(socket: folder.file("s"))
    let waiter = Task { try await client.waitUntilReady(timeout: .seconds(20)) }
    try await Task.sleep(for: .milliseconds(50))
    let daemon = try await TestDaemon(in: folder, services: service.definitions)
    try await waiter.value
    await daemon.stop()
  }

  @Test func waitingForADaemonEnds() async {
    let client = CustomerClient(socket: folder.file("s"))
    let error = await #expect(throws: CustomerError.self) {
      try await client.waitUntilReady(timeout: .milliseconds(50))
    }
    guard case .unavailable(let message, .neverBegun) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.hasPrefix("no daemon answered within 0.05 seconds: no daemon at "))
  }

  @Test func closedClientRefusesCalls() async throws {
    let daemon = try await TestDaemon(in: folder, services: service.definitions)
    let client = CustomerClient(socket: daemon.path)
    let call = Task { try await client.get("slow") }
    try await Task.sleep(for: .milliseconds(50))
    client.close()
    await #expect(throws: CustomerError.cancelled(outcome: .undone)) { try await call.value }
    await #expect(throws: CustomerError.cancelled(outcome: .neverBegun)) {
      try await client.get("fast")
    }
    await daemon.stop()
  }

  @Test func tasksOnTheClientsExecutorMakeCalls() async throws {
    let daemon = try await TestDaemon(in: folder, services: service.definitions)
    let client = CustomerClient(socket: daemon.path)
    let count = await withTaskExecutorPreference(client.taskExecutor) {
      await withTaskGroup(of: Int.self) { group in
        for _ in 0..<64 {
          group.addTask {
            var count = 0
            for _ in 0..<20 where (try? await client.get("fast")) != nil { count += 1 }
            return count
          }
        }
        return await group.reduce(0, +)
      }
    }
    #expect(count == 64 * 20)
    await daemon.stop()
  }
}
