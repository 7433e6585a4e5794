internal import DispatchSockets
internal import Locks
internal import ProtoWire
internal import TTRPC

/// One connection to a server, shared by all tasks that make calls on it.
///
/// The task that makes a call encodes it and writes it itself, unless another is writing: then that
/// one writes it too. On the loop all calls of a turn are written together at its end. Answers are
/// read on the loop, which resumes the waiting task directly. No lock is held while a task is
/// resumed.
final class ClientConnection: Sendable {
  private let loop: EventLoop
  private let core: Lock<ConnectionCore>
  private let reader = Lock(ReadBuffer())
  private let timer = Lock<LoopTimer?>(nil)
  private let onLoss: @Sendable (ClientConnection) -> Void

  /// Reads of one turn of the loop, so that other connections get theirs.
  private static let readsPerTurnMax = 16

  /// Begins to use a socket.
  ///
  /// - Parameters:
  ///   - socket: A connected socket.
  ///   - loop: Where answers are read.
  ///   - limits: What the client allows itself.
  ///   - closesWhenIdle: Whether the connection is for one call and ends with it.
  ///   - onLoss: Told once, on any thread, when the connection can't be used any more.
  init(
    _ socket: Socket,
    on loop: EventLoop,
    limits: ClientLimits,
    closesWhenIdle: Bool,
    onLoss: @escaping @Sendable (ClientConnection) -> Void
  ) {
    self.loop = loop
    self.onLoss = onLoss
    let source = SocketSource(socket, on: loop)
    core = Lock(ConnectionCore(source, limits: limits, closesWhenIdle: closesWhenIdle))
    source.activate(
      onReadable: { self.read() },
      onWritable: {
        self.core.withLock { $0.becameWritable() }
        self.afterChange(nil)
      }
    )
  }

