import DispatchSockets
import TTRPC
import TTRPCServer
import Testing

@Suite struct LimitTests {
  // MARK: Time

  @Test func passedTimeIsNotWorkedFor() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let text = "the time that the caller gave has passed"
    for method in ["EchoNow", "Echo", "Wait"] {
      let id = try await peer.open(method, timeout: .seconds(-1))
      #expect(
        try await peer.next()
          == .failed(id, RPCError(.deadlineExceeded, text, outcome: .neverBegun))
      )
    }
    #expect(server.service.notes.texts.isEmpty)
  }

  @Test func callEndsAtItsDeadlineAndItsHandlerIsCancelled() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let late = try await peer.open("Wait", timeout: .seconds(50))
    let id = try await peer.open("Wait", timeout: .milliseconds(50))
    let begin = ContinuousClock.now
    let text = "the time that the caller gave has passed"
    #expect(
      try await peer.next() == .failed(id, RPCError(.deadlineExceeded, text, outcome: .perhapsDone))
    )
    #expect((.milliseconds(40)...(.seconds(5))).contains(ContinuousClock.now - begin))
    try await server.eventually { server.service.notes.texts == ["begin", "begin", "cancelled"] }
    #expect(peer.state.openStreamIDs == [late])
  }

  @Test func streamEndsAtItsDeadline() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("Chat", .bidirectional, timeout: .milliseconds(30))
    guard case .failed(id, let error) = try await peer.next() else {
      Issue.record("stream went on")
      return
    }
    #expect(error.code == .deadlineExceeded)
    try await server.eventually { server.service.notes.texts.count == 1 }
    #expect(server.service.notes.texts[0].contains("DEADLINE_EXCEEDED"))
  }

  @Test func unaryCallEndsAtTheServersOwnLimit() async throws {
    let server = TestServer { $0.limits.unaryTimeoutMax = .milliseconds(30) }
    let peer = try await server.connect()
    let id = try await peer.open("Wait")
    guard case .failed(id, let error) = try await peer.next() else {
      Issue.record("call went on")
      return
    }
    #expect(error.code == .deadlineExceeded)
  }

  @Test func silentConnectionIsClosed() async throws {
    let server = TestServer { $0.limits.firstByteTimeout = .milliseconds(30) }
    let peer = try await server.connect()
    #expect(try await peer.next() == .endOfStream)
    try await server.eventually {
      server.events.texts.contains { $0.contains("no byte came in time") }
    }
  }

  @Test func idleConnectionIsClosedButNotABusyOne() async throws {
    let server = TestServer { $0.limits.idleTimeout = .milliseconds(60) }
    let idle = try await server.connect()
    let busy = try await server.connect()
    try await busy.open("Wait")
    try await idle.open("EchoNow")
    _ = try await idle.next()
    #expect(try await idle.next() == .endOfStream)
    #expect(try await busy.next(within: .milliseconds(200)) == .nothing)
    #expect(server.events.texts.filter { $0.contains("nothing happened for too long") }.count == 1)
  }

  // MARK: Numbers

  @Test func connectionsAreRefusedPastTheLimit() async throws {
    let server = TestServer { $0.limits.connectionCountMax = 2 }
    let first = try await server.connect()
    let second = try await server.connect()
    let third = try await server.connect()
    #expect(try await third.next() == .endOfStream)
    #expect(
      server.events.texts.contains { $0.contains("2 connections are open, which is the limit") }
    )
    for peer in [first, second] {
      let id = try await peer.open("EchoNow")
      #expect(try await peer.next() == .response(id, []))
    }
    second.socket.shutDown()
    try await server.eventually { server.events.texts.contains { $0.contains("Closed") } }
    let fourth = try await server.connect()
    let id = try await fourth.open("EchoNow")
    #expect(try await fourth.next() == .response(id, []))
  }

  @Test func connectionsOfAUserAreRefusedPastTheLimit() async throws {
    let server = TestServer { $0.limits.connectionCountPerUserMax = 1 }
    let first = try await server.connect()
    let second = try await server.connect()
    #expect(try await second.next() == .endOfStream)
    #expect(
      server.events.texts.contains {
        $0.contains("1 connections of this user are open, which is the limit")
      }
    )
    let id = try await first.open("EchoNow")
    #expect(try await first.next() == .response(id, []))
  }

  @Test func callsAreRefusedPastTheConnectionsLimit() async throws {
    let server = TestServer { $0.limits.callCountPerConnectionMax = 3 }
    let peer = try await server.connect()
    for _ in 0..<3 { try await peer.open("Wait", timeout: .seconds(2)) }
    let refused = try await peer.open("Wait")
    let text = "3 calls are at work for this connection, which is the limit"
    #expect(try await peer.next() == .failed(refused, RPCError(passing: text)))
    let immediate = try await peer.open("EchoNow")
    #expect(try await peer.next() == .response(immediate, []))
    for _ in 0..<3 { _ = try await peer.next() }
    try await server.eventually {
      server.service.notes.texts.filter { $0 == "cancelled" }.count == 3
    }
    let accepted = try await peer.open("Echo")
    #expect(try await peer.next() == .response(accepted, []))
  }

  @Test func callsAreRefusedPastTheServersLimit() async throws {
    let server = TestServer { $0.limits.callCountMax = 2 }
    let first = try await server.connect()
    let second = try await server.connect()
    try await first.open("Wait")
    try await second.open("Wait")
    try await server.eventually { server.service.notes.texts.count == 2 }
    let refused = try await second.open("Wait")
    let text = "2 calls are at work on this server, which is the limit"
    #expect(try await second.next() == .failed(refused, RPCError(passing: text)))
    first.socket.shutDown()
    try await server.eventually { server.service.notes.texts.contains("cancelled") }
    let accepted = try await second.open("Echo")
    #expect(try await second.next() == .response(accepted, []))
  }

  @Test func metadataIsRefusedPastTheLimit() async throws {
    let server = TestServer { $0.limits.connection.metadataCountMax = 2 }
    let peer = try await server.connect()
    let items = ["a", "b", "c"].map { Metadata.Item(name: $0, value: "") }
    let accepted = try await peer.open("EchoNow", metadata: Metadata(Array(items[..<2])))
    #expect(try await peer.next() == .response(accepted, []))
    let refused = try await peer.open("EchoNow", metadata: Metadata(items))
    let text = "3 items of metadata are over the limit of 2"
    #expect(
      try await peer.next()
        == .failed(refused, RPCError(.resourceExhausted, text, outcome: .neverBegun))
    )
  }

  // MARK: Memory

  @Test func handlerWaitsForAPeerThatReadsSlowly() async throws {
    let server = TestServer { $0.limits.queuedOutputBytesMax = 100_000 }
    let peer = try await server.connect()
    let id = try await peer.open("Flood", .serverStreaming, [0])
    try await Task.sleep(for: .milliseconds(200))
    // What fits into the socket, the queue, and one message more.
    let sent = server.service.notes.total
    #expect((10..<100).contains(sent))
    for index in 0..<1000 {
      let expected = [UInt8](repeating: UInt8(index & 0xFF), count: 10_000)
      #expect(try await peer.next() == .message(id, expected))
    }
    #expect(try await peer.next() == .ended(id))
  }

  @Test func connectionIsNotReadWhileItsAnswersWait() async throws {
    let server = TestServer { $0.limits.queuedOutputBytesMax = 100_000 }
    let peer = try await server.connect()
    let payload = [UInt8](repeating: 1, count: 50_000)
    var ids: [UInt32] = []
    for _ in 0..<200 {
      ids.append(
        try peer.state.open(
          service: "test.v1.Test",
          method: "EchoNow",
          kind: .unary,
          request: payload,
          options: CallOptions()
        )
      )
    }
    let requests = peer.state.output.withBytes { [UInt8](copied: $0) }
    // Written by another task, which has to wait until this one reads.
    let socket = peer.socket
    let writer = Task {
      let other = TestPeer(socket)
      try await other.write(requests)
    }
    try await Task.sleep(for: .milliseconds(100))
    for id in ids { #expect(try await peer.next() == .response(id, payload)) }
    try await writer.value
  }

  @Test func deafHandlerFailsItsStreamOnly() async throws {
    let server = TestServer {
      $0.limits.connection.queuedBytesMax = 10_000
      $0.limits.blockedStreamTimeout = .milliseconds(100)
    }
    let peer = try await server.connect()
    let deaf = try await peer.open("Deaf", .clientStreaming)
    let message = [UInt8](repeating: 1, count: 4_000)
    for _ in 0..<3 { _ = try peer.state.send(message, on: deaf) }
    try await peer.flush()
    let other = try await peer.open("EchoNow")
    let text =
      "stream 1: its messages wait for their handler, and hold up the connection at 10000 bytes, "
      + "or 4194304 in all streams"
    #expect(
      try await peer.next()
        == .failed(deaf, RPCError(.resourceExhausted, text, outcome: .perhapsDone))
    )
    #expect(try await peer.next() == .response(other, []))
    try await server.eventually { server.service.notes.texts == ["deaf cancelled"] }
  }

  /// Requests that handlers still work on count, but are nobody's fault.
  @Test func openRequestsHoldUpTheConnectionUntilTheyAreDone() async throws {
    let server = TestServer {
      $0.limits.connection.queuedBytesInAllMax = 10_000
      $0.limits.blockedStreamTimeout = .milliseconds(50)
    }
    let peer = try await server.connect()
    let request = [UInt8](repeating: 1, count: 6_000)
    for _ in 0..<2 { try await peer.open("Wait", .unary, request, timeout: .milliseconds(200)) }
    let other = try await peer.open("EchoNow")
    let text = "the time that the caller gave has passed"
    let error = RPCError(.deadlineExceeded, text, outcome: .perhapsDone)
    #expect(try await peer.next() == .failed(1, error))
    var rest = [try await peer.next(), try await peer.next()]
    rest.removeAll { $0 == .failed(3, error) }
    #expect(rest == [.response(other, [])])
  }

  @Test func queuedMessagesUpToTheLimitHoldNothingUp() async throws {
    let server = TestServer { $0.limits.connection.queuedBytesMax = 2 * (4_000 + 64) }
    let peer = try await server.connect()
    let deaf = try await peer.open("Deaf", .clientStreaming)
    for _ in 0..<2 { _ = try peer.state.send([UInt8](repeating: 1, count: 4_000), on: deaf) }
    try await peer.flush()
    let other = try await peer.open("EchoNow")
    #expect(try await peer.next() == .response(other, []))
  }
}
