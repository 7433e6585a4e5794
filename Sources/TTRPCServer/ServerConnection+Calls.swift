internal import DispatchSockets
internal import TTRPC

// What a connection does for its calls.

extension ServerConnection {
  /// Answers a request at once, or begins its handler, or refuses it.
  func begin(_ request: RequestHead, _ bytes: Span<UInt8>) {
    let service = bytes.extracting(request.service)
    let name = bytes.extracting(request.method)
    guard let method = shared.methods.find(service: service, method: name) else {
      return state.refuse(request, shared.methods.error(service: service, method: name))
    }
    let begin = shared.options.reportsCalls ? ContinuousClock.now : nil
    do throws(RPCError) {
      guard !shared.isDraining else { throw Self.stopping }
      let deadline = try deadline(of: request, method)
      let context = CallContext(peer: info.peer, metadata: request.metadata, deadline: deadline)
      if case .immediate(let body) = method.implementation {
        let response = try body(bytes.extracting(request.payload), context)
        state.answer(request, with: response)
        record(method, .ok, begin)
      } else {
        try start(request, bytes, method, context, begin)
      }
    } catch {
      report(error, of: method)
      state.refuse(request, error)
      record(method, error.code, begin)
    }
  }

  /// When a request's caller stops waiting.
  private func deadline(
    of request: RequestHead,
    _ method: MethodTable.Entry
  ) throws(RPCError) -> ContinuousClock.Instant? {
    let nanoseconds = request.timeoutNanoseconds
    guard nanoseconds >= 0 else { throw Self.expired(.neverBegun) }
    let asked: Duration? = nanoseconds == 0 ? nil : .nanoseconds(nanoseconds)
    let timeout: Duration?
    switch method.implementation {
    case .immediate, .streaming: timeout = asked
    case .unary:
      let timeoutMax = shared.options.limits.unaryTimeoutMax
      timeout = min(asked ?? timeoutMax, timeoutMax)
    }
    guard let timeout else { return nil }
    let now = readTime ?? .now
    readTime = now
    return now + timeout
  }

  private static func expired(_ outcome: CallOutcome) -> RPCError {
    RPCError(.deadlineExceeded, "the time that the caller gave has passed", outcome: outcome)
  }

  /// A handler failed in a way that says nothing of what it has done.
  private static func internalError(_ cause: String) -> RPCError {
    RPCError(.internal, "internal error", outcome: .perhapsDone, cause: cause)
  }

  private static var stopping: RPCError {
    RPCError(.unavailable, "server is stopping", outcome: .neverBegun)
  }

  /// Opens a request's call and begins its handler.
  private func start(
    _ request: RequestHead,
    _ bytes: Span<UInt8>,
    _ method: MethodTable.Entry,
    _ context: CallContext,
    _ begin: ContinuousClock.Instant?
  ) throws(RPCError) {
    let limits = shared.options.limits
    guard handlerCount < limits.callCountPerConnectionMax else {
      throw RPCError(
        .resourceExhausted,
        "\(handlerCount) calls are at work for this connection, which is the limit",
        outcome: .neverBegun
      )
    }
    guard shared.beginCall() else {
      throw RPCError(
        .resourceExhausted,
        "\(limits.callCountMax) calls are at work on this server, which is the limit",
        outcome: .neverBegun
      )
    }
    let opened: ServerConnectionState.OpenedCall
    do {
      opened = try state.open(request, method.implementation.kind)
    } catch {
      shared.endCall()
      throw error
    }
    handlerCount += 1
    let call = ServerCallState(
      streamID: request.streamID,
      method: method,
      deadline: context.deadline,
      begin: begin,
      remoteClosed: opened.remoteClosed
    )
    calls[request.streamID] = call
    if let deadline = context.deadline {
      earliestDeadline = min(earliestDeadline ?? deadline, deadline)
    }
    let message = opened.message.map { [UInt8](copying: bytes.extracting($0)) }
    run(call, message, context)
  }

