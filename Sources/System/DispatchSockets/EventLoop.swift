internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What runs the handlers of sockets and timers, one at a time, on a Dispatch queue of its own.
///
/// It is an executor as well: an actor whose `unownedExecutor` is a loop, or a task that prefers it,
/// runs between the handlers without changing threads. What such a task is given to do by a handler
/// (a continuation that is resumed, for example) runs right after that handler, before the queue is
/// asked for anything else.
///
/// Nothing that runs on a loop may wait for a thread: every connection of the loop waits with it.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  // `pending` and `turnEnds` are touched only by the thread whose number stands in `thread`, and a
  // number stands there only while that thread runs a block of the serial queue. All else is
  // constant or atomic.

  /// The jobs that one handler may leave behind it before others get a turn.
  private static let jobsPerTurnMax = 1024

  private let queue: DispatchQueue
  private let thread = Atomic<UInt>(0)
  private var pending: [UnownedJob] = []
  private var turnEnds: [@Sendable () -> Void] = []

  /// Creates a loop; the label names its queue in debuggers.
  package init(label: String) {
    queue = DispatchQueue(label: label)
  }

  /// Runs a block on the loop, after what is waiting there already.
  package func run(_ body: @escaping @Sendable () -> Void) {
    queue.async { self.perform(body) }
  }

  /// Runs a block on the loop once, after a while.
  ///
  /// - Returns: The timer. Keep it: letting go of it cancels it.
  package func after(
    _ duration: Duration,
    _ body: @escaping @Sendable () -> Void
  ) -> LoopTimer {
    let timer = LoopTimer(loop: self, queue: queue, body)
    timer.rearm(after: duration)
    return timer
  }

  /// Whether the caller runs on the loop right now.
  package var isCurrent: Bool { thread.load(ordering: .relaxed) == Self.currentThread }

  /// Runs a block when the handler that runs now, and the jobs it leaves behind, are done.
  ///
  /// What many jobs of one turn want to write goes out in one piece this way. To be called on the
  /// loop only.
  package func atEndOfTurn(_ body: @escaping @Sendable () -> Void) {
    precondition(isCurrent, "the end of a turn is the loop's own")
    turnEnds.append(body)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      pending.append(job)
    } else {
      queue.async { self.perform { self.run(job) } }
    }
  }

  package func checkIsolated() {
    dispatchPrecondition(condition: .onQueue(queue))
  }

  package func isIsolatingCurrentContext() -> Bool? { isCurrent }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }

  package func asUnownedTaskExecutor() -> UnownedTaskExecutor {
    UnownedTaskExecutor(ordinary: self)
  }

  // MARK: Turns

  /// Runs a handler on the loop's queue, then the jobs it left behind.
  func perform(_ body: () -> Void) {
    thread.store(Self.currentThread, ordering: .relaxed)
    body()
    var next = 0
    while next < pending.count, next < Self.jobsPerTurnMax {
      let job = pending[next]
      next += 1
      run(job)
    }
    pending.removeFirst(next)
    var end = 0
    while end < turnEnds.count {
      turnEnds[end]()
      end += 1
    }
    turnEnds.removeAll(keepingCapacity: true)
    if !pending.isEmpty { queue.async { self.perform {} } }
    thread.store(0, ordering: .relaxed)
  }

  private func run(_ job: UnownedJob) {
    // Without a task executor: with one, a task that prefers none would leave and come back at each
    // `await` of a method of its own actor.
    job.runSynchronously(on: asUnownedSerialExecutor())
  }

  /// Makes the source that tells when a descriptor can be read.
  func readSource(_ descriptor: Int32) -> any DispatchSourceRead {
    DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
  }

  /// Makes the source that tells when a descriptor can be written.
  func writeSource(_ descriptor: Int32) -> any DispatchSourceWrite {
    DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: queue)
  }

  /// Makes the source that tells when a signal comes.
  func signalSource(_ number: Int32) -> any DispatchSourceSignal {
    DispatchSource.makeSignalSource(signal: number, queue: queue)
  }

  private static var currentThread: UInt {
    #if canImport(Glibc)
    UInt(pthread_self())
    #else
    UInt(bitPattern: pthread_self())
    #endif
  }
}

/// A block that a loop runs once, later.
///
/// Letting go of the timer cancels it. The block is kept until then: one that holds the timer's
/// owner must be cancelled by hand.
package final class LoopTimer: @unchecked Sendable {
  // A Dispatch source may be scheduled and cancelled from any thread.
  private let source: any DispatchSourceTimer

  fileprivate init(
    loop: EventLoop,
    queue: DispatchQueue,
    _ body: @escaping @Sendable () -> Void
  ) {
    source = DispatchSource.makeTimerSource(queue: queue)
    source.setEventHandler { loop.perform(body) }
    source.schedule(deadline: .distantFuture)
    source.activate()
  }

  deinit { source.cancel() }

  /// Sets the time anew, whether the block has run or not.
  ///
  /// A duration below zero is zero; one over a hundred years is a hundred years.
  package func rearm(after duration: Duration) {
    let parts = min(max(duration, .zero), .seconds(Self.secondsMax)).components
    let nanoseconds = Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000)
    source.schedule(deadline: .now() + .nanoseconds(nanoseconds))
  }

  /// Makes sure that the block doesn't run, unless it runs already.
  package func cancel() { source.cancel() }

  private static let secondsMax: Int64 = 100 * 365 * 24 * 3600
}
