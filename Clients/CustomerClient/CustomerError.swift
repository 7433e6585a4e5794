/// Why a call of ``CustomerClient`` has no answer.
///
/// Each case carries what the daemon says, for people: what is wrong with what, in lower case and
/// without a full stop. ``advice`` adds what to do about it.
public enum CustomerError: Error, Hashable, Sendable {
  /// There is no such customer, or no such version of one.
  ///
  /// - Parameters:
  ///   - message: What the daemon says.
  ///   - deletedAtVersion: The version of the deletion, if the customer was there once.
  case notFound(message: String, deletedAtVersion: UInt64?)

  /// Somebody else wrote since the version that the call rests on; nothing was written.
  ///
  /// - Parameters:
  ///   - message: What the daemon says.
  ///   - current: The customer as it is now, to show or to merge with.
  case conflict(message: String, current: Customer?)

  /// An edit changed what somebody else changed meanwhile; nothing was written.
  ///
  /// - Parameters:
  ///   - message: Which customer and which fields.
  ///   - edit: The customer in all three states.
  case editConflict(message: String, edit: EditConflict)

  /// A customer with this id, or with this e-mail address where that must be unique, is there.
  ///
  /// - Parameters:
  ///   - message: What the daemon says.
  ///   - customerID: The customer that is in the way; empty if it is the one that was named.
  case alreadyExists(message: String, customerID: String)

  /// What was sent breaks rules; nothing was written.
  ///
  /// - Parameters:
  ///   - message: What the daemon says.
  ///   - violations: All broken rules, each with its field; empty if it isn't about a field.
  case invalid(message: String, violations: [Violation])

  /// No daemon answers, or it stopped before it did.
  ///
  /// - Parameters:
  ///   - message: What is wrong.
  ///   - outcome: Whether the call may have been carried out all the same.
  case unavailable(message: String, outcome: CallOutcome)

  /// No answer came in time.
  ///
  /// - Parameters:
  ///   - message: How long was waited, and for what.
  ///   - outcome: Whether the call may have been carried out all the same.
  case deadlineExceeded(message: String, outcome: CallOutcome)

  /// The task was cancelled, or the client closed.
  ///
  /// - Parameter outcome: Whether the call may have been carried out all the same.
  case cancelled(outcome: CallOutcome)

  /// The daemon doesn't know the call: it is older than this library.
  case unimplemented(message: String)

  /// The daemon or this client has too much to do, or the request is too large.
  ///
  /// - Parameters:
  ///   - message: What the limit is.
  ///   - retryAfter: When trying again has a chance, if the daemon knows.
  ///   - outcome: Whether the call may have been carried out all the same.
  case resourceExhausted(
    message: String,
    retryAfter: Duration?,
    outcome: CallOutcome = .neverBegun
  )

  /// The daemon doesn't let this user do this.
  case permissionDenied(message: String)

  /// Anything else.
  ///
  /// - Parameters:
  ///   - code: The status code's name, such as `FAILED_PRECONDITION`.
  ///   - reason: What programs compare, such as ``ErrorReason/diskFull``; `nil` if there is nothing.
  ///   - message: What the daemon says.
  ///   - outcome: Whether the call may have been carried out all the same.
  case failed(code: String, reason: ErrorReason?, message: String, outcome: CallOutcome = .undone)

  /// What is wrong with what.
  public var message: String {
    switch self {
    case .notFound(let message, _): message
    case .conflict(let message, _): message
    case .editConflict(let message, _): message
    case .alreadyExists(let message, _): message
    case .invalid(let message, _): message
    case .unavailable(let message, _): message
    case .deadlineExceeded(let message, _): message
    case .cancelled: "call was cancelled"
    case .unimplemented(let message): message
    case .resourceExhausted(let message, _, _): message
    case .permissionDenied(let message): message
    case .failed(_, _, let message, _): message
    }
  }

  /// What is known of what was asked for: never begun, undone, or perhaps done.
  public var outcome: CallOutcome {
    switch self {
    case .unavailable(_, let outcome), .deadlineExceeded(_, let outcome),
      .cancelled(let outcome), .resourceExhausted(_, _, let outcome),
      .failed(_, _, _, let outcome):
      outcome
    case .notFound, .conflict, .editConflict, .alreadyExists, .invalid: .undone
    case .unimplemented, .permissionDenied: .neverBegun
    }
  }

  /// What to do about it; `nil` where the message says it or nothing helps.
  public var advice: String? {
    switch self {
    case .notFound(_, _?): "update with allowMissing brings a deleted customer back"
    case .conflict: "read the customer again and repeat the change"
    case .editConflict: "choose for each of the fields, and make the edit again"
    case .unavailable(_, .perhapsDone), .deadlineExceeded(_, .perhapsDone),
      .resourceExhausted(_, _, .perhapsDone), .failed(_, _, _, .perhapsDone):
      "perhaps it was carried out: if it writes, look before you repeat the call"
    case .unavailable: "start customerd, or name its socket in CUSTOMERS_SOCKET"
    case .deadlineExceeded: "nothing was done: give the call more time"
    case .resourceExhausted(_, _?, _): "try again in a moment"
    case .permissionDenied: "ask who runs the daemon"
    case .notFound, .alreadyExists, .invalid, .cancelled, .unimplemented, .resourceExhausted,
      .failed:
      nil
    }
  }
}

extension CustomerError: CustomStringConvertible {
  /// The message, and the advice if there is any.
  public var description: String {
    guard let advice else { return message }
    return "\(message); \(advice)"
  }
}
