import CustomerModel

/// Where customers are kept: what a service needs of it, whatever it is made of.
///
/// A record is an encoded ``CustomerModel/Customer`` with its id, version and times. The repository
/// counts versions; time, ids and authors are handed in, so that it reads no clock and
/// draws no random number. A write is durable when it answers, and everything read afterwards shows
/// it. Every change has a sequence number: 1, 2, 3 and so on, in the order they were made.
package protocol CustomerRepository: Sendable {
  /// Creates a reader of single records, for the one thread or executor that asks often.
  func makeReader() throws(RepositoryError) -> any RecordReader

  /// Random, made with the store: a sequence number means nothing in another one.
  var storeID: String { get }

  /// The sequence number of the newest change; 0 before the first.
  var newestSequence: Int64 { get }

  /// Whether nobody waits for changes any more.
  var isWatchingEnded: Bool { get }

  /// Has those who wait for changes wait no more, now and from now on: the daemon is about to stop.
  func endWatching()

  /// The sequence number from which on all changes are kept.
  ///
  /// Whoever has seen all changes up to the one before it misses nothing by reading on.
  var oldestSequence: Int64 { get }

  /// Adds a customer.
  ///
  /// A customer of this id that was deleted is followed by the next version, never by 1 again.
  ///
  /// - Parameters:
  ///   - customer: With its id; version and times are set by the repository.
  ///   - stamp: When, and by whom.
  /// - Returns: The customer as it is now.
  /// - Throws: ``RepositoryError`` `alreadyExists`, and what can befall any write.
  func create(
    _ customer: Customer,
    _ stamp: WriteStamp
  ) async throws(RepositoryError) -> WrittenRecord

  /// Changes a customer: reads it, asks for the new state and writes it as one.
  ///
  /// A new state equal to the current one writes nothing and keeps the version.
  ///
  /// - Parameters:
  ///   - id: The customer's id.
  ///   - version: The version it must have; 0 = any. A customer that isn't there has none.
  ///   - merges: Whether a customer of a newer version is changed as well, if nothing of what
  ///     `decide` changes of that version was changed since; `decide` is given that version then.
  ///   - allowMissing: Whether it is added if it isn't there.
  ///   - stamp: When, and by whom.
  ///   - decide: Answers the new state, given the current one (`nil`: there is none). Id, version
  ///     and times of its answer are set by the repository. `nil` leaves all as it is. Runs on the
  ///     writer's thread, so it must be brief; what it throws comes back as `refused`.
  /// - Returns: The customer as it is now.
  /// - Throws: ``RepositoryError`` `notFound`, `versionMismatch`, `refused`.
  func update(
    _ id: String,
    version: UInt64,
    merges: Bool,
    allowMissing: Bool,
    _ stamp: WriteStamp,
    decide: @escaping @Sendable (_ current: Customer?) throws -> Customer?
  ) async throws(RepositoryError) -> WrittenRecord

  /// Deletes a customer; its past stays.
  ///
  /// - Parameters:
  ///   - id: The customer's id.
  ///   - version: The version it must have; 0 = any.
  ///   - stamp: When, and by whom.
  /// - Returns: The version and sequence of the deletion; its record is the last one before.
  /// - Throws: ``RepositoryError`` `notFound`, `versionMismatch`.
  func delete(
    _ id: String,
    version: UInt64,
    _ stamp: WriteStamp
  ) async throws(RepositoryError) -> WrittenRecord

  /// Deletes a customer with all its past, or the past of one that was deleted.
  ///
  /// When this answers, nothing shows any of it. What still lies in the files where nothing reads it
  /// is overwritten soon after; ``RepositoryStatus/isErasing`` tells until then.
  ///
  /// - Parameters:
  ///   - id: The customer's id.
  ///   - version: The version it must have; 0 = any.
  ///   - stamp: When, and by whom.
  /// - Returns: The version and sequence of the erasure; its record has the id and the version only.
  /// - Throws: ``RepositoryError`` `notFound`, also if it was erased before; `versionMismatch`.
  func erase(
    _ id: String,
    version: UInt64,
    _ stamp: WriteStamp
  ) async throws(RepositoryError) -> WrittenRecord

  /// Writes many customers: of these rows, those that can be written.
  ///
  /// They are written in as many transactions as it takes to let other writes through, each with
  /// some rows in their order. When one fails, or the task is cancelled between two, the rows before
  /// are written and the others are not; each row's result says so.
  ///
  /// - Parameters:
  ///   - rows: In order; a later row sees the earlier ones.
  ///   - mode: What is done with rows whose customer is there, or isn't.
  ///   - match: How the customer of a row without an id is found.
  ///   - stamp: When, and by whom.
  ///   - decide: As in ``update(_:version:merges:allowMissing:_:decide:)``, for the row given.
  /// - Returns: A result for each row, in order.
  /// - Throws: What befell the first transaction; nothing was written then.
  func importRows(
    _ rows: [ImportRow],
    mode: ImportMode,
    match: ImportMatch,
    _ stamp: WriteStamp,
    decide: @escaping @Sendable (_ row: ImportRow, _ current: Customer?) throws -> Customer?
  ) async throws(RepositoryError) -> [Result<WrittenRecord, RepositoryError>]

  /// The record of a past or current version.
  ///
  /// - Throws: ``RepositoryError`` `notFound`, with `deletedAtVersion` if it is a deletion;
  ///   `versionForgotten`.
  func record(_ id: String, version: UInt64) async throws(RepositoryError) -> [UInt8]

  /// The records of some customers, in the order asked for, without those not found.
  func records(_ ids: [String]) async throws(RepositoryError) -> RecordBatch

  /// A page of customers.
  ///
  /// Pages are consistent while others write: a customer whose place in the order doesn't change is
  /// seen once.
  ///
  /// - Parameter query: Which customers, in which order, from where on, and how many.
  /// - Returns: The page; it ends before the limit where it holds too many bytes.
  /// - Throws: ``RepositoryError``.
  func list(_ query: ListQuery) async throws(RepositoryError) -> RecordPage

  /// The customers that match words, best first.
  ///
  /// It sees every write that was answered before.
  ///
  /// - Parameters:
  ///   - query: What to find.
  ///   - limit: The most customers.
  /// - Returns: Their records.
  /// - Throws: ``RepositoryError``.
  func search(_ query: SearchQuery, limit: Int) async throws(RepositoryError) -> RecordBatch

  /// Begins an export of the moment that is now.
  func beginExport() throws(RepositoryError) -> ExportPosition

  /// The next customers of an export, as they were at its moment: those that a filter lets through.
  ///
  /// No transaction is open between two calls: the one who exports may be slow. But when changes
  /// after its moment are forgotten meanwhile, nobody knows any more how things were.
  ///
  /// - Throws: ``RepositoryError`` `changesForgotten`.
  func export(
    _ position: ExportPosition,
    _ filter: CustomerFilter,
    limit: Int
  ) async throws(RepositoryError) -> ExportChunk

  /// Changes in the order they were made.
  ///
  /// Those who follow the changes as they are made cost one read of the log together.
  ///
  /// - Parameters:
  ///   - sequence: Those after this one; `nil` for all that are kept.
  ///   - id: Of one customer; `nil` for all customers.
  ///   - limit: The most changes; fewer come where they hold too many bytes.
  /// - Returns: The changes; none for a customer that never was.
  /// - Throws: ``RepositoryError`` `changesForgotten` if not all after `sequence` are kept,
  ///   `changesUnknown` if there is no such change.
  func changes(
    after sequence: Int64?,
    of id: String?,
    limit: Int
  ) async throws(RepositoryError) -> ChangePage

  /// Waits for a change after another one, until the task is cancelled or long enough.
  ///
  /// - Parameters:
  ///   - sequence: The change that is known.
  ///   - ticks: The wait ends when ``tick()`` was called so often.
  func waitForChange(after sequence: Int64, ticks: Int) async

  /// Says to those who wait for changes that some time has passed.
  func tick()

  /// What an operator asks about the store.
  func status() async throws(RepositoryError) -> RepositoryStatus

  /// The rules that were set for this store.
  func settings() async throws(RepositoryError) -> RepositorySettings

  /// Sets rules, which stay with the store.
  ///
  /// - Parameter change: Makes the new rules of the current ones; runs on the writer's thread, more
  ///   than once where others write meanwhile.
  /// - Returns: All rules as they are now.
  /// - Throws: ``RepositoryError`` `emailsNotUnique`, and what can befall any write.
  func updateSettings(
    _ change: @escaping @Sendable (inout RepositorySettings) -> Void
  ) async throws(RepositoryError) -> RepositorySettings

  /// Makes a copy of the store as it is at one moment, checked, while others go on writing.
  ///
  /// - Throws: ``RepositoryError`` `backupRunning` if there is another that isn't let go of,
  ///   `noRoom`, `storeFull`, `corrupt`, `cancelled`.
  func backUp() async throws(RepositoryError) -> any RepositoryBackup

  /// Finishes the writes that wait, takes no more, and closes.
  func close() async
}

