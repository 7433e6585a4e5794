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
///
/// Nothing holds it for long: what takes longer is done in parts, a transaction each, between which
/// others have their turn (``WriteQueue``, ``Turn``), and so is what it does by itself.
final class Writer: Sendable {
  private struct Queue {
    var writes = WriteQueue()
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

    /// The pause before it is tried again to tidy up, in milliseconds: it grows while that fails.
    var idleMilliseconds = Writer.idleMilliseconds.lowerBound

    /// Whether somebody comes back when the next change has grown too old.
    var isAgeAwaited = false
  }

  /// The pause after the last write before words are moved into the index, in milliseconds; and the
  /// longest, where a full disk or a reader is in the way.
  private static let idleMilliseconds = 20...1_000

  /// The least and the longest wait for a change to grow too old, in microseconds: the longest,
  /// because the clock may be set.
  private static let ageMicroseconds: ClosedRange<Int64> = 1_000_000...3_600_000_000

  /// The longest wait for more writes to join a group, in microseconds: a part of what the commit
  /// takes.
  private static let gatherMicroseconds = 300

  /// How long the writes of one transaction may take, in microseconds.
  ///
  /// The commit takes about as long again: what they wrote goes to the disk.
  static let groupMicrosecondsMax: Int64 = 20_000

  /// How long a part of a long write may take while others wait, in microseconds: with its commit,
  /// a piece of ``tidyBeside(_:)`` and the others' own commit it stays within a tenth of a second.
  static let partMicrosecondsWhereOthersWait: Int64 = 8000

  /// How long words are moved into the index between two transactions where too many wait, in
  /// microseconds.
  static let indexMicrosecondsMax: Int64 = 30_000

  private let queue = DispatchQueue(label: "customer-store.writer")
  private let waiting = Lock(Queue())
  private let tickets = Atomic<UInt64>(0)
  private let engine: Lock<Engine?>
  private let checkpointer: Checkpointer
  private let gathered = DispatchSemaphore(value: 0)
  private let clock: CommitClock
  private let files: StoreFiles
  private let path: String
  private let stopwatch: @Sendable () -> Int64
  private let onEvent: @Sendable (StoreEvent) -> Void

  init(
    _ connection: sending WriterConnection,
    clock: CommitClock,
    files: StoreFiles,
    options: StoreOptions
  ) throws(SQLiteError) {
    stopwatch = options.stopwatch
    let indexer = try Indexer(connection, stopwatch: stopwatch)
    let scrubber = try Scrubber(connection, stopwatch: stopwatch)
    let pruner = try HistoryPruner(
      connection,
      clock: clock,
      microseconds: options.microseconds,
      stopwatch: stopwatch
    )
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
    checkpointer = Checkpointer(options, files: files)
    self.clock = clock
    self.files = files
    path = options.path
    onEvent = options.onEvent
  }

  // MARK: The callers' side

