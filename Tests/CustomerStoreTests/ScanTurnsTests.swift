import Locks
import Testing

@testable import CustomerStore

@Suite struct ScanTurnsTests {
  let folder: TestFolder
  let store: SQLiteRepository
  let pool: ScanPool
  let order = Lock<[String]>([])

  init() throws {
    folder = try TestFolder()
    store = try SQLiteRepository(folder.options())
    pool = ScanPool(path: folder.database)
  }

  /// Takes all lanes that aren't kept, until the gate is opened.
  private func takeAllLanes(_ gate: Gate) async throws -> [Task<Void, any Error>] {
    let holders = (0..<StoreLimit.runningScansMax).map { _ in
      Task { [pool] in try await pool.scan { _ in gate.enter() } }
    }
    try await gate.waitForEntry()
    try await Task.sleep(for: .milliseconds(100))
    return holders
  }

  /// Begins a scan that notes its name when its turn comes.
  private func scan(_ name: String, _ caller: Caller) async throws -> Task<Void, any Error> {
    let task = Caller.$current.withValue(caller) {
      Task { [pool, order] in
        try await pool.scan { _ in order.withLock { $0.append(name) } }
      }
    }
    // So that they come in this order.
    try await Task.sleep(for: .milliseconds(2))
    return task
  }

  @Test func quickScansHaveALaneOfTheirOwn() async throws {
    let gate = Gate()
    let holders = try await takeAllLanes(gate)
    let waiting = try await scan("slow", Caller(user: 1, connection: 1))
    #expect(try await pool.scan(isQuick: true) { _ in 7 } == 7)
    #expect(order.withLock { $0 } == [])
    gate.open()
    for task in holders + [waiting] { try await task.value }
    #expect(order.withLock { $0 } == ["slow"])
  }

  @Test func manyScansOfOneCallerLetAnothersPass() async throws {
    let gate = Gate()
    var tasks = try await takeAllLanes(gate)
    for index in 0..<30 {
      tasks.append(try await scan("many \(index)", Caller(user: 1, connection: 1)))
    }
    tasks.append(try await scan("connection", Caller(user: 1, connection: 2)))
    tasks.append(try await scan("user", Caller(user: 2, connection: 3)))
    gate.open()
    for task in tasks { try await task.value }
    let first = order.withLock { $0.prefix(6) }
    #expect(first.contains("connection") && first.contains("user"))
    #expect(order.withLock { $0.count } == 32)
  }

  @Test func whoHasMostIsRefusedWhenTooManyWait() async throws {
    let gate = Gate()
    let holders = try await takeAllLanes(gate)
    let greedy = Caller(user: 1, connection: 1)
    let many = (0..<StoreLimit.waitingScansMax).map { _ in
      Caller.$current.withValue(greedy) { Task { [pool] in try await pool.scan { _ in true } } }
    }
    try await Task.sleep(for: .milliseconds(300))
    let other = try await scan("other", Caller(user: 1, connection: 2))
    gate.open()
    try await other.value
    var refused = 0
    for task in many {
      do {
        _ = try await task.value
      } catch {
        #expect("\(error)" == "\(RepositoryError.tooManyWaiting(max: StoreLimit.waitingScansMax))")
        refused += 1
      }
    }
    #expect(refused == 1)
    for holder in holders { try await holder.value }
  }
}
