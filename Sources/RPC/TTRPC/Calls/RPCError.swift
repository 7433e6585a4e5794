package import ProtoWire
package import WellKnownTypes

/// Why a call has no answer, as it travels: a code, a text for people, details for programs.
package struct RPCError: Error, Hashable, Sendable {
  /// The kind of failure; never ``StatusCode/ok``.
  package var code: StatusCode

  /// What is wrong with what, for people.
  ///
  /// It reaches the peer: nothing internal stands in it.
  package var message: String

  /// Messages that a program can read, each with its type's name; without ``outcome``'s.
  package var details: [ProtoAny]

  /// What became of what the call was to do.
  ///
  /// It goes by who makes the error: a handler that throws has left nothing behind, unless it says
  /// otherwise; whoever refuses a call before its handler begins says ``CallOutcome/neverBegun``,
  /// and whoever gives one up that is at work ``CallOutcome/perhapsDone``.
  package var outcome: CallOutcome

  /// What the peer isn't told: why it is so, for the log of whoever runs the server.
  ///
  /// It never travels. Nothing that a caller has stored or sent stands in it.
  package var cause: String?

  /// Creates an error.
  package init(
    _ code: StatusCode,
    _ message: String,
    details: [ProtoAny] = [],
    outcome: CallOutcome = .undone,
    cause: String? = nil
  ) {
    precondition(code != .ok, "OK is not an error")
    self.code = code
    self.message = message
    self.details = details
    self.outcome = outcome
    self.cause = cause
  }

  /// Creates an error of a status that ended a call; `nil` if the status is OK.
  ///
  /// A code that isn't among the canonical ones counts as ``StatusCode/unknown``.
  ///
  /// - Parameters:
  ///   - status: How the call ended, or a part of one that was answered.
  ///   - outcome: What became of it where the status doesn't say: a server that doesn't may have
  ///     done a call.
  package init?(_ status: Status, unlessSaid outcome: CallOutcome = .perhapsDone) {
    if status.code == 0 { return nil }
    self.init(StatusCode(rawValue: status.code) ?? .unknown, status.message, outcome: outcome)
    let typeURL = Self.typeURL(of: CallFailure.self)
    for detail in status.details {
      if detail.typeURL != typeURL {
        details.append(detail)
      } else if let failure = try? CallFailure(decoding: detail.value) {
        self.outcome = failure.outcome
      }
    }
  }

  /// Creates the refusal of a call that passes a limit for now: nothing of it was begun, and trying
  /// again later helps.
  package init(passing text: String, retryAfter delay: Duration = .milliseconds(100)) {
    self.init(.resourceExhausted, text, outcome: .neverBegun)
    attach(retryAfter: delay)
  }

  /// The error as a status, of a part of a call: it says nothing of the call's ``outcome``.
  package var status: Status {
    Status(code: code.rawValue, message: message, details: details)
  }

  /// The error as the status that ends a call.
  package var callStatus: Status {
    var error = self
    error.attach(CallFailure(outcome: outcome))
    return error.status
  }

  /// What a server's log says of it: its cause, and of a failure of the server's own at least the
  /// message; `nil` for what is the caller's business alone.
  package var logged: String? { cause ?? (code.isServersOwn ? message : nil) }

  /// Returns the first detail of a type, or `nil` if there is none that can be read.
  package func detail<Message: WireMessage>(_ type: Message.Type = Message.self) -> Message? {
    for detail in details where detail.typeURL == Self.typeURL(of: type) {
      if let message = try? Message(decoding: detail.value) { return message }
    }
    return nil
  }

  /// Adds a message to the details.
  package mutating func attach<Message: WireMessage>(_ message: Message) {
    attach(Encoded(message))
  }

  /// Adds a message that is encoded already to the details.
  package mutating func attach<Message: WireMessage>(_ message: Encoded<Message>) {
    details.append(ProtoAny(typeURL: Self.typeURL(of: Message.self), value: message.bytes))
  }

  /// Says when trying again has a chance.
  package mutating func attach(retryAfter delay: Duration) {
    let (seconds, attoseconds) = delay.components
    let nanos = Int32(attoseconds / 1_000_000_000)
    attach(RetryInfo(retryDelay: ProtoDuration(seconds: seconds, nanos: nanos)))
  }

  private static func typeURL<Message: WireMessage>(of type: Message.Type) -> String {
    "type.googleapis.com/" + type.messageName
  }
}

extension RPCError: CustomStringConvertible {
  package var description: String { "\(code.name): \(message)" }
}
