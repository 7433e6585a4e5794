internal import TTRPC

/// Why one attempt at a call has no answer.
enum AttemptFailure: Error, Equatable {
  /// The server said so, or this end gave up.
  case status(RPCError)

  /// The connection went away. `wasSent` says whether a byte of the call can have reached the
  /// server: if not, the call is as good as never made.
  case lost(wasSent: Bool, reason: String)

  /// The error that the caller sees.
  var error: RPCError {
    switch self {
    case .status(let error): error
    case .lost(let wasSent, let reason):
      RPCError(.unavailable, reason, outcome: wasSent ? .perhapsDone : .neverBegun)
    }
  }
}

extension RPCError {
  /// The error of a call whose task was cancelled or whose handle was let go of.
  static var callCancelled: RPCError {
    RPCError(.cancelled, "call was cancelled", outcome: .perhapsDone)
  }

  /// The same of a call of which nothing was sent.
  static var callNotBegun: RPCError {
    RPCError(.cancelled, "call was cancelled", outcome: .neverBegun)
  }

  /// The error of a call that took too long.
  static func timedOut(after timeout: Duration) -> RPCError {
    RPCError(.deadlineExceeded, "no answer within \(timeout)", outcome: .perhapsDone)
  }
}

/// How a call that waits in a connection goes on.
enum CallReply: Sendable {
  /// The one response of a unary call, encoded.
  case response([UInt8])

  /// The attempt is over.
  case failure(AttemptFailure)

  /// There is room now: try again.
  case room

  /// The stream that a message was for is over; how, its inbox knows.
  case ended
}
