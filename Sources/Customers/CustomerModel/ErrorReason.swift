/// Why a call failed, for programs to compare: the reasons of `Schema/PROTOCOL.md`.
///
/// A newer daemon may say others; its message is for people then.
public struct ErrorReason: RawRepresentable, Hashable, Sendable {
  /// The domain that reasons are of.
  package static let domain = "customers.v1"

  /// The reason as it travels, such as `DISK_FULL`.
  public let rawValue: String

  /// Creates a reason of the text that travels.
  public init(rawValue: String) { self.rawValue = rawValue }
}

extension ErrorReason {
  /// What was sent breaks rules of customers.
  public static let invalidCustomer = ErrorReason(rawValue: "INVALID_CUSTOMER")

  /// The customer has more bytes than a store takes.
  public static let recordTooLarge = ErrorReason(rawValue: "RECORD_TOO_LARGE")

  /// A page's token isn't one of this store for this list.
  public static let pageTokenInvalid = ErrorReason(rawValue: "PAGE_TOKEN_INVALID")

  /// A text is no token to watch from.
  public static let resumeTokenInvalid = ErrorReason(rawValue: "RESUME_TOKEN_INVALID")

  /// An import can't find customers by this field.
  public static let matchNotSupported = ErrorReason(rawValue: "MATCH_NOT_SUPPORTED")

  /// A filter can't be read.
  public static let filterInvalid = ErrorReason(rawValue: "FILTER_INVALID")

  /// No index serves a filter.
  public static let filterNotSupported = ErrorReason(rawValue: "FILTER_NOT_SUPPORTED")

  /// No index serves an order.
  public static let orderNotSupported = ErrorReason(rawValue: "ORDER_NOT_SUPPORTED")

  /// The customer never was, or nothing is known of it any more.
  public static let notFound = ErrorReason(rawValue: "NOT_FOUND")

  /// The customer was deleted.
  public static let deleted = ErrorReason(rawValue: "DELETED")

  /// The version was forgotten, as the settings say.
  public static let versionNotKept = ErrorReason(rawValue: "VERSION_NOT_KEPT")

  /// The customer has no such version yet.
  public static let noSuchVersion = ErrorReason(rawValue: "NO_SUCH_VERSION")

  /// A customer of this id is there.
  public static let alreadyExists = ErrorReason(rawValue: "ALREADY_EXISTS")

  /// Another customer has the e-mail address, and the store keeps them unique.
  public static let emailTaken = ErrorReason(rawValue: "EMAIL_TAKEN")

  /// As many calls wait for the store as may.
  public static let tooManyWaiting = ErrorReason(rawValue: "TOO_MANY_WAITING")

  /// Another backup is being made.
  public static let backupRunning = ErrorReason(rawValue: "BACKUP_RUNNING")

  /// More than one customer matches a row of an import.
  public static let ambiguousMatch = ErrorReason(rawValue: "AMBIGUOUS_MATCH")

  /// The disk is full.
  public static let diskFull = ErrorReason(rawValue: "DISK_FULL")

  /// The database can only be read.
  public static let readOnly = ErrorReason(rawValue: "READ_ONLY")

  /// The database is damaged.
  public static let databaseDamaged = ErrorReason(rawValue: "DATABASE_DAMAGED")

  /// The database was moved, replaced or removed under the daemon.
  public static let databaseMoved = ErrorReason(rawValue: "DATABASE_MOVED")

  /// The database can't be used.
  public static let databaseUnusable = ErrorReason(rawValue: "DATABASE_UNUSABLE")

  /// Two customers share an e-mail address, so that they can't be kept unique.
  public static let emailsNotUnique = ErrorReason(rawValue: "EMAILS_NOT_UNIQUE")

  /// Somebody else wrote since the version that a write rests on.
  public static let versionMismatch = ErrorReason(rawValue: "VERSION_MISMATCH")

  /// What follows a token is no longer kept, or was another store's.
  public static let resumeTokenExpired = ErrorReason(rawValue: "RESUME_TOKEN_EXPIRED")

  /// The disk or the system refused.
  public static let databaseFailed = ErrorReason(rawValue: "DATABASE_FAILED")

  /// The daemon is about to stop.
  public static let shuttingDown = ErrorReason(rawValue: "SHUTTING_DOWN")

  /// Another program holds a lock on the database.
  public static let databaseLocked = ErrorReason(rawValue: "DATABASE_LOCKED")

  /// The daemon has as many files open as it may.
  public static let tooManyFilesOpen = ErrorReason(rawValue: "TOO_MANY_FILES_OPEN")
}

extension ErrorReason: CustomStringConvertible {
  /// The reason as it travels.
  public var description: String { rawValue }
}
