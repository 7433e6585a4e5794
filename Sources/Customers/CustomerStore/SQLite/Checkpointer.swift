import Dispatch
import Locks
import SQLite

/// Copies the write-ahead log into the file beside the writer, so that no commit waits for it.
///
/// SQLite would copy inside the commit that fills the log: at 64 MiB that keeps all writes waiting
/// for about 100 milliseconds. A thread of its own copies while the writer goes on. What the
/// writer has added meanwhile is less each round; only the last rest is left to the writer itself,
/// because the log begins anew only when a transaction finds it copied whole.
final class Checkpointer: Sendable {
  /// The pages of log that make it begin: 64 MiB.
  static let beginPages = 16_000

  /// The pages that are left to the writer: 4 MiB, a few milliseconds.
  static let restPages = 1000

  /// The pages of log, not copied, at which the writer has outrun the thread: it pauses a little
  /// after each transaction until the thread is done.
  static let pagesMax = 65_536

  /// That pause, in milliseconds.
  private static let pauseMilliseconds = 20

  private struct State {
    var isRunning = false
    var isClosed = false
    /// The pages that were copied; of the log as it was then.
    var copiedPages = 0
    /// The pages of log that make it begin next: more where a reader holds the log.
    var nextPages: Int
    /// Whether the writer may find a rest that is small.
    var isRestLeft = false
  }

  /// What the writer does after a commit.
  private enum Step { case nothing, begin, copyRest, pause }

  private let queue = DispatchQueue(label: "customer-store.checkpoints")
  private let path: String
  private let files: StoreFiles
  private let beginPages: Int
  private let state: Lock<State>
  private let finished = DispatchSemaphore(value: 0)
  private let onEvent: @Sendable (StoreEvent) -> Void

  init(_ options: StoreOptions, files: StoreFiles) {
    path = options.path
    self.files = files
    beginPages = options.logPagesMin
    state = Lock(State(nextPages: options.logPagesMin))
    onEvent = options.onEvent
  }

  /// Called by the writer after a commit, with its connection.
  func follow(_ database: Database) {
    let logPages = database.logPages
    let step: Step = state.withLock { state in
      // The log has begun anew.
      if logPages < state.copiedPages { state.copiedPages = 0 }
      if logPages < beginPages { state.nextPages = beginPages }
      let rest = logPages - state.copiedPages
      if state.isRunning { return rest >= Self.pagesMax ? .pause : .nothing }
      let isRestLeft = state.isRestLeft && logPages >= beginPages
      state.isRestLeft = false
      if isRestLeft, rest < 2 * Self.restPages { return .copyRest }
      return logPages >= state.nextPages || isRestLeft ? .begin : .nothing
    }
    switch step {
    case .nothing: break
    case .begin: begin()
    case .copyRest: copyRest(database)
    case .pause: _ = finished.wait(timeout: .now() + .milliseconds(Self.pauseMilliseconds))
    }
  }

  /// Has the thread copy what there is, unless it does so already.
  func begin() {
    let mustRun = state.withLock { state in
      defer { state.isRunning = !state.isClosed }
      return !state.isRunning && !state.isClosed
    }
    if mustRun { queue.async { self.run() } }
  }

  /// Waits until the thread is done, and lets it begin no more.
  func close() {
    state.withLock { $0.isClosed = true }
    queue.sync {}
  }

  /// Copies all and makes the log empty, on the caller's connection, which is the last one.
  func copyAll(_ database: Database) {
    do throws(SQLiteError) { try database.checkpoint(.truncate) } catch { tell(error) }
  }

  /// Copies what can be copied, on the caller's connection.
  private func copyRest(_ database: Database) {
    do throws(SQLiteError) { try database.checkpoint(.passive) } catch {
      // Another checkpoint runs: the next one copies more.
      if case .busy = error.code { return }
      tell(error)
    }
  }

  private func tell(_ error: SQLiteError) {
    onEvent(.checkpointFailed(reason: "\(RepositoryError(error, path: path))"))
  }

  private func run() {
    defer {
      state.withLock { $0.isRunning = false }
      finished.signal()
    }
    // The path must lead to the files that the writer has.
    if files.look() != nil { return }
    do throws(SQLiteError) {
      let database = try Database(path: path, mode: .readWrite)
      try database.setPragma("checkpoint_fullfsync", to: "ON")
      // The first statement makes the connection know the log.
      _ = try database.pragma("user_version")
      var copied = 0
      var isOn = true
      while isOn {
        let log = try database.checkpoint(.passive)
        let isHeld = log.copiedPages < log.logPages
        let isRestSmall = log.logPages - copied < Self.restPages
        copied = log.copiedPages
        isOn = state.withLock { state in
          state.copiedPages = log.copiedPages
          state.isRestLeft = !isHeld
          if isHeld { state.nextPages = log.logPages + beginPages }
          return !isHeld && !isRestSmall && !state.isClosed
        }
      }
    } catch {
      if files.look() == nil { tell(error) }
    }
  }
}
