/// How a store is opened.
package struct StoreOptions: Sendable {
  /// What an answered write survives.
  package enum Durability: Sendable {
    /// The loss of power, too: every commit waits for the disk.
    case full
    /// The end of the process; a loss of power may take the last commits back, never a part of one.
    case normal
  }

  /// The database file; its folder must be there.
  package var path: String

  /// The id of the store, if the file is made now: a random UUID.
  package var newStoreID: String

  /// What an answered write survives.
  package var durability = Durability.full

  /// Whether a file that wasn't closed properly is read through once before it is served.
  package var checkAfterUncleanStop = true

  /// The largest size of the database file in pages of 4096 bytes; `nil`: as the disk allows.
  package var pagesMax: Int64?

  /// The pages of log at which copying it begins; other than ``Checkpointer/beginPages`` only in
  /// tests.
  var logPagesMin = Checkpointer.beginPages

  /// Tells the time, in microseconds since 1970-01-01T00:00:00Z, by which old changes are
  /// forgotten; as it is here, none grows old.
  package var microseconds: @Sendable () -> Int64 = { 0 }

  /// Tells how much time has passed since some moment, in microseconds; it never goes back.
  ///
  /// Long work gives way by it; as it is here no time passes, and nothing does.
  package var stopwatch: @Sendable () -> Int64 = { 0 }

  /// Told what the store does by itself; from any thread, in order.
  package var onEvent: @Sendable (StoreEvent) -> Void = { _ in }

  /// Creates options.
  package init(path: String, newStoreID: String) {
    self.path = path
    self.newStoreID = newStoreID
  }
}

/// What a store does by itself, for the program's log.
package enum StoreEvent: Sendable, Equatable {
  /// The file was made.
  case created(path: String)

  /// The file wasn't closed properly; it is read through now.
  case checking(path: String)

  /// It was found whole.
  case checked(path: String)

  /// The tables are brought from one version to another; the file as it was is at `backup`.
  case migrating(from: Int, to: Int, backup: String)

  /// What follows from the records is made anew; so many customers of all are done.
  case rebuilding(done: Int64, of: Int64)

  /// All that follows from the records was made anew.
  case rebuilt(customers: Int64)

  /// A connection for reading was left unfit for the next call; it is closed, and another opened.
  case readerReplaced(reason: String)

  /// A file of the store, the database or its log, is no longer at its path: nothing is served until
  /// the store is opened anew.
  case fileMoved(path: String)

  /// Moving words into the search index didn't work; it will be tried again with the next write.
  case indexingFailed(reason: String)

  /// Overwriting what erased customers left didn't work; it will be tried again.
  case erasingFailed(reason: String)

  /// Copying the log into the file didn't work; it will be tried again.
  case checkpointFailed(reason: String)

  /// Taking counts for SQLite's plans didn't work; it will be tried again after more writes.
  case optimizingFailed(reason: String)

  /// Forgetting old changes didn't work; it will be tried again.
  case forgettingFailed(reason: String)
}

/// The numbers that bound a store's work.
package enum StoreLimit {
  /// The bytes of a record.
  package static let recordBytesMax = 65_536

  /// The largest version that a row of an import may carry; room enough to count on from.
  package static let versionMax: UInt64 = 1 << 62

  /// The largest version, row or change's number that is read from a file.
  ///
  /// It lies so far above ``versionMax`` that nobody counts up to it, and far below what 64 bits hold:
  /// anything above was never written.
  package static let numberMax: Int64 = 3 << 61

  /// The times that are read from a file, in microseconds since 1970-01-01T00:00:00Z: those that a
  /// protobuf Timestamp may tell, from the year 1 to 9999.
  package static let times: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

  /// The writes that may wait; the next is refused.
  package static let waitingWritesMax = 4096

  /// The writes that one transaction takes: more gain nothing and answer later.
  package static let groupMax = 512

  /// The scans that may wait; the next is refused.
  package static let waitingScansMax = 1024

  /// The scans that run at once; each has a connection.
  package static let runningScansMax = 2

  /// The bytes after which a page, chunk or batch ends, with the record that reaches them.
  package static let chunkBytesMax = 1 << 20

  /// The bytes of a batch past which it fits no answer, so that its end isn't read.
  package static let batchBytesMax = 4 << 20

  /// The customers that match a row of an import which are counted.
  static let matchesMax = 100
}
