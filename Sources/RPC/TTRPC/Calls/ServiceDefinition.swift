package import ProtoWire

/// The methods of a service, ready to be called by name.
///
/// Generated code makes one of a handler; a server looks calls up in it. Nothing in it knows what
/// carries the calls.
package struct ServiceDefinition: Sendable {
  /// The service's full name, such as `customers.v1.CustomerService`.
  package let name: String

  /// The methods by their names.
  package private(set) var methods: [String: MethodImplementation]

  /// The methods for which a server keeps room when calls are refused; see ``keepRoom(for:)``.
  package private(set) var methodsWithRoom: Set<String> = []

  /// Creates a service.
  package init(name: String, methods: [String: MethodImplementation]) {
    self.name = name
    self.methods = methods
  }

  /// Has a server keep room for some calls of a method where others are refused for their number.
  ///
  /// For what is needed most when there is too much of everything: how the server is, one record.
  package mutating func keepRoom<Request: WireMessage, Response: WireMessage>(
    for method: RPCMethod<Request, Response>
  ) {
    precondition(methods[method.name] != nil, "the service has no such method")
    methodsWithRoom.insert(method.name)
  }

  /// Answers a unary method at once, on the executor of the connection that asks.
  ///
  /// For work that is over sooner than a task could be started, such as an indexed read. The answer
  /// must not wait for anything: all calls of all connections wait for it.
  package mutating func answerAtOnce<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ body: @escaping @Sendable (Request, CallContext) throws(RPCError) -> Encoded<Response>
  ) {
    precondition(method.service == name && method.kind == .unary)
    methods[method.name] = .immediate { (bytes, context) throws(RPCError) in
      try body(try Request(request: bytes), context).bytes
    }
  }
}

/// What answers a method.
package enum MethodImplementation: Sendable {
  /// A unary method that answers at once; see ``ServiceDefinition/answerAtOnce(_:_:)``.
  case immediate(@Sendable (Span<UInt8>, CallContext) throws(RPCError) -> [UInt8])

  /// A unary method that may wait.
  case unary(@Sendable ([UInt8], CallContext) async throws -> [UInt8])

  /// A method of which at least one side streams.
  case streaming(MethodKind, @Sendable (any ServerCall, CallContext) async throws -> Void)

  /// How many messages go each way.
  package var kind: MethodKind {
    switch self {
    case .immediate, .unary: .unary
    case .streaming(let kind, _): kind
    }
  }
}

/// What a handler knows of a call beside its messages.
package struct CallContext: Sendable {
  /// Who calls, as the kernel says.
  package var peer: PeerIdentity

  /// What the caller sent beside the messages.
  package var metadata: Metadata

  /// When the caller stops waiting, and the server cancels the call's task; `nil` = never.
  package var deadline: ContinuousClock.Instant?

  /// The number of the connection that the call came on; 0 where there is none.
  package var connection: UInt64

  /// Whom the handler tells how it gets on; `nil` where nobody counts, as for a method that is
  /// answered at once.
  package var work: (any CallWork)?

  /// Creates a context.
  package init(
    peer: PeerIdentity,
    metadata: Metadata = Metadata(),
    deadline: ContinuousClock.Instant? = nil,
    connection: UInt64 = 0,
    work: (any CallWork)? = nil
  ) {
    self.peer = peer
    self.metadata = metadata
    self.deadline = deadline
    self.connection = connection
    self.work = work
  }

  /// Waits until an answer, or a message, of so many bytes may be made.
  ///
  /// To be called before that is begun which holds them. It stands for the call's next bytes until
  /// it is called again, or the call ends. Every call has room for ``answerBytesKept``.
  package func reserve(_ byteCount: Int) async throws(RPCError) {
    try await work?.reserve(byteCount)
  }

  /// Waits for something that has still to happen: until then the call isn't at work.
  package func idle<Value>(_ body: () async -> Value) async -> Value {
    await work?.setIdle(true)
    let value = await body()
    await work?.setIdle(false)
    return value
  }

  /// The bytes of an answer that need not be asked for: a record, and what stands around it.
  package static let answerBytesKept = 68 << 10
}

/// What a server counts of a call while its handler works.
package protocol CallWork: Sendable {
  /// Waits for memory; see ``CallContext/reserve(_:)``.
  func reserve(_ byteCount: Int) async throws(RPCError)

  /// Notes whether the handler waits for something that has still to happen.
  func setIdle(_ isIdle: Bool) async
}

/// A process at the other end, as the kernel says when it connects.
package struct PeerIdentity: Hashable, Sendable {
  /// The user's number.
  package var userID: UInt32

  /// The group's number.
  package var groupID: UInt32

  /// The process's number; 0 where the system doesn't tell.
  package var processID: Int32

  /// The program's short name; empty where the system doesn't tell.
  package var program: String

  /// Creates an identity.
  package init(userID: UInt32, groupID: UInt32, processID: Int32, program: String) {
    self.userID = userID
    self.groupID = groupID
    self.processID = processID
    self.program = program
  }
}

/// A streaming call as its handler sees it.
///
/// One task may receive while another sends.
package protocol ServerCall: Sendable {
  /// Returns the next encoded request, or `nil` when the client sends no more.
  func receive() async throws(RPCError) -> [UInt8]?

  /// Sends one encoded response; waits while the peer doesn't read.
  func send(_ message: [UInt8]) async throws(RPCError)

  /// Tells the server's log why a part of the call has failed that doesn't fail all of it.
  ///
  /// See ``RPCError/cause``.
  func report(cause: String) async
}

extension ServerCall {
  package func report(cause: String) async {}
}

extension WireMessage {
  /// Reads a message that a caller sent.
  ///
  /// - Throws: ``StatusCode/invalidArgument`` with the byte offset of what is wrong.
  package init(request bytes: Span<UInt8>) throws(RPCError) {
    do {
      try self.init(decoding: bytes)
    } catch {
      throw RPCError(.invalidArgument, "request is no \(Self.messageName): \(error)")
    }
  }
}

/// The requests of a streaming call, in the order they were sent.
package struct RequestStream<Request: WireMessage>: Sendable {
  private let call: any ServerCall

  /// Creates the typed view of a call's requests.
  package init(_ call: any ServerCall) { self.call = call }

  /// Returns the next request, or `nil` when the client sends no more.
  package func next() async throws(RPCError) -> Request? {
    guard let bytes = try await call.receive() else { return nil }
    return try Request(request: bytes.span)
  }
}

/// Where a handler puts the responses of a streaming call.
package struct ResponseWriter<Response: WireMessage>: Sendable {
  private let call: any ServerCall

  /// Creates the typed view of a call's responses.
  package init(_ call: any ServerCall) { self.call = call }

  /// Sends one response; waits while the peer doesn't read.
  package func send(_ response: Response) async throws(RPCError) {
    try await call.send(response.encoded())
  }

  /// Tells the server's log why a part of a response is an error; see ``RPCError/cause``.
  package func report(cause: String) async { await call.report(cause: cause) }

  /// Sends one response that is encoded already.
  package func send(_ response: Encoded<Response>) async throws(RPCError) {
    try await call.send(response.bytes)
  }
}
