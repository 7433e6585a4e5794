import CustomerClient
import CustomerModel

/// What became of a row of the file.
typealias RowOutcome = Result<ImportResult.Written, RowFailure>

/// Why a row wasn't written.
enum RowFailure: Error, Equatable {
  /// It was refused here, and not sent.
  case refusedHere(FieldError)

  /// The daemon refused it, or failed.
  case refused(CustomerError)

  /// Whether the customer has changed since the row's version.
  var isStale: Bool {
    if case .refused(.conflict) = self { true } else { false }
  }

  /// Says what is wrong, as it is printed.
  ///
  /// - Parameter match: The field that finds the customers of rows without an id.
  /// - Returns: Each problem with its field, which is empty if it is about none.
  func problems(match: String) -> [FieldError] {
    switch self {
    case .refusedHere(let error): [error]
    case .refused(.invalid(_, let violations)) where !violations.isEmpty:
      violations.map { FieldError(field: $0.field, reason: $0.description) }
    case .refused(let error):
      [FieldError(field: Self.field(of: error, match), reason: error.message)]
    }
  }

  private static func field(of error: CustomerError, _ match: String) -> String {
    switch error {
    case .conflict: "version"
    case .alreadyExists(_, ""): "customerId"
    case .alreadyExists: "emailAddress"
    case .failed(_, .ambiguousMatch?, _, _): match
    default: ""
    }
  }
}
