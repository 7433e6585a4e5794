import ProtoWire
import TTRPC
import Testing
import WellKnownTypes

@testable import CustomerClient

@Suite struct CustomerErrorTests {
  @Test(
    arguments: [
      (.deadlineExceeded, .deadlineExceeded(message: "text", outcome: .undone)),
      (.cancelled, .cancelled(outcome: .undone)),
      (.unimplemented, .unimplemented(message: "text")),
      (.permissionDenied, .permissionDenied(message: "text")),
      (.unauthenticated, .permissionDenied(message: "text")),
      (.notFound, .notFound(message: "text", deletedAtVersion: nil)),
      (.aborted, .conflict(message: "text", current: nil)),
      (.alreadyExists, .alreadyExists(message: "text", customerID: "")),
      (.invalidArgument, .invalid(message: "text", violations: [])),
      (.unavailable, .unavailable(message: "text", outcome: .undone)),
      (
        .resourceExhausted,
        .resourceExhausted(message: "text", retryAfter: nil, outcome: .undone)
      ),
      (.outOfRange, .failed(code: "OUT_OF_RANGE", reason: nil, message: "text")),
      (.internal, .failed(code: "INTERNAL", reason: nil, message: "text")),
    ] as [(StatusCode, CustomerError)]
  )
  func everyCodeHasItsCase(code: StatusCode, expected: CustomerError) {
    #expect(CustomerError(RPCError(code, "text")) == expected)
  }

  /// `rpc.proto`: what isn't said may have been done.
  @Test(
    arguments: [
      (.neverBegun, .cancelled(outcome: .neverBegun)), (.undone, .cancelled(outcome: .undone)),
      (.perhapsDone, .cancelled(outcome: .perhapsDone)),
      (.unspecified, .cancelled(outcome: .perhapsDone)),
    ] as [(TTRPC.CallOutcome, CustomerError)]
  )
  func everyOutcomeComesAlong(sent: TTRPC.CallOutcome, expected: CustomerError) {
    let codes: [StatusCode] = [
      .unavailable, .deadlineExceeded, .cancelled, .resourceExhausted, .internal, .dataLoss,
    ]
    for code in codes {
      let error = CustomerError(RPCError(code, "text", outcome: sent))
      #expect(error.outcome == expected.outcome)
    }
  }

  @Test func whatOnlyReadsLeavesNothing() {
    let late = RPCError(.deadlineExceeded, "late", outcome: .perhapsDone)
    #expect(CustomerError(late, isReading: true).outcome == .undone)
    #expect(CustomerError(late).outcome == .perhapsDone)
  }

  /// A call that was repeated may have run into its own first attempt.
  @Test func noErrorPromisesThatNothingWasWrittenWhereThatIsNotKnown() {
    for code in [StatusCode.notFound, .aborted, .alreadyExists, .invalidArgument] {
      let error = CustomerError(RPCError(code, "text", outcome: .perhapsDone))
      let expected = CustomerError.failed(
        code: code.name,
        reason: nil,
        message: "text",
        outcome: .perhapsDone
      )
      #expect(error == expected)
    }
  }

  @Test func detailsComeAlong() {
    var deleted = RPCError(.notFound, "gone")
    deleted.attach(ErrorInfo(reason: "DELETED", metadata: ["deletedAtVersion": "7"]))
    #expect(CustomerError(deleted) == .notFound(message: "gone", deletedAtVersion: 7))

    var taken = RPCError(.alreadyExists, "taken")
    taken.attach(ErrorInfo(reason: "EMAIL_TAKEN", metadata: ["customerId": "abc"]))
    #expect(CustomerError(taken) == .alreadyExists(message: "taken", customerID: "abc"))

    var busy = RPCError(.resourceExhausted, "busy")
    busy.attach(RetryInfo(retryDelay: ProtoDuration(seconds: 1, nanos: 500_000_000)))
    let delay = Duration.milliseconds(1500)
    busy.outcome = .neverBegun
    #expect(CustomerError(busy) == .resourceExhausted(message: "busy", retryAfter: delay))

    var full = RPCError(.failedPrecondition, "disk full")
    full.attach(ErrorInfo(reason: "DISK_FULL"))
    let failed = CustomerError.failed(
      code: "FAILED_PRECONDITION",
      reason: .diskFull,
      message: "disk full"
    )
    #expect(CustomerError(full) == failed)
  }

  @Test func textSaysWhatToDo() {
    let error = CustomerError.unavailable(message: "no daemon at /s", outcome: .neverBegun)
    let text = "no daemon at /s; start customerd, or name its socket in CUSTOMERS_SOCKET"
    #expect("\(error)" == text)
    #expect(
      "\(CustomerError.invalid(message: "firstName: is long", violations: []))"
        == "firstName: is long"
    )
  }
}
