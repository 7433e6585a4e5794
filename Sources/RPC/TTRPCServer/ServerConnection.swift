internal import DispatchSockets
internal import TTRPC

/// One connection and its calls, on the loop that its socket is read on.
///
/// Handlers begin on the loop, in the middle of the read that brought their request, and so answer
/// without a change of thread unless they wait for something. What was answered in a read goes out
/// in one write after it; what is answered later goes out once in a turn of the loop.
actor ServerConnection {
  nonisolated let info: ConnectionInfo
  nonisolated let loop: EventLoop
  nonisolated let shared: ServerShared
  nonisolated let source: SocketSource

  var state: ServerConnectionState
  var calls: [UInt32: ServerCallState] = [:]

  /// Its user's account.
  nonisolated let account: Account

  /// The handlers at work, with those whose calls have ended before them.
  var handlerCount = 0

  /// The handlers that wait for something that has still to happen.
  var idleHandlerCount = 0

  /// The bytes that handlers have in the making.
  var workBytes = 0

  /// The part of ``workBytes`` that was asked for in more than small pieces.
  var largeWorkBytes = 0

  /// The part of what is held that the accounts know of.
  var countedBytes = 0

  /// The account whose memory this connection waits for.
  var starvedIn: Account?

  /// The handlers that wait for memory, in the order they came.
  var memoryWaiters: [MemoryWaiter] = []
  var lastMemoryTicket: UInt64 = 0

  /// What every request is answered with; `nil` for a connection that was taken.
  let refusal: RPCError?

  /// When the server gives up on handlers; see ``endGrace()``.
  var isGraceOver = false

  /// The calls whose handlers wait for room to send, in the order they came.
  var waitingSenders: [UInt32] = []

  /// The time that the calls of the current read are taken to begin; `nil` outside of a read.
  var readTime: ContinuousClock.Instant?

  /// No call's deadline is before it; `nil` = no call has one.
  var earliestDeadline: ContinuousClock.Instant?

  private(set) var isClosed = false
  private var input = InputBuffer()
  private var isInTurn = false
  private var isTurnScheduled = false
  private var isReading = true
  private var isAwaitingWritable = false
  private var blockedSince: ContinuousClock.Instant?
  private var lastActivity = ContinuousClock.now

  /// Since when the frame is awaited whose beginning has come; `nil` if none is, or nothing is read.
  private var frameSince: ContinuousClock.Instant?

  /// Since when the client has taken nothing of what it could read.
  private var unreadSince: ContinuousClock.Instant?

  /// Since when more than half of what may wait for the client has been waiting.
  private var backlogSince: ContinuousClock.Instant?
  private var hasFirstByte = false
  private let birth = ContinuousClock.now
  private var timer: LoopTimer?

  /// Whether a request was answered with ``refusal``.
  var hasAnswered = false
  private var timerInstant: ContinuousClock.Instant?

  /// The reads in a row before other connections get a turn.
  private static let readsPerTurnMax = 16

  /// How long it reads before other connections get a turn: with the last read's calls, not much
  /// longer than a millisecond.
  private static let readTurnMax: Duration = .milliseconds(1)

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

  init(
    _ socket: Socket,
    info: ConnectionInfo,
    of account: Account,
    refusal: RPCError? = nil,
    on loop: EventLoop,
    shared: ServerShared
  ) {
    self.info = info
    self.account = account
    self.refusal = refusal
    self.loop = loop
    self.shared = shared
    source = SocketSource(socket, on: loop)
    state = ServerConnectionState(limits: shared.options.limits.ofState)
  }

  /// Begins to read.
  func activate() {
    source.activate(
      onReadable: { self.assumeIsolated { $0.readable() } },
      onWritable: { self.assumeIsolated { $0.writable() } }
    )
    armTimer()
  }

  func report(_ event: ServerEvent) { shared.options.onEvent(event) }
}

// MARK: - Reading

extension ServerConnection {
  private func readable() {
    guard !isClosed else { return }
    var memory = shared.takeInputMemory()
    inTurn { readAll(&memory) }
    shared.giveBack(input: memory)
  }

  /// Reads until there is nothing more, and answers what was read after every read.
  ///
  /// A client that waits for its answer often has its next request ready by the time that this one
  /// has looked for more: reading again is cheaper than being woken again.
  private func readAll(_ memory: inout [UInt8]) {
    let begin = ContinuousClock.now
    lastActivity = begin
    for _ in 0..<Self.readsPerTurnMax where !isClosed && isReading {
      let outcome: Socket.Outcome
      do {
        outcome = try source.socket.read(into: &memory, from: 0)
      } catch {
        return close(.socketFailed("\(error)"))
      }
      switch outcome {
      case .bytes(let count):
        hasFirstByte = true
        process(memory.span.extracting(0..<count))
        if count < memory.count {
          flush()
        } else if ContinuousClock.now - begin > Self.readTurnMax {
          // What is left is told of again, after the others.
          return
        }
      case .wouldBlock:
        return
      case .endOfStream:
        flush()
        return close(.endOfStream(unusedByteCount: input.count))
      }
    }
  }

