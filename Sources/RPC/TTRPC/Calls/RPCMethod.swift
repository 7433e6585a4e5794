package import ProtoWire

/// How many messages a call carries each way.
package enum MethodKind: Hashable, Sendable {
  /// One request, one response.
  case unary

  /// Many requests, one response.
  case clientStreaming

  /// One request, many responses.
  case serverStreaming

  /// Many of both, in any order.
  case bidirectional

  /// Whether the client sends its messages in frames of their own.
  package var clientStreams: Bool { self == .clientStreaming || self == .bidirectional }

  /// Whether the server sends its messages in frames of their own.
  package var serverStreams: Bool { self == .serverStreaming || self == .bidirectional }
}

/// A method of a service as generated code names it, with the types of its messages.
package struct RPCMethod<Request: WireMessage, Response: WireMessage>: Hashable, Sendable {
  /// The service's full name, such as `customers.v1.CustomerService`.
  package let service: String

  /// The method's name, such as `GetCustomer`.
  package let name: String

  /// How many messages go each way.
  package let kind: MethodKind

  /// Creates a name of a method.
  package init(service: String, name: String, kind: MethodKind) {
    self.service = service
    self.name = name
    self.kind = kind
  }
}

/// A message that is encoded already, with its type.
///
/// What lies encoded in a store goes out as it is: a handler that has the bytes never decodes them.
package struct Encoded<Message: WireMessage>: Hashable, Sendable {
  /// The encoded message.
  package var bytes: [UInt8]

  /// Creates an encoded message of bytes that are known to be one.
  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// Encodes a message.
  package init(_ message: Message) { bytes = message.encoded() }
}
