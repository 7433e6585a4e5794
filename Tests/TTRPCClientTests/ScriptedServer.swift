import DispatchSockets
import Foundation
import Locks
import TTRPC
import TTRPCClient
import WellKnownTypes

/// A frame as bytes on the socket say it, put together and taken apart by hand.
///
/// Source: ttrpc's PROTOCOL.md, "Message Frame".
struct Frame: Equatable, Sendable {
  var streamID: UInt32
  var type: UInt8
  var flags: UInt8 = 0
  var data: [UInt8] = []

  var bytes: [UInt8] {
    func bigEndian(_ value: UInt32) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    return bigEndian(UInt32(data.count)) + bigEndian(streamID) + [type, flags] + data
  }

  /// A response with a short payload: `ttrpc.Response.payload` is field 2.
  static func response(_ streamID: UInt32, _ payload: [UInt8]) -> Frame {
    Frame(streamID: streamID, type: 2, data: field(2, payload))
  }

  /// A response with a status: `ttrpc.Response.status` is field 1, its code 1, its message 2.
  static func failure(_ streamID: UInt32, code: UInt8, _ message: String) -> Frame {
    let status = [8, code] + field(2, Array(message.utf8))
    return Frame(streamID: streamID, type: 2, data: field(1, status))
  }

  /// A length-delimited field of protobuf.
  static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var rest = bytes.count
    while rest >= 128 {
      length.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return [number << 3 | 2] + length + [UInt8(rest)] + bytes
  }

  /// The fields of a `ttrpc.Request` in the frame's data: numbers and lengths by number.
  var fields: [UInt8: [UInt8]] {
    var fields: [UInt8: [UInt8]] = [:]
    var rest = data[...]
    func varint() -> Int {
      var value = 0
      var shift = 0
      while let byte = rest.popFirst() {
        value |= Int(byte & 127) << shift
        shift += 7
        if byte < 128 { break }
      }
      return value
    }
    while let tag = rest.popFirst() {
      if tag & 7 == 0 {
        fields[tag >> 3] = Array("\(varint())".utf8)
      } else {
        let length = varint()
        fields[tag >> 3] = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
      }
    }
    return fields
  }

  /// The request message in the frame's envelope.
  var payload: [UInt8] { fields[3] ?? [] }
}

/// A server's end of one connection, played by a test.
final class ScriptedServer: Sendable {
  let socket: Socket
  private let received = Lock<[UInt8]>([])

  init(_ socket: Socket) { self.socket = socket }

  struct NothingCame: Error {}

  /// Takes the next frame; waits for it at most ten seconds.
  func receive() async throws -> Frame {
    for _ in 0..<10_000 {
      if let frame = try poll() { return frame }
      try await Task.sleep(for: .milliseconds(1))
    }
    throw NothingCame()
  }

  /// Takes the next frame if it is there.
  func poll() throws -> Frame? {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    let outcome = try socket.read(into: &part, from: 0)
    return received.withLock { received in
      if case .bytes(let count) = outcome { received += part[..<count] }
      guard received.count >= 10 else { return nil }
      let length = received[..<4].reduce(0) { $0 << 8 | Int($1) }
      guard received.count >= 10 + length else { return nil }
      let frame = Frame(
        streamID: received[4..<8].reduce(0) { $0 << 8 | UInt32($1) },
        type: received[8],
        flags: received[9],
        data: Array(received[10..<10 + length])
      )
      received.removeFirst(10 + length)
      return frame
    }
  }

  /// Sends frames, all of their bytes.
  func send(_ frames: Frame...) async throws {
    var bytes = frames.flatMap(\.bytes)
    while !bytes.isEmpty {
      if case .bytes(let count) = try socket.write(bytes.span) {
        bytes.removeFirst(count)
      } else {
        try await Task.sleep(for: .milliseconds(1))
      }
    }
  }

  /// Whether the client has closed its end; what it sent before is dropped.
  func isAtEnd() throws -> Bool {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      switch try socket.read(into: &part, from: 0) {
      case .bytes: continue
      case .wouldBlock: return false
      case .endOfStream: return true
      }
    }
  }

  /// Waits, at most ten seconds, until the client has closed its end.
  func waitForEnd() async throws -> Bool {
    for _ in 0..<10_000 {
      if try isAtEnd() { return true }
      try await Task.sleep(for: .milliseconds(1))
    }
    return false
  }
}

/// What a client connects to: each connection becomes a ``ScriptedServer``, in order.
final class ScriptedHost: Sendable {
  private let state = Lock(State())

  private struct State {
    var servers: [ScriptedServer] = []
    var takenCount = 0
    var attemptCount = 0
    var isDown = false
  }

  /// Connects, as a channel does.
  func connect() throws(SocketError) -> Socket {
    let isDown = state.withLock { state in
      state.attemptCount += 1
      return state.isDown
    }
    if isDown { throw .notServed(path: "/s", number: ECONNREFUSED) }
    let (near, far) = try Socket.pair()
    state.withLock { $0.servers.append(ScriptedServer(far)) }
    return near
  }

  /// Lets connections succeed or not.
  func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

  /// How often somebody tried to connect.
  var attemptCount: Int { state.withLock { $0.attemptCount } }

  /// How many connections there were.
  var connectionCount: Int { state.withLock { $0.servers.count } }

  /// The next connection; waits for it at most ten seconds.
  func next() async throws -> ScriptedServer {
    for _ in 0..<10_000 {
      let server = state.withLock { state -> ScriptedServer? in
        guard state.takenCount < state.servers.count else { return nil }
        state.takenCount += 1
        return state.servers[state.takenCount - 1]
      }
      if let server { return server }
      try await Task.sleep(for: .milliseconds(1))
    }
    throw ScriptedServer.NothingCame()
  }

  /// A channel to this host.
  func channel(_ limits: ClientLimits = ClientLimits()) -> ClientChannel {
    ClientChannel(limits: limits) { () throws(SocketError) in try self.connect() }
  }
}

/// The methods that the tests call; the messages are masks, as any would do.
enum Method {
  static let unary = RPCMethod<FieldMask, FieldMask>(service: "s.S", name: "Get", kind: .unary)
  static let download = RPCMethod<FieldMask, FieldMask>(
    service: "s.S",
    name: "Download",
    kind: .serverStreaming
  )
  static let upload = RPCMethod<FieldMask, FieldMask>(
    service: "s.S",
    name: "Upload",
    kind: .clientStreaming
  )
  static let both = RPCMethod<FieldMask, FieldMask>(
    service: "s.S",
    name: "Both",
    kind: .bidirectional
  )
}

extension FieldMask {
  init(_ paths: String...) {
    self.init()
    self.paths = paths
  }
}

/// The mask of one path, encoded by hand: field 1, a string.
func mask(_ path: String) -> [UInt8] { Frame.field(1, Array(path.utf8)) }

/// The error that a body throws; `nil` if it throws none.
func error(_ body: () async throws(RPCError) -> Void) async -> RPCError? {
  do throws(RPCError) {
    try await body()
    return nil
  } catch {
    return error
  }
}
