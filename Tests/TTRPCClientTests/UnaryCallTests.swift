import DispatchSockets
import Foundation
import TTRPC
import TTRPCClient
import Testing
import WellKnownTypes

@Suite(.timeLimit(.minutes(1))) struct UnaryCallTests {
  private let host = ScriptedHost()

  /// Worked out by hand: header, then service (field 1), method (2), payload (3), timeout (4).
  @Test func requestIsTheProtocolsBytes() async throws {
    let channel = host.channel()
    let call = Task {
      try await channel.unary(Method.unary, FieldMask("a"), CallOptions(timeout: .seconds(1)))
    }
    let server = try await host.next()
    let frame = try await server.receive()
    let timeout: [UInt8] = [0x20, 0x80, 0x94, 0xeb, 0xdc, 0x03]
    let envelope: [UInt8] =
      [0x0a, 3] + Array("s.S".utf8) + [0x12, 3] + Array("Get".utf8) + [0x1a, 3, 0x0a, 1, 0x61]
    #expect(frame == Frame(streamID: 1, type: 1, flags: 0, data: envelope + timeout))
    try await server.send(.response(1, mask("b")))
    #expect(try await call.value == mask("b"))
  }

  @Test func errorsComeWithCodeAndText() async throws {
    let channel = host.channel()
    async let failure = error { () async throws(RPCError) in
      _ = try await channel.unary(Method.unary, FieldMask("a"), CallOptions())
    }
    let server = try await host.next()
    _ = try await server.receive()
    try await server.send(.failure(1, code: 5, "no such thing"))
    #expect(await failure == RPCError(.notFound, "no such thing", outcome: .perhapsDone))
  }

  @Test func answersMayComeInAnyOrder() async throws {
    let channel = host.channel()
    let calls = (0..<20).map { index in
      Task {
        try await channel.unary(Method.unary, FieldMask("q\(index)"), CallOptions())
      }
    }
    let server = try await host.next()
    var frames: [Frame] = []
    for _ in calls { frames.append(try await server.receive()) }
    #expect(frames.map(\.streamID) == Array(stride(from: 1, to: 40, by: 2)))
    for frame in frames.shuffled() {
      try await server.send(.response(frame.streamID, frame.payload))
    }
    for (index, call) in calls.enumerated() {
      #expect(try await call.value == mask("q\(index)"))
    }
    #expect(host.connectionCount == 1)
  }

  @Test func answerMayComeInPieces() async throws {
    let channel = host.channel()
    let call = Task { try await channel.unary(Method.unary, FieldMask("a"), CallOptions()) }
    let server = try await host.next()
    _ = try await server.receive()
    for byte in Frame.response(1, mask("piecemeal")).bytes {
      _ = try server.socket.write([byte].span)
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(try await call.value == mask("piecemeal"))
  }

  @Test func largestAnswerArrives() async throws {
    let channel = host.channel()
    let call = Task { try await channel.unary(Method.unary, FieldMask("a"), CallOptions()) }
    let server = try await host.next()
    _ = try await server.receive()
    let payload = [UInt8](repeating: 120, count: (4 << 20) - 5)
    try await server.send(.response(1, payload))
    #expect(try await call.value.count == payload.count)
    let next = Task { try await channel.unary(Method.unary, FieldMask("b"), CallOptions()) }
    _ = try await server.receive()
    try await server.send(.response(3, [1]))
    #expect(try await next.value == [1])
  }

  @Test func oversizedAnswerFailsItsCallOnly() async throws {
    let channel = host.channel()
    let call = Task {
      await error { () async throws(RPCError) in
        _ = try await channel.unary(Method.unary, FieldMask("a"), CallOptions())
      }
    }
    let server = try await host.next()
    _ = try await server.receive()
    let data = [UInt8](repeating: 0, count: (4 << 20) + 1)
    try await server.send(Frame(streamID: 1, type: 2, data: data))
    #expect(await call.value?.code == .resourceExhausted)
    let next = Task { try await channel.unary(Method.unary, FieldMask("b"), CallOptions()) }
    _ = try await server.receive()
    try await server.send(.response(3, [1]))
    #expect(try await next.value == [1])
  }

  @Test func requestOverTheLimitIsRefusedWithoutHarm() async throws {
    let channel = host.channel()
    let big = FieldMask(String(repeating: "x", count: 4 << 20))
    let failure = await error { () async throws(RPCError) in
      _ = try await channel.unary(Method.unary, big, CallOptions())
    }
    #expect(failure?.code == .resourceExhausted)
    let next = Task { try await channel.unary(Method.unary, FieldMask("b"), CallOptions()) }
    let server = try await host.next()
    #expect(try await server.receive().streamID == 1)
    try await server.send(.response(1, [1]))
    #expect(try await next.value == [1])
  }

  // MARK: Time and cancellation

  @Test func deadlineEndsACallThatNobodyAnswers() async throws {
    let channel = host.channel()
    let start = ContinuousClock.now
    let failure = await error { () async throws(RPCError) in
      let options = CallOptions(timeout: .milliseconds(50))
      _ = try await channel.unary(Method.unary, FieldMask("a"), options)
    }
    #expect(failure?.code == .deadlineExceeded)
    #expect(failure?.message == "no answer within 0.05 seconds")
    #expect(ContinuousClock.now - start >= .milliseconds(50))
  }

  @Test func deadlinesEndInTheirOrder() async throws {
    let channel = host.channel()
    let order = Collected<Int>()
    await withTaskGroup { group in
      for milliseconds in [120, 40, 80] {
        group.addTask {
          let options = CallOptions(timeout: .milliseconds(milliseconds))
          let failure = await error { () async throws(RPCError) in
            _ = try await channel.unary(Method.unary, FieldMask("a"), options)
          }
          if failure?.code == .deadlineExceeded { order.add(milliseconds) }
        }
      }
    }
    #expect(order.all == [40, 80, 120])
  }

  @Test func lateAnswerIsPassedOver() async throws {
    let channel = host.channel()
    let failure = await error { () async throws(RPCError) in
      let options = CallOptions(timeout: .milliseconds(10))
      _ = try await channel.unary(Method.unary, FieldMask("a"), options)
    }
    #expect(failure?.code == .deadlineExceeded)
    let server = try await host.next()
    _ = try await server.receive()
    try await server.send(.response(1, mask("late")))
    let call = Task { try await channel.unary(Method.unary, FieldMask("b"), CallOptions()) }
    #expect(try await server.receive().streamID == 3)
    try await server.send(.response(3, mask("in time")))
    #expect(try await call.value == mask("in time"))
    #expect(host.connectionCount == 1)
  }

  @Test func cancelledTaskGetsItsErrorAtOnce() async throws {
    let channel = host.channel()
    let call = Task {
      await error { () async throws(RPCError) in
        _ = try await channel.unary(Method.unary, FieldMask("a"), CallOptions())
      }
    }
    let server = try await host.next()
    _ = try await server.receive()
    call.cancel()
    #expect(await call.value == RPCError(.cancelled, "call was cancelled", outcome: .perhapsDone))
  }

  @Test func taskThatIsCancelledBeforeSendsNothing() async throws {
    let channel = host.channel()
    let call = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await error { () async throws(RPCError) in
        _ = try await channel.unary(Method.unary, FieldMask("a"), CallOptions())
      }
    }
    #expect(await call.value?.code == .cancelled)
    let server = try await host.next()
    #expect(try server.poll() == nil)
  }

  // MARK: Limits

  @Test func callsOverTheLimitWaitForTheirTurn() async throws {
    var limits = ClientLimits()
    limits.callCountMax = 4
    let channel = host.channel(limits)
    let calls = (0..<10).map { index in
      Task { try await channel.unary(Method.unary, FieldMask("\(index)"), CallOptions()) }
    }
    let server = try await host.next()
    var open: [Frame] = []
    for _ in 0..<4 { open.append(try await server.receive()) }
    try await Task.sleep(for: .milliseconds(30))
    #expect(try server.poll() == nil)
    for _ in 0..<6 {
      let first = open.removeFirst()
      try await server.send(.response(first.streamID, first.payload))
      open.append(try await server.receive())
      #expect(try server.poll() == nil)
    }
    for frame in open { try await server.send(.response(frame.streamID, frame.payload)) }
    for (index, call) in calls.enumerated() { #expect(try await call.value == mask("\(index)")) }
  }

  @Test func waitingForATurnEndsWithDeadlineAndCancellation() async throws {
    var limits = ClientLimits()
    limits.callCountMax = 1
    let channel = host.channel(limits)
    let first = Task { try await channel.unary(Method.unary, FieldMask("a"), CallOptions()) }
    let server = try await host.next()
    _ = try await server.receive()
    let failure = await error { () async throws(RPCError) in
      let options = CallOptions(timeout: .milliseconds(30))
      _ = try await channel.unary(Method.unary, FieldMask("b"), options)
    }
    #expect(failure?.code == .deadlineExceeded)
    let cancelled = Task {
      await error { () async throws(RPCError) in
        _ = try await channel.unary(Method.unary, FieldMask("c"), CallOptions())
      }
    }
    try await Task.sleep(for: .milliseconds(20))
    cancelled.cancel()
    #expect(await cancelled.value?.code == .cancelled)
    let third = Task { try await channel.unary(Method.unary, FieldMask("d"), CallOptions()) }
    try await server.send(.response(1, [1]))
    #expect(try await first.value == [1])
    let frame = try await server.receive()
    #expect(frame.payload == mask("d"))
    try await server.send(.response(frame.streamID, [2]))
    #expect(try await third.value == [2])
  }

  @Test func callersWaitWhileTheServerDoesNotRead() async throws {
    var limits = ClientLimits()
    limits.outputBytesMax = 100_000
    let channel = host.channel(limits)
    let big = String(repeating: "x", count: 200_000)
    let calls = (0..<12).map { _ in
      Task { try await channel.unary(Method.unary, FieldMask(big), CallOptions()) }
    }
    let server = try await host.next()
    try await Task.sleep(for: .milliseconds(50))
    for _ in calls {
      let frame = try await server.receive()
      #expect(frame.payload.count == 200_004)
      try await server.send(.response(frame.streamID, [7]))
    }
    for call in calls { #expect(try await call.value == [7]) }
  }
}
