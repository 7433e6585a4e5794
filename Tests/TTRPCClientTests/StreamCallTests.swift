import DispatchSockets
import Foundation
import TTRPC
import TTRPCClient
import Testing
import WellKnownTypes

@Suite(.timeLimit(.minutes(1))) struct StreamCallTests {
  private let host = ScriptedHost()

  /// DESIGN of ttrpc's streams: data frames, and 0x05 without data as the end.
  @Test func responsesArriveInOrderUntilTheEnd() async throws {
    let channel = host.channel()
    let stream = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
    let server = try await host.next()
    let frame = try await server.receive()
    #expect(frame.flags == 0x01)
    #expect(frame.payload == mask("x"))
    try await server.send(
      Frame(streamID: 1, type: 3, data: mask("one")),
      Frame(streamID: 1, type: 3),
      Frame(streamID: 1, type: 3, data: mask("two")),
      Frame(streamID: 1, type: 3, flags: 0x05)
    )
    var received: [FieldMask] = []
    for try await message in stream { received.append(message) }
    #expect(received == [FieldMask("one"), FieldMask(), FieldMask("two")])
  }

  @Test func errorComesAfterTheMessagesBeforeIt() async throws {
    let channel = host.channel()
    let stream = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
    let server = try await host.next()
    try await server.send(
      Frame(streamID: 1, type: 3, data: mask("one")),
      .failure(1, code: 11, "token is too old")
    )
    #expect(try await stream.next() == FieldMask("one"))
    let failure = await error { () async throws(RPCError) in _ = try await stream.next() }
    #expect(failure == RPCError(.outOfRange, "token is too old", outcome: .perhapsDone))
  }

  @Test func uploadIsAnsweredOnce() async throws {
    let channel = host.channel()
    let call = try await channel.requestStream(Method.upload, CallOptions())
    try await call.send(FieldMask("a"))
    try await call.send(FieldMask("b"))
    let response = Task { try await call.response() }
    let server = try await host.next()
    #expect(try await server.receive().flags == 0x06)
    #expect(try await server.receive() == Frame(streamID: 1, type: 3, data: mask("a")))
    #expect(try await server.receive() == Frame(streamID: 1, type: 3, data: mask("b")))
    #expect(try await server.receive() == Frame(streamID: 1, type: 3, flags: 0x05))
    try await server.send(.response(1, mask("done")))
    #expect(try await response.value == FieldMask("done"))
  }

  @Test func bothDirectionsRunSideBySide() async throws {
    let channel = host.channel()
    let call = try await channel.requestStream(Method.both, CallOptions())
    let server = try await host.next()
    _ = try await server.receive()
    for index in 0..<50 {
      try await call.send(FieldMask("\(index)"))
      let frame = try await server.receive()
      try await server.send(Frame(streamID: 1, type: 3, data: frame.data))
      #expect(try await call.responses.next() == FieldMask("\(index)"))
    }
    try await call.closeSending()
    try await server.send(Frame(streamID: 1, type: 3, flags: 0x05))
    #expect(try await call.responses.next() == nil)
  }

  @Test func sendingAfterTheEndIsAnErrorAndNoTrap() async throws {
    let channel = host.channel()
    let call = try await channel.requestStream(Method.both, CallOptions())
    try await call.closeSending()
    try await call.closeSending()
    let closed = await error { () async throws(RPCError) in try await call.send(FieldMask("x")) }
    #expect(closed?.code == .failedPrecondition)
    let server = try await host.next()
    try await server.send(.failure(1, code: 7, "not you"))
    let refused = await error { () async throws(RPCError) in _ = try await call.responses.next() }
    #expect(refused == RPCError(.permissionDenied, "not you", outcome: .perhapsDone))
    let late = await error { () async throws(RPCError) in try await call.send(FieldMask("x")) }
    #expect(late == RPCError(.permissionDenied, "not you", outcome: .perhapsDone))
  }

  // MARK: Ends that reach the server

  @Test func connectionOfAStreamEndsWithIt() async throws {
    let channel = host.channel()
    let stream = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
    let server = try await host.next()
    try await server.send(Frame(streamID: 1, type: 3, flags: 0x05))
    #expect(try await stream.next() == nil)
    #expect(try await server.waitForEnd())
  }

  @Test func cancellingReachesTheServer() async throws {
    let channel = host.channel()
    let stream = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
    let server = try await host.next()
    stream.cancel()
    #expect(try await server.waitForEnd())
    let failure = await error { () async throws(RPCError) in _ = try await stream.next() }
    #expect(failure?.code == .cancelled)
  }

  @Test func cancelledTaskReachesTheServer() async throws {
    let channel = host.channel()
    let task = Task {
      await error { () async throws(RPCError) in
        let stream = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
        _ = try await stream.next()
      }
    }
    let server = try await host.next()
    _ = try await server.receive()
    task.cancel()
    #expect(await task.value?.code == .cancelled)
    #expect(try await server.waitForEnd())
  }

  @Test func leavingTheLoopReachesTheServer() async throws {
    let channel = host.channel()
    let server = try await readOne(channel)
    #expect(try await server.waitForEnd())
  }

  private func readOne(_ channel: ClientChannel) async throws -> ScriptedServer {
    let stream = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
    let server = try await host.next()
    try await server.send(Frame(streamID: 1, type: 3, data: mask("one")))
    for try await message in stream {
      #expect(message == FieldMask("one"))
      break
    }
    return server
  }

  @Test func deadlineEndsAStream() async throws {
    let channel = host.channel()
    let options = CallOptions(timeout: .milliseconds(40))
    let stream = try await channel.serverStream(Method.download, FieldMask("x"), options)
    let server = try await host.next()
    let failure = await error { () async throws(RPCError) in _ = try await stream.next() }
    #expect(failure?.code == .deadlineExceeded)
    #expect(try await server.waitForEnd())
  }

  @Test func lostConnectionEndsAStream() async throws {
    let channel = host.channel()
    let stream = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
    let server = try await host.next()
    _ = try await server.receive()
    server.socket.shutDown()
    let failure = await error { () async throws(RPCError) in _ = try await stream.next() }
    #expect(failure?.code == .unavailable)
  }

  // MARK: Flow

  @Test func serverWaitsForASlowReader() async throws {
    var limits = ClientLimits()
    limits.inputBytesMax = 100_000
    let channel = host.channel(limits)
    let stream = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
    let server = try await host.next()
    let path = String(repeating: "y", count: 9_990)
    let bytes = Frame(streamID: 1, type: 3, data: mask(path)).bytes
    let total = 20_000_000
    var sent = 0
    var isStuck = false
    while sent < total, !isStuck {
      isStuck = true
      for _ in 0..<50 {
        let part = bytes[(sent % bytes.count)...]
        if case .bytes(let count) = try server.socket.write(Array(part).span) {
          sent += count
          isStuck = false
          break
        }
        try await Task.sleep(for: .milliseconds(2))
      }
    }
    #expect(isStuck)
    // A queue, one read and the kernel's buffer, not the whole.
    #expect(sent < 3_000_000)
    let whole = (sent + bytes.count - 1) / bytes.count
    let writer = Task {
      let rest = bytes[(bytes.count - (whole * bytes.count - sent))...]
      var left = Array(rest) + Frame(streamID: 1, type: 3, flags: 0x05).bytes
      while !left.isEmpty {
        if case .bytes(let count) = try server.socket.write(left.span) {
          left.removeFirst(count)
        } else {
          try await Task.sleep(for: .milliseconds(1))
        }
      }
    }
    var count = 0
    for try await message in stream {
      #expect(message.paths.first?.utf8.count == 9_990)
      count += 1
    }
    #expect(count == whole)
    try await writer.value
  }

  @Test func slowReaderHoldsUpNobodyElse() async throws {
    var limits = ClientLimits()
    limits.inputBytesMax = 1000
    let channel = host.channel(limits)
    let stream = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
    let first = try await host.next()
    let frame = Frame(streamID: 1, type: 3, data: mask(String(repeating: "y", count: 5000)))
    try await first.send(frame, frame, frame)
    let call = Task { try await channel.unary(Method.unary, FieldMask("a"), CallOptions()) }
    let second = try await host.next()
    _ = try await second.receive()
    try await second.send(.response(1, [1]))
    #expect(try await call.value == [1])
    try await first.send(Frame(streamID: 1, type: 3, flags: 0x05))
    var count = 0
    for try await _ in stream { count += 1 }
    #expect(count == 3)
  }

  @Test func senderWaitsForASlowServer() async throws {
    var limits = ClientLimits()
    limits.outputBytesMax = 50_000
    let channel = host.channel(limits)
    let call = try await channel.requestStream(Method.upload, CallOptions())
    let server = try await host.next()
    let sent = Collected<Int>()
    let path = String(repeating: "y", count: 20_000)
    let sender = Task {
      for index in 0..<200 {
        try await call.send(FieldMask(path))
        sent.add(index)
      }
      return try await call.response()
    }
    try await Task.sleep(for: .milliseconds(100))
    #expect(sent.all.count < 100)
    #expect(try await server.receive().flags == 0x06)
    for _ in 0..<200 { #expect(try await server.receive().data.count == 20_004) }
    #expect(try await server.receive().flags == 0x05)
    try await server.send(.response(1, mask("done")))
    #expect(try await sender.value == FieldMask("done"))
  }

  @Test func cancelledSenderStopsWaiting() async throws {
    var limits = ClientLimits()
    limits.outputBytesMax = 50_000
    let channel = host.channel(limits)
    let call = try await channel.requestStream(Method.upload, CallOptions())
    let server = try await host.next()
    let path = String(repeating: "y", count: 20_000)
    let sender = Task {
      await error { () async throws(RPCError) in
        while true { try await call.send(FieldMask(path)) }
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    sender.cancel()
    #expect(await sender.value?.code == .cancelled)
    #expect(try await server.waitForEnd())
  }
}
