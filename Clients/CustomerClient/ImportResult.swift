internal import TTRPC

/// What became of a row of an import.
public struct ImportResult: Hashable, Sendable {
  /// What was done with a row that isn't refused.
  public enum Written: Hashable, Sendable {
    /// The customer is new.
    case created

    /// The customer was there and is changed.
    case updated

    /// The customer was there and is the same.
    case unchanged
  }

  /// The customer's id, in lower case; empty if it isn't known.
  public var customerID: String

  /// The customer's version now, of a conflict too; 0 if it isn't known.
  public var version: UInt64

  /// What was done with the row, or why it isn't written.
  ///
  /// A conflict comes without the customer as it is, and its ``CustomerError/outcome`` is undone
  /// unless the daemon says otherwise.
  public var outcome: Result<Written, CustomerError>

  /// Creates a result.
  public init(
    customerID: String = "",
    version: UInt64 = 0,
    outcome: Result<Written, CustomerError>
  ) {
    self.customerID = customerID
    self.version = version
    self.outcome = outcome
  }

  /// Reads a result as it travels.
  package init(_ result: ImportCustomersResponse.Result) {
    self.init(
      customerID: result.customerID.lowercased(),
      version: result.version,
      outcome: Self.outcome(result)
    )
  }

  private static func outcome(
    _ result: ImportCustomersResponse.Result
  ) -> Result<Written, CustomerError> {
    // What the daemon answers of a row is true of what is committed.
    if let error = result.error.flatMap({ RPCError($0, unlessSaid: .undone) }) {
      return .failure(CustomerError(error))
    }
    switch result.outcome {
    case .created: return .success(.created)
    case .updated: return .success(.updated)
    case .unchanged: return .success(.unchanged)
    default:
      let code = StatusCode.unknown.name
      return .failure(.failed(code: code, reason: nil, message: "refused without a reason"))
    }
  }
}
