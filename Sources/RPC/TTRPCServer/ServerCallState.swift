internal import TTRPC

/// A call whose handler is at work, as its connection keeps it.
///
/// It belongs to its connection's actor and is touched nowhere else.
final class ServerCallState {
  let streamID: UInt32
  let method: MethodTable.Entry

  /// When the caller stops waiting; `nil` = never.
  let deadline: ContinuousClock.Instant?

  /// When its request was read; `nil` if nobody asks.
  let begin: ContinuousClock.Instant?

  /// What runs the handler; `nil` before it has begun, or if it has ended before it could be kept.
  var task: Task<Void, Never>?

  /// Whether the client sends no more messages.
  var remoteClosed: Bool

  /// Whether its handler waits for something that has still to happen.
  var isIdle = false

  /// The bytes of the answer that its handler makes next, as far as they are counted.
  var answerBytes = 0

  /// What the message costs that its handler is at work on, beside its bytes.
  var messageBytes = 0

  /// The one response of a client-streaming call, once the handler has sent it.
  var response: [UInt8]?

  /// The handler's task, while it waits for a message.
  var receiver: CheckedContinuation<Result<[UInt8]?, RPCError>, Never>?

  /// The handler's task, while it waits for room to send.
  var sender: CheckedContinuation<Void, Never>?

  private var messages: [[UInt8]] = []
  private var taken = 0

  init(
    streamID: UInt32,
    method: MethodTable.Entry,
    deadline: ContinuousClock.Instant?,
    begin: ContinuousClock.Instant?,
    remoteClosed: Bool
  ) {
    self.streamID = streamID
    self.method = method
    self.deadline = deadline
    self.begin = begin
    self.remoteClosed = remoteClosed
  }

  /// Adds a message that no task waits for.
  func enqueue(_ message: [UInt8]) { messages.append(message) }

  /// Takes the message that has waited longest.
  func dequeue() -> [UInt8]? {
    guard taken < messages.count else { return nil }
    var message: [UInt8] = []
    swap(&message, &messages[taken])
    taken += 1
    if taken == messages.count {
      messages.removeAll(keepingCapacity: true)
      taken = 0
    } else if taken > messages.count / 2, taken > 32 {
      messages.removeFirst(taken)
      taken = 0
    }
    return message
  }

  /// Wakes the handler's tasks that wait for the connection.
  func fail(_ error: RPCError) {
    receiver.take()?.resume(returning: .failure(error))
    sender.take()?.resume()
  }
}

/// A call as its handler sees it: a name for what its connection keeps.
struct HandledCall: ServerCall, CallWork {
  let connection: ServerConnection
  let streamID: UInt32

  func receive() async throws(RPCError) -> [UInt8]? { try await connection.receive(streamID) }

  func send(_ message: [UInt8]) async throws(RPCError) {
    try await connection.send(message, on: streamID)
  }

  func report(cause: String) async { await connection.report(cause: cause, on: streamID) }
  func reserve(_ byteCount: Int) async throws(RPCError) {
    try await connection.reserve(byteCount, on: streamID)
  }

  func setIdle(_ isIdle: Bool) async { await connection.setIdle(isIdle, streamID) }
}
