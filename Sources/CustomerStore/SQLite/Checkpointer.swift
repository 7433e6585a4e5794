import Dispatch
import SQLite
import Synchronization

/// Copies the write-ahead log into the file beside the writer, so that no commit waits for it.
///
/// SQLite would copy inside the commit that fills the log: at 64 MiB that keeps all writes waiting
/// for about 100 milliseconds. A thread of its own copies while the writer goes on. What the
/// writer has added meanwhile is less each round; the last rest is left to the writer itself,
/// because the log begins anew only when a transaction finds it copied whole.
final class Checkpointer: Sendable {
  /// The pages of log that make it begin: 64 MiB.
  static let beginPages = 16_000

  /// The pages that are left to the writer: 4 MiB, a few milliseconds.
  static let restPages = 1000

  /// The rounds before the rest is left to the writer, whatever its size.
  private static let roundsMax = 4

  /// The pages of log at which the writer copies all itself: it has outrun the thread.
  static let pagesMax = 65_536

  private let queue = DispatchQueue(label: "customer-store.checkpoints")
  private let path: String
  private let isRunning = Atomic<Bool>(false)
  private let isRestLeft = Atomic<Bool>(false)
  private let onEvent: @Sendable (StoreEvent) -> Void

  init(_ options: StoreOptions) {
    path = options.path
    onEvent = options.onEvent
  }

  /// Called by the writer after a commit, with its connection.
  func follow(_ database: Database) {
    if isRestLeft.exchange(false, ordering: .acquiring) || database.logPages >= Self.pagesMax {
      copy(database, .passive)
    } else if database.logPages >= Self.beginPages,
      !isRunning.exchange(true, ordering: .acquiring)
    {
      queue.async { self.run() }
    }
  }

  /// Copies what can be copied, on the caller's connection.
  func copy(_ database: Database, _ mode: Database.Checkpoint) {
    do throws(SQLiteError) {
      try database.checkpoint(mode)
    } catch {
      // Another checkpoint runs, or a reader doesn't let go: the next one copies more.
      if case .busy = error.code { return }
      onEvent(.checkpointFailed(reason: "\(RepositoryError(error, path: path))"))
    }
  }

  private func run() {
    do throws(SQLiteError) {
      let database = try Database(path: path, mode: .readWrite)
      try database.setPragma("checkpoint_fullfsync", to: "ON")
      // The first statement makes the connection know the log.
      _ = try database.pragma("user_version")
      var copied = 0
      for _ in 0..<Self.roundsMax {
        let log = try database.checkpoint(.passive)
        if log.logPages - copied < Self.restPages { break }
        copied = log.copiedPages
      }
      isRestLeft.store(true, ordering: .releasing)
    } catch {
      onEvent(.checkpointFailed(reason: "\(RepositoryError(error, path: path))"))
    }
    isRunning.store(false, ordering: .releasing)
  }
}
