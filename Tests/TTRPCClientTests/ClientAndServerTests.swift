import DispatchSockets
import TTRPC
import TTRPCClient
import TTRPCServer
import TestSupport
import Testing
import WellKnownTypes

/// The client against the server of this package.
@Suite(.timeLimit(.minutes(1))) struct ClientAndServerTests {
  private let folder: TemporaryFolder
  private let loop = EventLoop(label: "test.server")
  private let server: Server
  private let channel: ClientChannel

  init() async throws {
    folder = try TemporaryFolder()
    let echo = ServiceDefinition(
      name: "s.S",
      methods: [
        "Get": .unary(Method.unary) { request, _ in
          await Task.yield()
          return Encoded(request)
        },
        "Both": .bidirectional(Method.both) { requests, responses, _ in
          while let request = try await requests.next() { try await responses.send(request) }
        },
      ]
    )
    server = Server([echo], options: ServerOptions(), on: loop)
    let path = folder.file("s")
    await server.listen(try Listener(path: path, on: loop))
    channel = ClientChannel(path: path)
  }

  /// Found a server that lost handlers whose messages came with the request: one in twenty calls.
  @Test func messagesSentBeforeTheHandlerRunsAreAnswered() async throws {
    for _ in 0..<300 {
      let call = try await channel.requestStream(Method.both, CallOptions(timeout: .seconds(20)))
      for index in 0..<20 { try await call.send(FieldMask("\(index)")) }
      try await call.closeSending()
      var paths: [String] = []
      for try await message in call.responses { paths += message.paths }
      #expect(paths == (0..<20).map { "\($0)" })
    }
    await server.drain(grace: .zero)
  }

  @Test func callsOfManyTasksAreAnsweredEachWithItsOwn() async throws {
    let channel = channel
    try await withThrowingTaskGroup { group in
      for task in 0..<64 {
        group.addTask {
          for round in 0..<50 {
            let request = FieldMask("\(task).\(round)")
            let response = try await channel.call(
              Method.unary,
              request,
              CallOptions(timeout: .seconds(20))
            )
            #expect(response == request)
          }
        }
      }
      try await group.waitForAll()
    }
    await server.drain(grace: .zero)
  }

  @Test func serverThatStopsIsReplacedUnseenForRepeatableCalls() async throws {
    let options = CallOptions(timeout: .seconds(20), isIdempotent: true)
    let channel = channel
    let caller = Task {
      var count = 0
      while count < 2000 {
        _ = try await channel.call(Method.unary, FieldMask("x"), options)
        count += 1
      }
      return count
    }
    try await Task.sleep(for: .milliseconds(20))
    await server.drain(grace: .zero)
    let definition = ServiceDefinition(
      name: "s.S",
      methods: ["Get": .unary(Method.unary) { request, _ in Encoded(request) }]
    )
    let second = Server([definition], options: ServerOptions(), on: loop)
    await second.listen(try Listener(path: folder.file("s"), on: loop))
    #expect(try await caller.value == 2000)
    await second.drain(grace: .zero)
  }
}
