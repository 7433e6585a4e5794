internal import CustomerAPI
internal import TTRPC

extension CustomerClient {
  /// Makes a call of which names and bytes are known, for a program that knows the schema.
  ///
  /// - Parameters:
  ///   - service: The service's full name.
  ///   - method: The method's own name.
  ///   - requests: The encoded requests; exactly one unless the method takes a stream.
  ///   - clientStreams: Whether the method takes a stream of requests.
  ///   - serverStreams: Whether the method answers with a stream.
  /// - Returns: The encoded responses; exactly one unless the method answers with a stream.
  /// - Throws: What any call can throw.
  package func call(
    service: String,
    method: String,
    requests: [[UInt8]],
    clientStreams: Bool,
    serverStreams: Bool
  ) async throws(CustomerError) -> AnyResponses {
    let requests = try requests.map { bytes throws(CustomerError) in try Self.anyMessage(bytes) }
    let channel = channel
    switch (clientStreams, serverStreams) {
    case (false, false):
      let options = try unary(nil, isIdempotent: false)
      let name = AnyMethod(service: service, name: method, kind: .unary)
      let response = try await translating { () async throws(RPCError) in
        try await channel.unary(name, requests.first ?? AnyMessage(), options)
      }
      return AnyResponses(rest: response, call: nil)
    case (false, true):
      let options = try Self.options(nil)
      let name = AnyMethod(service: service, name: method, kind: .serverStreaming)
      let call = try await translating { () async throws(RPCError) in
        try await channel.open(name, requests.first ?? AnyMessage(), options)
      }
      return AnyResponses(rest: nil, call: call)
    case (true, _):
      let options = try Self.options(nil)
      let kind: MethodKind = serverStreams ? .bidirectional : .clientStreaming
      let name = AnyMethod(service: service, name: method, kind: kind)
      let call = try await translating { () async throws(RPCError) in
        try await channel.open(name, nil, options)
      }
      // Sent beside the reading: the daemon takes no more while nobody takes its answers. What
      // goes wrong with sending ends the call, and is told where responses are read.
      Task {
        for request in requests { try await call.send(request.encoded()) }
        try await call.closeSending()
      }
      return AnyResponses(rest: nil, call: call)
    }
  }

  /// A message all of whose fields are unknown: its bytes travel as they are.
  private typealias AnyMessage = GetStatusRequest
  private typealias AnyMethod = RPCMethod<AnyMessage, AnyMessage>

  private static func anyMessage(_ bytes: [UInt8]) throws(CustomerError) -> AnyMessage {
    do {
      return try AnyMessage(decoding: bytes)
    } catch {
      throw .invalid(message: "\(error)", violations: [])
    }
  }
}

/// The responses of a call of any method, encoded.
package final class AnyResponses {
  private var rest: [UInt8]?
  private let call: (any ClientCall)?

  init(rest: [UInt8]?, call: (any ClientCall)?) {
    self.rest = rest
    self.call = call
  }

  deinit { call?.cancel() }

  /// The next response; nil behind the last.
  package func next() async throws(CustomerError) -> [UInt8]? {
    guard let call else {
      defer { rest = nil }
      return rest
    }
    return try await translating { () async throws(RPCError) in try await call.receive() }
  }
}
