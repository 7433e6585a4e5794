import DispatchSockets
import Foundation
import ProtoWire
import TTRPC
import TTRPCClient
import Testing
import WellKnownTypes

@Suite(.timeLimit(.minutes(1))) struct ReconnectTests {
  private let host = ScriptedHost()
  private let repeatable = CallOptions(timeout: .seconds(10), isIdempotent: true)

  private func failure(_ channel: ClientChannel, _ options: CallOptions) async -> RPCError? {
    await error { () async throws(RPCError) in
      _ = try await channel.unary(Method.unary, FieldMask("a"), options)
    }
  }

  /// Makes one call so that the channel knows its server.
  private func meet(_ channel: ClientChannel) async throws -> ScriptedServer {
    let call = Task { try await channel.unary(Method.unary, FieldMask("hello"), CallOptions()) }
    let server = try await host.next()
    _ = try await server.receive()
    try await server.send(.response(1, [1]))
    #expect(try await call.value == [1])
    return server
  }

  @Test func serverThatWasNeverThereIsAnErrorAtOnce() async {
    host.setDown(true)
    let channel = host.channel()
    let failure = await failure(channel, repeatable)
    #expect(
      failure == RPCError(.unavailable, "no daemon at /s: connection refused", outcome: .neverBegun)
    )
    #expect(host.attemptCount == 1)
  }

  @Test func callThatMayBeRepeatedSurvivesARestart() async throws {
    let channel = host.channel()
    let first = try await meet(channel)
    let call = Task { try await channel.unary(Method.unary, FieldMask("a"), repeatable) }
    _ = try await first.receive()
    host.setDown(true)
    first.socket.shutDown()
    try await Task.sleep(for: .milliseconds(50))
    host.setDown(false)
    let second = try await host.next()
    let frame = try await second.receive()
    #expect(frame.streamID == 1)
    #expect(frame.payload == mask("a"))
    try await second.send(.response(1, mask("again")))
    #expect(try await call.value == mask("again"))
  }

  @Test func repeatedCallTellsTheTimeThatIsLeft() async throws {
    let channel = host.channel()
    let call = Task { try await channel.unary(Method.unary, FieldMask("a"), repeatable) }
    let first = try await host.next()
    let before = try await first.receive().fields[4]
    try await Task.sleep(for: .milliseconds(20))
    first.socket.shutDown()
    let second = try await host.next()
    let after = try await second.receive().fields[4]
    func nanoseconds(_ text: [UInt8]?) throws -> Int64 {
      let digits = String(decoding: try #require(text), as: UTF8.self)
      return try #require(Int64(digits))
    }
    #expect(try nanoseconds(before) == 10_000_000_000)
    #expect(try nanoseconds(after) < 9_980_000_000)
    #expect(try nanoseconds(after) > 5_000_000_000)
    try await second.send(.response(1, [1]))
    _ = try await call.value
  }

  @Test func otherCallsSayThatTheOutcomeIsUnknown() async throws {
    let channel = host.channel()
    let first = try await meet(channel)
    let call = Task { await failure(channel, CallOptions(timeout: .seconds(10))) }
    _ = try await first.receive()
    first.socket.shutDown()
    let text = "the server closed the connection"
    #expect(await call.value == RPCError(.unavailable, text, outcome: .perhapsDone))
    #expect(host.connectionCount == 1)
  }

  @Test func connectionThatWentAwayIdleIsReplacedUnseen() async throws {
    let channel = host.channel()
    let first = try await meet(channel)
    first.socket.shutDown()
    try await Task.sleep(for: .milliseconds(20))
    let call = Task { try await channel.unary(Method.unary, FieldMask("a"), CallOptions()) }
    let second = try await host.next()
    #expect(try await second.receive().streamID == 1)
    try await second.send(.response(1, [2]))
    #expect(try await call.value == [2])
  }

  @Test func waitingForARestartEndsWithTheDeadline() async throws {
    let channel = host.channel()
    let first = try await meet(channel)
    host.setDown(true)
    first.socket.shutDown()
    try await Task.sleep(for: .milliseconds(20))
    let failure = await failure(channel, CallOptions(timeout: .milliseconds(60)))
    #expect(failure?.code == .deadlineExceeded)
  }

  @Test func waitingForARestartEndsInTime() async throws {
    var limits = ClientLimits()
    limits.reconnectDuration = .milliseconds(80)
    let channel = host.channel(limits)
    let first = try await meet(channel)
    host.setDown(true)
    first.socket.shutDown()
    try await Task.sleep(for: .milliseconds(20))
    #expect(await failure(channel, repeatable)?.code == .unavailable)
    let attemptCount = host.attemptCount
    #expect(await failure(channel, repeatable)?.code == .unavailable)
    #expect(host.attemptCount == attemptCount + 1)
  }

  @Test func serverThatClosesEveryConnectionEndsTheRepeating() async throws {
    let channel = host.channel()
    let call = Task { await failure(channel, repeatable) }
    for _ in 0..<4 {
      let server = try await host.next()
      _ = try await server.receive()
      server.socket.shutDown()
    }
    #expect(await call.value?.code == .unavailable)
    #expect(host.connectionCount == 4)
  }

  @Test func peerThatSpeaksSomethingElseIsAnError() async throws {
    let channel = host.channel()
    let call = Task { await failure(channel, CallOptions()) }
    let server = try await host.next()
    _ = try await server.receive()
    _ = try server.socket.write(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8).span)
    #expect(await call.value?.code == .unavailable)
    #expect(try await server.waitForEnd())
  }

  @Test func closingEndsCallsAndConnectionsAndRefusesMore() async throws {
    let channel = host.channel()
    let call = Task { await failure(channel, repeatable) }
    let server = try await host.next()
    _ = try await server.receive()
    channel.close()
    #expect(await call.value?.code == .cancelled)
    #expect(try await server.waitForEnd())
    let refused = RPCError(.cancelled, "client was closed", outcome: .neverBegun)
    #expect(await failure(channel, CallOptions()) == refused)
  }

  @Test func connectionEndsWithItsChannel() async throws {
    var channel: ClientChannel? = host.channel()
    let server = try await meet(try #require(channel))
    channel = nil
    #expect(try await server.waitForEnd())
  }

  // MARK: What became of a call

  /// A failure as a server of ours answers it: with `rpc.v1.CallFailure` among its details.
  private func frame(_ error: RPCError) -> Frame {
    Frame(streamID: 1, type: 2, data: Frame.field(1, error.callStatus.encoded()))
  }

  @Test func aCallThatRanIntoItsOwnFirstAttemptIsPerhapsDone() async throws {
    let channel = host.channel()
    let call = Task { await failure(channel, repeatable) }
    let first = try await host.next()
    _ = try await first.receive()
    first.socket.shutDown()
    let second = try await host.next()
    _ = try await second.receive()
    try await second.send(frame(RPCError(.aborted, "moved on")))
    #expect(await call.value == RPCError(.aborted, "moved on", outcome: .perhapsDone))
  }

  @Test func aCallWhoseServerDoesNotComeBackIsPerhapsDone() async throws {
    let channel = host.channel()
    let call = Task { await failure(channel, repeatable) }
    let first = try await host.next()
    _ = try await first.receive()
    host.setDown(true)
    first.socket.shutDown()
    #expect(await call.value?.outcome == .perhapsDone)
  }

  @Test func aConnectionThatIsRefusedForALimitNeverBegan() async throws {
    let channel = host.channel()
    let options = CallOptions(timeout: .seconds(10))
    let call = Task { await failure(channel, options) }
    let server = try await host.next()
    _ = try await server.receive()
    var full = RPCError(.unavailable, "512 connections are open", outcome: .neverBegun)
    full.attach(RetryInfo(retryDelay: ProtoDuration(seconds: 1)))
    try await server.send(frame(full))
    server.socket.shutDown()
    #expect(await call.value == full)
    // It is for the caller to wait that long.
    #expect(host.connectionCount == 1)
  }

  @Test func aCallThatWaitedForItsTurnNeverBegan() async throws {
    var limits = ClientLimits()
    limits.callCountMax = 1
    let channel = host.channel(limits)
    let first = Task { await failure(channel, CallOptions(timeout: .milliseconds(200))) }
    let server = try await host.next()
    _ = try await server.receive()
    let second = await failure(channel, CallOptions(timeout: .milliseconds(50)))
    #expect(second?.code == .deadlineExceeded)
    #expect(second?.outcome == .neverBegun)
    #expect(await first.value?.outcome == .perhapsDone)
  }
}
