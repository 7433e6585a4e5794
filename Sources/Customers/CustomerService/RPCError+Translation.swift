internal import CustomerModel
internal import CustomerStore
internal import ProtoWire
internal import TTRPC
internal import WellKnownTypes

// The one place where errors of the rooms below become statuses.

extension RPCError {
  /// A request that lacks what it can't be without.
  static func missing(_ field: String) -> RPCError {
    RPCError(
      InvalidCustomer(violations: [Violation(field: field, description: "is missing")])
    )
  }

  /// A request whose field can't be as it is.
  init(refusing field: String, _ description: String) {
    self.init([Violation(field: field, description: description)])
  }

  /// Translates broken rules: all of them at once, each with its field.
  init(_ error: InvalidCustomer) {
    self.init(error.violations)
    attach(reason: .invalidCustomer)
  }

  private init(_ violations: [Violation]) {
    let first = violations.first.map { "\($0.field): \($0.description)" } ?? "invalid"
    let more = violations.count - 1
    self.init(.invalidArgument, more > 0 ? "\(first) (and \(more) more)" : first)
    var request = BadRequest()
    request.fieldViolations = violations.map { violation in
      var entry = BadRequest.FieldViolation()
      entry.field = violation.field
      entry.description = violation.description
      return entry
    }
    attach(request)
  }

  /// Translates what befell a repository, with the record that is in the way as it is stored; the
  /// log says what callers aren't told.
  init(_ error: RepositoryError) {
    self.init(ofRow: error)
    if let record = error.record { attach(Encoded<Customer>(bytes: record)) }
  }

  /// The same of a row of an import, without a record: those of a message's rows may fit no response.
  init(ofRow error: RepositoryError) {
    self.init(translating: error)
    cause = cause ?? error.hidden
  }

  private init(translating error: RepositoryError) {
    switch error {
    case .notFound(_, let deletedAtVersion):
      self.init(.notFound, "\(error)")
      let metadata: WireMap<String, String> =
        deletedAtVersion.map { ["deletedAtVersion": "\($0)"] } ?? [:]
      attach(reason: deletedAtVersion == nil ? .notFound : .deleted, metadata)
    case .alreadyExists:
      self.init(.alreadyExists, "\(error)")
      attach(reason: .alreadyExists)
    case .emailTaken(let id, _):
      self.init(.alreadyExists, "\(error)")
      attach(reason: .emailTaken, ["customerId": id])
    case .emailsNotUnique(let ids):
      self.init(.failedPrecondition, "\(error): change one of them first")
      attach(reason: .emailsNotUnique, ["customerIds": ids.joined(separator: ",")])
    case .versionForgotten(_, _, let oldest):
      self.init(.notFound, "\(error)")
      attach(reason: .versionNotKept, ["oldestVersion": "\(oldest)"])
    case .changesForgotten, .changesUnknown:
      self.init(.outOfRange, "\(error): begin with a new export")
      attach(reason: .resumeTokenExpired)
    case .versionMismatch(_, let version, _):
      self.init(.aborted, "\(error): read it again")
      attach(reason: .versionMismatch, ["currentVersion": "\(version)"])
    case .ambiguousMatch:
      self.init(.failedPrecondition, "\(error)")
      attach(reason: .ambiguousMatch)
    case .refused(let reason):
      self.init(refusal: reason)
    case .versionTooLarge:
      self.init(InvalidCustomer(violations: [Violation(field: "version", description: "\(error)")]))
    case .recordTooLarge:
      self.init(.invalidArgument, "\(error)")
      attach(reason: .recordTooLarge)
    case .noSuchVersion(_, _, let newest):
      self.init(.notFound, "\(error)")
      attach(reason: .noSuchVersion, ["newestVersion": "\(newest)"])
    case .cancelled, .tooManyWaiting, .closed, .busy, .storeFull, .noRoom, .backupRunning,
      .outOfDescriptors, .readOnly, .moved, .corrupt, .notAStore, .newerSchema, .inUse, .cannotOpen,
      .ioError, .unexpected, .commitUncertain:
      self.init(ofStore: error)
    }
  }

  private static let movedText = """
    the database or its log was moved, replaced or removed under the daemon: who runs it must \
    stop it, put the file back and start it again
    """

