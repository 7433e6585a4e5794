import Dispatch
import Locks
import SQLite
import Synchronization

/// Copies the store's file while others read and write it, one copy at a time.
///
/// A copy shows one moment: a transaction for reading is open on a connection of its own until the
/// last page is copied. Writers don't wait for it; only the log grows meanwhile, because it can't
/// begin anew before that transaction ends.
final class BackupMaker: Sendable {
  /// Where a copy is made that will lose its name: beside the database, so on a disk that is meant
  /// for such data.
  static func temporaryPath(of path: String) -> String { path + ".unfinished-backup" }

  /// What a copy is known by until it is finished.
  private final class Order: Sendable {
    let isCancelled = Atomic(false)

    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    func check() throws(RepositoryError) {
      if isCancelled.load(ordering: .relaxed) { throw .cancelled }
    }
  }

  private struct State {
    var order: Order?
    var isClosed = false
  }

  /// The instructions of SQLite's between two looks at whether the copy is still wanted.
  private static let instructionsBetweenLooks: Int32 = 100_000

  private let path: String
  private let queue = DispatchQueue(label: "customer-store.backups")
  private let state = Lock(State())

  init(path: String) { self.path = path }

  /// Makes a copy without a name.
  ///
  /// - Throws: ``RepositoryError`` `backupRunning`, `noRoom`, `storeFull`, `corrupt`, `cancelled`.
  func backUp() async throws(RepositoryError) -> BackupFile {
    let order = try begin()
    let temporary = Self.temporaryPath(of: path)
    do throws(RepositoryError) {
      let sequence = try await run(order) { (maker) throws(RepositoryError) in
        maker.removeTemporary()
        return try maker.copy(to: temporary, isForGood: false, order)
      }
      let file = try Self.open(temporary)
      return BackupFile(file, sequence: sequence, queue: queue) { [self] in end(order) }
    } catch {
      removeTemporary()
      end(order)
      throw error
    }
  }

  /// Makes a copy at a path (mode 0600), which must be free.
  ///
  /// - Returns: The newest change that the copy holds.
  /// - Throws: As ``backUp()``; `cannotOpen` if something is at the path.
  func backUp(to copyPath: String) async throws(RepositoryError) -> Int64 {
    guard fileSize(copyPath) == nil else {
      throw .cannotOpen(path: copyPath, reason: "it is there already")
    }
    let order = try begin()
    defer { end(order) }
    do throws(RepositoryError) {
      return try await run(order) { (maker) throws(RepositoryError) in
        try maker.copy(to: copyPath, isForGood: true, order)
      }
    } catch {
      Self.remove(copyPath)
      throw error
    }
  }

  /// Ends a copy that is being made, waits until it has let go of the store, and refuses more.
  func close() async {
    state.withLock { state in
      state.isClosed = true
      state.order?.cancel()
    }
    await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
  }

  /// Removes what a killed process left of a copy; the lock's holder calls it.
  func removeTemporary() { Self.remove(Self.temporaryPath(of: path)) }

