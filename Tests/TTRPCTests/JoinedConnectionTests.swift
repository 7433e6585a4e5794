import TTRPC
import TestSupport
import Testing

/// Both ends joined in memory, and what happens to either when its input is damaged.
@Suite struct JoinedConnectionTests {
  /// One call as a script: what the client sends, and what the server answers with.
  private struct Script {
    var kind: MethodKind
    var requests: [[UInt8]]
    var responses: [[UInt8]]
    var error: RPCError?
    var sent = 0
    var received: [[UInt8]] = []
    var got: [[UInt8]] = []
    var isOver = false
    var end: RPCError?
  }

  private static func bytes(_ random: inout SeededGenerator) -> [UInt8] {
    let count = [0, 1, 9, 200, 5000].randomElement(using: &random) ?? 0
    return (0..<Int.random(in: 0...count, using: &random)).map { UInt8(truncatingIfNeeded: $0) }
  }

  private static func script(_ random: inout SeededGenerator) -> Script {
    let kinds: [MethodKind] = [.unary, .serverStreaming, .clientStreaming, .bidirectional]
    let kind = kinds.randomElement(using: &random) ?? .unary
    func messages(_ streams: Bool, _ random: inout SeededGenerator) -> [[UInt8]] {
      (0..<(streams ? Int.random(in: 0...5, using: &random) : 1)).map { _ in bytes(&random) }
    }
    return Script(
      kind: kind,
      requests: messages(kind.clientStreams, &random),
      responses: messages(kind.serverStreams, &random),
      error: Bool.random(using: &random) ? RPCError(.aborted, "script") : nil
    )
  }

  /// A pipe that hands on pieces of any size.
  private struct Pipe {
    var bytes: [UInt8] = []

    mutating func take(_ random: inout SeededGenerator) -> [UInt8] {
      let most = Bool.random(using: &random) ? 20 : 3000
      let count = min(bytes.count, Int.random(in: 0...most, using: &random))
      defer { bytes.removeFirst(count) }
      return Array(bytes[..<count])
    }
  }

  @Test func everyCallArrivesWhateverThePieces() throws {
    var random = SeededGenerator.announced()
    for _ in 0..<40 { try converse(&random) }
  }

  private func converse(_ random: inout SeededGenerator) throws {
    var scripts: [UInt32: Script] = [:]
    var client = ClientConnectionState()
    var clientInput = InputBuffer()
    var server = ServerConnectionState()
    var serverInput = InputBuffer()
    var up = Pipe()
    var down = Pipe()
    var toOpen = (0..<10).map { _ in Self.script(&random) }
    for _ in 0..<20_000 {
      if !toOpen.isEmpty, Int.random(in: 0..<4, using: &random) == 0 {
        let script = toOpen.removeLast()
        let id = try client.open(
          service: "test",
          method: "\(script.kind)",
          kind: script.kind,
          request: script.kind.clientStreams ? nil : script.requests[0],
          options: CallOptions()
        )
        scripts[id] = script
      }
      for id in scripts.keys.sorted() { try Self.send(&scripts, id, &client, &random) }
      up.bytes += client.output.takeAll()
      down.bytes += server.output.takeAll()
      Self.serve(up.take(&random), &server, &serverInput, &scripts)
      for seen in client.receive(down.take(&random), &clientInput) { Self.note(seen, &scripts) }
      if toOpen.isEmpty, scripts.values.allSatisfy(\.isOver) { break }
    }
    #expect(up.bytes.isEmpty && down.bytes.isEmpty)
    #expect(server.openStreamCount == 0 && client.openStreamCount == 0)
    for script in scripts.values {
      #expect(script.isOver && script.end == script.error)
      #expect(script.received == script.requests)
      let expected = script.kind.serverStreams || script.error == nil ? script.responses : []
      #expect(script.got == expected)
    }
  }

  /// Lets the client of a stream send its next message, or say that it was the last.
  private static func send(
    _ scripts: inout [UInt32: Script],
    _ id: UInt32,
    _ client: inout ClientConnectionState,
    _ random: inout SeededGenerator
  ) throws {
    guard let script = scripts[id], script.kind.clientStreams else { return }
    guard script.sent <= script.requests.count, Bool.random(using: &random) else { return }
    if script.sent < script.requests.count {
      #expect(try client.send(script.requests[script.sent], on: id) == true)
    } else {
      client.closeSending(on: id)
    }
    scripts[id]?.sent += 1
  }

