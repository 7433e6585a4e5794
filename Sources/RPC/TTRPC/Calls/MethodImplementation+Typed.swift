package import ProtoWire

// What generated code makes of a handler's methods, one of these for each kind of method.

extension MethodImplementation {
  /// A unary method.
  package static func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ body: @escaping @Sendable (Request, CallContext) async throws -> Encoded<Response>
  ) -> Self {
    .unary { bytes, context in
      try await body(try Request(request: bytes.span), context).bytes
    }
  }

  /// A method of one request and many responses.
  package static func serverStreaming<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ body:
      @escaping @Sendable (Request, ResponseWriter<Response>, CallContext) async throws -> Void
  ) -> Self {
    .streaming(.serverStreaming) { call, context in
      guard let request = try await RequestStream<Request>(call).next() else {
        throw RPCError(.invalidArgument, "call has no request")
      }
      try await body(request, ResponseWriter(call), context)
    }
  }

  /// A method of many requests and one response.
  package static func clientStreaming<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ body:
      @escaping @Sendable (RequestStream<Request>, CallContext) async throws -> Encoded<Response>
  ) -> Self {
    .streaming(.clientStreaming) { call, context in
      let response = try await body(RequestStream(call), context)
      try await call.send(response.bytes)
    }
  }

  /// A method of many requests and many responses.
  package static func bidirectional<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ body:
      @escaping @Sendable (
        RequestStream<Request>, ResponseWriter<Response>, CallContext
      ) async throws -> Void
  ) -> Self {
    .streaming(.bidirectional) { call, context in
      try await body(RequestStream(call), ResponseWriter(call), context)
    }
  }
}
