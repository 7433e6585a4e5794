import DispatchSockets
import TTRPC
import TTRPCServer
import Testing

/// A client made of a socket and the client's state machine, for one task.
final class TestPeer {
  /// What has come, with its bytes.
  enum Seen: Equatable {
    case response(UInt32, [UInt8])
    case message(UInt32, [UInt8])
    case ended(UInt32)
    case failed(UInt32, RPCError)
    case connectionFailed(ConnectionError)
    case endOfStream
    case nothing
  }

  let socket: Socket
  var state = ClientConnectionState()
  private var input = InputBuffer()
  private var seen: [Seen] = []

  init(_ socket: Socket) { self.socket = socket }

  /// Opens a call and sends its request.
  @discardableResult
  func open(
    _ method: String,
    _ kind: MethodKind = .unary,
    _ request: [UInt8] = [],
    service: String = "test.v1.Test",
    timeout: Duration? = nil,
    metadata: Metadata = Metadata()
  ) async throws -> UInt32 {
    let id = try state.open(
      service: service,
      method: method,
      kind: kind,
      request: kind.clientStreams ? nil : request,
      options: CallOptions(timeout: timeout, metadata: metadata)
    )
    try await flush()
    return id
  }

  /// Writes what waits, all of it.
  func flush() async throws {
    let bytes = state.output.withBytes { [UInt8](copied: $0) }
    state.output.removeFirst(bytes.count)
    try await write(bytes)
  }

  /// Writes bytes as they are, all of them.
  func write(_ bytes: [UInt8]) async throws {
    var sent = 0
    for _ in 0..<5000 where sent < bytes.count {
      switch try bytes[sent...].withUnsafeBytes({ try socket.write($0) }) {
      case .bytes(let count): sent += count
      case .wouldBlock, .endOfStream: try await Task.sleep(for: .milliseconds(2))
      }
    }
    try #require(sent == bytes.count, "the server doesn't read")
  }

  /// Returns what has come next; ``Seen/nothing`` after a while of silence.
  func next(within limit: Duration = .seconds(10)) async throws -> Seen {
    let clock = ContinuousClock()
    let end = clock.now + limit
    var memory = [UInt8](repeating: 0, count: 100_000)
    while seen.isEmpty {
      switch (try? socket.read(into: &memory, from: 0)) ?? .endOfStream {
      case .bytes(let count): take(memory.span.extracting(first: count))
      case .endOfStream: return .endOfStream
      case .wouldBlock:
        if clock.now > end { return .nothing }
        try await Task.sleep(for: .milliseconds(1))
      }
    }
    return seen.removeFirst()
  }

  private func take(_ bytes: Span<UInt8>) {
    input.receive(bytes) { bytes, offset in
      while let event = state.next(in: bytes, at: &offset) {
        switch event {
        case .responseReceived(let id, let range):
          seen.append(.response(id, [UInt8](copied: bytes.extracting(range))))
        case .messageReceived(let id, let range):
          state.dequeue(range.count, on: id)
          seen.append(.message(id, [UInt8](copied: bytes.extracting(range))))
        case .streamEnded(let id): seen.append(.ended(id))
        case .streamFailed(let id, let error): seen.append(.failed(id, error))
        case .connectionFailed(let error): seen.append(.connectionFailed(error))
        }
      }
    }
  }
}

/// A server with the test service, and what it reported.
struct TestServer {
  let service: TestService
  let server: Server
  let loop = EventLoop(label: "test server")
  let events = Notes()

  init(_ service: TestService = TestService(), _ change: (inout ServerOptions) -> Void = { _ in }) {
    self.service = service
    var options = ServerOptions()
    // A busy machine may let a test wait for its turn longer than a daemon would.
    options.limits.firstByteTimeout = .seconds(3600)
    options.onEvent = { [events] in events.add("\($0)") }
    change(&options)
    server = Server([service.definition], options: options, on: loop)
  }

  /// Connects a new peer.
  func connect() async throws -> TestPeer {
    let (near, far) = try Socket.pair()
    await server.accept(far)
    return TestPeer(near)
  }

  /// Waits until something is true.
  func eventually(_ condition: () -> Bool) async throws {
    for _ in 0..<5000 where !condition() { try await Task.sleep(for: .milliseconds(2)) }
    #expect(condition())
  }
}
