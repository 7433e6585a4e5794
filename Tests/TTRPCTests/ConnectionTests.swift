import ProtoWire
import TTRPC
import Testing

@Suite struct ConnectionTests {
  @Test func joins() throws {
    var client = ClientConnectionState()
    var server = ServerConnectionState()
    let id = try client.open(
      service: "a.B",
      method: "C",
      kind: .unary,
      request: [1, 2, 3],
      options: CallOptions(timeout: .seconds(1))
    )
    #expect(id == 1)
    let sent = client.output.withBytes { span in (0..<span.count).map { span[$0] } }
    client.output.removeFirst(sent.count)
    #expect(Array(sent[0..<10]) == [0, 0, 0, UInt8(sent.count - 10), 0, 0, 0, 1, 1, 0])
    var offset = 0
    guard case .requestReceived(let request)? = server.next(in: sent.span, at: &offset) else {
      Issue.record()
      return
    }
    #expect(Array(sent[request.payload]) == [1, 2, 3])
    #expect(String(decoding: sent[request.service], as: UTF8.self) == "a.B")
    #expect(request.timeoutNanoseconds == 1_000_000_000)
    server.answer(request, with: [9, 9])
    let reply = server.output.withBytes { span in (0..<span.count).map { span[$0] } }
    offset = 0
    guard case .responseReceived(1, let range)? = client.next(in: reply.span, at: &offset) else {
      Issue.record()
      return
    }
    #expect(Array(reply[range]) == [9, 9])
  }
}
