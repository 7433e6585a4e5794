import ProtoWire
import TTRPC
import Testing
import WellKnownTypes

@testable import CustomerClient

@Suite struct CustomerErrorTests {
  @Test(
    arguments: [
      (.deadlineExceeded, .deadlineExceeded(message: "text")),
      (.cancelled, .cancelled),
      (.unimplemented, .unimplemented(message: "text")),
      (.permissionDenied, .permissionDenied(message: "text")),
      (.unauthenticated, .permissionDenied(message: "text")),
      (.notFound, .notFound(message: "text", deletedAtVersion: nil)),
      (.aborted, .conflict(message: "text", current: nil)),
      (.alreadyExists, .alreadyExists(message: "text", customerID: "")),
      (.invalidArgument, .invalid(message: "text", violations: [])),
      (.unavailable, .unavailable(message: "text", isOutcomeUnknown: false)),
      (.resourceExhausted, .resourceExhausted(message: "text", retryAfter: nil)),
      (.outOfRange, .failed(code: "OUT_OF_RANGE", reason: "", message: "text")),
      (.internal, .failed(code: "INTERNAL", reason: "", message: "text")),
    ] as [(StatusCode, CustomerError)]
  )
  func everyCodeHasItsCase(code: StatusCode, expected: CustomerError) {
    #expect(CustomerError(RPCError(code, "text")) == expected)
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
    #expect(CustomerError(busy) == .resourceExhausted(message: "busy", retryAfter: delay))

    var full = RPCError(.failedPrecondition, "disk full")
    full.attach(ErrorInfo(reason: "DISK_FULL"))
    let failed = CustomerError.failed(
      code: "FAILED_PRECONDITION",
      reason: "DISK_FULL",
      message: "disk full"
    )
    #expect(CustomerError(full) == failed)
  }

  @Test func textSaysWhatToDo() {
    let error = CustomerError.unavailable(message: "no daemon at /s", isOutcomeUnknown: false)
    let text = "no daemon at /s; start customerd, or name its socket in CUSTOMERS_SOCKET"
    #expect("\(error)" == text)
    #expect(
      "\(CustomerError.invalid(message: "firstName: is long", violations: []))"
        == "firstName: is long"
    )
  }

  @Test func pathsNameWhatDiffers() {
    let base = Customer(firstName: "a", attributes: ["x": "1", "y": "2"])
    var edited = base
    edited.lastName = "b"
    edited.phones = [PhoneNumber(numberLocal: "1")]
    edited.attributes["x"] = nil
    edited.attributes["z"] = "3"
    edited.version = 9
    #expect(
      edited.paths(changedFrom: base) == ["last_name", "phones", "attributes.x", "attributes.z"]
    )
    #expect(base.paths(changedFrom: base) == [])
  }
}