  /// Hands bytes to the state machine, as far as its answers have room and its messages readers.
  private func process(_ bytes: Span<UInt8>) {
    // Taken out while it is in use: a handler that runs inside may close the connection.
    var unused = InputBuffer()
    swap(&unused, &input)
    let before = unused.count
    readTime = nil
    shared.options.batch?.willBegin()
    unused.receive(bytes) { bytes, offset in
      while canProcess, let event = state.next(in: bytes, at: &offset) { handle(event, bytes) }
    }
    shared.options.batch?.didEnd()
    readTime = nil
    if !isClosed { noteFrame(rest: &unused, consumed: before + bytes.count - unused.count) }
    updateReading()
  }

  /// Keeps the beginning of a frame, and since when the rest is awaited.
  private func noteFrame(rest: inout InputBuffer, consumed: Int) {
    swap(&rest, &input)
    if input.isEmpty {
      frameSince = nil
    } else if consumed > 0 || frameSince == nil {
      frameSince = .now
    }
  }

  private func handle(_ event: ServerStreamEvent, _ bytes: Span<UInt8>) {
    switch event {
    case .requestReceived(let request):
      begin(request, bytes)
    case .messageReceived(let streamID, let range):
      receive([UInt8](copying: bytes.extracting(range)), on: streamID)
    case .remoteClosed(let streamID):
      closeRemote(streamID)
    case .streamFailed(let streamID, let error):
      report(.protocolError(info, error.message))
      abandon(streamID, error)
    case .frameRefused(_, let error):
      report(.protocolError(info, error.message))
    case .connectionFailed(let error):
      report(.protocolError(info, "\(error)"))
      flush()
      close(.protocolError)
    }
  }

  /// Whether more input may be used: there is room for its answers, and its messages are read.
  private var canProcess: Bool {
    if isClosed || state.isInputBlocked { return false }
    if isOutputFull {
      flush()
      if isClosed || isOutputFull { return false }
    }
    guard let full = fullAccount() else { return true }
    starve(full)
    return false
  }

  /// The bytes of the frame that has begun to come.
  var inputByteCount: Int { input.count }

  private var isOutputFull: Bool {
    state.output.count > shared.options.limits.queuedOutputBytesMax
  }

  /// Stops reading, or begins again, as ``canProcess`` says.
  private func updateReading() {
    if isClosed { return }
    if !state.isInputBlocked {
      blockedSince = nil
    } else if blockedSince == nil {
      blockedSince = .now
    }
    let shouldRead = canProcess
    // A frame that this end doesn't read isn't late.
    if !shouldRead { frameSince = nil }
    guard shouldRead != isReading else { return }
    isReading = shouldRead
    if shouldRead, !input.isEmpty { frameSince = .now }
    if shouldRead { source.resumeReading() } else { source.suspendReading() }
  }

  /// Goes on reading after a handler has taken a message or has ended, if that held it up.
  func inputWasTaken() {
    if blockedSince != nil { blockedSince = .now }
    if !isReading, !state.isInputBlocked { scheduleTurn() }
  }
}

// MARK: - Writing

extension ServerConnection {
  /// Writes what waits, as much as there is room for.
  func flush() {
    guard !isClosed, !isAwaitingWritable else { return }
    var isProgress = false
    while !state.output.isEmpty {
      let outcome: Socket.Outcome
      do {
        outcome = try state.output.withBytes { (bytes) throws(SocketError) in
          try source.socket.write(bytes)
        }
      } catch {
        return close(.socketFailed("\(error)"))
      }
      guard case .bytes(let count) = outcome else {
        isAwaitingWritable = true
        source.awaitWritable()
        if isProgress || unreadSince == nil { unreadSince = .now }
        break
      }
      state.output.removeFirst(count)
      isProgress = true
    }
    if state.output.isEmpty { unreadSince = nil }
    if state.output.count <= shared.options.limits.queuedOutputBytesMax / 2 {
      backlogSince = nil
      wakeSenders()
    } else if backlogSince == nil {
      backlogSince = .now
    }
  }

  private func writable() {
    isAwaitingWritable = false
    guard !isClosed else { return }
    inTurn {}
  }

  /// Whether a handler must wait before it sends.
  var hasRoomToSend: Bool { !isOutputFull }

  private func wakeSenders() {
    wakeMemoryWaiters()
    guard !waitingSenders.isEmpty else { return }
    let woken = waitingSenders
    waitingSenders = []
    for streamID in woken { calls[streamID]?.sender.take()?.resume() }
  }
}

// MARK: - Turns

extension ServerConnection {
  /// Sees to it that what was answered outside of a turn is written, once for all of it.
  func scheduleTurn() {
    guard !isInTurn, !isTurnScheduled, !isClosed else { return }
    isTurnScheduled = true
    loop.run { self.assumeIsolated { $0.turn() } }
  }

  private func turn() {
    isTurnScheduled = false
    guard !isClosed else { return }
    inTurn {}
  }

