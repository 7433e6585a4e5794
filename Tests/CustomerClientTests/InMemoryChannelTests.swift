import CustomerAPI
import CustomerClient
import DispatchSockets
import Locks
import ProtoWire
import ServiceInMemory
import TTRPC
import TTRPCClient
import TTRPCServer
import TestSupport
import Testing
import WellKnownTypes

/// What a caller and a handler see is the same over a socket and in memory.
@Suite(.timeLimit(.minutes(1))) struct InMemoryChannelTests {
  /// What carries the calls.
  enum Way: CaseIterable, Sendable { case socket, memory }

  private let folder: TemporaryFolder
  private let handler = EchoHandler()

  init() throws { folder = try TemporaryFolder() }

  /// A channel to the handler, and what keeps its server going.
  private func channel(_ way: Way) async throws -> (any RPCChannel, TestDaemon?) {
    if way == .memory { return (InMemoryChannel([handler.definition]), nil) }
    let daemon = try await TestDaemon(in: folder, services: [handler.definition])
    return (ClientChannel(path: daemon.path), daemon)
  }

  private func failure<Value>(_ call: () async throws(RPCError) -> Value) async -> RPCError? {
    do {
      _ = try await call()
      return nil
    } catch {
      return error
    }
  }

  /// How a unary call fails.
  private func failure(
    of request: Customer,
    over channel: any RPCChannel,
    _ options: CallOptions = CallOptions()
  ) async -> RPCError? {
    await failure { () async throws(RPCError) in
      try await channel.call(Echo.one, request, options)
    }
  }

  @Test(arguments: Way.allCases) func allKindsOfCallsAreMade(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    #expect(try await channel.call(Echo.one, text("a"), CallOptions()) == text("a!"))

    var counted: [Customer] = []
    let stream = try await channel.serverStream(Echo.down, Customer(version: 3), CallOptions())
    for try await number in stream { counted.append(number) }
    #expect(counted == ["1", "2", "3"].map { text($0) })

    let up = try await channel.requestStream(Echo.up, CallOptions())
    for letter in ["x", "y"] { try await up.send(text(letter)) }
    #expect(try await up.response() == text("xy"))

    let both = try await channel.requestStream(Echo.both, CallOptions())
    for letter in ["x", "y"] {
      try await both.send(text(letter))
      #expect(try await both.responses.next() == text(letter + "!"))
    }
    try await both.closeSending()
    #expect(try await both.responses.next() == nil)
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func metadataAndTheDeadlineArrive(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    let options = CallOptions(
      timeout: .seconds(50),
      metadata: Metadata([.init(name: "a", value: "b")])
    )
    _ = try await channel.call(Echo.one, text("a"), options)
    let context = try #require(handler.contexts.withLock { $0.first })
    #expect(context.metadata["a"] == "b")
    let left = try #require(context.deadline) - .now
    #expect(left > .seconds(40) && left <= .seconds(50))
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func anErrorArrivesWithItsDetails(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    for outcome: TTRPC.CallOutcome in [.undone, .neverBegun, .perhapsDone] {
      var sent = RPCError(.aborted, "no", outcome: outcome, cause: "for the log alone")
      sent.attach(Customer(firstName: "theirs"))
      handler.failure.withLock { [sent] in $0 = sent }
      sent.cause = nil
      #expect(await failure(of: text("fail"), over: channel) == sent)
      let stream = try await channel.serverStream(Echo.down, text("fail"), CallOptions())
      await #expect(throws: sent) { try await stream.next() }
      let both = try await channel.requestStream(Echo.both, CallOptions())
      try await both.send(text("fail"))
      await #expect(throws: sent) { try await both.responses.next() }
      // The rest of the requests ends as the call did.
      await #expect(throws: sent) { try await both.send(text("x")) }
    }
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func anErrorOfTheHandlersOwnIsHidden(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    let error = RPCError(.internal, "internal error", outcome: .perhapsDone)
    #expect(await failure(of: text("strange"), over: channel) == error)
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func whatIsNotServedIsUnimplemented(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    typealias Method = RPCMethod<Customer, Customer>
    let texts = [
      ("test.Echo", "service 'test.Echo' has no method 'None'"),
      ("test.None", "service 'test.None' is not served here"),
    ]
    for (service, message) in texts {
      let error = RPCError(.unimplemented, message, outcome: .neverBegun)
      let unary = Method(service: service, name: "None", kind: .unary)
      await #expect(throws: error) { try await channel.call(unary, text("a"), CallOptions()) }
      let stream = Method(service: service, name: "None", kind: .serverStreaming)
      let call = try await channel.serverStream(stream, text("a"), CallOptions())
      await #expect(throws: error) { try await call.next() }
    }
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func aCallEndsAfterItsTime(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    let options = CallOptions(timeout: .milliseconds(50))
    let unary = await failure(of: text("wait"), over: channel, options)
    #expect(unary?.code == .deadlineExceeded && unary?.outcome == .perhapsDone)
    let stream = try await channel.serverStream(Echo.down, text("wait"), options)
    let streamed = await failure { () async throws(RPCError) in try await stream.next() }
    #expect(streamed?.code == .deadlineExceeded && streamed?.outcome == .perhapsDone)
    await handler.cancellations(2)
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func cancellingATaskEndsItsCall(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    let cancelled = RPCError(.cancelled, "call was cancelled", outcome: .perhapsDone)
    let unary = Task { await failure(of: text("wait"), over: channel) }
    await handler.begins(1)
    unary.cancel()
    #expect(await unary.value == cancelled)
    let stream = try await channel.serverStream(Echo.down, text("wait"), CallOptions())
    let reading = Task {
      await failure { () async throws(RPCError) in try await stream.next() }
    }
    await handler.begins(2)
    reading.cancel()
    #expect(await reading.value == cancelled)
    // What is cancelled already isn't begun.
    let late = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await failure(of: text("late"), over: channel)
    }
    #expect(await late.value?.outcome == .neverBegun)
    #expect(handler.contexts.withLock { $0.count } == 2)
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func lettingGoOfACallEndsIt(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    do {
      let stream = try await channel.serverStream(Echo.down, text("wait"), CallOptions())
      await handler.begins(1)
      _ = stream
    }
    await handler.cancellations(1)
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func sendingWaitsForWhoDoesNotRead(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    let call = try await channel.requestStream(Echo.both, CallOptions())
    let sent = Lock(0)
    let message = Customer(firstName: "idle", lastName: String(repeating: "x", count: 1 << 20))
    let sending = Task {
      for _ in 0..<64 {
        try await call.send(message)
        sent.withLock { $0 += 1 }
      }
    }
    await handler.begins(1)
    try await Task.sleep(for: .milliseconds(300))
    #expect(sent.withLock { $0 } < 64)
    sending.cancel()
    await #expect(throws: RPCError(.cancelled, "call was cancelled", outcome: .perhapsDone)) {
      try await sending.value
    }
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func aMessageThatFitsNoFrameIsRefused(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    // What stands around a text of so many bytes passes the limit of 4 MiB.
    let long = Customer(firstName: String(repeating: "x", count: 4 << 20))
    let unary = await failure(of: long, over: channel)
    #expect(unary?.code == .resourceExhausted && unary?.outcome == .neverBegun)
    let call = try await channel.requestStream(Echo.both, CallOptions())
    let message = "request of \(long.wireSize) bytes is over the limit of 4194304"
    await #expect(throws: RPCError(.resourceExhausted, message, outcome: .neverBegun)) {
      try await call.send(long)
    }
    // The call is still open.
    try await call.send(text("a"))
    #expect(try await call.responses.next() == text("a!"))
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func aClosedSendingTakesNoMore(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    let call = try await channel.requestStream(Echo.both, CallOptions())
    try await call.send(text("wait"))
    try await call.closeSending()
    let error = RPCError(
      .failedPrecondition,
      "call takes no more messages: its sending was closed"
    )
    await #expect(throws: error) { try await call.send(text("x")) }
    await daemon?.stop()
  }

  @Test(arguments: Way.allCases) func aClosedChannelEndsCallsAndTakesNone(_ way: Way) async throws {
    let (channel, daemon) = try await channel(way)
    let options = CallOptions(isIdempotent: true)
    let call = Task { await failure(of: text("wait"), over: channel, options) }
    await handler.begins(1)
    channel.close()
    #expect(await call.value == RPCError(.cancelled, "client was closed", outcome: .perhapsDone))
    await #expect(throws: RPCError(.cancelled, "client was closed", outcome: .neverBegun)) {
      try await channel.call(Echo.one, text("a"), options)
    }
    await daemon?.stop()
  }
}

/// The methods of ``EchoHandler``.
private enum Echo {
  typealias Method = RPCMethod<Customer, Customer>

  static let service = "test.Echo"
  static let one = Method(service: service, name: "One", kind: .unary)
  static let down = Method(service: service, name: "Down", kind: .serverStreaming)
  static let up = Method(service: service, name: "Up", kind: .clientStreaming)
  static let both = Method(service: service, name: "Both", kind: .bidirectional)
}

/// A message that is a text.
private func text(_ text: String) -> Customer { Customer(firstName: text) }

/// Answers texts, and does what some of them say.
private final class EchoHandler: Sendable {
  /// What is thrown on `fail`.
  let failure = Lock(RPCError(.unknown, "nothing"))

  /// What was known of the calls that began, in order.
  let contexts = Lock<[CallContext]>([])

  private let cancelled = Lock(0)

  var definition: ServiceDefinition {
    ServiceDefinition(
      name: Echo.service,
      methods: [
        "One": .unary(Echo.one) { request, context in
          self.contexts.withLock { $0.append(context) }
          return Encoded(try await self.answer(request))
        },
        "Down": .serverStreaming(Echo.down) { request, responses, context in
          self.contexts.withLock { $0.append(context) }
          _ = try await self.answer(request)
          for number in 1...max(1, request.version) {
            try await responses.send(text("\(number)"))
          }
        },
        "Up": .clientStreaming(Echo.up) { requests, context in
          self.contexts.withLock { $0.append(context) }
          var all = Customer()
          while let request = try await requests.next() { all.firstName += request.firstName }
          return Encoded(all)
        },
        "Both": .bidirectional(Echo.both) { requests, responses, context in
          self.contexts.withLock { $0.append(context) }
          while let request = try await requests.next() {
            try await responses.send(try await self.answer(request))
          }
        },
      ]
    )
  }

  private func answer(_ request: Customer) async throws -> Customer {
    switch request.firstName {
    case "fail": throw failure.withLock { $0 }
    case "strange": throw StrangeError()
    case "wait", "idle":
      do {
        try await Task.sleep(for: .seconds(60))
      } catch {
        cancelled.withLock { $0 += 1 }
        throw error
      }
    default: break
    }
    return text(request.firstName + "!")
  }

  /// Waits until so many calls have begun.
  func begins(_ count: Int) async {
    while contexts.withLock({ $0.count }) < count { try? await Task.sleep(for: .milliseconds(2)) }
  }

  /// Waits until so many handlers were cancelled.
  func cancellations(_ count: Int) async {
    while cancelled.withLock({ $0 }) < count { try? await Task.sleep(for: .milliseconds(2)) }
  }
}

/// An error that no caller is told.
private struct StrangeError: Error {}
