import SQLite
import Synchronization

/// Whether the database and its log are still the files that were opened.
///
/// Where one of them was moved, replaced or removed, what is written goes into a file that nobody
/// finds any more; and whoever opens the path anew would read another database, or mix the two. So
/// from then on nothing is served, until the daemon is started again: what the path leads to by then
/// is opened as a whole.
final class StoreFiles: Sendable {
  /// A file, and which it was.
  private struct File: Sendable {
    let path: String
    let identity: FileIdentity?

    init(_ path: String) {
      self.path = path
      identity = FileIdentity(path: path)
    }

    var isInPlace: Bool { identity != nil && FileIdentity(path: path) == identity }
  }

  private let path: String
  private let files: [File]
  private let isGone = Atomic<Bool>(false)
  private let isClosing = Atomic<Bool>(false)
  private let onEvent: @Sendable (StoreEvent) -> Void

  /// Takes note of a store's files, which have just been opened.
  init(_ options: StoreOptions) {
    path = options.path
    files = [File(options.path), File(options.path + "-wal")]
    onEvent = options.onEvent
  }

  /// What was noticed so far; `nil` if nothing was.
  var failure: RepositoryError? {
    isGone.load(ordering: .acquiring) ? .moved(path: path) : nil
  }

  /// Looks at the files, two calls of the system; says what is known of them then.
  ///
  /// The one who notices first reports it.
  func look() -> RepositoryError? {
    if let failure { return failure }
    guard !isClosing.load(ordering: .acquiring),
      let file = files.first(where: { !$0.isInPlace })
    else { return nil }
    if !isGone.exchange(true, ordering: .acquiringAndReleasing) {
      onEvent(.fileMoved(path: file.path))
    }
    return failure
  }

  /// Looks no more: whoever closes the files may remove the log.
  func close() { isClosing.store(true, ordering: .releasing) }
}
