import TTRPC
import TestSupport
import Testing
import WellKnownTypes

/// Envelopes compared with those that `protoc` makes of `Schema/ttrpc.proto`.
@Suite struct EnvelopeTests {
  /// What `protoc` encodes; a text in protobuf's text format.
  private static func encode(_ text: String, as type: String) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let input = try folder.write(text, to: "message.txt")
    let schema = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Schema"
    let result = try Program(path: "/bin/sh").run([
      "-c",
      "protoc -I '\(schema)' --encode=\(type) '\(schema)/ttrpc.proto' < '\(input)'",
    ])
    try #require(result.status == 0, "\(result.errors)")
    return result.output
  }

  @Test(
    .enabled(if: ExternalTool.isExpected("protoc")),
    arguments: [
      ("", "", [UInt8](), Duration?.none, [Metadata.Item]()),
      ("customers.v1.CustomerService", "GetCustomer", [10, 1, 97], .seconds(10), []),
      ("s", "m", [], .seconds(-1), [.init(name: "trace", value: "\u{e9}")]),
      (
        "pkg.Service", "Method", [UInt8](repeating: 0, count: 300), .nanoseconds(1),
        [.init(name: "a", value: ""), .init(name: "a", value: "2"), .init(name: "", value: "x")]
      ),
    ]
  )
  func requestIsWhatProtocMakes(
    _ service: String,
    _ method: String,
    _ payload: [UInt8],
    _ timeout: Duration?,
    _ metadata: [Metadata.Item]
  ) throws {
    var text = "service: \"\(service)\" method: \"\(method)\"\n"
    if !payload.isEmpty {
      text += "payload: \"" + payload.map { "\\x" + hex($0) }.joined() + "\"\n"
    }
    if let timeout {
      text += "timeout_nano: \(timeout < .zero ? -1 : Int64(timeout / .nanoseconds(1)))\n"
    }
    for item in metadata {
      text += "metadata { key: \"\(item.name)\" value: \"\(item.value)\" }\n"
    }
    let expected = try Self.encode(text, as: "ttrpc.Request")
    var client = ClientConnectionState()
    let id = try client.open(
      service: service,
      method: method,
      kind: .unary,
      request: payload,
      options: CallOptions(timeout: timeout, metadata: Metadata(metadata))
    )
    #expect(client.output.takeAll() == frame(id, 1, 0, expected))

    var server = ServerConnectionState()
    var offset = 0
    let bytes = frame(id, 1, 0, expected)
    guard case .requestReceived(let head)? = server.next(in: bytes.span, at: &offset) else {
      Issue.record("protoc's request is refused")
      return
    }
    #expect(String(decoding: bytes[head.service], as: UTF8.self) == service)
    #expect(String(decoding: bytes[head.method], as: UTF8.self) == method)
    #expect(Array(bytes[head.payload]) == payload)
    #expect(head.metadata.items == metadata)
    #expect(
      head.timeoutNanoseconds == timeout.map { $0 < .zero ? -1 : Int64($0 / .nanoseconds(1)) } ?? 0
    )
  }

  @Test(.enabled(if: ExternalTool.isExpected("protoc")))
  func errorIsWhatProtocMakes() throws {
    var error = RPCError(.aborted, "no \"way\"")
    var info = ErrorInfo()
    info.reason = "R"
    info.domain = "d"
    error.attach(info)
    let expected = try Self.encode(
      """
      status { code: 10 message: "no \\"way\\"" details {
        type_url: "type.googleapis.com/google.rpc.ErrorInfo" value: "\\n\\x01R\\x12\\x01d" } details {
        type_url: "type.googleapis.com/rpc.v1.CallFailure" value: "\\x08\\x02" } }
      """,
      as: "ttrpc.Response"
    )
    var server = TestServerState(.unary)
    _ = server.receive(frame(1, 1, 0))
    server.state.fail(1, error)
    #expect(server.state.output.takeAll() == frame(1, 2, 0, expected))
    var client = ClientConnectionState()
    _ = try client.open(service: "", method: "", kind: .unary, request: [], options: CallOptions())
    #expect(client.receive(frame(1, 2, 0, expected)) == [.failed(1, error)])
  }

  @Test(.enabled(if: ExternalTool.isExpected("protoc")))
  func payloadIsWhatProtocMakes() throws {
    let expected = try Self.encode("payload: \"abc\"", as: "ttrpc.Response")
    var server = TestServerState(.unary)
    _ = server.receive(frame(1, 1, 0))
    server.state.finish(1, with: Array("abc".utf8))
    #expect(server.state.output.takeAll() == frame(1, 2, 0, expected))
  }

  private func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }
}