  private static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { removeFile(path + suffix) }
  }

  private static func open(_ path: String) throws(RepositoryError) -> UnnamedFile {
    do { return try UnnamedFile(path: path) } catch { throw RepositoryError(error, path: path) }
  }

  // MARK: Orders

  private func begin() throws(RepositoryError) -> Order {
    let order = Order()
    try state.withLock { (state) throws(RepositoryError) in
      if state.isClosed { throw .closed }
      if state.order != nil { throw .backupRunning }
      state.order = order
    }
    return order
  }

  private func end(_ order: Order) {
    state.withLock { state in
      if state.order === order { state.order = nil }
    }
  }

  /// Runs the work of an order on the queue; the end of the task ends the order.
  private func run<Value: Sendable>(
    _ order: Order,
    _ body: @escaping @Sendable (BackupMaker) throws(RepositoryError) -> Value
  ) async throws(RepositoryError) -> Value {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Value, RepositoryError>, Never>) in
        queue.async {
          continuation.resume(
            returning: Result { () throws(RepositoryError) in
              try order.check()
              return try body(self)
            }
          )
        }
      }
    } onCancel: {
      order.cancel()
    }
    return try result.get()
  }

  // MARK: Copying

  private func copy(
    to copyPath: String,
    isForGood: Bool,
    _ order: Order
  ) throws(RepositoryError) -> Int64 {
    let (copy, sequence) = try copied(to: copyPath, isForGood: isForGood, order)
    try verify(copy, copyPath, sequence, order)
    return sequence
  }

  /// The copy and the newest change that it holds; the source is closed again.
  private func copied(
    to copyPath: String,
    isForGood: Bool,
    _ order: Order
  ) throws(RepositoryError) -> (Database, Int64) {
    let (source, sequence, bytes) = try sqlite(path) { () throws(SQLiteError) in
      let source = try Database(path: path, mode: .readOnly)
      source.setBusyTimeout(milliseconds: Int32(StoreOpening.busyMilliseconds))
      try source.execute("BEGIN")
      return (
        source,
        try source.prepare(StoreSQL.newestChange).first { $0.integer(at: 0) } ?? 0,
        try source.pragma("page_count") * source.pragma("page_size")
      )
    }
    // A disk filled by a copy would refuse writes until the copy has failed and is removed.
    if let free = freeBytes(at: path), free < bytes { throw .noRoom(bytes: bytes, free: free) }
    let copying = try sqlite(copyPath) { () throws(SQLiteError) in
      try DatabaseCopying(of: source, to: copyPath, isForGood: isForGood)
    }
    while try sqlite(copyPath, { () throws(SQLiteError) in try copying.step() }) {
      try order.check()
    }
    return (copying.copy, sequence)
  }

  /// Reads the copy through, and compares what it says of itself with what it holds.
  private func verify(
    _ copy: Database,
    _ copyPath: String,
    _ sequence: Int64,
    _ order: Order
  ) throws(RepositoryError) {
    copy.setProgressHandler(every: Self.instructionsBetweenLooks) {
      order.isCancelled.load(ordering: .relaxed)
    }
    let finding = try sqlite(copyPath) { () throws(SQLiteError) -> String? in
      let findings = try copy.pragmaLines("quick_check(1)")
      if findings != ["ok"] { return findings.first ?? "it can't be read" }
      func number(_ sql: String) throws(SQLiteError) -> Int64 {
        try copy.prepare(sql).first { $0.integer(at: 0) } ?? 0
      }
      let facts = [
        ("application id", try copy.pragma("application_id"), Schema.applicationID),
        ("newest change", try number(StoreSQL.newestChange), sequence),
        (
          "number of customers", try number(StoreSQL.customerCount),
          try Meta(copy).number(MetaName.customerCount) ?? 0
        ),
      ]
      return facts.first { $0.1 != $0.2 }.map { "the copy's \($0.0) is \($0.1) instead of \($0.2)" }
    }
    copy.setProgressHandler(every: 0, nil)
    if let finding { throw .corrupt(path: path, finding: finding) }
  }

  private func sqlite<Result>(
    _ path: String,
    _ body: () throws(SQLiteError) -> Result
  ) throws(RepositoryError) -> Result {
    do { return try body() } catch { throw RepositoryError(error, path: path) }
  }
}

/// A copy of a store's file that has no name; its space is free when it is let go of.
final class BackupFile: RepositoryBackup {
  let sequence: Int64
  var byteCount: Int64 { file.byteCount }

  private let file: UnnamedFile
  private let queue: DispatchQueue
  private let onEnd: @Sendable () -> Void

  fileprivate init(
    _ file: UnnamedFile,
    sequence: Int64,
    queue: DispatchQueue,
    onEnd: @escaping @Sendable () -> Void
  ) {
    self.file = file
    self.sequence = sequence
    self.queue = queue
    self.onEnd = onEnd
  }

  deinit { onEnd() }

  func bytes(at offset: Int64, limit: Int) async throws(RepositoryError) -> [UInt8] {
    let file = file
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<[UInt8], FileError>, Never>) in
      queue.async {
        continuation.resume(
          returning: Result { () throws(FileError) in try file.read(at: offset, limit: limit) }
        )
      }
    }
    do { return try result.get() } catch {
      throw .unexpected(reason: "the copy can't be read: \(error)")
    }
  }
}
