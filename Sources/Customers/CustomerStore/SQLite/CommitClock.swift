import Locks
import Synchronization

/// What the writer tells the readers after each commit.
final class CommitClock: Sendable {
  /// The commits so far: a reader whose transaction is older than this begins a new one.
  let commits = Atomic<UInt64>(0)

  /// The newest change.
  let sequence: Atomic<Int64>

  /// The number from which on all changes are kept: it moves when old ones are forgotten.
  let oldestSequence: Atomic<Int64>

  /// The customers that are there.
  let customerCount: Atomic<Int64>

  /// The transactions that erased somebody: what was read of the log before may show him.
  let erasures = Atomic<UInt64>(0)

  private struct Waiter {
    var continuation: CheckedContinuation<Void, Never>
    /// The tick at which the wait ends.
    var lastTick: UInt64
  }

  /// Those who wait for a change, by their ticket.
  private struct Waiters {
    var waiters: [UInt64: Waiter] = [:]
    var nextTicket: UInt64 = 0
    var ticks: UInt64 = 0
    var isClosed = false
  }

  private let waiters = Lock(Waiters())

  init(sequence: Int64, oldestSequence: Int64, customerCount: Int64) {
    self.sequence = Atomic(sequence)
    self.oldestSequence = Atomic(oldestSequence)
    self.customerCount = Atomic(customerCount)
  }

  /// Says that a transaction was committed; before its writers are answered.
  func publish(sequence: Int64, customerCount: Int64, hasErased: Bool = false) {
    if hasErased { erasures.wrappingAdd(1, ordering: .releasing) }
    self.sequence.store(sequence, ordering: .releasing)
    self.customerCount.store(customerCount, ordering: .releasing)
    commits.wrappingAdd(1, ordering: .releasing)
    wake()
  }

  /// Whether nobody may wait any more.
  var isClosed: Bool { waiters.withLock { $0.isClosed } }

  /// Lets nobody wait any more.
  func close() {
    waiters.withLock { $0.isClosed = true }
    wake()
  }

  private func wake() {
    let woken = waiters.withLock { waiters in
      let woken = waiters.waiters
      if !woken.isEmpty { waiters.waiters = [:] }
      return woken
    }
    for waiter in woken.values { waiter.continuation.resume() }
  }

  /// Ends the waits that were begun so many ticks ago as they wanted to last.
  func tick() {
    let woken = waiters.withLock { waiters in
      waiters.ticks += 1
      let ticks = waiters.ticks
      let woken = waiters.waiters.filter { $0.value.lastTick <= ticks }
      for ticket in woken.keys { waiters.waiters[ticket] = nil }
      return woken
    }
    for waiter in woken.values { waiter.continuation.resume() }
  }

  /// Waits until a change after this one is published, the clock is closed, the task cancelled or
  /// ``tick()`` was called so often.
  func wait(after sequence: Int64, ticks: Int) async {
    let ticket = waiters.withLock { waiters in
      waiters.nextTicket += 1
      return waiters.nextTicket
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mustWait = waiters.withLock { waiters in
          // Looked at under the lock that wakes: a change is published before it is taken there.
          guard self.sequence.load(ordering: .acquiring) <= sequence, !waiters.isClosed,
            !Task.isCancelled
          else { return false }
          waiters.waiters[ticket] = Waiter(
            continuation: continuation,
            lastTick: waiters.ticks + UInt64(ticks)
          )
          return true
        }
        if !mustWait { continuation.resume() }
      }
    } onCancel: {
      waiters.withLock { $0.waiters.removeValue(forKey: ticket) }?.continuation.resume()
    }
  }
}
