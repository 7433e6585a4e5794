import TTRPC
import Testing

/// Frames are written by hand from ttrpc's PROTOCOL.md; what real peers were seen to do is named.
@Suite struct ClientConnectionStateTests {
  private func open(
    _ state: inout ClientConnectionState,
    _ kind: MethodKind,
    _ payload: [UInt8] = [],
    timeout: Duration? = nil
  ) throws -> UInt32 {
    try state.open(
      service: "s",
      method: "m",
      kind: kind,
      request: kind.clientStreams ? nil : payload,
      options: CallOptions(timeout: timeout)
    )
  }

  // MARK: Calls out

  @Test func idsAreOddAndAscend() throws {
    var client = ClientConnectionState()
    for id: UInt32 in [1, 3, 5, 7] { #expect(try open(&client, .unary) == id) }
  }

  @Test func requestsCarryTheFlagsOfTheirKind() throws {
    var client = ClientConnectionState()
    for kind: MethodKind in [.unary, .serverStreaming, .clientStreaming, .bidirectional] {
      _ = try open(&client, kind, [7])
    }
    let expected =
      frame(1, 1, 0, request([7])) + frame(3, 1, 1, request([7])) + frame(5, 1, 6, request())
      + frame(7, 1, 6, request())
    #expect(client.output.takeAll() == expected)
  }

  @Test func sendingEndsWithAnEmptyFrame() throws {
    var client = ClientConnectionState()
    let id = try open(&client, .clientStreaming)
    _ = client.output.takeAll()
    #expect(try client.send([1, 2], on: id) == true)
    #expect(try client.send([], on: id) == true)
    #expect(client.closeSending(on: id) == true)
    #expect(client.closeSending(on: id) == false)
    #expect(client.output.takeAll() == frame(1, 3, 0, [1, 2]) + frame(1, 3, 0) + frame(1, 3, 5))
  }

  /// Expected numbers: protobuf's varint of an `int64` of nanoseconds.
  @Test(arguments: [
    (Duration?.none, [UInt8]()),
    (.seconds(1), [0x20, 0x80, 0x94, 0xEB, 0xDC, 0x03]),
    (.nanoseconds(1), [0x20, 1]),
    (.zero, [0x20, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
    (.seconds(-5), [0x20, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
    (Duration(secondsComponent: 0, attosecondsComponent: 1), [0x20, 1]),
    (.seconds(1 << 40), [0x20, 255, 255, 255, 255, 255, 255, 255, 255, 127]),
  ])
  func timeoutIsSentInNanoseconds(_ timeout: Duration?, _ bytes: [UInt8]) throws {
    var client = ClientConnectionState()
    _ = try open(&client, .unary, timeout: timeout)
    #expect(client.output.takeAll() == frame(1, 1, 0, request() + bytes))
  }

  @Test func requestOverTheLimitIsNotSent() throws {
    var client = ClientConnectionState()
    // Service and method take six bytes, the payload's tag and length five.
    _ = try open(&client, .unary, [UInt8](repeating: 1, count: (4 << 20) - 11))
    #expect(client.output.takeAll().count == 10 + (4 << 20))
    let error = RPCError(
      .resourceExhausted,
      "request of 4194305 bytes is over the limit of 4194304",
      outcome: .neverBegun
    )
    #expect(throws: error) {
      try open(&client, .unary, [UInt8](repeating: 1, count: (4 << 20) - 10))
    }
    #expect(client.output.isEmpty)
    #expect(try open(&client, .unary) == 3)
  }

  @Test func callsAreRefusedPastTheLimit() throws {
    var client = ClientConnectionState(limits: ConnectionLimits(streamCountMax: 1))
    _ = try open(&client, .unary)
    #expect(throws: RPCError.self) { try open(&client, .unary) }
    _ = client.receive(frame(1, 2, 0))
    #expect(try open(&client, .unary) == 3)
  }

  @Test func metadataIsRefusedPastTheLimit() throws {
    var client = ClientConnectionState(limits: ConnectionLimits(metadataCountMax: 1))
    let items = [Metadata.Item(name: "a", value: "b"), Metadata.Item(name: "c", value: "")]
    let text = "2 items of metadata are over the limit of 1"
    let error = RPCError(.resourceExhausted, text, outcome: .neverBegun)
    #expect(throws: error) {
      try client.open(
        service: "s",
        method: "m",
        kind: .unary,
        request: [],
        options: CallOptions(metadata: Metadata(items))
      )
    }
  }

  /// ttrpc has no word for giving up: a server is only told that nothing more comes.
  @Test func cancelledCallIsForgotten() throws {
    var client = ClientConnectionState()
    let unary = try open(&client, .unary)
    let stream = try open(&client, .bidirectional)
    _ = client.output.takeAll()
    #expect(client.cancel(unary) == true)
    #expect(client.output.isEmpty)
    #expect(client.cancel(stream) == true)
    #expect(client.output.takeAll() == frame(3, 3, 5))
    #expect(client.cancel(stream) == false)
    #expect(client.receive(frame(1, 2, 0) + frame(3, 3, 0, [1]) + frame(3, 3, 5)) == [])
    #expect(client.openStreamCount == 0)
  }

  // MARK: Answers in

  @Test func responseEndsACallWithOneResponse() throws {
    var client = ClientConnectionState()
    _ = try open(&client, .unary)
    _ = try open(&client, .clientStreaming)
    #expect(client.receive(frame(1, 2, 0)) == [.response(1, [])])
    #expect(client.receive(frame(3, 2, 0, field(2, [8]))) == [.response(3, [8])])
    #expect(client.openStreamCount == 0)
  }

  /// ttrpc-go sends a status with code 0.
  @Test func statusOfCodeZeroIsNoError() throws {
    var client = ClientConnectionState()
    _ = try open(&client, .unary)
    #expect(client.receive(frame(1, 2, 0, field(1, []) + field(2, [8]))) == [.response(1, [8])])
  }

  @Test func statusIsAnError() throws {
    var client = ClientConnectionState()
    for kind: MethodKind in [.unary, .serverStreaming, .clientStreaming, .bidirectional] {
      let id = try open(&client, kind)
      let seen = client.receive(frame(id, 2, 0, status(9, "no")))
      #expect(seen == [.failed(id, RPCError(.failedPrecondition, "no", outcome: .perhapsDone))])
    }
    let id = try open(&client, .unary)
    let unknown = RPCError(.unknown, "x", outcome: .perhapsDone)
    #expect(client.receive(frame(id, 2, 0, status(99, "x"))) == [.failed(id, unknown)])
  }

  @Test func serverStreamEndsWithAnEmptyFrame() throws {
    var client = ClientConnectionState()
    let id = try open(&client, .serverStreaming)
    let seen = client.receive(frame(id, 3, 0, [1]) + frame(id, 3, 0) + frame(id, 3, 5))
    #expect(seen == [.message(id, [1]), .message(id, []), .ended(id)])
  }

  @Test func lastMessageMayCarryTheEnd() throws {
    var client = ClientConnectionState()
    let id = try open(&client, .bidirectional)
    #expect(client.receive(frame(id, 3, 1, [1])) == [.message(id, [1]), .ended(id)])
  }

  @Test func responseMayEndAServerStream() throws {
    var client = ClientConnectionState()
    let empty = try open(&client, .serverStreaming)
    #expect(client.receive(frame(empty, 2, 0)) == [.ended(empty)])
    let full = try open(&client, .serverStreaming)
    #expect(
      client.receive(frame(full, 2, 0, field(2, [6]))) == [.message(full, [6]), .ended(full)]
    )
  }

  @Test func undecodableResponseFailsItsCall() throws {
    var client = ClientConnectionState()
    _ = try open(&client, .unary)
    let text = "envelope is no ttrpc.Response: byte 1: length reaches past the end of the message"
    #expect(
      client.receive(frame(1, 2, 0, [10, 9])) == [
        .failed(1, RPCError(.internal, text, outcome: .perhapsDone))
      ]
    )
  }

  @Test func dataOfAMethodWithOneResponseFailsTheCall() throws {
    var client = ClientConnectionState()
    _ = try open(&client, .unary)
    let text = "stream 1: data of a method with one response"
    #expect(
      client.receive(frame(1, 3, 0, [1])) == [
        .failed(1, RPCError(.internal, text, outcome: .perhapsDone))
      ]
    )
  }

