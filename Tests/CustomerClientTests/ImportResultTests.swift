import CustomerModel
import TTRPC
import Testing
import WellKnownTypes

@testable import CustomerClient

/// A row's result as the daemon sends it, and what a program is told.
///
/// The reasons and their details are those of `Schema/PROTOCOL.md`.
@Suite struct ImportResultTests {
  private func failure(
    _ code: StatusCode,
    _ details: (inout RPCError) -> Void = { _ in }
  ) -> CustomerError? {
    var error = RPCError(code, "text")
    details(&error)
    let result = ImportResult(ImportCustomersResponse.Result(error: error.status))
    guard case .failure(let failure) = result.outcome else { return nil }
    return failure
  }

  @Test(arguments: [
    (ImportCustomersResponse.Result.Outcome.created, ImportResult.Written.created),
    (.updated, .updated), (.unchanged, .unchanged),
  ])
  func whatWasDoneIsSaid(
    _ outcome: ImportCustomersResponse.Result.Outcome,
    _ written: ImportResult.Written
  ) {
    let sent = ImportCustomersResponse.Result(outcome: outcome, customerID: "0193A5", version: 3)
    let result = ImportResult(customerID: "0193a5", version: 3, outcome: .success(written))
    #expect(ImportResult(sent) == result)
  }

  @Test func aConflictComesWithTheVersionThatIsThere() {
    let error = RPCError(.aborted, "text").status
    let sent = ImportCustomersResponse.Result(customerID: "a", version: 5, error: error)
    let conflict = CustomerError.conflict(message: "text", current: nil)
    let result = ImportResult(customerID: "a", version: 5, outcome: .failure(conflict))
    #expect(ImportResult(sent) == result)
  }

  @Test func anErrorIsThatOfACall() {
    let taken = failure(.alreadyExists) {
      $0.attach(ErrorInfo(reason: "EMAIL_TAKEN", metadata: ["customerId": "abc"]))
    }
    #expect(taken == .alreadyExists(message: "text", customerID: "abc"))
    let ambiguous = failure(.failedPrecondition) {
      $0.attach(ErrorInfo(reason: "AMBIGUOUS_MATCH"))
    }
    let code = "FAILED_PRECONDITION"
    #expect(ambiguous == .failed(code: code, reason: .ambiguousMatch, message: "text"))
    let fields = ["emailAddress", "phones[0].country"]
    let invalid = failure(.invalidArgument) {
      $0.attach(
        BadRequest(fieldViolations: fields.map { .init(field: $0, description: "is wrong") })
      )
    }
    let violations = fields.map { Violation(field: $0, description: "is wrong") }
    #expect(invalid == .invalid(message: "text", violations: violations))
  }

  /// Of a call that says nothing it isn't known; a row with an error isn't written.
  @Test func aRowIsUndoneUnlessItsErrorSaysOtherwise() {
    #expect(failure(.internal)?.outcome == .undone)
    let failed = failure(.internal) { $0.attach(CallFailure(outcome: .perhapsDone)) }
    #expect(failed?.outcome == .perhapsDone)
  }

  @Test(arguments: [ImportCustomersResponse.Result.Outcome.failed, .init(rawValue: 9)])
  func whatNobodyKnowsIsNoSuccess(_ outcome: ImportCustomersResponse.Result.Outcome) {
    let sent = ImportCustomersResponse.Result(outcome: outcome)
    let message = "refused without a reason"
    let failure = CustomerError.failed(code: "UNKNOWN", reason: nil, message: message)
    #expect(ImportResult(sent).outcome == .failure(failure))
  }
}
