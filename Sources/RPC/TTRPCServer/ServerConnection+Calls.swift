internal import DispatchSockets
internal import TTRPC

// What a connection does for its calls.

extension ServerConnection {
  /// Answers a request at once, or begins its handler, or refuses it.
  func begin(_ request: RequestHead, _ bytes: Span<UInt8>) {
    let service = bytes.extracting(request.service)
    let name = bytes.extracting(request.method)
    if let refusal {
      hasAnswered = true
      return state.refuse(request, refusal)
    }
    guard let method = shared.methods.find(service: service, method: name) else {
      return state.refuse(request, shared.methods.error(service: service, method: name))
    }
    let begin = shared.options.reportsCalls ? ContinuousClock.now : nil
    do throws(RPCError) {
      guard !shared.isDraining else { throw Self.stopping }
      let deadline = try deadline(of: request, method)
      var context = CallContext(
        peer: info.peer,
        metadata: request.metadata,
        deadline: deadline,
        connection: info.id
      )
      if case .immediate(let body) = method.implementation {
        let response = try body(bytes.extracting(request.payload), context)
        state.answer(request, with: response)
        record(method, .ok, begin)
      } else {
        context.work = HandledCall(connection: self, streamID: request.streamID)
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
    if let text = limitPassed(by: method) { throw RPCError(passing: text) }
    let opened = try state.open(request, method.implementation.kind)
    let call = ServerCallState(
      streamID: request.streamID,
      method: method,
      deadline: context.deadline,
      begin: begin,
      remoteClosed: opened.remoteClosed
    )
    calls[request.streamID] = call
    handlerCount += 1
    account.add(openCalls: 1)
    account.add(callsAtWork: 1)
    call.answerBytes = CallContext.answerBytesKept
    hold(call.answerBytes)
    if let deadline = context.deadline {
      earliestDeadline = min(earliestDeadline ?? deadline, deadline)
    }
    let message = opened.message.map { [UInt8](copying: bytes.extracting($0)) }
    run(call, message, context)
  }

  /// Which limit of calls one more call of a method would pass.
  private func limitPassed(by method: MethodTable.Entry) -> String? {
    let limits = shared.options.limits
    let extra = method.hasRoomKept ? limits.keptCallCountMax : 0
    if handlerCount >= limits.callCountPerConnectionMax + extra {
      return "\(handlerCount) calls are at work for this connection, which is the limit"
    }
    let openCount = handlerCount + idleHandlerCount
    if openCount >= limits.openCallCountPerConnectionMax + extra {
      return "\(openCount) calls are open on this connection, which is the limit"
    }
    return account.refusal(extra: extra)
  }

  /// Begins a call's handler, and runs it up to where it waits for the first time.
  private func run(_ call: ServerCallState, _ message: [UInt8]?, _ context: CallContext) {
    let request = message ?? []
    if call.method.implementation.kind != .unary, let message { call.enqueue(message) }
    guard let bind = shared.options.bind else { return beginTask(call, request, context) }
    bind(context) { beginTask(call, request, context) }
  }

  private func beginTask(_ call: ServerCallState, _ request: [UInt8], _ context: CallContext) {
    // No capture list: with one, Swift 6.3 begins such a task elsewhere. And one that begins at once
    // can't leave the loop before it has waited for the first time.
    if #available(macOS 26, iOS 26, *), !Self.isForElsewhere(call, request) {
      call.task = Task.immediate { await self.perform(call, request, context) }
    } else {
      call.task = Task { await self.perform(call, request, context) }
    }
  }

  /// Whether a handler works off the loop, where what it decodes holds nobody up: its request is
  /// large, or any message of its client may be.
  private static func isForElsewhere(_ call: ServerCallState, _ request: [UInt8]) -> Bool {
    request.count > inlineBytesMax || call.method.implementation.kind.clientStreams
  }

  private func perform(
    _ call: ServerCallState,
    _ request: [UInt8],
    _ context: CallContext
  ) async {
    let isElsewhere = Self.isForElsewhere(call, request)
    do {
      switch call.method.implementation {
      case .immediate:
        preconditionFailure("such a method is answered without a call")
      case .unary(let body):
        let response =
          isElsewhere
          ? try await Self.elsewhere(body, request, context) : try await body(request, context)
        finish(call, .success(response))
      case .streaming(_, let body):
        let handled = HandledCall(connection: self, streamID: call.streamID)
        if isElsewhere {
          try await Self.elsewhere(body, handled, context)
        } else {
          try await body(handled, context)
        }
        finish(call, .success(nil))
      }
    } catch {
      finish(call, .failure(error))
    }
  }

  /// Runs a handler off the loop.
  ///
  /// With nothing before the handler, Swift 6.3 leaves out the change of threads, and it would run
  /// where the caller does.
  @concurrent private static func elsewhere<Input: Sendable, Output: Sendable>(
    _ body: @Sendable (Input, CallContext) async throws -> Output,
    _ input: Input,
    _ context: CallContext
  ) async throws -> Output {
    try Task.checkCancellation()
    return try await body(input, context)
  }

  /// Ends a call as its handler has ended.
  private func finish(_ call: ServerCallState, _ result: Result<[UInt8]?, any Error>) {
    endHandler(of: call)
    guard calls[call.streamID] != nil else { return scheduleTurn() }
    switch result {
    case .success(let response):
      let kind = call.method.implementation.kind
      if kind.serverStreams {
        state.finish(call.streamID)
      } else if let response = response ?? call.response {
        state.finish(call.streamID, with: response)
      } else {
        return fail(call.streamID, Self.internalError("handler ended without a response"))
      }
      calls[call.streamID] = nil
      record(call.method, .ok, call.begin)
      inputWasTaken()
      scheduleTurn()
    case .failure(let error):
      fail(call.streamID, rpcError(of: error))
    }
  }

  /// Counts a handler as ended, with all that it held.
  private func endHandler(of call: ServerCallState) {
    if call.isIdle {
      idleHandlerCount -= 1
    } else {
      handlerCount -= 1
      account.add(callsAtWork: -1)
    }
    account.add(openCalls: -1)
    release(&call.messageBytes)
    release(&call.answerBytes)
  }

  /// Counts a handler as one that waits for something that has still to happen, or works again.
  func setIdle(_ isIdle: Bool, _ streamID: UInt32) {
    guard let call = calls[streamID], call.isIdle != isIdle else { return }
    call.isIdle = isIdle
    let change = isIdle ? -1 : 1
    handlerCount += change
    idleHandlerCount -= change
    account.add(callsAtWork: change)
    if isIdle { release(&call.answerBytes) }
  }

  /// An error that a handler threw, as a call's.
  private func rpcError(of error: any Error) -> RPCError {
    if let error = error as? RPCError {
      // What the server itself has cancelled ends for nothing that the caller did.
      guard isGraceOver, error.code == .cancelled else { return error }
      return RPCError(.unavailable, "server is stopping", outcome: error.outcome)
    }
    if error is CancellationError { return isGraceOver ? Self.graceEnded : Self.ended }
    return Self.internalError("\(error)")
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
    inputWasTaken()
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

  /// Returns a call's next message, or `nil` when no more come; the one before is done with.
  func receive(_ streamID: UInt32) async throws(RPCError) -> [UInt8]? {
    guard let call = calls[streamID] else { throw Self.ended }
    release(&call.messageBytes)
    state.finishWork(on: streamID)
    inputWasTaken()
    guard let message = try await nextMessage(call) else { return nil }
    if message.count > Self.inlineBytesMax { try await reserveMessage(message.count, call) }
    return message
  }

  private func nextMessage(_ call: ServerCallState) async throws(RPCError) -> [UInt8]? {
    let streamID = call.streamID
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

  static var ended: RPCError {
    RPCError(.cancelled, "call was cancelled", outcome: .perhapsDone)
  }
}
