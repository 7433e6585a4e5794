import Dispatch
import Locks
import SQLite
import Synchronization

/// Runs reads of many rows beside the event loops, a few at once, each on a connection of its own.
///
/// A task that is cancelled leaves the queue, or stops the statement that runs for it.
final class ScanPool: Sendable {
  /// One connection, and what stops its scan.
  private final class Lane: Sendable {
    let connection: Lock<ScanConnection>
    let interrupter: Interrupter

    init(path: String) throws(SQLiteError) {
      let connection = try ScanConnection(path: path)
      interrupter = connection.single.database.interrupter
      self.connection = Lock(connection)
    }
  }

  private struct Waiting {
    var ticket: UInt64
    /// Whether it is over soon, so that it may use the lane that is kept for such.
    var isQuick: Bool
    var run: @Sendable (Lane) -> Void
    var refuse: @Sendable (RepositoryError) -> Void
  }

  private struct State {
    var waiting = FairQueue<Waiting>()
    var waitingQuick = FairQueue<Waiting>()
    var idle: [Lane] = []
    var busy: [UInt64: Lane] = [:]
    /// The lanes in which scans run that aren't quick.
    var busySlowly = 0
    /// Lanes that are being opened.
    var opening = 0
    var isClosed = false

    /// Whether there is a scan that may begin as soon as it has a lane.
    var hasRunnable: Bool {
      !waitingQuick.isEmpty || !waiting.isEmpty && busySlowly < StoreLimit.runningScansMax
    }

    /// Takes the scan whose turn it is.
    mutating func popRunnable() -> Waiting? {
      if let quick = waitingQuick.popFirst() { return quick }
      return busySlowly < StoreLimit.runningScansMax ? waiting.popFirst() : nil
    }
  }

  /// The lanes for scans, and the one that is kept for quick ones.
  private static let lanesMax = StoreLimit.runningScansMax + 1

  private let path: String
  private let files: StoreFiles?
  private let onEvent: @Sendable (StoreEvent) -> Void
  private let queue = DispatchQueue(label: "customer-store.scans", attributes: .concurrent)
  private let state = Lock(State())
  private let tickets = Atomic<UInt64>(0)

  init(
    path: String,
    files: StoreFiles? = nil,
    onEvent: @escaping @Sendable (StoreEvent) -> Void = { _ in }
  ) {
    self.path = path
    self.files = files
    self.onEvent = onEvent
  }

  /// Runs a scan, in its caller's turn.
  ///
  /// One that `isQuick` reads some records by their keys: a lane is kept for these.
  func scan<Value: Sendable>(
    isQuick: Bool = false,
    _ body: @escaping @Sendable (ScanConnection) throws(RepositoryError) -> Value
  ) async throws(RepositoryError) -> Value {
    let ticket = tickets.wrappingAdd(1, ordering: .relaxed).newValue
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Value, RepositoryError>, Never>) in
        let waiting = Waiting(
          ticket: ticket,
          isQuick: isQuick,
          run: { lane in
            let result = lane.connection.withLock { connection in
              Result { () throws(RepositoryError) in try body(connection) }
            }
            continuation.resume(returning: result)
          },
          refuse: { continuation.resume(returning: .failure($0)) }
        )
        enqueue(waiting)
        // The handler below may have run before there was anything to cancel.
        if Task.isCancelled { cancel(ticket) }
      }
    } onCancel: {
      cancel(ticket)
    }
    return try result.get()
  }

  private func enqueue(_ scan: Waiting) {
    let caller = Caller.current
    let isClosed = state.withLock { state in
      if state.isClosed { return true }
      let queue = scan.isQuick ? \State.waitingQuick : \State.waiting
      state[keyPath: queue].append(scan, ticket: scan.ticket, of: caller)
      return false
    }
    if isClosed { return scan.refuse(.closed) }
    // Of those who are too many, the one goes who has most: it may be the new one.
    let tooMany = state.withLock { state -> Waiting? in
      let queue = scan.isQuick ? \State.waitingQuick : \State.waiting
      guard state[keyPath: queue].count > StoreLimit.waitingScansMax else { return nil }
      return state[keyPath: queue].popGreediest()
    }
    tooMany?.refuse(.tooManyWaiting(max: StoreLimit.waitingScansMax))
    queue.async { self.runNext() }
  }

  private func cancel(_ ticket: UInt64) {
    let removed: Waiting? = state.withLock { state in
      if let lane = state.busy[ticket] {
        // Under the lock, so that the lane can't be given to the next scan meanwhile. Between two
        // statements of the scan an interrupt is lost; the rest of it is as short as a chunk is.
        lane.interrupter.interrupt()
      }
      return state.waiting.remove(ticket: ticket) ?? state.waitingQuick.remove(ticket: ticket)
    }
    removed?.refuse(.cancelled)
  }

  /// What a thread of the queue does next.
  private enum Step {
    case run(Waiting, Lane)
    case open
    case nothing
  }

  private func runNext() {
    while true {
      let step: Step = state.withLock { state in
        guard state.hasRunnable else { return .nothing }
        if let lane = state.idle.popLast() {
          guard let scan = state.popRunnable() else { return .nothing }
          lane.interrupter.reset()
          state.busy[scan.ticket] = lane
          if !scan.isQuick { state.busySlowly += 1 }
          return .run(scan, lane)
        }
        guard state.busy.count + state.opening < Self.lanesMax else { return .nothing }
        state.opening += 1
        return .open
      }
      switch step {
      case .nothing: return
      case .open: open()
      case .run(let scan, let lane):
        if let failure = files?.look() { scan.refuse(failure) } else { scan.run(lane) }
        giveBack(lane, of: scan)
      }
    }
  }

  /// Keeps a lane for the next scan, or closes it if the last one has left something open: so no
  /// scan meets what another did.
  private func giveBack(_ lane: Lane, of scan: Waiting) {
    let fault = lane.connection.withLock { $0.single.database.whatIsOpen }
    state.withLock { state in
      state.busy[scan.ticket] = nil
      if !scan.isQuick { state.busySlowly -= 1 }
      if !state.isClosed, fault == nil { state.idle.append(lane) }
    }
    if let fault { onEvent(.readerReplaced(reason: fault)) }
  }

  /// Opens one more lane; if that fails the scan that waits longest is told why.
  private func open() {
    let lane = Result { () throws(RepositoryError) in
      // Another file at the path is another store, or none.
      if let failure = files?.look() { throw failure }
      do throws(SQLiteError) { return try Lane(path: path) } catch {
        throw RepositoryError(error, path: path)
      }
    }
    let refused: Waiting? = state.withLock { state in
      state.opening -= 1
      if case .success(let lane) = lane {
        if !state.isClosed { state.idle.append(lane) }
        return nil
      }
      return state.popRunnable()
    }
    if case .failure(let error) = lane { refused?.refuse(error) }
  }

  /// Refuses scans from now on, stops those that run and closes the connections.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      state.idle = []
      for lane in state.busy.values { lane.interrupter.interrupt() }
      return state.waiting.removeAll() + state.waitingQuick.removeAll()
    }
    for scan in waiting { scan.refuse(.closed) }
  }
}