  /// Begins a call's handler, and runs it up to where it waits for the first time.
  private func run(_ call: ServerCallState, _ message: [UInt8]?, _ context: CallContext) {
    let streamID = call.streamID
    let implementation = call.method.implementation
    // No capture list: with one, Swift 6.3 begins such a task elsewhere.
    let request = message ?? []
    if implementation.kind != .unary, let message { call.enqueue(message) }
    if #available(macOS 26, iOS 26, *) {
      call.task = Task.immediate {
        await self.perform(implementation, streamID, request, context)
      }
    } else {
      call.task = Task {
        await self.perform(implementation, streamID, request, context)
      }
    }
  }

  private func perform(
    _ implementation: MethodImplementation,
    _ streamID: UInt32,
    _ request: [UInt8],
    _ context: CallContext
  ) async {
    do {
      switch implementation {
      case .immediate:
        preconditionFailure("such a method is answered without a call")
      case .unary(let body):
        finish(streamID, .success(try await body(request, context)))
      case .streaming(_, let body):
        try await body(StreamingServerCall(connection: self, streamID: streamID), context)
        finish(streamID, .success(nil))
      }
    } catch {
      finish(streamID, .failure(error))
    }
  }

  /// Ends a call as its handler has ended.
  private func finish(_ streamID: UInt32, _ result: Result<[UInt8]?, any Error>) {
    handlerCount -= 1
    shared.endCall()
    guard let call = calls[streamID] else { return scheduleTurn() }
    switch result {
    case .success(let response):
      let kind = call.method.implementation.kind
      if kind.serverStreams {
        state.finish(streamID)
      } else if let response = response ?? call.response {
        state.finish(streamID, with: response)
      } else {
        return fail(streamID, Self.internalError("handler ended without a response"))
      }
      calls[streamID] = nil
      record(call.method, .ok, call.begin)
      scheduleTurn()
    case .failure(let error):
      fail(streamID, Self.rpcError(of: error))
    }
  }

  /// An error that a handler threw, as a call's.
  private static func rpcError(of error: any Error) -> RPCError {
    if let error = error as? RPCError { return error }
    if error is CancellationError { return Self.ended }
    return internalError("\(error)")
  }

  /// Tells the log what callers aren't told of an error.
  private func report(_ error: RPCError, of method: MethodTable.Entry) {
    guard let cause = error.logged else { return }
    report(.handlerFailed(info, method: method.fullName, error: cause))
  }

  /// The same of an error that is only a part of a call.
  func report(cause: String, on streamID: UInt32) {
    guard let call = calls[streamID] else { return }
    report(.handlerFailed(info, method: call.method.fullName, error: cause))
  }

  /// Ends an open call with an error, and its handler, if that is still at work.
  func fail(_ streamID: UInt32, _ error: RPCError) {
    if let call = calls[streamID] { report(error, of: call.method) }
    state.fail(streamID, error)
    abandon(streamID, error)
    scheduleTurn()
  }

  /// Ends the handler of a call that the client has its answer to, or doesn't wait for any more.
  func abandon(_ streamID: UInt32, _ error: RPCError) {
    guard let call = calls.removeValue(forKey: streamID) else { return }
    call.fail(error)
    call.task?.cancel()
    record(call.method, error.code, call.begin)
  }

  /// Fails the calls whose time has passed.
  func expireCalls(_ now: ContinuousClock.Instant) {
    var next: ContinuousClock.Instant?
    for call in calls.values.sorted(by: { $0.streamID < $1.streamID }) {
      guard let deadline = call.deadline else { continue }
      if deadline <= now {
        fail(call.streamID, Self.expired(.perhapsDone))
      } else {
        next = min(next ?? deadline, deadline)
      }
    }
    earliestDeadline = next
  }

  /// Fails the calls whose handlers don't read what is sent to them.
  func failBlockedCalls() {
    let limits = shared.options.limits.connection
    for streamID in state.blockingStreamIDs {
      let text =
        "stream \(streamID): its messages wait for their handler, and hold up the connection at "
        + "\(limits.queuedBytesMax) bytes, or \(limits.queuedBytesInAllMax) in all streams"
      fail(streamID, RPCError(.resourceExhausted, text, outcome: .perhapsDone))
    }
  }

  private func record(
    _ method: MethodTable.Entry,
    _ code: StatusCode,
    _ begin: ContinuousClock.Instant?
  ) {
    guard let begin else { return }
    report(
      .callEnded(
        CallRecord(connection: info, method: method.fullName, code: code, duration: .now - begin)
      )
    )
  }
}