  @Test func unexpectedTypeFailsAnOpenCallOnly() throws {
    var client = ClientConnectionState()
    _ = try open(&client, .unary)
    #expect(client.receive(frame(3, 0x40, 0) + frame(0, 0x41, 0, [1])) == [])
    let text = "stream 1: frame type 64 is unexpected"
    #expect(
      client.receive(frame(1, 0x40, 0)) == [
        .failed(1, RPCError(.internal, text, outcome: .perhapsDone))
      ]
    )
  }

  @Test func framesOfUnknownStreamsArePassedOver() {
    var client = ClientConnectionState()
    #expect(client.receive(frame(1, 2, 0) + frame(2, 3, 0, [1]) + frame(9, 1, 0)) == [])
  }

  @Test func frameOverTheLimitFailsItsCall() throws {
    var client = ClientConnectionState()
    _ = try open(&client, .unary)
    _ = try open(&client, .unary)
    let data = [UInt8](repeating: 0xFF, count: (4 << 20) + 1)
    let text = "stream 1: frame of 4194305 bytes is over the limit of 4194304"
    let seen = client.receive(frame(1, 2, 0, data) + frame(3, 2, 0))
    let error = RPCError(.resourceExhausted, text, outcome: .perhapsDone)
    #expect(seen == [.failed(1, error), .response(3, [])])
  }

  @Test func otherBytesEndTheConnection() throws {
    var client = ClientConnectionState()
    _ = try open(&client, .unary)
    let seen = client.receive(Array("SSH-2.0".utf8))
    #expect(seen == [.connectionFailed(.unknownDialect(firstByte: 83))])
    let error = RPCError(.unavailable, "connection opens no more calls", outcome: .neverBegun)
    #expect(throws: error) {
      try open(&client, .unary)
    }
  }

  @Test func waitingMessagesBlockInputPastTheLimit() throws {
    let limits = ConnectionLimits(queuedBytesMax: 10 + ConnectionLimits.messageOverhead)
    var client = ClientConnectionState(limits: limits)
    let id = try open(&client, .serverStreaming)
    _ = client.receive(frame(id, 3, 0, [UInt8](repeating: 1, count: 10)))
    #expect(!client.isInputBlocked)
    _ = client.receive(frame(id, 3, 0))
    #expect(client.isInputBlocked && client.blockingStreamIDs == [id])
    client.dequeue(10, on: id)
    #expect(!client.isInputBlocked)
  }
}
