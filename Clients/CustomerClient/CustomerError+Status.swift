internal import TTRPC
internal import TTRPCClient

// The one place where statuses of the protocol become errors of the library.

extension CustomerError {
  /// Translates what a call ended with.
  init(_ error: RPCError) {
    let message = error.message
    let info = error.detail(ErrorInfo.self)
    switch error.code {
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
    case .unavailable:
      let isUnknown = error.outcome != .neverBegun && error.outcome != .undone
      self = .unavailable(message: message, isOutcomeUnknown: isUnknown)
    case .deadlineExceeded: self = .deadlineExceeded(message: message)
    case .cancelled: self = .cancelled
    case .unimplemented: self = .unimplemented(message: message)
    case .resourceExhausted:
      let delay = error.detail(RetryInfo.self)?.retryDelay
      self = .resourceExhausted(message: message, retryAfter: delay.map { Duration($0) })
    case .permissionDenied, .unauthenticated: self = .permissionDenied(message: message)
    case .ok, .unknown, .failedPrecondition, .outOfRange, .internal, .dataLoss:
      self = .failed(code: error.code.name, reason: info?.reason ?? "", message: message)
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
func translating<Value>(
  _ call: () async throws(RPCError) -> Value
) async throws(CustomerError) -> Value {
  do {
    return try await call()
  } catch {
    throw CustomerError(error)
  }
}