  /// Runs a write and waits until it is durable.
  ///
  /// - Parameter body: The write; it runs on the writer's thread.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws, what befell the commit, or ``RepositoryError`` `cancelled` if
  ///   the task was cancelled before the write began; then nothing was written.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (WriterConnection) throws(RepositoryError) -> Value
  ) async throws(RepositoryError) -> Value {
    try await wait(
      in: .brief,
      body: { (connection, _) throws(RepositoryError) in try body(connection) }
    )
  }

  /// Runs a write that may take long, in parts, and waits until the last is durable.
  ///
  /// - Parameters:
  ///   - didCommitPart: Told when a part that isn't the last is durable.
  ///   - body: Does a part, at least a piece of it and then until the turn is over; answers `nil`
  ///     as long as there is more to do. It runs on the writer's thread.
  /// - Returns: What the last part returns.
  /// - Throws: What `body` throws, what befell a commit, or ``RepositoryError`` `cancelled` if the
  ///   task was cancelled before a part. The parts before stay written.
  func writeInParts<Value: Sendable>(
    didCommitPart: @escaping @Sendable () -> Void = {},
    _ body: @escaping @Sendable (WriterConnection, Turn) throws(RepositoryError) -> Value?
  ) async throws(RepositoryError) -> Value {
    try await wait(in: .long, didCommitPart: didCommitPart, body: body)
  }

  private func wait<Value: Sendable>(
    in line: WriteQueue.Line,
    didCommitPart: @escaping @Sendable () -> Void = {},
    body: @escaping @Sendable (WriterConnection, Turn) throws(RepositoryError) -> Value?
  ) async throws(RepositoryError) -> Value {
    let ticket = tickets.wrappingAdd(1, ordering: .relaxed).newValue
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Value, RepositoryError>, Never>) in
        let write = WaitingWrite(
          ticket: ticket,
          caller: Caller.current,
          job: { connection, turn in
            let result = Result { () throws(RepositoryError) in try body(connection, turn) }
            if case .success(nil) = result {
              return WritePart(isLast: false) { failure in
                guard let failure else { return didCommitPart() }
                continuation.resume(returning: .failure(failure))
              }
            }
            return WritePart(isLast: true) { failure in
              let outcome = result.flatMap { value -> Result<Value, RepositoryError> in
                value.map { .success($0) } ?? .failure(.closed)
              }
              continuation.resume(returning: failure.map { .failure($0) } ?? outcome)
            }
          },
          refuse: { continuation.resume(returning: .failure($0)) }
        )
        enqueue(write, line)
        // The handler below may have run before there was anything to remove.
        if Task.isCancelled { cancel(ticket) }
      }
    } onCancel: {
      cancel(ticket)
    }
    return try result.get()
  }

  private func enqueue(_ write: WaitingWrite, _ line: WriteQueue.Line) {
    var mustSchedule = false
    var tooMany: WaitingWrite?
    let isClosed = waiting.withLock { queue in
      if queue.isClosed { return true }
      queue.writes.append(write, to: line)
      // Of those who are too many, the one goes who has most: it may be the new one.
      if queue.writes.count(of: line) > StoreLimit.waitingWritesMax {
        tooMany = queue.writes.popGreediest(line)
      }
      if queue.writes.briefCount >= queue.wanted {
        queue.wanted = .max
        gathered.signal()
      }
      mustSchedule = !queue.isScheduled
      queue.isScheduled = true
      return false
    }
    if isClosed { return write.refuse(.closed) }
    tooMany?.refuse(.tooManyWaiting(max: StoreLimit.waitingWritesMax))
    if mustSchedule { queue.async { self.drain() } }
  }

  private func cancel(_ ticket: UInt64) {
    waiting.withLock { $0.writes.giveUp(ticket) }?.refuse(.cancelled)
  }

  /// Takes no more writes, and finishes those that wait.
  func finish() async {
    waiting.withLock { $0.isClosed = true }
    await onQueue { $0.drain() }
  }

  /// Copies the whole log into the file, empties it and closes the file; nobody else reads it any
  /// more.
  func close() async {
    await onQueue { writer in
      // While the thread copies nobody else can.
      writer.checkpointer.close()
      writer.engine.withLock { engine in
        if let engine { writer.checkpointer.copyAll(engine.connection.database) }
        engine = nil
      }
    }
  }

  private func onQueue(_ body: @escaping @Sendable (Writer) -> Void) async {
    await withCheckedContinuation { continuation in
      queue.async {
        body(self)
        continuation.resume()
      }
    }
  }

  // MARK: The queue's thread

  private func drain() {
    var answered = 0
    while true {
      gather(answered)
      let line = waiting.withLock { queue in
        let line = queue.writes.nextLine()
        if line == nil { queue.isScheduled = false }
        return line
      }
      guard let line else { break }
      answered = engine.withLock { engine in
        guard let engine else {
          refuseAll(.closed)
          return 0
        }
        if let failure = files.look() {
          refuseAll(failure)
          return 0
        }
        let answered = run(line, engine.connection)
        if files.failure == nil { tidyBeside(engine) }
        return answered
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
      let wanted = min(StoreLimit.groupMax, queue.writes.briefCount + answered)
      guard !queue.isClosed, queue.writes.briefCount < wanted else { return false }
      queue.wanted = wanted
      return true
    }
    guard mustWait else { return }
    _ = gathered.wait(timeout: .now() + .microseconds(Self.gatherMicroseconds))
    waiting.withLock { $0.wanted = .max }
  }

  private func refuseAll(_ error: RepositoryError) {
    for write in waiting.withLock({ $0.writes.removeAll() }) { write.refuse(error) }
  }

  /// Runs writes of a line as one transaction: those that wait now, as long as it isn't too long.
  ///
  /// - Returns: The callers that were answered.
  private func run(_ line: WriteQueue.Line, _ connection: WriterConnection) -> Int {
    let counters = connection.counters
    var group: [(write: WaitingWrite, part: WritePart)] = []
    connection.rollbackCause = nil
    var failure = attempt { () throws(SQLiteError) in
      try connection.transactions.beginWriting()
      runJobs(of: line, connection, &group)
      // After some errors SQLite has rolled the whole transaction back.
      if connection.rollbackCause != nil { return }
      if connection.counters.customerCount != counters.customerCount {
        try connection.noteCustomerCount()
      }
    }
    // A commit into a file that was moved meanwhile is none that anybody finds.
    failure = failure ?? connection.rollbackCause ?? commit(connection) ?? files.look()
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
    if let failure, group.isEmpty {
      refuseAll(failure)
      return 0
    }
    for (write, part) in group {
      part.didEnd(failure)
      guard line == .long else { continue }
      let isLast = part.isLast || failure != nil
      if waiting.withLock({ $0.writes.end(write, isLast: isLast) }) { write.refuse(.cancelled) }
    }
    return group.count
  }

  private func commit(_ connection: WriterConnection) -> RepositoryError? {
    do throws(SQLiteError) {
      try connection.transactions.commit()
      return nil
    } catch {
      return RepositoryError(ofCommit: error, path: path)
    }
  }

  private func runJobs(
    of line: WriteQueue.Line,
    _ connection: WriterConnection,
    _ group: inout [(write: WaitingWrite, part: WritePart)]
  ) {
    let count = waiting.withLock { min($0.writes.count(of: line), StoreLimit.groupMax) }
    let turn = Turn(
      stopwatch,
      microsecondsMax: Self.groupMicrosecondsMax,
      microsecondsWhereOthersWait: line == .long ? Self.partMicrosecondsWhereOthersWait : .max,
      othersWait: { [weak self] in self?.waiting.withLock { $0.writes.briefCount > 0 } ?? false }
    )
    while group.count < count, let write = waiting.withLock({ $0.writes.begin(line) }) {
      group.append((write, write.job(connection, turn)))
      if connection.database.isAutocommit {
        connection.rollbackCause =
          connection.rollbackCause
          ?? .ioError(path: path, reason: "the transaction was rolled back")
      }
      if connection.rollbackCause != nil || turn.isOver { return }
    }
  }

  private func attempt(_ body: () throws(SQLiteError) -> Void) -> RepositoryError? {
    do {
      try body()
      return nil
    } catch {
      return RepositoryError(error, path: path)
    }
  }

  /// Does a piece of what else there is to do between two transactions, for which others wait.
  private func tidyBeside(_ engine: Engine) {
    let connection = engine.connection
    if connection.counters.pendingCount >= Indexer.batchMax {
      let turn = Turn(stopwatch, microsecondsMax: Self.indexMicrosecondsMax)
      while index(engine), connection.counters.pendingCount >= Indexer.waitingMax, !turn.isOver {}
    } else if engine.scrubber.isDue() {
      _ = scrub(engine)
    }
    if engine.pruner.isBehind { _ = forget(engine) }
    checkpointer.follow(connection.database)
  }

  /// Moves one batch of words into the index; says whether more wait.
  ///
  /// A failure loses nothing: the words stay where they wait, and a search looks there too.
  private func index(_ engine: Engine) -> Bool {
    let failure = attempt { () throws(SQLiteError) in try engine.indexer.indexBatch() }
    guard let failure else { return engine.connection.counters.pendingCount > 0 }
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
  ///
  /// - Parameter milliseconds: The pause.
  func waitForIdle(_ milliseconds: Int = idleMilliseconds.lowerBound) {
    let ticket = tickets.load(ordering: .relaxed)
    queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
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
        guard scrub(current) else {
          // Where a reader holds the log, or the disk is full, a pause helps.
          waitForIdle(current.idleMilliseconds)
          let longest = Self.idleMilliseconds.upperBound
          engine?.idleMilliseconds = min(2 * current.idleMilliseconds, longest)
          return
        }
        engine?.idleMilliseconds = Self.idleMilliseconds.lowerBound
        queue.async { [weak self] in self?.tidy(since: ticket) }
        return
      }
      let pause = forget(current)
      if pause == 0 {
        queue.async { [weak self] in self?.tidy(since: ticket) }
        return
      }
      optimize(&engine)
      checkpointer.begin()
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
