import Dispatch
import Locks
import SQLite
import Synchronization

/// Runs all writes, one after the other, and many in one transaction.
///
/// Whoever writes puts a job into the queue and waits. The writer takes what waits, up to
/// ``StoreLimit/groupMax`` jobs, as one transaction, commits it, and then answers all of them: a
/// commit waits for the disk once, however many it serves. Between two transactions, when the queue
/// is empty or enough has gathered, it moves words into the search index.
final class Writer: Sendable {
  /// What is to be done in the transaction; it answers what is to be done after the commit.
  typealias Job = @Sendable (WriterConnection) -> Answer

  /// Tells a waiting caller how its write ended: `nil`, or what befell the whole transaction.
  typealias Answer = @Sendable (RepositoryError?) -> Void

  private struct Waiting {
    var ticket: UInt64
    /// Whether the search index must be complete when the job runs.
    var needsIndex: Bool
    var job: Job
    var answer: Answer
  }

  private struct Queue {
    var waiting: [Waiting] = []
    var isScheduled = false
    /// The writer wants to know when so many wait.
    var wanted = Int.max
    var isClosed = false
  }

  /// What the queue's thread alone uses.
  private struct Engine {
    var connection: WriterConnection
    var indexer: Indexer
    var scrubber: Scrubber
    var pruner: HistoryPruner
    var optimizer: Optimizer

    /// Whether somebody comes back when the next change has grown too old.
    var isAgeAwaited = false
  }

  /// The pause after the last write before words are moved into the index, in milliseconds.
  private static let idleMilliseconds = 20

  /// The least and the longest wait for a change to grow too old, in microseconds: the longest,
  /// because the clock may be set.
  private static let ageMicroseconds: ClosedRange<Int64> = 1_000_000...3_600_000_000

  /// The longest wait for more writes to join a group, in microseconds: a part of what the commit
  /// takes.
  private static let gatherMicroseconds = 300

  private let queue = DispatchQueue(label: "customer-store.writer")
  private let waiting = Lock(Queue())
  private let tickets = Atomic<UInt64>(0)
  private let engine: Lock<Engine?>
  private let checkpointer: Checkpointer
  private let gathered = DispatchSemaphore(value: 0)
  private let clock: CommitClock
  private let files: StoreFiles
  private let path: String
  private let onEvent: @Sendable (StoreEvent) -> Void

  init(
    _ connection: sending WriterConnection,
    clock: CommitClock,
    files: StoreFiles,
    options: StoreOptions
  ) throws(SQLiteError) {
    let indexer = try Indexer(connection)
    let scrubber = try Scrubber(connection)
    let pruner = try HistoryPruner(connection, clock: clock, microseconds: options.microseconds)
    let optimizer = try Optimizer(
      connection.database,
      sequence: connection.counters.newestSequence
    )
    engine = Lock(
      Engine(
        connection: connection,
        indexer: indexer,
        scrubber: scrubber,
        pruner: pruner,
        optimizer: optimizer
      )
    )
    checkpointer = Checkpointer(options)
    self.clock = clock
    self.files = files
    path = options.path
    onEvent = options.onEvent
  }

  // MARK: The callers' side

