import DispatchSockets
import Locks
import TTRPC
import Testing

@testable import TTRPCServer

@Suite struct MemoryTests {
  /// The bytes that come of a frame of so many, as a request would begin.
  private func halfFrame(_ byteCount: Int, of size: Int = 4 << 20) -> [UInt8] {
    let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
    return length + [0, 0, 0, 1, 1, 0] + [UInt8](repeating: 10, count: byteCount)
  }

  @Test func answersThatNobodyReadsAreNotMade() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    for _ in 0..<30 { try await peer.open("Large") }
    try await Task.sleep(for: .milliseconds(300))
    // What the socket and the output hold, and what may be in the making beside them.
    #expect((1...11).contains(server.service.notes.total))
    for _ in 0..<30 {
      guard case .response(_, let payload) = try await peer.next() else {
        Issue.record("call without its answer")
        return
      }
      #expect(payload.count == 1 << 20)
    }
    #expect(server.service.notes.total == 30)
  }

  @Test func streamsThatNobodyReadsDoNotWorkAhead() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    for _ in 0..<30 { try await peer.open("LargeStream", .serverStreaming) }
    try await Task.sleep(for: .milliseconds(300))
    #expect((1...11).contains(server.service.notes.total))
    var ended = 0
    while ended < 30 {
      switch try await peer.next() {
      case .ended: ended += 1
      case .message(_, let bytes): #expect(bytes.count == 1 << 20)
      case let other:
        Issue.record("\(other)")
        return
      }
    }
    #expect(server.service.notes.total == 60)
  }

  /// A small answer passes those that are large and wait.
  @Test func largeAnswersOfOneConnectionAreMadeWithinItsLimit() async throws {
    let server = TestServer {
      $0.limits.workBytesPerConnectionMax = 2 << 20
      $0.limits.queuedOutputBytesMax = 64 << 20
    }
    let peer = try await server.connect()
    for _ in 0..<20 { try await peer.open("Large") }
    let small = try await peer.open("Echo", .unary, [1])
    var seen: [TestPeer.Seen] = []
    for _ in 0..<21 { seen.append(try await peer.next()) }
    #expect(seen.contains(.response(small, [1])))
  }

  @Test func usersMemoryIsBoundedOverAllConnections() async throws {
    let server = TestServer {
      $0.limits.memoryBytesPerUserMax = 8 << 20
      $0.limits.scarceMemoryTimeout = .seconds(60)
    }
    var peers: [TestPeer] = []
    for _ in 0..<10 {
      let peer = try await server.connect()
      for _ in 0..<4 { try await peer.open("Large") }
      peers.append(peer)
    }
    try await Task.sleep(for: .milliseconds(300))
    // Each socket holds some of an answer, which counts until it is written.
    #expect((4...20).contains(server.service.notes.total))
    // Who needs little is served meanwhile.
    let other = try await server.connect()
    let id = try await other.open("Echo", .unary, [1])
    #expect(try await other.next() == .response(id, [1]))
    // All are read, for what one leaves lying the others wait for.
    var answered = 0
    for _ in 0..<2000 where answered < 40 {
      for peer in peers {
        if case .response = try await peer.next(within: .milliseconds(2)) { answered += 1 }
      }
    }
    #expect(answered == 40)
    #expect(server.service.notes.total == 40)
  }

  @Test func memoryThatIsGivenBackIsCounted() async throws {
    let server = TestServer()
    for _ in 0..<3 {
      let peer = try await server.connect()
      let slow = try await peer.open("Slow", .clientStreaming)
      for _ in 0..<2 { _ = try peer.state.send([UInt8](repeating: 1, count: 90_000), on: slow) }
      try await peer.open("Wait")
      for _ in 0..<8 { try await peer.open("Large") }
      try await server.eventually { server.service.notes.texts.contains("begin") }
      for _ in 0..<4 { _ = try await peer.next() }
      #expect(await server.server.memoryBytes > 0)
      peer.socket.shutDown()
    }
    for _ in 0..<500 where await server.server.memoryBytes > 0 {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(await server.server.memoryBytes == 0)
    #expect(await server.server.openCallCount == 0)
  }

  @Test func halfFrameIsGivenUp() async throws {
    let server = TestServer { $0.limits.frameTimeout = .milliseconds(100) }
    let peer = try await server.connect()
    try await peer.write(halfFrame(100_000))
    #expect(try await peer.next() == .endOfStream)
    try await server.eventually {
      server.events.texts.contains {
        $0.contains("no more came of a frame after 100010 bytes")
      }
    }
  }

  /// Its parts come in time, the whole doesn't.
  @Test func trickledFrameIsGivenUp() async throws {
    let server = TestServer { $0.limits.frameTimeout = .milliseconds(200) }
    let peer = try await server.connect()
    try await peer.write(halfFrame(10))
    var isOpen = true
    for _ in 0..<100 where isOpen {
      try await Task.sleep(for: .milliseconds(20))
      do {
        try await peer.write([10])
        isOpen = try await peer.next(within: .milliseconds(1)) == .nothing
      } catch {
        isOpen = false
      }
    }
    #expect(!isOpen)
  }

  @Test func clientThatDoesNotReadIsClosed() async throws {
    let server = TestServer { $0.limits.unreadTimeout = .milliseconds(200) }
    let peer = try await server.connect()
    try await peer.open("Flood", .serverStreaming)
    try await server.eventually {
      server.events.texts.contains { $0.contains("it didn't read its answers") }
    }
    #expect(await server.server.connectionCount == 0)
  }

  @Test func clientThatReadsSlowlyIsNotClosed() async throws {
    let server = TestServer { $0.limits.unreadTimeout = .milliseconds(400) }
    let peer = try await server.connect()
    let id = try await peer.open("Flood", .serverStreaming)
    for index in 0..<1000 {
      let expected = [UInt8](repeating: UInt8(index & 0xFF), count: 10_000)
      #expect(try await peer.next() == .message(id, expected))
      if index % 100 == 0 { try await Task.sleep(for: .milliseconds(100)) }
    }
    #expect(try await peer.next() == .ended(id))
  }

  /// Where memory is scarce, who holds it without using it makes room.
  @Test func slowOnesGiveWayToThoseWhoNeedTheirMemory() async throws {
    let server = TestServer {
      $0.limits.memoryBytesPerUserMax = 2 << 20
      $0.limits.scarceMemoryTimeout = .milliseconds(200)
    }
    let first = try await server.connect()
    try await first.write(halfFrame(1 << 20))
    let second = try await server.connect()
    try await second.write(halfFrame(1 << 20))
    let third = try await server.connect()
    let id = try await third.open("Large")
    guard case .response(id, let payload) = try await third.next() else {
      Issue.record("no answer: \(server.events.texts)")
      return
    }
    #expect(payload.count == 1 << 20)
    #expect(server.events.texts.contains { $0.contains("no more came of a frame") })
  }

  @Test func largeRequestsAreDecodedOffTheLoop() async throws {
    let server = TestServer()
    TestService.currentLoop.withLock { $0 = server.loop }
    let peer = try await server.connect()
    for (size, isOnLoop) in [(0, true), (4 << 10, true), ((4 << 10) + 1, false), (1 << 20, false)] {
      let id = try await peer.open("WhereNow", .unary, [UInt8](repeating: 1, count: size))
      #expect(try await peer.next() == .response(id, [isOnLoop ? 1 : 0]), "\(size)")
    }
  }

  // MARK: Calls

  @Test func watchThatWaitsIsNoCallAtWork() async throws {
    let server = TestServer {
      $0.limits.callCountPerConnectionMax = 2
      $0.limits.callCountMax = 2
    }
    let peer = try await server.connect()
    for count in 1...10 {
      try await peer.open("Watch", .serverStreaming)
      try await server.eventually { server.service.notes.texts.count == count }
    }
    let id = try await peer.open("Echo", .unary, [1])
    #expect(try await peer.next() == .response(id, [1]))
  }

  @Test func openCallsAreRefusedPastTheirLimits() async throws {
    let server = TestServer {
      $0.limits.openCallCountPerConnectionMax = 3
      $0.limits.openCallCountPerUserMax = 5
    }
    let first = try await server.connect()
    for _ in 0..<3 { try await first.open("Watch", .serverStreaming) }
    let fourth = try await first.open("Watch", .serverStreaming)
    var text = "3 calls are open on this connection, which is the limit"
    #expect(try await first.next() == .failed(fourth, RPCError(passing: text)))
    let second = try await server.connect()
    for _ in 0..<2 { try await second.open("Watch", .serverStreaming) }
    let sixth = try await second.open("Watch", .serverStreaming)
    text = "5 calls are open for this user, which is the limit"
    #expect(try await second.next() == .failed(sixth, RPCError(passing: text)))
  }

  @Test func callsAreRefusedPastTheUsersLimit() async throws {
    let server = TestServer { $0.limits.callCountPerUserMax = 3 }
    let first = try await server.connect()
    let second = try await server.connect()
    for _ in 0..<2 { try await first.open("Wait") }
    try await second.open("Wait")
    try await server.eventually { server.service.notes.texts.count == 3 }
    let refused = try await second.open("Wait")
    let text = "3 calls are at work for this user, which is the limit"
    #expect(try await second.next() == .failed(refused, RPCError(passing: text)))
    first.socket.shutDown()
    try await server.eventually { server.service.notes.texts.contains("cancelled") }
    let accepted = try await second.open("Echo")
    #expect(try await second.next() == .response(accepted, []))
  }

  @Test func roomIsKeptForWhatIsNeeded() async throws {
    let server = TestServer {
      $0.limits.callCountPerConnectionMax = 2
      $0.limits.keptCallCountMax = 1
    }
    let peer = try await server.connect()
    for _ in 0..<2 { try await peer.open("Wait") }
    let refused = try await peer.open("Echo")
    guard case .failed(refused, let error) = try await peer.next() else {
      Issue.record("call was taken")
      return
    }
    #expect(error.code == .resourceExhausted)
    let needed = try await peer.open("Needed", .unary, [3])
    let tooMany = try await peer.open("Needed")
    let text = "3 calls are at work for this connection, which is the limit"
    #expect(try await peer.next() == .failed(tooMany, RPCError(passing: text)))
    #expect(try await peer.next() == .response(needed, [3]))
  }

  /// The time counts from the last message that was taken, not from the first that waited.
  @Test func slowHandlerIsNotBlamedWhileItGoesOn() async throws {
    let server = TestServer {
      $0.limits.connection.queuedBytesMax = 3_000
      $0.limits.blockedStreamTimeout = .milliseconds(300)
    }
    let peer = try await server.connect()
    let id = try await peer.open("Slow", .clientStreaming)
    for _ in 0..<20 { _ = try peer.state.send([UInt8](repeating: 1, count: 1_000), on: id) }
    peer.state.closeSending(on: id)
    try await peer.flush()
    #expect(try await peer.next() == .response(id, [20]))
  }

  // MARK: Refused connections

  @Test func refusedConnectionIsToldSo() async throws {
    let server = TestServer { $0.limits.connectionCountPerUserMax = 1 }
    let first = try await server.connect()
    let id = try await first.open("EchoNow")
    #expect(try await first.next() == .response(id, []))
    let second = try await server.connect()
    let refused = try await second.open("Echo")
    let text = "1 connections of this user are open, which is the limit"
    let error = RPCError(passing: text, retryAfter: .seconds(1))
    #expect(try await second.next() == .failed(refused, error))
    #expect(try await second.next() == .endOfStream)
    #expect(server.service.notes.texts.isEmpty)
  }

  @Test func refusedConnectionThatSaysNothingIsClosedSoon() async throws {
    let server = TestServer {
      $0.limits.connectionCountMax = 0
      $0.limits.refusedConnectionTimeout = .milliseconds(50)
    }
    let peer = try await server.connect()
    #expect(try await peer.next(within: .seconds(5)) == .endOfStream)
  }

  @Test func tooManyRefusedConnectionsAreClosedAtOnce() async throws {
    let server = TestServer {
      $0.limits.connectionCountMax = 0
      $0.limits.refusedConnectionCountMax = 2
      $0.limits.refusedConnectionTimeout = .seconds(60)
    }
    let first = try await server.connect()
    let second = try await server.connect()
    let third = try await server.connect()
    #expect(try await third.next() == .endOfStream)
    for peer in [first, second] {
      let id = try await peer.open("Echo")
      guard case .failed(id, _) = try await peer.next() else {
        Issue.record("connection was closed without a word")
        return
      }
    }
  }

  // MARK: The end

  @Test func whatIsBeingDoneIsAnsweredAfterTheGrace() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let committing = try await peer.open("Commit", .unary, [20])
    let waiting = try await peer.open("Wait")
    let queued = try await peer.open("Queued")
    try await server.eventually { server.service.notes.texts.count == 3 }
    await server.server.drain(grace: .milliseconds(20))
    let text = "server stopped while the call was at work: it may have been carried out"
    let stopped = RPCError(.unavailable, text, outcome: .perhapsDone)
    let undone = RPCError(.unavailable, "server is stopping", outcome: .undone)
    var failures = [try await peer.next(), try await peer.next()]
    if failures.first == .failed(queued, undone) { failures.reverse() }
    #expect(failures == [.failed(waiting, stopped), .failed(queued, undone)])
    #expect(try await peer.next() == .response(committing, Array("done".utf8)))
    #expect(try await peer.next() == .endOfStream)
  }

  @Test func whatIsStillAtWorkThenIsPerhapsDone() async throws {
    let server = TestServer { $0.limits.lastAnswersTimeout = .milliseconds(50) }
    let peer = try await server.connect()
    let id = try await peer.open("Commit", .unary, [100])
    try await server.eventually { server.service.notes.texts.count == 1 }
    await server.server.drain(grace: .milliseconds(20))
    let text = "server stopped while the call was at work: it may have been carried out"
    let error = RPCError(.unavailable, text, outcome: .perhapsDone)
    #expect(try await peer.next() == .failed(id, error))
    #expect(try await peer.next() == .endOfStream)
  }
}
