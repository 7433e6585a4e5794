import CustomerFormats
import CustomerModel
import ProtoWire
import WellKnownTypes

extension RowResult {
  /// Reads a row's result: a refused customer comes with the rules it breaks.
  ///
  /// - Parameters:
  ///   - result: What the daemon sent.
  ///   - match: The field that finds the customers of rows without an id, for the reasons that are
  ///     about it.
  init(_ result: ImportCustomersResponse.Result, match: String = "") {
    outcome = result.outcome
    customerID = result.customerID.lowercased()
    guard let error = result.error else { return }
    for detail in error.details {
      switch detail.typeURL.split(separator: "/").last {
      case "google.rpc.BadRequest":
        guard let request = try? BadRequest(decoding: detail.value) else { continue }
        problems += request.fieldViolations.map {
          FieldError(field: $0.field, reason: $0.description)
        }
      case "google.rpc.ErrorInfo":
        let info = try? ErrorInfo(decoding: detail.value)
        reason = info?.reason ?? ""
        holderID = info?.metadata["customerId"] ?? ""
      default: break
      }
    }
    if problems.isEmpty {
      problems = [FieldError(field: Self.field(of: reason, match), reason: error.message)]
    }
  }

  /// The field that a reason is about; empty if it is about none.
  private static func field(of reason: String, _ match: String) -> String {
    switch reason {
    case versionMismatch: "version"
    case "ALREADY_EXISTS": "customerId"
    case emailTaken: "emailAddress"
    case "AMBIGUOUS_MATCH": match
    default: ""
    }
  }
}
