import DispatchSockets
import Locks
import TTRPC
import TTRPCServer

/// A service with a method of each kind, and some that misbehave.
struct TestService: Sendable {
  /// What handlers noticed, in order.
  let notes = Notes()

  /// An error that isn't meant for callers.
  struct Secret: Error {}

  /// An error that says more to the log than to callers.
  static let hiding = RPCError(.unavailable, "try again", cause: "out of something")

  var definition: ServiceDefinition {
    ServiceDefinition(
      name: "test.v1.Test",
      methods: [
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
    )
  }
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