  /// Does something, then what is left to do for a connection before others get their turn.
  func inTurn(_ body: () -> Void) {
    isInTurn = true
    shared.lend(to: &state.output)
    body()
    flush()
    if !isClosed, !isReading, canProcess {
      process(Span())
      flush()
    }
    shared.takeBack(from: &state.output)
    isInTurn = false
    if shared.isDraining || refusal != nil { closeIfDone() }
    settle()
    armTimer()
  }

  /// Sets the timer for what is due next; a timer that comes too early only looks again.
  func armTimer() {
    if isClosed { return }
    let limits = shared.options.limits
    var due: ContinuousClock.Instant
    if calls.isEmpty {
      due = lastActivity + (hasFirstByte ? limits.idleTimeout : limits.firstByteTimeout)
    } else {
      due = lastActivity + limits.idleTimeout
    }
    if let earliestDeadline { due = min(due, earliestDeadline) }
    if let blockedSince { due = min(due, blockedSince + limits.blockedStreamTimeout) }
    if frameSince != nil || unreadSince != nil {
      // Looked at often, as only then is it seen that memory has become scarce.
      let slowest = min(limits.frameTimeout, limits.unreadTimeout)
      due = min(due, .now + min(limits.scarceMemoryTimeout, slowest))
    }
    if refusal != nil { due = min(due, birth + limits.refusedConnectionTimeout) }
    if let timerInstant, timerInstant <= due { return }
    timerInstant = due
    let duration = ContinuousClock.now.duration(to: due)
    if let timer {
      timer.rearm(after: duration)
    } else {
      timer = loop.after(duration) { [weak self] in self?.assumeIsolated { $0.timerFired() } }
    }
  }

  private func timerFired() {
    guard !isClosed else { return }
    timerInstant = nil
    let now = ContinuousClock.now
    let limits = shared.options.limits
    if let earliestDeadline, earliestDeadline <= now { expireCalls(now) }
    if let blockedSince, blockedSince + limits.blockedStreamTimeout <= now { failBlockedCalls() }
    if let reason = slowness(now) { return close(reason) }
    if calls.isEmpty {
      let rest = lastActivity.duration(to: now)
      if !hasFirstByte, rest >= limits.firstByteTimeout { return close(.noFirstByte) }
      if hasFirstByte, handlerCount + idleHandlerCount == 0, rest >= limits.idleTimeout {
        return close(.idle)
      }
    }
    if !calls.isEmpty || handlerCount + idleHandlerCount > 0 { lastActivity = now }
    inTurn {}
  }

  /// Why the connection must end because its client is slow.
  private func slowness(_ now: ContinuousClock.Instant) -> ServerEvent.CloseReason? {
    let limits = shared.options.limits
    if refusal != nil, birth + limits.refusedConnectionTimeout <= now { return .refused }
    let isScarce = countedBytes > 0 && account.isStarved
    let frameLimit = isScarce ? limits.scarceMemoryTimeout : limits.frameTimeout
    if let frameSince, frameSince + frameLimit <= now {
      return .frameUnfinished(byteCount: input.count)
    }
    if let unreadSince, unreadSince + limits.unreadTimeout <= now {
      return .answersUnread(byteCount: state.output.count)
    }
    if isScarce, let backlogSince, backlogSince + limits.scarceMemoryTimeout <= now {
      return .answersUnread(byteCount: state.output.count)
    }
    return nil
  }
}

// MARK: - The end

extension ServerConnection {
  /// Closes the connection and gives its calls up.
  func close(_ reason: ServerEvent.CloseReason) {
    guard !isClosed else { return }
    isClosed = true
    source.cancel()
    timer?.cancel()
    timer = nil
    input.removeAll()
    state.output.removeAll()
    let open = calls.values.sorted { $0.streamID < $1.streamID }
    for call in open { abandon(call.streamID, RPCError(.cancelled, "connection is closed")) }
    endStarving()
    settle()
    shared.onClose(self, reason, open.count)
  }

  /// Answers what has come already, then closes as soon as no call is open.
  func drain() {
    readable()
  }

  /// Cancels the handlers: what they haven't begun is left, what is being done is answered.
  func endGrace() {
    isGraceOver = true
    for call in calls.values { call.task?.cancel() }
    inTurn {}
  }

  /// Fails the calls that are still open and closes.
  func drainAtOnce() {
    for streamID in Array(calls.keys) {
      fail(streamID, Self.graceEnded)
    }
    flush()
    close(.drained)
  }

  /// What a call is answered of which nobody knows any more how it ends.
  static var graceEnded: RPCError {
    RPCError(
      .unavailable,
      "server stopped while the call was at work: it may have been carried out",
      outcome: .perhapsDone
    )
  }

  /// Closes a connection that has had all its answers and takes no more requests.
  private func closeIfDone() {
    guard calls.isEmpty, state.output.isEmpty else { return }
    if shared.isDraining { return close(.drained) }
    if hasAnswered { close(.refused) }
  }
}

extension [UInt8] {
  /// Creates an array of the bytes of a span.
  init(copying bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
  }
}
