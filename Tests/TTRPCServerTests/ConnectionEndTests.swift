import DispatchSockets
import TTRPC
import TTRPCServer
import TestSupport
import Testing

@Suite struct ConnectionEndTests {
  @Test func servesASocketInAFolder() async throws {
    let folder = try TemporaryFolder()
    let server = TestServer()
    let listener = try Listener(path: folder.file("s"), on: server.loop)
    await server.server.listen(listener)
    for _ in 0..<3 {
      let peer = TestPeer(try Socket.connect(path: folder.file("s")))
      let id = try await peer.open("EchoNow", .unary, [5])
      #expect(try await peer.next() == .response(id, [5]))
    }
    await server.server.drain(grace: .seconds(5))
    #expect(throws: SocketError.self) { try Socket.connect(path: folder.file("s")) }
    #expect(server.events.texts.first?.contains("listening") == true)
    #expect(server.events.texts.last == "drained")
  }

  @Test func peerThatVanishesCancelsItsCalls() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    try await peer.open("Wait")
    try await peer.open("Chat", .bidirectional)
    try await server.eventually { server.service.notes.texts == ["begin"] }
    peer.socket.shutDown()
    try await server.eventually { server.service.notes.texts.count == 3 }
    #expect(server.service.notes.texts.contains("cancelled"))
    #expect(server.service.notes.texts.contains("chat ended: CANCELLED: connection is closed"))
    #expect(await server.server.connectionCount == 0)
    #expect(server.events.texts.contains { $0.hasSuffix("openCallCount: 2)") })
  }

  @Test func peerMayVanishInsideAFrame() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    try await peer.write([0, 0, 0, 9, 0, 0, 0, 1, 1, 0, 10, 3])
    try await server.eventually { server.events.texts.count == 1 }
    try await Task.sleep(for: .milliseconds(20))
    peer.socket.shutDown()
    try await server.eventually {
      server.events.texts.contains { $0.contains("closed by the peer, 12 bytes into a frame") }
    }
  }

  @Test func peerThatDoesNotReadMayVanish() async throws {
    let server = TestServer { $0.limits.queuedOutputBytesMax = 50_000 }
    let peer = try await server.connect()
    try await peer.open("Flood", .serverStreaming)
    try await server.eventually { server.service.notes.total > 5 }
    try await Task.sleep(for: .milliseconds(50))
    peer.socket.shutDown()
    try await server.eventually { server.service.notes.texts.count == 1 }
    #expect(server.service.notes.texts[0].hasPrefix("flood ended: CANCELLED"))
  }

  @Test func otherProtocolsAreClosedAndReported() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    try await peer.write(Array("GET / HTTP/1.1\r\n\r\n".utf8))
    #expect(try await peer.next() == .endOfStream)
    #expect(server.events.texts.contains { $0.contains("first byte is 71, ") })
  }

  @Test func answersGoOutBeforeABrokenConnectionIsClosed() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try peer.state.open(
      service: "test.v1.Test",
      method: "EchoNow",
      kind: .unary,
      request: [1],
      options: CallOptions()
    )
    var bytes = peer.state.output.withBytes { [UInt8](copied: $0) }
    bytes += [1, 0, 0, 0, 0, 0, 0, 3, 1, 0]
    try await peer.write(bytes)
    #expect(try await peer.next() == .response(id, [1]))
    #expect(try await peer.next() == .endOfStream)
  }

  @Test func strayDataOnAUnaryCallHarmsNothing() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("EchoLater", .unary, [1])
    try await peer.write([0, 0, 0, 1, 0, 0, 0, 1, 3, 0, 7] + [0, 0, 0, 0, 0, 0, 0, 1, 3, 5])
    #expect(try await peer.next() == .response(id, [1]))
    let next = try await peer.open("EchoNow", .unary, [2])
    #expect(try await peer.next() == .response(next, [2]))
  }

  @Test func randomBytesHarmNothing() async throws {
    var random = SeededGenerator.announced()
    let server = TestServer()
    let witness = try await server.connect()
    for _ in 0..<200 {
      let peer = try await server.connect()
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        // Headers that are nearly right, so that more than the first byte is looked at.
        let length = UInt8.random(in: 0...40, using: &random)
        bytes += [0, 0, 0, length, 0, 0, 0, .random(in: 0...9, using: &random)]
        bytes += [.random(in: 0...5, using: &random), .random(in: 0...7, using: &random)]
        for _ in 0..<length { bytes.append(.random(in: 0...255, using: &random)) }
      }
      try await peer.write(bytes)
      peer.socket.shutDownWriting()
      var next = try await peer.next()
      while next != .endOfStream && next != .nothing { next = try await peer.next() }
      #expect(next == .endOfStream)
    }
    let id = try await witness.open("EchoNow", .unary, [1])
    #expect(try await witness.next() == .response(id, [1]))
  }

  // MARK: Draining

  @Test func drainClosesIdleConnectionsAtOnce() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    try await peer.open("EchoNow")
    _ = try await peer.next()
    await server.server.drain(grace: .seconds(60))
    #expect(try await peer.next() == .endOfStream)
    #expect(server.events.texts.suffix(1) == ["drained"])
    let late = try await server.connect()
    #expect(try await late.next() == .endOfStream)
  }

  @Test func drainLetsOpenCallsEndAndTakesNoNewOnes() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let chat = try await peer.open("Chat", .bidirectional)
    _ = try peer.state.send([1], on: chat)
    try await peer.flush()
    #expect(try await peer.next() == .message(chat, [1]))
    let drain = Task { [server = server.server] in await server.drain(grace: .seconds(60)) }
    try await server.eventually { server.events.texts.contains { $0.contains("draining") } }
    let refused = try await peer.open("EchoNow")
    let error = RPCError(.unavailable, "server is stopping", outcome: .neverBegun)
    #expect(try await peer.next() == .failed(refused, error))
    _ = try peer.state.send([2], on: chat)
    peer.state.closeSending(on: chat)
    try await peer.flush()
    #expect(try await peer.next() == .message(chat, [2]))
    #expect(try await peer.next() == .ended(chat))
    #expect(try await peer.next() == .endOfStream)
    await drain.value
  }

  @Test func drainFailsWhatIsOpenAfterTheGrace() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("Wait")
    try await server.eventually { server.service.notes.texts == ["begin"] }
    await server.server.drain(grace: .milliseconds(30))
    let text = "server stopped while the call was at work: it may have been carried out"
    let error = RPCError(.unavailable, text, outcome: .perhapsDone)
    #expect(try await peer.next() == .failed(id, error))
    #expect(try await peer.next() == .endOfStream)
    try await server.eventually { server.service.notes.texts == ["begin", "cancelled"] }
  }
}
