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

  /// Messages that a program can read, each with its type's name.
  package var details: [ProtoAny]

  /// Creates an error.
  package init(_ code: StatusCode, _ message: String, details: [ProtoAny] = []) {
    precondition(code != .ok, "OK is not an error")
    self.code = code
    self.message = message
    self.details = details
  }

  /// Creates an error of a status that came over the wire; `nil` if the status is OK.
  ///
  /// A code that isn't among the canonical ones counts as ``StatusCode/unknown``.
  package init?(_ status: Status) {
    if status.code == 0 { return nil }
    self.init(
      StatusCode(rawValue: status.code) ?? .unknown,
      status.message,
      details: status.details
    )
  }

  /// The error as it stands on the wire.
  package var status: Status {
    var status = Status()
    status.code = code.rawValue
    status.message = message
    status.details = details
    return status
  }

  /// Returns the first detail of a type, or `nil` if there is none that can be read.
  package func detail<Message: WireMessage>(_ type: Message.Type = Message.self) -> Message? {
    for detail in details where detail.typeURL == Self.typeURL(of: type) {
      if let message = try? Message(decoding: detail.value) { return message }
    }
    return nil
  }

  /// Adds a message to the details.
  package mutating func attach<Message: WireMessage>(_ message: Message) {
    var detail = ProtoAny()
    detail.typeURL = Self.typeURL(of: Message.self)
    detail.value = message.encoded()
    details.append(detail)
  }

  private static func typeURL<Message: WireMessage>(of type: Message.Type) -> String {
    "type.googleapis.com/" + type.messageName
  }
}

extension RPCError: CustomStringConvertible {
  package var description: String { "\(code.name): \(message)" }
}