  /// Makes a unary call.
  func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ options: CallOptions,
    _ deadline: CallDeadline?
  ) async throws(AttemptFailure) -> [UInt8] {
    let start = CallStart(options: options, deadline: deadline, token: CallToken())
    return try await cancellableOutcome(of: method, request, start, isolation: #isolation).get()
  }

  /// Makes a unary call that ends early if the task is cancelled.
  ///
  /// `isolation` is the caller's own: the handler's operation would leave it for the global executor
  /// if it didn't capture it, and a call would change threads twice.
  private func cancellableOutcome<Request: WireMessage, Response: WireMessage>(
    of method: RPCMethod<Request, Response>,
    _ request: Request,
    _ start: CallStart,
    isolation: isolated (any Actor)?
  ) async -> Result<[UInt8], AttemptFailure> {
    await withTaskCancellationHandler {
      _ = isolation
      return await outcome(of: method, request, start, isolation: isolation)
    } onCancel: {
      if let key = start.token.cancel() { end(key, .callCancelled) }
    }
  }

  /// Makes a unary call that nobody cancels; waits for room first, if there is none.
  private func outcome<Request: WireMessage, Response: WireMessage>(
    of method: RPCMethod<Request, Response>,
    _ request: Request,
    _ start: CallStart,
    isolation: isolated (any Actor)?
  ) async -> Result<[UInt8], AttemptFailure> {
    var start = start
    while true {
      let outcome = await withCheckedContinuation { continuation in
        let delivery = core.withLock { $0.start(method, request, start, continuation) }
        delivery?.perform()
        afterChange(start.deadline)
      }
      switch outcome {
      case .response(let message): return .success(message)
      case .failure(let failure): return .failure(failure)
      case .room: start.wasPromisedRoom = true
      case .ended: return .failure(.status(.unexpectedOutcome))
      }
    }
  }

  /// Opens a call of which at least one side streams.
  func open<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions,
    _ deadline: CallDeadline?
  ) throws(AttemptFailure) -> ClientStream {
    let inbox = StreamInbox()
    let streamID = try core.withLock { (core) throws(AttemptFailure) in
      try core.open(method, request, options, deadline, inbox)
    }
    afterChange(deadline)
    return ClientStream(self, streamID, inbox)
  }

  /// Sends a message on a stream; waits while too much waits to be written.
  func send(_ message: [UInt8], on stream: ClientStream) async throws(AttemptFailure) {
    let token = CallToken()
    try await Self.onCancel {
      stream.cancel()
      if let key = token.cancel() { self.end(key, .callCancelled) }
    } do: { () async throws(AttemptFailure) in
      while true {
        switch try trySending(message, on: stream.streamID) {
        case .sent: return
        case .ended: throw stream.failure ?? .status(.streamEnded)
        case .noRoom: try await waitForRoom(token, on: stream.streamID)
        }
      }
    }
  }

  /// Says that no more messages follow on a stream.
  func closeSending(on streamID: UInt32) {
    core.withLock { $0.closeSending(on: streamID) }
    afterChange(nil)
  }

  /// Counts a message as read.
  func dequeue(_ byteCount: Int, on streamID: UInt32) {
    core.withLock { $0.dequeue(byteCount, on: streamID) }
  }

  /// Gives a stream up.
  func cancel(_ streamID: UInt32) { end(ConnectionCore.key(streamID), .callCancelled) }

  /// Ends the connection when the last call on it has ended.
  func closeWhenIdle() {
    core.withLock { $0.closeWhenIdle() }
    afterChange(nil)
  }

  /// Ends the connection and everything on it.
  func close(_ reason: String) {
    let (source, deliveries) = core.withLock { $0.lose(reason) }
    guard let source else { return }
    timer.withLock { timer in
      timer?.cancel()
      timer = nil
    }
    source.cancel()
    for delivery in deliveries { delivery.perform() }
    onLoss(self)
  }

  // MARK: Waiting

  private func trySending(
    _ message: [UInt8],
    on streamID: UInt32
  ) throws(AttemptFailure) -> ConnectionCore.SendResult {
    do {
      let result = try core.withLock { (core) throws(RPCError) in
        try core.send(message, on: streamID)
      }
      afterChange(nil)
      return result
    } catch {
      throw .status(error)
    }
  }

  /// Waits until there may be room for a stream's message, or the stream is over.
  private func waitForRoom(
    _ token: CallToken,
    on streamID: UInt32
  ) async throws(AttemptFailure) {
    let outcome = await withCheckedContinuation { continuation in
      let delivery = core.withLock { core in
        // Room that came in the meantime is promised at once.
        core.waitForRoom(toSendOn: streamID, token, continuation)
      }
      delivery?.perform()
      perform(core.withLock { $0.offerRoom() })
    }
    switch outcome {
    case .room: core.withLock { $0.redeemPromise() }
    case .ended: return
    case .failure(let failure): throw failure
    case .response: throw .status(.unexpectedOutcome)
    }
  }

  private func end(_ key: UInt64, _ error: RPCError) {
    perform(core.withLock { $0.end(key, error) })
    afterChange(nil)
  }

  private func perform(_ deliveries: [Delivery]) {
    for delivery in deliveries { delivery.perform() }
  }

  /// Runs a body, and a handler if the task is cancelled before it ends.
  private static func onCancel<Value>(
    _ handler: @Sendable () -> Void,
    do body: () async throws(AttemptFailure) -> Value
  ) async throws(AttemptFailure) -> Value {
    let result = await withTaskCancellationHandler {
      do throws(AttemptFailure) {
        return Result<Value, AttemptFailure>.success(try await body())
      } catch {
        return .failure(error)
      }
    } onCancel: {
      handler()
    }
    return try result.get()
  }

  // MARK: Time

  private func endOverdue() {
    perform(core.withLock { $0.endOverdue(at: .now) })
    setTimer()
    afterChange(nil)
  }

  /// Makes the timer run out at the earliest deadline.
  private func setTimer() {
    timer.withLock { timer in
      // Read under the timer's lock: of two that set it, the later sees the earlier deadline.
      guard let alarm = core.withLock({ $0.alarm }) else { return }
      let duration = alarm - .now
      if let timer { return timer.rearm(after: duration) }
      timer = loop.after(duration) { [weak self] in self?.endOverdue() }
    }
  }

  // MARK: Bytes

  /// Sends what a change has left to be sent, and ends a connection that has nothing left to do.
  private func afterChange(_ deadline: CallDeadline?) {
    let isOnLoop = loop.isCurrent
    let next = core.withLock { $0.aftermath(deadline, isOnLoop: isOnLoop) }
    if next.setsTimer { setTimer() }
    if next.isDone { return closeAfterCall() }
    if next.schedulesFlush {
      loop.atEndOfTurn { self.write(self.core.withLock { $0.takeOutputAtEndOfTurn() }) }
    }
    write(next.output)
  }

  /// Writes what was taken from the core, and what comes to it in the meantime.
  private func write(_ taken: ConnectionCore.Output?) {
    var taken = taken
    while var output = taken {
      taken = nil
      let (count, end) = Self.write(&output)
      let deliveries: [Delivery]
      (deliveries, taken) = core.withLock { core in
        let deliveries = core.finishWriting(output, count, isBlocked: end == .blocked)
        return (deliveries, core.takeOutput())
      }
      perform(deliveries)
      if case .failed(let error) = end { return writingFailed(error) }
    }
  }

  /// How writing a buffer ended.
  private enum WriteEnd: Equatable {
    case finished
    case blocked
    case failed(SocketError)
  }

  private static func write(_ output: inout ConnectionCore.Output) -> (count: Int, WriteEnd) {
    let socket = output.source.socket
    var count = 0
    do throws(SocketError) {
      while !output.buffer.isEmpty {
        let outcome = try output.buffer.withBytes { (bytes) throws(SocketError) in
          try socket.write(bytes)
        }
        guard case .bytes(let written) = outcome else { return (count, .blocked) }
        output.buffer.removeFirst(written)
        count += written
      }
      return (count, .finished)
    } catch {
      return (count, .failed(error))
    }
  }

  /// Reads what the server said before it closed its end, then gives the connection up.
  private func writingFailed(_ error: SocketError) {
    loop.run {
      self.read()
      self.close("connection to the server is lost: \(error)")
    }
  }

  private func closeAfterCall() { close("connection was closed after its call") }

  private func read() {
    for _ in 0..<Self.readsPerTurnMax {
      guard let source = core.withLock({ $0.readableSource }) else { return }
      var deliveries: [Delivery] = []
      let end = reader.withLock { reader in receive(from: source.socket, &reader, &deliveries) }
      perform(deliveries)
      if case .lost(let reason) = end { return close(reason) }
      if end != .more { break }
    }
    afterChange(nil)
  }

  /// How a read went on.
  private enum ReadEnd: Equatable {
    case more
    case nothing
    case lost(String)
  }

  private func receive(
    from socket: Socket,
    _ reader: inout ReadBuffer,
    _ deliveries: inout [Delivery]
  ) -> ReadEnd {
    do throws(SocketError) {
      switch try reader.read(from: socket) {
      case .wouldBlock: return .nothing
      case .endOfStream: return .lost("the server closed the connection")
      case .bytes: break
      }
    } catch {
      return .lost("connection to the server is lost: \(error)")
    }
    var offset = 0
    let reason = core.withLock { core in
      core.receive(reader.bytes, count: reader.count, offset: &offset, &deliveries)
    }
    let wasFull = reader.isFull
    reader.removeFirst(offset)
    if let reason { return .lost(reason) }
    // Less than there was room for: the socket is empty now.
    return wasFull ? .more : .nothing
  }
}

extension RPCError {
  /// The error of a message for a call that has ended well already.
  static var streamEnded: RPCError {
    RPCError(.failedPrecondition, "call takes no more messages: the server has ended it")
  }

  /// The error of a wait that ended with what it didn't wait for: a fault of this library.
  fileprivate static var unexpectedOutcome: RPCError {
    RPCError(.internal, "a wait ended with what it wasn't for")
  }
}
