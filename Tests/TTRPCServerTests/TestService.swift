import DispatchSockets
import Locks
import TTRPC
import TTRPCServer
import WellKnownTypes

/// A service with a method of each kind, and some that misbehave.
struct TestService: Sendable {
  /// What handlers noticed, in order.
  let notes = Notes()

  /// An error that isn't meant for callers.
  struct Secret: Error {}

  /// An error that says more to the log than to callers.
  static let hiding = RPCError(.unavailable, "try again", cause: "out of something")

  var definition: ServiceDefinition {
    var definition = ServiceDefinition(
      name: "test.v1.Test",
      methods: methods.merging(methodsOfLimits) { first, _ in first }
    )
    definition.keepRoom(
      for: RPCMethod<Status, Status>(
        service: "test.v1.Test",
        name: "Needed",
        kind: .unary
      )
    )
    return definition
  }

  private var methods: [String: MethodImplementation] {
    [
      "EchoNow": .immediate { (bytes, _) throws(RPCError) in [UInt8](copied: bytes) },
      "RefuseNow": .immediate { (_, _) throws(RPCError) in throw RPCError(.notFound, "no such") },
      "WhoNow": .immediate { (_, context) throws(RPCError) in
        Array("\(context.peer.userID) \(context.peer.processID) \(context.metadata.items)".utf8)
      },
      "Echo": .unary { bytes, _ in
        notes.add("echo")
        return bytes
      },
      "EchoLater": .unary { bytes, _ in
        try await Task.sleep(for: .milliseconds(5))
        return bytes
      },
      "HideNow": .immediate { (_, _) throws(RPCError) in throw Self.hiding },
      "Hide": .unary { _, _ in throw Self.hiding },
      "HideInStream": .streaming(.serverStreaming) { _, _ in throw Self.hiding },
      "FailNow": .immediate { (_, _) throws(RPCError) in throw RPCError(.dataLoss, "lost") },
      "Fail": .unary { _, _ in throw RPCError(.unknown, "who knows") },
      "FailInStream": .streaming(.bidirectional) { _, _ in throw RPCError(.internal, "failed") },
      "FailInPart": .streaming(.serverStreaming) { call, _ in
        await call.report(cause: "a part of it")
        try await call.send([1])
      },
      "Break": .unary { _, _ in throw Secret() },
      "Wait": .unary { _, _ in
        notes.add("begin")
        do {
          try await Task.sleep(for: .seconds(60))
        } catch {
          notes.add("cancelled")
          throw error
        }
        return []
      },
      "Count": .streaming(.serverStreaming) { call, _ in
        let request = try await call.receive() ?? []
        for index in 0..<Int(request.first ?? 0) {
          try await call.send([UInt8](repeating: UInt8(index), count: 1 + Int(request.last ?? 0)))
        }
        notes.add("counted")
      },
      "Flood": .streaming(.serverStreaming) { call, _ in
        _ = try await call.receive()
        do {
          for index in 0..<1000 {
            try await call.send([UInt8](repeating: UInt8(index & 0xFF), count: 10_000))
            notes.count(1)
          }
        } catch {
          notes.add("flood ended: \(error)")
          throw error
        }
      },
      "CountThenFail": .streaming(.serverStreaming) { call, _ in
        _ = try await call.receive()
        try await call.send([1])
        throw RPCError(.aborted, "no further")
      },
      "Sum": .streaming(.clientStreaming) { call, _ in
        var sum = 0
        while let message = try await call.receive() { sum += message.count }
        try await call.send(Array("\(sum)".utf8))
      },
      "Forget": .streaming(.clientStreaming) { call, _ in
        while try await call.receive() != nil {}
      },
      "Deaf": .streaming(.clientStreaming) { _, _ in
        do {
          try await Task.sleep(for: .seconds(60))
        } catch {
          notes.add("deaf cancelled")
          throw error
        }
      },
      "Chat": .streaming(.bidirectional) { call, _ in
        do {
          while let message = try await call.receive() { try await call.send(message) }
          notes.add("chat over")
        } catch {
          notes.add("chat ended: \(error)")
          throw error
        }
      },
    ]
  }

  /// Methods that take up what is limited.
  private var methodsOfLimits: [String: MethodImplementation] {
    [
      // Makes an answer of a megabyte, as soon as it may.
      "Large": .unary { _, context in
        try await context.reserve(1 << 20)
        notes.count(1)
        return [UInt8](repeating: 7, count: 1 << 20)
      },
      "LargeStream": .streaming(.serverStreaming) { call, context in
        for _ in 0..<2 {
          try await context.reserve(1 << 20)
          notes.count(1)
          try await call.send([UInt8](repeating: 7, count: 1 << 20))
        }
      },
      // Waits for news that never come.
      "Watch": .streaming(.serverStreaming) { _, context in
        await context.idle {
          notes.add("idle")
          try? await Task.sleep(for: .seconds(60))
        }
        notes.add("woken")
      },
      "Needed": .unary { bytes, _ in
        notes.add("needed")
        try await Task.sleep(for: .milliseconds(200))
        return bytes
      },
      // What can't be taken back any more: it is done whatever happens to the call.
      "Commit": .unary { bytes, _ in
        notes.add("begin")
        let milliseconds = Int(bytes.first ?? 0) * 10
        await Task.detached { try? await Task.sleep(for: .milliseconds(milliseconds)) }.value
        return Array("done".utf8)
      },
      // Waits in a queue, and says that it was taken out of it before it began.
      "Queued": .unary { _, _ in
        notes.add("queued")
        do {
          try await Task.sleep(for: .seconds(60))
        } catch {
          throw RPCError(.cancelled, "the call was cancelled")
        }
        return []
      },
      "WhereNow": .unary { _, _ in [UInt8(Self.isOnLoop() ? 1 : 0)] },
      "Slow": .streaming(.clientStreaming) { call, _ in
        var count: UInt8 = 0
        while try await call.receive() != nil {
          count += 1
          try await Task.sleep(for: .milliseconds(60))
        }
        try await call.send([count])
      },
    ]
  }

  /// Whether the caller runs on the loop of a test's server.
  private static func isOnLoop() -> Bool { currentLoop.withLock { $0?.isCurrent ?? false } }

  /// The loop that ``isOnLoop()`` asks for.
  static let currentLoop = Lock<EventLoop?>(nil)
}

/// Texts that several tasks leave behind.
final class Notes: Sendable {
  private let state = Lock<(texts: [String], count: Int)>(([], 0))

  var texts: [String] { state.withLock { $0.texts } }
  var total: Int { state.withLock { $0.count } }

  func add(_ text: String) { state.withLock { $0.texts.append(text) } }
  func count(_ number: Int) { state.withLock { $0.count += number } }
}

extension [UInt8] {
  init(copied bytes: Span<UInt8>) {
    self = []
    for index in bytes.indices { append(bytes[index]) }
  }
}
