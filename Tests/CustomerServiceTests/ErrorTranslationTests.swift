import CustomerModel
import CustomerStore
import TTRPC
import Testing
import WellKnownTypes

@testable import CustomerService

/// What callers are told of a database that fails: a code and a reason, and no path.
@Suite struct ErrorTranslationTests {
  @Test(arguments: [
    (RepositoryError.storeFull(path: "/secret"), StatusCode.failedPrecondition, "DISK_FULL"),
    (.noRoom(bytes: 5, free: 4), .failedPrecondition, "DISK_FULL"),
    (.readOnly(path: "/secret"), .failedPrecondition, "READ_ONLY"),
    (.corrupt(path: "/secret", finding: "x"), .failedPrecondition, "DATABASE_DAMAGED"),
    (.notAStore(path: "/secret", reason: "x"), .failedPrecondition, "DATABASE_UNUSABLE"),
    (.newerSchema(path: "/secret", version: 2, known: 1), .failedPrecondition, "DATABASE_UNUSABLE"),
    (.inUse(path: "/secret", processID: 1), .failedPrecondition, "DATABASE_UNUSABLE"),
    (.cannotOpen(path: "/secret", reason: "x"), .failedPrecondition, "DATABASE_UNUSABLE"),
    (.outOfDescriptors(path: "/secret"), .unavailable, "TOO_MANY_FILES_OPEN"),
    (.busy(path: "/secret"), .unavailable, "DATABASE_LOCKED"),
    (.ioError(path: "/secret", reason: "x"), .internal, "DATABASE_FAILED"),
    (.moved(path: "/secret"), .failedPrecondition, "DATABASE_MOVED"),
    (.noSuchVersion(id: "a", version: 9, newest: 2), .notFound, "NO_SUCH_VERSION"),
    (.commitUncertain(path: "/secret", reason: "x"), .internal, "DATABASE_FAILED"),
    (.backupRunning, .resourceExhausted, "BACKUP_RUNNING"),
    (.emailsNotUnique(ids: ["a", "b"]), .failedPrecondition, "EMAILS_NOT_UNIQUE"),
    (.versionForgotten(id: "a", version: 1, oldest: 2), .notFound, "VERSION_NOT_KEPT"),
    (.changesForgotten(after: 1, oldest: 3), .outOfRange, "RESUME_TOKEN_EXPIRED"),
    (.changesUnknown(after: 9, newest: 4), .outOfRange, "RESUME_TOKEN_EXPIRED"),
  ])
  func callersAreTold(_ error: RepositoryError, _ code: StatusCode, _ reason: String) {
    let translated = RPCError(error)
    #expect(translated.code == code)
    #expect(translated.detail(ErrorInfo.self)?.reason == reason)
    #expect(translated.detail(ErrorInfo.self)?.domain == "customers.v1")
    #expect(!translated.message.contains("/secret"))
    // What callers aren't told is in the log.
    #expect((translated.logged != nil) == "\(error)".contains("/secret"))
  }

  @Test(
    arguments: [
      (RepositoryError.tooManyWaiting(max: 1), ProtoDuration(nanos: 100_000_000)),
      (.backupRunning, ProtoDuration(seconds: 1)),
      (.busy(path: "/secret"), ProtoDuration(seconds: 1)),
      (.outOfDescriptors(path: "/secret"), ProtoDuration(seconds: 1)),
      (.closed, nil),
      (.storeFull(path: "/secret"), nil),
    ] as [(RepositoryError, ProtoDuration?)]
  )
  func callersAreToldWhenToTryAgain(_ error: RepositoryError, _ delay: ProtoDuration?) {
    #expect(RPCError(error).detail(RetryInfo.self)?.retryDelay == delay)
  }

  /// A record as only another program would encode it: the version before the id, and a field that
  /// this schema doesn't have.
  private static let record: [UInt8] = [0x10, 0x03, 0xF8, 0x06, 0x01, 0x0A, 0x01, 0x61]

  @Test(arguments: [
    RepositoryError.versionMismatch(id: "a", version: 3, record: record),
    .emailTaken(byID: "a", record: record),
  ])
  func theRecordInTheWayComesAsItIsStored(_ error: RepositoryError) {
    let name = "type.googleapis.com/customers.v1.Customer"
    let whole = RPCError(error).details.filter { $0.typeURL == name }
    #expect(whole.map(\.value) == [Self.record])
    // Of a row of an import it doesn't come at all, the reason does.
    let row = RPCError(ofRow: error)
    #expect(!row.details.contains { $0.typeURL == name })
    #expect(row.detail(ErrorInfo.self) == RPCError(error).detail(ErrorInfo.self))
  }

  @Test(arguments: [
    (RepositoryError.cancelled, CallOutcome.neverBegun),
    (.closed, .neverBegun),
    (.tooManyWaiting(max: 1), .neverBegun),
    (.backupRunning, .neverBegun),
    (.noRoom(bytes: 5, free: 4), .neverBegun),
    (.ioError(path: "/secret", reason: "x"), .undone),
    (.storeFull(path: "/secret"), .undone),
    (.busy(path: "/secret"), .undone),
    (.alreadyExists(id: "a"), .undone),
    (.commitUncertain(path: "/secret", reason: "x"), .perhapsDone),
  ])
  func callersAreToldWhatBecameOfTheCall(_ error: RepositoryError, _ outcome: CallOutcome) {
    let translated = RPCError(error)
    #expect(translated.outcome == outcome)
    // A row of an import says so only where it isn't plain.
    let failures = translated.statusOfPart.details.filter {
      $0.typeURL.hasSuffix("/rpc.v1.CallFailure")
    }
    #expect(failures.count == (outcome == .perhapsDone ? 1 : 0))
  }
}
