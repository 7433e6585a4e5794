import Locks
import Testing

@testable import DispatchSockets

/// An actor that lives on a loop.
private actor Resident {
  let loop: EventLoop
  private var count = 0

  init(_ loop: EventLoop) { self.loop = loop }

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  func isOnLoop() -> Bool { loop.isCurrent }

  func wait(_ register: (CheckedContinuation<Void, Never>) -> Void) async -> Bool {
    await withCheckedContinuation { register($0) }
    return loop.isCurrent
  }

  func add() { count += 1 }

  nonisolated func addFromLoop() { assumeIsolated { $0.count += 1 } }

  func total() -> Int { count }
}

@Suite struct EventLoopTests {
  private let loop = EventLoop(label: "test")

  @Test func blocksRunInOrder() async throws {
    let order = Collected<Int>()
    for number in 0..<100 { loop.run { order.add(number) } }
    #expect(try await order.wait(for: 100) == Array(0..<100))
  }

  @Test func onlyItsOwnBlocksAreCurrent() async throws {
    let answers = Collected<Bool>()
    #expect(!loop.isCurrent)
    loop.run { answers.add(self.loop.isCurrent) }
    #expect(try await answers.wait(for: 1) == [true])
  }

  @Test func actorRunsOnTheLoop() async {
    let resident = Resident(loop)
    #expect(await resident.isOnLoop())
    await withTaskGroup { group in
      for _ in 0..<100 { group.addTask { await resident.add() } }
    }
    loop.run { resident.addFromLoop() }
    loop.run { resident.addFromLoop() }
    await withCheckedContinuation { done in loop.run { done.resume() } }
    #expect(await resident.total() == 102)
  }

  @Test func taskThatPrefersItRunsOnTheLoop() async {
    let task = Task(executorPreference: loop) { [loop] in
      await Task.yield()
      return loop.isCurrent
    }
    #expect(await task.value)
  }

  @Test func taskResumedByAHandlerRunsBeforeTheNextBlock() async throws {
    let resident = Resident(loop)
    let order = Collected<String>()
    let waiting = Lock<CheckedContinuation<Void, Never>?>(nil)
    let task = Task {
      _ = await resident.wait { continuation in waiting.withLock { $0 = continuation } }
      order.add("task")
    }
    while waiting.withLock({ $0 == nil }) { await Task.yield() }
    let resumer = Task(executorPreference: loop) {
      _ = await resident.wait { $0.resume() }
      order.add("resumer")
    }
    _ = await resumer.value
    loop.run { waiting.withLock { $0?.resume() } }
    await task.value
    #expect(order.all == ["resumer", "task"])
  }

  @Test func timerRunsOnTheLoopOnce() async throws {
    let runs = Collected<Bool>()
    let timer = loop.after(.milliseconds(5)) { runs.add(self.loop.isCurrent) }
    #expect(try await runs.wait(for: 1) == [true])
    try await Task.sleep(for: .milliseconds(20))
    #expect(runs.all.count == 1)
    timer.rearm(after: .milliseconds(1))
    #expect(try await runs.wait(for: 2).count == 2)
  }

  @Test func cancelledTimerDoesNotRun() async throws {
    let runs = Collected<Bool>()
    let timer = loop.after(.milliseconds(20)) { runs.add(true) }
    timer.cancel()
    var dropped: LoopTimer? = loop.after(.milliseconds(20)) { runs.add(true) }
    #expect(dropped != nil)
    dropped = nil
    let never = loop.after(.seconds(Int64.max)) { runs.add(true) }
    try await Task.sleep(for: .milliseconds(60))
    #expect(runs.all.isEmpty)
    never.cancel()
  }
}
