internal import TTRPC

// The one place where statuses of the protocol become errors of the library.

extension CustomerError {
  /// Translates what a call ended with.
  ///
  /// - Parameters:
  ///   - error: How it ended.
  ///   - isReading: Whether the call only reads: then nothing of it stays, answered or not.
  init(_ error: RPCError, isReading: Bool = false) {
    var outcome = CallOutcome(of: error)
    if isReading, outcome == .perhapsDone { outcome = .undone }
    let message = error.message
    let info = error.detail(ErrorInfo.self)
    switch error.code {
    case .unavailable: self = .unavailable(message: message, outcome: outcome)
    case .deadlineExceeded: self = .deadlineExceeded(message: message, outcome: outcome)
    case .cancelled: self = .cancelled(outcome: outcome)
    case .resourceExhausted:
      let delay = error.detail(RetryInfo.self)?.retryDelay
      self = .resourceExhausted(
        message: message,
        retryAfter: delay.map { Duration($0) },
        outcome: outcome
      )
    // All cases below promise that nothing was done.
    case _ where outcome == .perhapsDone: self = Self.failed(error, info, outcome)
    case .notFound:
      let version = info?.metadata["deletedAtVersion"].flatMap { UInt64($0) }
      self = .notFound(message: message, deletedAtVersion: version)
    case .aborted:
      self = .conflict(message: message, current: error.detail(Customer.self))
    case .alreadyExists:
      self = .alreadyExists(message: message, customerID: info?.metadata["customerId"] ?? "")
    case .invalidArgument:
      let violations = error.detail(BadRequest.self)?.fieldViolations ?? []
      self = .invalid(
        message: message,
        violations: violations.map { Violation(field: $0.field, description: $0.description) }
      )
    case .unimplemented: self = .unimplemented(message: message)
    case .permissionDenied, .unauthenticated: self = .permissionDenied(message: message)
    case .ok, .unknown, .failedPrecondition, .outOfRange, .internal, .dataLoss:
      self = Self.failed(error, info, outcome)
    }
  }

  private static func failed(
    _ error: RPCError,
    _ info: ErrorInfo?,
    _ outcome: CallOutcome
  ) -> CustomerError {
    .failed(
      code: error.code.name,
      reason: info.flatMap { $0.reason.isEmpty ? nil : ErrorReason(rawValue: $0.reason) },
      message: error.message,
      outcome: outcome
    )
  }
}

extension CallOutcome {
  /// What is known of a call that ended so.
  fileprivate init(of error: RPCError) {
    switch error.outcome {
    case .neverBegun: self = .neverBegun
    case .undone: self = .undone
    default: self = .perhapsDone
    }
  }
}

extension Duration {
  /// The same time to wait.
  init(_ duration: ProtoDuration) {
    self = .seconds(duration.seconds) + .nanoseconds(Int64(duration.nanos))
  }
}

/// Runs a call and translates its error.
///
/// - Parameters:
///   - isReading: Whether the call only reads.
///   - call: The call.
/// - Returns: What the call returns.
/// - Throws: What it throws, translated.
func translating<Value>(
  isReading: Bool = false,
  _ call: () async throws(RPCError) -> Value
) async throws(CustomerError) -> Value {
  do {
    return try await call()
  } catch {
    throw CustomerError(error, isReading: isReading)
  }
}