// MARK: - Messages of streaming calls

extension ServerConnection {
  /// Hands a message to a call's handler, or keeps it until that asks for one.
  func receive(_ message: [UInt8], on streamID: UInt32) {
    guard let call = calls[streamID] else { return }
    if let receiver = call.receiver.take() {
      state.dequeue(message.count, on: streamID)
      receiver.resume(returning: .success(message))
    } else {
      call.enqueue(message)
    }
  }

  /// Notes that a call's client sends no more messages.
  func closeRemote(_ streamID: UInt32) {
    guard let call = calls[streamID] else { return }
    call.remoteClosed = true
    call.receiver.take()?.resume(returning: .success(nil))
  }

  /// Returns a call's next message, or `nil` when no more come.
  func receive(_ streamID: UInt32) async throws(RPCError) -> [UInt8]? {
    guard let call = calls[streamID] else { throw Self.ended }
    if let message = call.dequeue() {
      state.dequeue(message.count, on: streamID)
      inputWasTaken()
      return message
    }
    if call.remoteClosed { return nil }
    guard call.receiver == nil else {
      throw RPCError(.internal, "two tasks receive on one call")
    }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { waitToReceive(call, $0) }
    } onCancel: {
      loop.run { self.assumeIsolated { $0.cancelReceive(streamID) } }
    }
    return try result.get()
  }

  /// Keeps a task that waits for a message, unless something came while it was put to sleep.
  private func waitToReceive(
    _ call: ServerCallState,
    _ receiver: CheckedContinuation<Result<[UInt8]?, RPCError>, Never>
  ) {
    if calls[call.streamID] == nil {
      receiver.resume(returning: .failure(Self.ended))
    } else if let message = call.dequeue() {
      state.dequeue(message.count, on: call.streamID)
      inputWasTaken()
      receiver.resume(returning: .success(message))
    } else if call.remoteClosed {
      receiver.resume(returning: .success(nil))
    } else {
      call.receiver = receiver
    }
  }

  private func cancelReceive(_ streamID: UInt32) {
    calls[streamID]?.receiver.take()?.resume(returning: .failure(Self.ended))
  }

  /// Sends a call's message, after waiting until there is room.
  func send(_ message: [UInt8], on streamID: UInt32) async throws(RPCError) {
    while true {
      guard let call = calls[streamID] else { throw Self.ended }
      guard call.method.implementation.kind.serverStreams else {
        guard call.response == nil else {
          throw RPCError(.internal, "handler sent a second response")
        }
        call.response = message
        return
      }
      if hasRoomToSend { break }
      flush()
      if hasRoomToSend { break }
      guard call.sender == nil else { throw RPCError(.internal, "two tasks send on one call") }
      await withTaskCancellationHandler {
        await withCheckedContinuation { waitToSend(call, $0) }
      } onCancel: {
        loop.run { self.assumeIsolated { $0.cancelSend(streamID) } }
      }
      if Task.isCancelled { throw Self.ended }
    }
    try state.send(message, on: streamID)
    scheduleTurn()
  }

  /// Keeps a task that waits for room, unless there is some by now.
  private func waitToSend(_ call: ServerCallState, _ sender: CheckedContinuation<Void, Never>) {
    guard calls[call.streamID] != nil, !hasRoomToSend else { return sender.resume() }
    call.sender = sender
    waitingSenders.append(call.streamID)
  }

  private func cancelSend(_ streamID: UInt32) {
    calls[streamID]?.sender.take()?.resume()
  }

  private static var ended: RPCError {
    RPCError(.cancelled, "call was cancelled", outcome: .perhapsDone)
  }
}