  /// Runs a write and waits until it is durable.
  ///
  /// - Parameters:
  ///   - needsIndex: Whether the search index must know all earlier writes.
  ///   - body: The write; it runs on the writer's thread.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws, what befell the commit, or ``RepositoryError`` `cancelled` if
  ///   the task was cancelled before the write began; then nothing was written.
  func write<Value: Sendable>(
    needsIndex: Bool = false,
    _ body: @escaping @Sendable (WriterConnection) throws(RepositoryError) -> Value
  ) async throws(RepositoryError) -> Value {
    let ticket = tickets.wrappingAdd(1, ordering: .relaxed).newValue
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Value, RepositoryError>, Never>) in
        let job: Job = { connection in
          let result = Result { () throws(RepositoryError) in try body(connection) }
          return { failure in
            continuation.resume(returning: failure.map { .failure($0) } ?? result)
          }
        }
        let refuse: Answer = { continuation.resume(returning: .failure($0 ?? .closed)) }
        enqueue(Waiting(ticket: ticket, needsIndex: needsIndex, job: job, answer: refuse))
        // The handler below may have run before there was anything to remove.
        if Task.isCancelled { cancel(ticket) }
      }
    } onCancel: {
      cancel(ticket)
    }
    return try result.get()
  }

  private func enqueue(_ job: Waiting) {
    var mustSchedule = false
    let refusal: RepositoryError? = waiting.withLock { queue in
      if queue.isClosed { return .closed }
      guard queue.waiting.count < StoreLimit.waitingWritesMax else {
        return .tooManyWaiting(max: StoreLimit.waitingWritesMax)
      }
      queue.waiting.append(job)
      if queue.waiting.count == queue.wanted { gathered.signal() }
      mustSchedule = !queue.isScheduled
      queue.isScheduled = true
      return nil
    }
    if let refusal { return job.answer(refusal) }
    if mustSchedule { queue.async { self.drain() } }
  }

  private func cancel(_ ticket: UInt64) {
    let removed: Waiting? = waiting.withLock { queue in
      guard let place = queue.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
      return queue.waiting.remove(at: place)
    }
    removed?.answer(.cancelled)
  }

  /// Takes no more writes, finishes those that wait, copies the log into the file and closes it.
  func close() async {
    waiting.withLock { $0.isClosed = true }
    await withCheckedContinuation { continuation in
      queue.async {
        self.drain()
        self.engine.withLock { engine in
          if let engine { self.checkpointer.copy(engine.connection.database, .truncate) }
          engine = nil
        }
        continuation.resume()
      }
    }
  }

  // MARK: The queue's thread

  private func drain() {
    var answered = 0
    while true {
      gather(answered)
      let group = waiting.withLock { queue in
        let group = Array(queue.waiting.prefix(StoreLimit.groupMax))
        queue.waiting.removeFirst(group.count)
        if group.isEmpty { queue.isScheduled = false }
        return group
      }
      if group.isEmpty { break }
      answered = group.count
      engine.withLock { engine in
        guard let engine else {
          for job in group { job.answer(.closed) }
          return
        }
        if let failure = files.look() {
          for job in group { job.answer(failure) }
          return
        }
        if group.contains(where: \.needsIndex) { while index(engine) {} }
        run(group, engine.connection)
        guard files.failure == nil else { return }
        let counters = engine.connection.counters
        if counters.pendingCount >= Indexer.waitingMax {
          while index(engine, Indexer.waitingMax) {}
        } else if counters.pendingCount >= Indexer.batchMax {
          _ = index(engine)
        }
        if engine.scrubber.isDue() { _ = scrub(engine) }
        if engine.pruner.isBehind { _ = forget(engine) }
        checkpointer.follow(engine.connection.database)
      }
    }
    waitForIdle()
  }

  /// Waits a moment for those who were answered last to come back with their next write.
  ///
  /// Without it a number of busy callers splits into two halves that take turns, and each commit
  /// serves half as many. A single caller isn't waited for, nor are those that don't come back.
  private func gather(_ answered: Int) {
    guard answered > 1 else { return }
    let mustWait = waiting.withLock { queue in
      let wanted = min(StoreLimit.groupMax, queue.waiting.count + answered)
      guard !queue.isClosed, queue.waiting.count < wanted else { return false }
      queue.wanted = wanted
      return true
    }
    guard mustWait else { return }
    _ = gathered.wait(timeout: .now() + .microseconds(Self.gatherMicroseconds))
    waiting.withLock { $0.wanted = .max }
  }

  /// Runs a group of jobs as one transaction.
  private func run(_ group: [Waiting], _ connection: WriterConnection) {
    let counters = connection.counters
    var answers: [Answer] = []
    answers.reserveCapacity(group.count)
    connection.rollbackCause = nil
    var failure = attempt { () throws(SQLiteError) in
      try connection.transactions.beginWriting()
      for waiting in group {
        answers.append(waiting.job(connection))
        // After some errors SQLite has rolled the whole transaction back.
        if connection.database.isAutocommit {
          connection.rollbackCause =
            connection.rollbackCause
            ?? .ioError(path: path, reason: "the transaction was rolled back")
          return
        }
      }
      if connection.counters.customerCount != counters.customerCount {
        try connection.noteCustomerCount()
      }
      try connection.transactions.commit()
    }
    // A commit into a file that was moved meanwhile is none that anybody finds.
    failure = failure ?? connection.rollbackCause ?? files.look()
    if failure != nil {
      connection.transactions.rollback()
      connection.counters = counters
    } else if connection.counters.newestSequence != counters.newestSequence {
      clock.publish(
        sequence: connection.counters.newestSequence,
        customerCount: connection.counters.customerCount,
        hasErased: connection.counters.erasureCount != counters.erasureCount
      )
    }
    let outcome = failure
    for answer in answers { answer(outcome) }
    for waiting in group.dropFirst(answers.count) { waiting.answer(outcome) }
  }

  private func attempt(_ body: () throws(SQLiteError) -> Void) -> RepositoryError? {
    do {
      try body()
      return nil
    } catch {
      return RepositoryError(error, path: path)
    }
  }

  /// Moves one batch of words into the index; says whether more wait.
  ///
  /// A failure loses nothing: the words stay where they wait, and a search looks there too.
  private func index(_ engine: Engine, _ count: Int64 = Indexer.batchMax) -> Bool {
    var isMore = false
    let failure = attempt { () throws(SQLiteError) in
      isMore = try engine.indexer.indexBatch(of: count)
    }
    guard let failure else { return isMore }
    onEvent(.indexingFailed(reason: "\(failure)"))
    return false
  }

  /// Overwrites a piece of what erased customers left; says whether to go on at once.
  private func scrub(_ engine: Engine) -> Bool {
    var hasAdvanced = false
    let failure = attempt { () throws(SQLiteError) in
      hasAdvanced = try engine.scrubber.advance(engine.indexer)
    }
    if let failure { onEvent(.erasingFailed(reason: "\(failure)")) }
    return hasAdvanced
  }

  /// Comes back after a pause, and tidies up if nobody has written since.
  ///
  /// Called once from outside: a store may be opened with words that wait.
  func waitForIdle() {
    let ticket = tickets.load(ordering: .relaxed)
    queue.asyncAfter(deadline: .now() + .milliseconds(Self.idleMilliseconds)) { [weak self] in
      self?.tidy(since: ticket)
    }
  }

  /// Moves words into the index and forgets old changes, a bit at a time as long as nobody writes,
  /// then copies the log.
  private func tidy(since ticket: UInt64) {
    guard tickets.load(ordering: .relaxed) == ticket else { return }
    engine.withLock { engine in
      guard let current = engine, files.failure == nil else { return }
      if current.connection.counters.pendingCount > 0, index(current) {
        queue.async { [weak self] in self?.tidy(since: ticket) }
        return
      }
      if current.scrubber.isNeeded {
        // Where a reader holds the log, or the disk is full, a pause helps.
        guard scrub(current) else { return waitForIdle() }
        queue.async { [weak self] in self?.tidy(since: ticket) }
        return
      }
      let pause = forget(current)
      if pause == 0 {
        queue.async { [weak self] in self?.tidy(since: ticket) }
        return
      }
      optimize(&engine)
      checkpointer.copy(current.connection.database, .passive)
      guard let pause, !current.isAgeAwaited else { return }
      engine?.isAgeAwaited = true
      waitForAge(pause)
    }
  }

  private func optimize(_ engine: inout Engine?) {
    let sequence = engine?.connection.counters.newestSequence ?? 0
    let failure = attempt { () throws(SQLiteError) in try engine?.optimizer.step(sequence) }
    if let failure { onEvent(.optimizingFailed(reason: "\(failure)")) }
  }

  /// Forgets some changes that are too old; answers how long to wait before there are more.
  private func forget(_ engine: Engine) -> Int64? {
    var pause: Int64?
    let failure = attempt { () throws(SQLiteError) in pause = try engine.pruner.step() }
    guard let failure else { return pause }
    onEvent(.forgettingFailed(reason: "\(failure)"))
    return Self.ageMicroseconds.upperBound
  }

  /// Comes back when changes have grown too old, though nobody writes.
  private func waitForAge(_ pause: Int64) {
    let bounds = Self.ageMicroseconds
    let pause = Int(min(max(pause, bounds.lowerBound), bounds.upperBound))
    queue.asyncAfter(deadline: .now() + .microseconds(pause)) { [weak self] in
      guard let self else { return }
      engine.withLock { $0?.isAgeAwaited = false }
      tidy(since: tickets.load(ordering: .relaxed))
    }
  }
}