  /// What befell the store as a whole.
  private init(ofStore error: RepositoryError) {
    switch error {
    case .cancelled:
      // A write is only given up before it is begun, and what only reads leaves nothing.
      self.init(.cancelled, "\(error)", outcome: .neverBegun)
    case .tooManyWaiting:
      self.init(.resourceExhausted, "\(error): try again", outcome: .neverBegun)
      attach(reason: .tooManyWaiting)
      attach(retryAfter: .milliseconds(100))
    case .closed:
      self.init(.unavailable, "\(error)", outcome: .neverBegun)
      attach(reason: .shuttingDown)
    case .busy:
      self.init(.unavailable, "the database is locked by another program")
      attach(reason: .databaseLocked)
      attach(retryAfter: .seconds(1))
    case .storeFull:
      self.init(.failedPrecondition, "the disk is full: free some space and try again")
      attach(reason: .diskFull)
    case .noRoom:
      // The copy, which alone asks for room beforehand, wasn't begun.
      self.init(
        .failedPrecondition,
        "\(error): free some space and try again",
        outcome: .neverBegun
      )
      attach(reason: .diskFull)
    case .backupRunning:
      self.init(
        .resourceExhausted,
        "\(error): try again when it is done",
        outcome: .neverBegun
      )
      attach(reason: .backupRunning)
      attach(retryAfter: .seconds(1))
    case .outOfDescriptors:
      self.init(.unavailable, "the daemon has as many files open as it may: try again")
      attach(reason: .tooManyFilesOpen)
      attach(retryAfter: .seconds(1))
    case .readOnly:
      self.init(.failedPrecondition, "the database can only be read")
      attach(reason: .readOnly)
    case .moved:
      self.init(.failedPrecondition, Self.movedText)
      // What was committed last went into the file that was moved.
      outcome = .perhapsDone
      attach(reason: .databaseMoved)
    case .corrupt:
      self.init(.failedPrecondition, "the database is damaged: ask who runs the daemon")
      attach(reason: .databaseDamaged)
    case .notAStore, .newerSchema, .inUse, .cannotOpen:
      self.init(.failedPrecondition, "the database can't be used: ask who runs the daemon")
      attach(reason: .databaseUnusable)
    case .commitUncertain:
      self.init(
        .internal,
        "the database failed: the daemon's log says why",
        outcome: .perhapsDone
      )
      attach(reason: .databaseFailed)
    default:
      self.init(.internal, "the database failed: the daemon's log says why")
      attach(reason: .databaseFailed)
    }
  }

  /// The error as the status of a part of a call that was answered: that nothing of it stays goes
  /// without saying.
  var statusOfPart: Status { outcome == .perhapsDone ? callStatus : status }

  /// What the service itself threw while it decided inside a write.
  private init(refusal: any Error) {
    switch refusal {
    case let error as InvalidCustomer: self.init(error)
    case let error as RPCError: self = error
    // The type alone: what an error of others says may be of a customer.
    default: self.init(.internal, "the write was refused", cause: "\(type(of: refusal))")
    }
  }

  /// Adds a reason that programs compare.
  mutating func attach(reason: ErrorReason, _ metadata: WireMap<String, String> = [:]) {
    attach(ErrorInfo(reason: reason.rawValue, domain: ErrorReason.domain, metadata: metadata))
  }
}

extension RepositoryError {
  /// The record of the customer that is in the way, as it is stored.
  fileprivate var record: [UInt8]? {
    switch self {
    case .versionMismatch(_, _, let record), .emailTaken(_, let record): record
    default: nil
    }
  }

  /// What the log says of an error of which callers are told less; `nil` where they are told all.
  fileprivate var hidden: String? {
    switch self {
    case .storeFull, .readOnly, .busy, .inUse, .cannotOpen, .corrupt, .notAStore, .newerSchema,
      .moved, .ioError, .commitUncertain, .unexpected:
      "\(self)"
    case .outOfDescriptors:
      "\(self): raise the limit of open files (ulimit -n, or LimitNOFILE= of systemd)"
    case .notFound, .alreadyExists, .emailTaken, .emailsNotUnique, .versionForgotten,
      .changesForgotten, .versionMismatch, .changesUnknown, .ambiguousMatch, .refused,
      .recordTooLarge, .versionTooLarge, .cancelled, .tooManyWaiting, .closed, .noRoom,
      .backupRunning, .noSuchVersion:
      nil
    }
  }
}
