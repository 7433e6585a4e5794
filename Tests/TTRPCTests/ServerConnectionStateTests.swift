import TTRPC
import Testing

/// Frames are written by hand from ttrpc's PROTOCOL.md; what real peers were seen to do is named.
@Suite struct ServerConnectionStateTests {
  // MARK: Requests

  @Test func readsAUnaryRequestAndAnswersIt() {
    var server = TestServerState(.unary)
    let seen = server.receive(frame(1, 1, 0, request([7, 8])))
    #expect(seen == [.request(1, "s/m", [7, 8]), .message(1, [7, 8])])
    #expect(server.state.finish(1, with: [9]) == true)
    #expect(server.state.output.takeAll() == frame(1, 2, 0, [0x12, 1, 9]))
    #expect(server.state.openStreamCount == 0)
  }

  @Test func okAndEmptyIsAFrameWithoutData() {
    var server = TestServerState(.unary)
    _ = server.receive(frame(1, 1, 0, request()))
    server.state.finish(1, with: [])
    #expect(server.state.output.takeAll() == frame(1, 2, 0))
  }

  @Test func errorIsAResponseWithAStatus() {
    var server = TestServerState(.unary)
    _ = server.receive(frame(3, 1, 0, request()))
    server.state.fail(3, RPCError(.notFound, "no"))
    #expect(server.state.output.takeAll() == frame(3, 2, 0, status(5, "no", outcome: 2)))
  }

  /// An envelope without any field is one: protobuf has no required fields.
  @Test func emptyEnvelopeIsARequest() {
    var server = TestServerState(.unary)
    #expect(server.receive(frame(1, 1, 0)) == [.request(1, "/", []), .message(1, [])])
  }

  @Test func undecodableRequestIsRefusedAndTheConnectionLives() {
    var server = TestServerState(.unary)
    let seen = server.receive(frame(1, 1, 0, [10, 200]) + frame(3, 1, 0, request()))
    let text = "envelope is no ttrpc.Request: byte 1: message ends inside a number"
    #expect(seen.first == .refused(1, RPCError(.invalidArgument, text, outcome: .neverBegun)))
    #expect(seen.dropFirst().first == .request(3, "s/m", []))
    #expect(server.state.output.takeAll() == frame(1, 2, 0, status(3, text, outcome: 1)))
  }

  @Test func responsesAndUnknownTypesArePassedOver() {
    var server = TestServerState(.clientStreaming)
    _ = server.receive(frame(1, 1, 2, request()))
    for type: UInt8 in [0, 2, 4, 0x40, 0x4F, 0xFF] {
      #expect(server.receive(frame(1, type, 0, [1]) + frame(5, type, 0, [1])) == [])
    }
    #expect(server.state.output.isEmpty)
    #expect(server.state.openStreamIDs == [1])
  }

  // MARK: Streams

  /// ttrpc-go opens a client stream with 0x02, ttrpc-rust with 0x06.
  @Test(arguments: [UInt8(2), 6])
  func clientStreamOpensWithoutAMessage(_ flags: UInt8) {
    var server = TestServerState(.clientStreaming)
    #expect(server.receive(frame(1, 1, flags, request())) == [.request(1, "s/m", [])])
    #expect(server.receive(frame(1, 3, 0, [5])) == [.message(1, [5])])
    #expect(server.receive(frame(1, 3, 5)) == [.remoteClosed(1)])
  }

  @Test func payloadOfAClientStreamsRequestIsItsFirstMessage() {
    var server = TestServerState(.bidirectional)
    let seen = server.receive(frame(1, 1, 2, request([4])))
    #expect(seen == [.request(1, "s/m", [4]), .message(1, [4])])
  }