/// A copy of a store, to be read from its beginning to its end and then let go of.
package protocol RepositoryBackup: Sendable {
  /// The copy's size.
  var byteCount: Int64 { get }

  /// The sequence number of the newest change that it holds.
  var sequence: Int64 { get }

  /// A part of the copy; shorter than `limit` at its end only.
  func bytes(at offset: Int64, limit: Int) async throws(RepositoryError) -> [UInt8]
}

/// Reads single records where they are asked for, without waiting.
///
/// Callable from any thread; a reader that is shared makes its callers wait for each other, so
/// each event loop has its own. A burst of reads between ``begin()`` and ``end()`` is cheaper than
/// as many single ones, and still sees every write that was answered before each read.
package protocol RecordReader: Sendable {
  /// Says that several reads follow at once.
  func begin()

  /// Ends a burst; what it kept open is closed.
  func end()

  /// The record of a customer, as stored; `nil` if there is none.
  func record(_ id: String) throws(RepositoryError) -> [UInt8]?

  /// Adds the record of a customer to bytes; says whether there is one.
  func append(_ id: String, to bytes: inout [UInt8]) throws(RepositoryError) -> Bool

  /// The record of a past or current version.
  ///
  /// - Throws: ``RepositoryError`` `notFound`; with `deletedAtVersion` if it is a deletion.
  func record(_ id: String, version: UInt64) throws(RepositoryError) -> [UInt8]

  /// The version at which a customer was deleted; `nil` if it is there or never was.
  func deletion(_ id: String) throws(RepositoryError) -> UInt64?
}