  /// Lets the server answer every call as its script says, once all requests have come.
  private static func serve(
    _ bytes: [UInt8],
    _ server: inout ServerConnectionState,
    _ input: inout InputBuffer,
    _ scripts: inout [UInt32: Script]
  ) {
    input.receive(bytes.span) { bytes, offset in
      while let event = server.next(in: bytes, at: &offset) {
        switch event {
        case .requestReceived(let head):
          guard let kind = scripts[head.streamID]?.kind,
            let call = try? server.open(head, kind)
          else {
            Issue.record("request that nobody sent")
            return
          }
          if let range = call.message {
            scripts[head.streamID]?.received.append([UInt8](copied: bytes.extracting(range)))
          }
          if call.remoteClosed { answer(head.streamID, &server, scripts) }
        case .messageReceived(let id, let range):
          scripts[id]?.received.append([UInt8](copied: bytes.extracting(range)))
          server.dequeue(range.count, on: id)
        case .remoteClosed(let id): answer(id, &server, scripts)
        case .streamFailed, .frameRefused, .connectionFailed: Issue.record("\(event)")
        }
      }
    }
  }

  private static func answer(
    _ id: UInt32,
    _ server: inout ServerConnectionState,
    _ scripts: [UInt32: Script]
  ) {
    guard let script = scripts[id] else { return }
    if script.kind.serverStreams {
      for response in script.responses { _ = try? server.send(response, on: id) }
    }
    if let error = script.error {
      server.fail(id, error)
    } else if script.kind.serverStreams {
      server.finish(id)
    } else {
      server.finish(id, with: script.responses[0])
    }
  }

  private static func note(_ seen: ClientSeen, _ scripts: inout [UInt32: Script]) {
    switch seen {
    case .response(let id, let bytes):
      scripts[id]?.got.append(bytes)
      scripts[id]?.isOver = true
    case .message(let id, let bytes): scripts[id]?.got.append(bytes)
    case .ended(let id): scripts[id]?.isOver = true
    case .failed(let id, let error):
      scripts[id]?.end = error
      scripts[id]?.isOver = true
    case .connectionFailed(let error): Issue.record("\(error)")
    }
  }

  // MARK: Damage

  /// Bytes that are nearly right: a conversation of every kind of frame.
  private static func conversation() -> [UInt8] {
    let items = field(5, field(1, "k") + field(2, "v"))
    return frame(1, 1, 0, request([1, 2])) + frame(3, 1, 2, request() + items)
      + frame(3, 3, 0, [1, 2, 3]) + frame(5, 1, 1, request([4])) + frame(3, 3, 5)
      + frame(7, 1, 6, request()) + frame(7, 3, 1, [9]) + frame(1, 2, 0, field(2, [1]))
      + frame(5, 2, 0, status(5, "no")) + frame(3, 3, 0, [8]) + frame(3, 3, 5)
  }

  private static func damaged(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes = conversation()
    for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
      let index = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[index] = .random(in: 0...255, using: &random)
      case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.remove(at: index)
      default: bytes.insert(.random(in: 0...255, using: &random), at: index)
      }
    }
    return bytes
  }

  @Test func damagedBytesTrapNeitherEnd() throws {
    var random = SeededGenerator.announced()
    let kinds: [MethodKind] = [.unary, .serverStreaming, .clientStreaming, .bidirectional]
    for _ in 0..<5000 {
      let bytes = Self.damaged(&random)
      let cut = Int.random(in: 0...bytes.count, using: &random)
      var server = TestServerState(kinds.randomElement(using: &random) ?? .unary)
      _ = server.receive(Array(bytes[..<cut]))
      _ = server.receive(Array(bytes[cut...]))
      for id in server.state.openStreamIDs { server.state.fail(id, RPCError(.aborted, "x")) }
      // An answer is never much larger than the frame that asked for it.
      #expect(server.state.output.count < 20 * bytes.count)

      var client = ClientConnectionState()
      var input = InputBuffer()
      for kind in kinds {
        _ = try client.open(
          service: "s",
          method: "m",
          kind: kind,
          request: kind.clientStreams ? nil : [],
          options: CallOptions()
        )
      }
      _ = client.receive(Array(bytes[..<cut]), &input)
      _ = client.receive(Array(bytes[cut...]), &input)
      #expect(input.count <= bytes.count)
    }
  }

  /// What is kept of a frame is no more than what has come of it.
  @Test func announcedBytesTakeNoMemory() {
    var input = InputBuffer()
    input.receive([0, 0x40, 0, 0, 0, 0, 0, 1, 1, 0, 9].span) { _, _ in }
    #expect(input.count == 11)
  }
}