  /// With flags 0 the client takes the method for unary, with 0x01 it sends no more.
  @Test func requestThatIsNotOpenEndsTheClientsMessages() {
    var server = TestServerState(.clientStreaming)
    #expect(
      server.receive(frame(1, 1, 0, request())) == [
        .request(1, "s/m", []), .message(1, []), .remoteClosed(1),
      ]
    )
    #expect(
      server.receive(frame(3, 1, 1, request())) == [.request(3, "s/m", []), .remoteClosed(3)]
    )
  }

  /// The method decides, not the flags.
  @Test(arguments: [UInt8(0), 1, 2, 6])
  func serverStreamHasItsOneRequest(_ flags: UInt8) {
    var server = TestServerState(.serverStreaming)
    let seen = server.receive(frame(1, 1, flags, request([4])))
    #expect(seen == [.request(1, "s/m", [4]), .message(1, [4]), .remoteClosed(1)])
    #expect(server.receive(frame(1, 3, 0, [5]) + frame(1, 3, 5)) == [])
  }

  @Test func serverStreamEndsWithAnEmptyFrameOrAnError() throws {
    var server = TestServerState(.serverStreaming)
    _ = server.receive(frame(1, 1, 1, request()) + frame(3, 1, 1, request()))
    try server.state.send([1, 2], on: 1)
    try server.state.send([], on: 1)
    server.state.finish(1)
    server.state.fail(3, RPCError(.aborted, "x"))
    let expected =
      frame(1, 3, 0, [1, 2]) + frame(1, 3, 0) + frame(1, 3, 5)
      + frame(3, 2, 0, status(10, "x", outcome: 2))
    #expect(server.state.output.takeAll() == expected)
  }

  @Test func emptyDataWithoutNoDataIsAMessage() {
    var server = TestServerState(.clientStreaming)
    _ = server.receive(frame(1, 1, 2, request()))
    #expect(server.receive(frame(1, 3, 0)) == [.message(1, [])])
    #expect(server.receive(frame(1, 3, 4)) == [])
    #expect(server.receive(frame(1, 3, 1)) == [.message(1, []), .remoteClosed(1)])
  }

  @Test func lastMessageMayCarryTheEnd() {
    var server = TestServerState(.clientStreaming)
    _ = server.receive(frame(1, 1, 2, request()))
    #expect(server.receive(frame(1, 3, 1, [6])) == [.message(1, [6]), .remoteClosed(1)])
  }

  @Test func dataAfterTheEndFailsTheStream() {
    var server = TestServerState(.clientStreaming)
    _ = server.receive(frame(1, 1, 2, request()) + frame(1, 3, 5))
    let error = RPCError(
      .invalidArgument,
      "stream 1: data after the end of the client's messages",
      outcome: .perhapsDone
    )
    #expect(server.receive(frame(1, 3, 0, [1])) == [.streamFailed(1, error)])
    #expect(server.state.output.takeAll() == frame(1, 2, 0, status(3, error.message, outcome: 3)))
    #expect(server.state.finish(1, with: []) == false)
    #expect(server.state.output.isEmpty)
  }

  @Test func bytesInAFrameOfNoDataFailTheStream() {
    var server = TestServerState(.clientStreaming)
    _ = server.receive(frame(1, 1, 2, request()))
    let error = RPCError(
      .invalidArgument,
      "stream 1: 2 bytes in a frame of no data",
      outcome: .perhapsDone
    )
    #expect(server.receive(frame(1, 3, 5, [1, 1])) == [.streamFailed(1, error)])
  }

  /// A stray one crashes ttrpc-go 1.2 and later.
  @Test func dataOnAUnaryStreamIsPassedOver() {
    var server = TestServerState(.unary)
    _ = server.receive(frame(1, 1, 0, request()))
    #expect(server.receive(frame(1, 3, 0, [1]) + frame(1, 3, 5)) == [])
    #expect(server.state.openStreamIDs == [1])
  }

  @Test func lateDataOfAFinishedStreamIsPassedOver() {
    var server = TestServerState(.bidirectional)
    _ = server.receive(frame(1, 1, 2, request()))
    server.state.finish(1)
    _ = server.state.output.takeAll()
    #expect(server.receive(frame(1, 3, 0, [1]) + frame(1, 3, 5)) == [])
    #expect(server.state.output.isEmpty)
  }

  @Test func dataWithoutARequestIsRefused() {
    var server = TestServerState(.bidirectional)
    let error = RPCError(.invalidArgument, "stream 5: data without a request", outcome: .neverBegun)
    #expect(server.receive(frame(5, 3, 0, [1])) == [.refused(5, error)])
    #expect(server.state.output.takeAll() == frame(5, 2, 0, status(3, error.message, outcome: 1)))
  }

  // MARK: Ids

  @Test(arguments: [UInt32(0), 2, 0xFFFF_FFFE])
  func evenIDsAreRefused(_ id: UInt32) {
    var server = TestServerState(.unary)
    let error = RPCError(
      .invalidArgument,
      "stream \(id): id of a request is even",
      outcome: .neverBegun
    )
    #expect(server.receive(frame(id, 1, 0, request())) == [.refused(id, error)])
  }

  /// ttrpc-rust's asynchronous client sends them so.
  @Test func unusedIDsAreTakenInAnyOrder() {
    var server = TestServerState(.unary)
    for id: UInt32 in [5, 1, 9, 7, 3, 0xFFFF_FFFF, 11] {
      #expect(server.receive(frame(id, 1, 0, request())).first == .request(id, "s/m", []))
    }
  }

  @Test func usedIDIsRefused() {
    var server = TestServerState(.unary)
    _ = server.receive(frame(3, 1, 0, request()))
    server.state.finish(3, with: [])
    let error = RPCError(.invalidArgument, "stream 3: id was used before", outcome: .neverBegun)
    #expect(server.receive(frame(3, 1, 0, request())) == [.refused(3, error)])
  }

  @Test func idOfAnOpenStreamEndsTheConnection() {
    var server = TestServerState(.unary)
    let seen = server.receive(frame(3, 1, 0, request()) + frame(3, 1, 0, request()))
    #expect(seen.last == .connectionFailed(.streamReused(streamID: 3)))
    #expect(server.receive(frame(5, 1, 0, request())) == [])
  }

  @Test func idsAreForgottenInBoundedMemory() {
    var server = TestServerState(.unary)
    // Every second id left out: only the 64 last gaps are remembered, older ids count as used.
    for index: UInt32 in 0..<200 {
      let id = 3 + 4 * index
      #expect(server.receive(frame(id, 1, 0, request())).first == .request(id, "s/m", []))
      server.state.finish(id, with: [])
    }
    let newest = 1 + 4 * UInt32(199)
    let oldestKept = newest - 4 * 63
    #expect(server.receive(frame(oldestKept, 1, 0)).first == .request(oldestKept, "/", []))
    let error = RPCError(
      .invalidArgument,
      "stream \(oldestKept - 4): id was used before",
      outcome: .neverBegun
    )
    #expect(server.receive(frame(oldestKept - 4, 1, 0)) == [.refused(oldestKept - 4, error)])
  }

  // MARK: Limits

  @Test func frameAtTheLimitIsRead() {
    var server = TestServerState(.clientStreaming)
    _ = server.receive(frame(1, 1, 2, request()))
    let data = [UInt8](repeating: 1, count: 4 << 20)
    #expect(server.receive(frame(1, 3, 0, data)) == [.message(1, data)])
  }

  @Test func frameOverTheLimitIsReadAwayAndItsStreamFails() {
    var server = TestServerState(.clientStreaming)
    _ = server.receive(frame(1, 1, 2, request()))
    let data = [UInt8](repeating: 0xFF, count: (4 << 20) + 1)
    let text = "frame of 4194305 bytes is over the limit of 4194304"
    let failed = RPCError(.resourceExhausted, "stream 1: \(text)", outcome: .perhapsDone)
    #expect(server.receive(frame(1, 3, 0, data)) == [.streamFailed(1, failed)])
    let refused = RPCError(.resourceExhausted, "stream 3: \(text)", outcome: .neverBegun)
    #expect(server.receive(frame(3, 1, 0, data)) == [.refused(3, refused)])
    #expect(server.receive(frame(1, 3, 0, data)) == [])
    // In pieces, and followed by a frame that is right.
    var seen: [ServerSeen] = []
    let bytes = frame(5, 1, 0, data) + frame(7, 1, 2, request())
    for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
      seen += server.receive(Array(bytes[start..<min(start + 1 << 20, bytes.count)]))
    }
    #expect(seen.count == 2)
    #expect(seen.last == .request(7, "s/m", []))
    #expect(
      server.state.output.takeAll()
        == [1, 3, 5].flatMap { id in
          frame(id, 2, 0, status(8, "stream \(id): \(text)", outcome: id == 1 ? 3 : 1))
        }
    )
  }

  @Test func frameOfSixteenMebibytesIsNotTTRPC() {
    var server = TestServerState(.unary)
    let header: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 1, 1, 0]
    #expect(server.receive([0, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 1, 0]).count == 1)
    var other = TestServerState(.unary)
    #expect(other.receive(header) == [.connectionFailed(.unknownDialect(firstByte: 1))])
    var third = TestServerState(.unary)
    #expect(
      third.receive(frame(1, 2, 0) + header) == [
        .connectionFailed(.frameTooLong(streamID: 1, dataLength: 1 << 24))
      ]
    )
  }

  @Test func dialectIsChosenByTheFirstByteAlone() {
    var server = TestServerState(.unary)
    #expect(server.state.dialect == nil)
    #expect(server.receive([0]) == [])
    #expect(server.state.dialect == .ttrpc)
    var other = TestServerState(.unary)
    #expect(other.receive([0x50]) == [.connectionFailed(.unknownDialect(firstByte: 0x50))])
    #expect(other.state.dialect == .unknown)
  }

  @Test func streamsAreRefusedPastTheLimit() {
    var server = TestServerState(.unary, limits: ConnectionLimits(streamCountMax: 2))
    let seen = server.receive([1, 3, 5].flatMap { frame($0, 1, 0, request()) })
    let error = RPCError(
      .resourceExhausted,
      "2 calls are open on this connection, which is the limit",
      outcome: .neverBegun
    )
    #expect(seen.last == .refused(5, error))
    server.state.finish(1, with: [])
    #expect(server.receive(frame(7, 1, 0, request())).first == .request(7, "s/m", []))
  }

  @Test func waitingMessagesBlockInputPastTheLimit() {
    let limits = ConnectionLimits(queuedBytesMax: 2 * (100 + ConnectionLimits.messageOverhead))
    var server = TestServerState(.clientStreaming, limits: limits)
    let data = [UInt8](repeating: 1, count: 100)
    _ = server.receive(frame(1, 1, 2, request()) + frame(1, 3, 0, data) + frame(1, 3, 0, data))
    #expect(!server.state.isInputBlocked && server.state.blockingStreamIDs == [])
    _ = server.receive(frame(1, 3, 0))
    #expect(server.state.isInputBlocked && server.state.blockingStreamIDs == [1])
    server.state.dequeue(0, on: 1)
    #expect(!server.state.isInputBlocked)
    _ = server.receive(frame(1, 3, 0, data))
    #expect(server.state.isInputBlocked)
    server.state.fail(1, RPCError(.cancelled, ""))
    #expect(!server.state.isInputBlocked)
  }

  @Test func waitingMessagesOfAllStreamsBlockInputPastTheLimit() {
    let limits = ConnectionLimits(queuedBytesInAllMax: 300 + 3 * ConnectionLimits.messageOverhead)
    var server = TestServerState(.clientStreaming, limits: limits)
    let data = [UInt8](repeating: 1, count: 100)
    for id: UInt32 in [1, 3] {
      _ = server.receive(frame(id, 1, 2, request()) + frame(id, 3, 0, data))
    }
    _ = server.receive(frame(3, 3, 0, data))
    #expect(!server.state.isInputBlocked)
    _ = server.receive(frame(1, 3, 0))
    #expect(server.state.isInputBlocked && server.state.blockingStreamIDs == [3])
    server.state.dequeue(100, on: 1)
    #expect(!server.state.isInputBlocked)
    _ = server.receive(frame(1, 3, 0, data + [1]))
    #expect(server.state.isInputBlocked)
    server.state.fail(3, RPCError(.cancelled, ""))
    #expect(!server.state.isInputBlocked)
  }

  @Test func openUnaryRequestsBlockInputPastTheLimit() {
    var server = TestServerState(.unary, limits: ConnectionLimits(queuedBytesInAllMax: 100))
    _ = server.receive(frame(1, 1, 0, request([UInt8](repeating: 1, count: 99))))
    _ = server.receive(frame(3, 1, 0, request([1])))
    #expect(!server.state.isInputBlocked)
    _ = server.receive(frame(5, 1, 0, request([1])))
    #expect(server.state.isInputBlocked && server.state.blockingStreamIDs == [])
    server.state.finish(3, with: [])
    #expect(!server.state.isInputBlocked)
  }

  @Test func metadataIsReadAndLimited() throws {
    let limits = ConnectionLimits(metadataCountMax: 2, metadataBytesMax: 20)
    func item(_ key: String, _ value: String) -> [UInt8] {
      field(5, field(1, key) + field(2, value))
    }
    func answer(_ items: [UInt8]) -> ServerStreamEvent? {
      var state = ServerConnectionState(limits: limits)
      var offset = 0
      return state.next(in: frame(1, 1, 0, items).span, at: &offset)
    }
    // Names in lower case, twice the same; ten bytes each as encoded.
    guard case .requestReceived(let head) = answer(item("Trace", "1") + item("trace", "2")) else {
      Issue.record("metadata is refused")
      return
    }
    #expect(head.metadata.items.map(\.name) == ["trace", "trace"])
    #expect(head.metadata.items.map(\.value) == ["1", "2"])
    #expect(head.metadata["trace"] == "1")
    guard case .frameRefused(1, let count) = answer(item("a", "") + item("b", "") + item("c", ""))
    else {
      Issue.record("three items are taken")
      return
    }
    let countText = "3 items of metadata are over the limit of 2"
    #expect(count == RPCError(.resourceExhausted, countText, outcome: .neverBegun))
    guard case .frameRefused(1, let bytes) = answer(item("trace", "12") + item("trace", "2"))
    else {
      Issue.record("21 bytes are taken")
      return
    }
    let bytesText = "21 bytes of metadata are over the limit of 20"
    #expect(bytes == RPCError(.resourceExhausted, bytesText, outcome: .neverBegun))
  }

  @Test func responseOverTheLimitIsAnError() throws {
    var server = TestServerState(.unary)
    _ = server.receive(frame(1, 1, 0, request()) + frame(3, 1, 0, request()))
    server.state.finish(1, with: [UInt8](repeating: 1, count: (4 << 20) - 5))
    #expect(server.state.output.count == 10 + (4 << 20))
    _ = server.state.output.takeAll()
    server.state.finish(3, with: [UInt8](repeating: 1, count: (4 << 20) - 4))
    let text = "response of 4194300 bytes is over the limit of 4194299"
    #expect(server.state.output.takeAll() == frame(3, 2, 0, status(8, text, outcome: 3)))
  }

  @Test func messageOverTheLimitIsRefused() throws {
    var server = TestServerState(.serverStreaming)
    _ = server.receive(frame(1, 1, 1, request()))
    try server.state.send([UInt8](repeating: 1, count: 4 << 20), on: 1)
    let error = RPCError(
      .resourceExhausted,
      "response of 4194305 bytes is over the limit of 4194304",
      outcome: .perhapsDone
    )
    #expect(throws: error) {
      try server.state.send([UInt8](repeating: 1, count: (4 << 20) + 1), on: 1)
    }
    #expect(server.state.openStreamIDs == [1])
  }

  @Test func errorOverTheLimitIsShortened() {
    var server = TestServerState(.unary)
    _ = server.receive(frame(1, 1, 0, request()))
    server.state.fail(1, RPCError(.aborted, String(repeating: "e\u{301}", count: 3 << 20)))
    let bytes = server.state.output.takeAll()
    #expect(bytes.count < 2000 && bytes.count > 1000)
  }
}
