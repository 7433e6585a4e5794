/// What can happen to those who use a repository.
///
/// Nothing in it names a bound value of a statement: it is logged and sent to callers.
package enum RepositoryError: Error, Sendable {
  /// There is no such customer, or it has no such version.
  case notFound(id: String, deletedAtVersion: UInt64?)

  /// A customer of this id is there.
  case alreadyExists(id: String)

  /// Another customer has the e-mail address, and this store keeps them unique; its record.
  case emailTaken(byID: String, record: [UInt8])

  /// Two customers that have one e-mail address, where the store is told to keep them unique.
  case emailsNotUnique(ids: [String])

  /// The version was forgotten, as the settings say; the oldest one that is known.
  case versionForgotten(id: String, version: UInt64, oldest: UInt64)

  /// Changes after this one were forgotten, as the settings say; the oldest one that is kept.
  case changesForgotten(after: Int64, oldest: Int64)

  /// The version given isn't the current one; that, and the current record.
  case versionMismatch(id: String, version: UInt64, record: [UInt8])

  /// The file has no such change yet: it is older than who asks, such as a copy that was put back.
  case changesUnknown(after: Int64, newest: Int64)

  /// More than one customer matches a row of an import.
  case ambiguousMatch(count: Int)

  /// The caller's own decision, inside a write, was to refuse.
  case refused(any Error)

  /// The record is larger than a store takes, in bytes.
  case recordTooLarge(bytes: Int, max: Int)

  /// A row of an import carries a version that can't be counted on from.
  case versionTooLarge(version: UInt64, max: UInt64)

  /// The task was cancelled before the work began, or while it only read.
  case cancelled

  /// As many calls wait already as may.
  case tooManyWaiting(max: Int)

  /// The repository is closed or about to be.
  case closed

  /// The disk is full, or the file has reached its largest size; nothing was written.
  case storeFull(path: String)

  /// The disk has less room than a copy of the store needs, in bytes.
  case noRoom(bytes: Int64, free: Int64)

  /// A copy of the store is being made or read already.
  case backupRunning

  /// The file, its folder or its file system can't be written to.
  case readOnly(path: String)

  /// Somebody else holds a lock on the file for longer than waited for.
  case busy(path: String)

  /// A daemon serves this file already.
  case inUse(path: String, processID: Int32?)

  /// The file can't be opened: the reason in the system's or SQLite's words.
  case cannotOpen(path: String, reason: String)

  /// The process, or the system, has as many files open as it may; nothing was written.
  case outOfDescriptors(path: String)

  /// The file or its log was moved, replaced or removed while it was open. A write may have gone into
  /// the one that is no longer there.
  case moved(path: String)

  /// The customer has no such version, and never had.
  case noSuchVersion(id: String, version: UInt64, newest: UInt64)

  /// The file is damaged; the first finding.
  case corrupt(path: String, finding: String)

  /// The file is a database of another program, or none at all.
  case notAStore(path: String, reason: String)

  /// The file was written by a newer program: its schema's version and the newest known here.
  case newerSchema(path: String, version: Int, known: Int)

  /// The disk or the system refused, in SQLite's words; nothing was written.
  case ioError(path: String, reason: String)

  /// The disk or the system refused to keep a transaction that was written, in SQLite's words.
  ///
  /// Nothing of it shows, but it may when the file is opened again after a crash.
  case commitUncertain(path: String, reason: String)

  /// SQLite refused for a reason that is the store's own mistake.
  case unexpected(reason: String)
}

extension RepositoryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound(let id, nil): "no customer \(id)"
    case .notFound(let id, .some(let version)):
      "no customer \(id): it was deleted at version \(version)"
    case .alreadyExists(let id): "customer \(id) exists already"
    case .emailTaken(let id, _): "the e-mail address is customer \(id)'s"
    case .emailsNotUnique(let ids):
      "customers \(ids.joined(separator: " and ")) have one e-mail address"
    case .versionForgotten(let id, let version, let oldest):
      "version \(version) of customer \(id) is no longer kept, the oldest is \(oldest)"
    case .changesForgotten(let sequence, let oldest):
      "changes after number \(sequence) are no longer all kept, the oldest is \(oldest)"
    case .versionMismatch(let id, let version, _): "customer \(id) is at version \(version)"
    case .changesUnknown(let sequence, let newest):
      "change \(sequence) is not known, the newest is \(newest)"
    case .ambiguousMatch(let count): "\(count) customers match where one may"
    case .refused(let error): "\(error)"
    case .recordTooLarge(let bytes, let max): "record of \(bytes) bytes is over the limit of \(max)"
    case .versionTooLarge(let version, let max):
      "version \(version) is over the limit of \(max)"
    case .cancelled: "the call was cancelled"
    case .tooManyWaiting(let max): "\(max) calls wait for the store already"
    case .closed: "the store is closed"
    case .storeFull(let path): "database \(path): the disk is full"
    case .noRoom(let bytes, let free):
      "the copy needs \(bytes) bytes, and the disk has \(free) bytes left"
    case .backupRunning: "another backup is being made"
    case .readOnly(let path): "database \(path) can only be read"
    case .busy(let path): "database \(path) is locked by another program"
    case .inUse(let path, let processID):
      "database \(path) is in use by \(processID.map { "process \($0)" } ?? "another process")"
    case .cannotOpen(let path, let reason): "database \(path) can't be opened: \(reason)"
    case .outOfDescriptors(let path): "database \(path): too many files are open"
    case .moved(let path):
      "database \(path) or its log was moved, replaced or removed while it was open"
    case .noSuchVersion(let id, let version, let newest):
      "customer \(id) has no version \(version), the newest is \(newest)"
    case .corrupt(let path, let finding): "database \(path) is damaged: \(finding)"
    case .notAStore(let path, let reason): "\(path) is no customer database: \(reason)"
    case .newerSchema(let path, let version, let known):
      "database \(path) has schema version \(version), and this program knows \(known)"
    case .ioError(let path, let reason), .commitUncertain(let path, let reason):
      "database \(path): \(reason)"
    case .unexpected(let reason): reason
    }
  }
}
