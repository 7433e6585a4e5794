package import TTRPC

/// Why one attempt at a call has no answer.
enum CallFailure: Error, Equatable {
  /// The server said so, or this end gave up.
  case status(RPCError)

  /// The connection went away. `wasSent` says whether a byte of the call can have reached the
  /// server: if not, the call is as good as never made.
  case lost(wasSent: Bool, reason: String)

  /// The error that the caller sees.
  var error: RPCError {
    switch self {
    case .status(let error): error
    case .lost(wasSent: false, let reason): RPCError(.unavailable, reason)
    case .lost(wasSent: true, let reason):
      RPCError(.unavailable, "\(reason); \(RPCError.unknownOutcome)")
    }
  }
}

extension RPCError {
  /// Whether a call that failed may have been carried out all the same, as far as can be told.
  ///
  /// True for a connection that was lost before the answer came, when the request had been sent.
  package var isOutcomeUnknown: Bool {
    code == .unavailable && details.isEmpty && message.hasSuffix(Self.unknownOutcome)
  }

  fileprivate static let unknownOutcome = "whether the call was carried out is unknown"

  /// The error of a call whose task was cancelled or whose handle was let go of.
  static var callCancelled: RPCError { RPCError(.cancelled, "call was cancelled") }

  /// The error of a call that took too long.
  static func timedOut(after timeout: Duration) -> RPCError {
    RPCError(.deadlineExceeded, "no answer within \(timeout)")
  }
}

/// How a call that waits in a connection goes on.
enum CallOutcome: Sendable {
  /// The one response of a unary call, encoded.
  case response([UInt8])

  /// The attempt is over.
  case failure(CallFailure)

  /// There is room now: try again.
  case room
}
