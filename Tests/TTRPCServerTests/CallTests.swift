import DispatchSockets
import TTRPC
import TTRPCServer
import Testing

@Suite struct CallTests {
  @Test(arguments: ["EchoNow", "Echo", "EchoLater"])
  func unaryCallIsAnswered(_ method: String) async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open(method, .unary, [1, 2, 3])
    #expect(try await peer.next() == .response(id, [1, 2, 3]))
    let empty = try await peer.open(method)
    #expect(try await peer.next() == .response(empty, []))
  }

  @Test func serverStreamIsSentAndEnded() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("Count", .serverStreaming, [3, 0])
    for index: UInt8 in 0..<3 { #expect(try await peer.next() == .message(id, [index])) }
    #expect(try await peer.next() == .ended(id))
  }

  @Test func clientStreamIsReadToItsEnd() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("Sum", .clientStreaming)
    for count in 1...10 {
      _ = try peer.state.send([UInt8](repeating: 7, count: count), on: id)
      try await peer.flush()
    }
    peer.state.closeSending(on: id)
    try await peer.flush()
    #expect(try await peer.next() == .response(id, Array("55".utf8)))
  }

  @Test func bothSidesStreamInTurns() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("Chat", .bidirectional)
    for number: UInt8 in 0..<20 {
      _ = try peer.state.send([number], on: id)
      try await peer.flush()
      #expect(try await peer.next() == .message(id, [number]))
    }
    peer.state.closeSending(on: id)
    try await peer.flush()
    #expect(try await peer.next() == .ended(id))
    #expect(server.service.notes.texts == ["chat over"])
  }

  @Test func manyCallsShareAConnection() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    var expected: [UInt32: [UInt8]] = [:]
    for number in 0..<200 {
      let method = ["EchoNow", "Echo", "EchoLater"][number % 3]
      let payload = Array("call \(number)".utf8)
      expected[try await peer.open(method, .unary, payload)] = payload
    }
    for _ in 0..<200 {
      guard case .response(let id, let payload) = try await peer.next() else {
        Issue.record("call without a response")
        return
      }
      #expect(expected.removeValue(forKey: id) == payload)
    }
    #expect(expected.isEmpty)
  }

  @Test func handlersErrorIsTheCallers() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("RefuseNow")
    #expect(try await peer.next() == .failed(id, RPCError(.notFound, "no such")))
    let stream = try await peer.open("CountThenFail", .serverStreaming)
    #expect(try await peer.next() == .message(stream, [1]))
    #expect(try await peer.next() == .failed(stream, RPCError(.aborted, "no further")))
  }

  @Test func otherErrorsStayInside() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("Break")
    #expect(
      try await peer.next()
        == .failed(id, RPCError(.internal, "internal error", outcome: .perhapsDone))
    )
    #expect(server.events.texts.contains { $0.contains("Secret") })
  }

  @Test(arguments: [
    ("HideNow", MethodKind.unary, "out of something"), ("Hide", .unary, "out of something"),
    ("HideInStream", .serverStreaming, "out of something"), ("FailNow", .unary, "lost"),
    ("Fail", .unary, "who knows"), ("FailInStream", .bidirectional, "failed"),
  ])
  func theLogSaysWhatCallersAreNotTold(
    _ method: String,
    _ kind: MethodKind,
    _ cause: String
  ) async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open(method, kind)
    guard case .failed(id, let error) = try await peer.next() else {
      Issue.record("the call didn't fail")
      return
    }
    #expect(error.cause == nil)
    let reports = server.events.texts.filter { $0.contains("handlerFailed") }
    #expect(reports.count == 1)
    #expect(reports[0].contains("method: \"test.v1.Test/\(method)\", error: \"\(cause)\""))
  }

  @Test func theLogSaysWhyAPartFailed() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("FailInPart", .serverStreaming)
    #expect(try await peer.next() == .message(id, [1]))
    #expect(server.events.texts.contains { $0.contains("a part of it") })
  }

  @Test func whatIsTheCallersAloneIsNoLine() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    for method in ["RefuseNow", "Shout"] {
      try await peer.open(method)
      _ = try await peer.next()
    }
    #expect(!server.events.texts.contains { $0.contains("handlerFailed") })
  }

  @Test func missingResponseIsInternal() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let id = try await peer.open("Forget", .clientStreaming)
    peer.state.closeSending(on: id)
    try await peer.flush()
    #expect(
      try await peer.next()
        == .failed(id, RPCError(.internal, "internal error", outcome: .perhapsDone))
    )
  }

  @Test func unknownNamesAreUnimplemented() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let first = try await peer.open("Echo", service: "test.v2.Test")
    let text = "service 'test.v2.Test' is not served here"
    #expect(
      try await peer.next() == .failed(first, RPCError(.unimplemented, text, outcome: .neverBegun))
    )
    let second = try await peer.open("Shout")
    let other = "service 'test.v1.Test' has no method 'Shout'"
    #expect(
      try await peer.next()
        == .failed(second, RPCError(.unimplemented, other, outcome: .neverBegun))
    )
  }

  @Test func handlersKnowTheirCaller() async throws {
    let server = TestServer()
    let peer = try await server.connect()
    let metadata = Metadata([Metadata.Item(name: "trace-id", value: "7")])
    let id = try await peer.open("WhoNow", metadata: metadata)
    let own = try peer.socket.credentials()
    let text = "\(own.userID) \(own.processID) \(metadata.items)"
    #expect(try await peer.next() == .response(id, Array(text.utf8)))
  }

  @Test func endOfEveryCallIsReportedWhenAsked() async throws {
    let server = TestServer { $0.reportsCalls = true }
    let peer = try await server.connect()
    for method in ["EchoNow", "RefuseNow", "Echo", "Break"] {
      try await peer.open(method)
      _ = try await peer.next()
    }
    let ends = server.events.texts.filter { $0.contains("callEnded") }
    #expect(ends.count == 4)
    #expect(ends[0].contains("test.v1.Test/EchoNow") && ends[0].contains(".ok"))
    #expect(ends[1].contains("test.v1.Test/RefuseNow") && ends[1].contains(".notFound"))
    #expect(ends[3].contains("test.v1.Test/Break") && ends[3].contains(".internal"))
  }

  @Test func hooksStandAroundEachRead() async throws {
    let notes = Notes()
    let server = TestServer {
      $0.batch = BatchHooks(willBegin: { notes.add("begin") }, didEnd: { notes.add("end") })
    }
    let peer = try await server.connect()
    try await peer.open("EchoNow")
    _ = try await peer.next()
    try await peer.open("EchoNow")
    _ = try await peer.next()
    #expect(notes.texts == ["begin", "end", "begin", "end"])
  }

  /// A handler that doesn't wait is over before the read that brought its request is.
  @Test func handlersBeginOnTheLoop() async throws {
    let notes = Notes()
    let service = TestService()
    let server = TestServer(service) {
      $0.batch = BatchHooks(willBegin: {}, didEnd: { notes.add("\(service.notes.texts)") })
    }
    let peer = try await server.connect()
    try await peer.open("Echo")
    _ = try await peer.next()
    #expect(notes.texts.first == "[\"echo\"]")
  }
}
