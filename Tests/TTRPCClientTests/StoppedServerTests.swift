import DispatchSockets
import Foundation
import TTRPC
import TTRPCClient
import Testing
import WellKnownTypes

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What becomes of calls to a server that is there and does nothing: stopped, or hanging.
@Suite(.timeLimit(.minutes(1))) struct StoppedServerTests {
  private let host = ScriptedHost()
  private let options = CallOptions(timeout: .milliseconds(200))

  /// A mask of which three are more than these limits let wait to be written.
  private let large = FieldMask(String(repeating: "y", count: 20_000))

  private var narrow: ClientLimits {
    var limits = ClientLimits()
    limits.outputBytesMax = 50_000
    return limits
  }

  /// Sends until sending fails, to a server that reads nothing.
  private func sendForever(
    _ call: StreamingCall<FieldMask, FieldMask>
  ) async -> RPCError? {
    await error { () async throws(RPCError) in while true { try await call.send(large) } }
  }

  @Test func senderStopsWaitingAtTheDeadline() async throws {
    let call = try await host.channel(narrow).requestStream(Method.both, options)
    let server = try await host.next()
    let failure = await sendForever(call)
    #expect(failure?.code == .deadlineExceeded)
    #expect(try await server.waitForEnd())
  }

  @Test func sendersOfAllTasksStopWaitingAtTheDeadline() async throws {
    let call = try await host.channel(narrow).requestStream(Method.both, options)
    let codes = await withTaskGroup { group in
      for _ in 0..<8 { group.addTask { await sendForever(call)?.code } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(codes == Array(repeating: .deadlineExceeded, count: 8))
  }

  @Test func senderHearsHowTheServerEndedTheCall() async throws {
    let call = try await host.channel(narrow).requestStream(Method.both, CallOptions())
    let server = try await host.next()
    let sender = Task { await sendForever(call) }
    try await Task.sleep(for: .milliseconds(50))
    // It answers though it takes no more messages.
    try await server.send(.failure(1, code: 8, "enough"))
    #expect(await sender.value == RPCError(.resourceExhausted, "enough", outcome: .perhapsDone))
  }

  @Test func senderStopsWaitingWhenTheClientIsClosed() async throws {
    let channel = host.channel(narrow)
    let call = try await channel.requestStream(Method.both, CallOptions())
    let sender = Task { await sendForever(call) }
    try await Task.sleep(for: .milliseconds(50))
    channel.close()
    #expect(await sender.value?.code == .unavailable)
  }

  @Test func messagesAndAnswersEndAtTheDeadline() async throws {
    let channel = host.channel()
    let upload = try await channel.requestStream(Method.upload, options)
    let uploaded = await error { () async throws(RPCError) in _ = try await upload.response() }
    #expect(uploaded?.code == .deadlineExceeded)
    let download = try await channel.serverStream(Method.download, large, options)
    let received = await error { () async throws(RPCError) in _ = try await download.next() }
    #expect(received?.code == .deadlineExceeded)
  }

  @Test func callsEndAtTheDeadlineHoweverManyWaitToBeWritten() async throws {
    let channel = host.channel(narrow)
    let codes = await withTaskGroup { group in
      for _ in 0..<300 {
        group.addTask {
          await error { () async throws(RPCError) in
            _ = try await channel.unary(Method.unary, large, options)
          }?.code
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(codes == Array(repeating: .deadlineExceeded, count: 300))
  }

  // MARK: Connecting

  @Test func connectingEndsAtTheDeadlineWhereTheQueueIsFull() async throws {
    let listener = try FullListener()
    let channel = ClientChannel(path: listener.path)
    let unary = await error { () async throws(RPCError) in
      _ = try await channel.unary(Method.unary, FieldMask("a"), options)
    }
    #expect(unary?.code == .deadlineExceeded)
    #expect(unary?.message.hasSuffix("resource temporarily unavailable") == true)
    let stream = await error { () async throws(RPCError) in
      _ = try await channel.requestStream(Method.both, options)
    }
    #expect(stream?.code == .deadlineExceeded)
  }

  @Test func connectingWithoutADeadlineEndsAtItsLimit() async throws {
    let listener = try FullListener()
    var limits = ClientLimits()
    limits.connectDurationMax = .milliseconds(100)
    let channel = ClientChannel(path: listener.path, limits: limits)
    let failure = await error { () async throws(RPCError) in
      _ = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
    }
    #expect(failure?.code == .unavailable)
    #expect(failure?.message.hasSuffix("resource temporarily unavailable") == true)
  }

  @Test func connectingEndsWhenTheTaskIsCancelled() async throws {
    let listener = try FullListener()
    let channel = ClientChannel(path: listener.path)
    let task = Task {
      await error { () async throws(RPCError) in
        _ = try await channel.serverStream(Method.download, FieldMask("x"), CallOptions())
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(await task.value?.code == .cancelled)
  }
}

/// A socket on which a program listens that accepts nothing, and whose queue is full.
private final class FullListener {
  let path = NSTemporaryDirectory() + "full-\(UUID().uuidString.prefix(8)).sock"
  private var descriptors: [Int32] = []

  init() throws {
    let listening = try open()
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listening, $0, length) }
    }
    try #require(isBound == 0 && listen(listening, 1) == 0)
    for _ in 0..<100 {
      let isConnected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          (try? open()).map { connect($0, address, length) } == 0
        }
      }
      if !isConnected { return }
    }
    throw SocketError.served(path: path)
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
    unlink(path)
  }

  private func open() throws -> Int32 {
    #if canImport(Glibc)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #else
    let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    try #require(descriptor >= 0 && fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
    descriptors.append(descriptor)
    return descriptor
  }
}
