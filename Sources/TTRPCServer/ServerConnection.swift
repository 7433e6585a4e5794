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

  /// The handlers at work, with those whose calls have ended before them.
  var handlerCount = 0

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
  private var hasFirstByte = false
  private var timer: LoopTimer?
  private var timerInstant: ContinuousClock.Instant?

  /// The reads in a row before other connections get a turn.
  private static let readsPerTurnMax = 16

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

  init(_ socket: Socket, info: ConnectionInfo, on loop: EventLoop, shared: ServerShared) {
    self.info = info
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
    lastActivity = ContinuousClock.now
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
        if count < memory.count { flush() }
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
    readTime = nil
    shared.options.batch?.willBegin()
    unused.receive(bytes) { bytes, offset in
      while canProcess, let event = state.next(in: bytes, at: &offset) { handle(event, bytes) }
    }
    shared.options.batch?.didEnd()
    readTime = nil
    if !isClosed { input = unused }
    updateReading()
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
    if !isOutputFull { return true }
    flush()
    return !isClosed && !isOutputFull
  }

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
    guard shouldRead != isReading else { return }
    isReading = shouldRead
    if shouldRead { source.resumeReading() } else { source.suspendReading() }
  }

  /// Goes on reading after a handler has taken a message, if that held it up.
  func inputWasTaken() {
    if !isReading, !state.isInputBlocked { scheduleTurn() }
  }
}

// MARK: - Writing

extension ServerConnection {
  /// Writes what waits, as much as there is room for.
  func flush() {
    guard !isClosed, !isAwaitingWritable else { return }
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
        break
      }
      state.output.removeFirst(count)
    }
    wakeSenders()
  }

  private func writable() {
    isAwaitingWritable = false
    guard !isClosed else { return }
    inTurn {}
  }

  /// Whether a handler must wait before it sends.
  var hasRoomToSend: Bool { !isOutputFull }

  private func wakeSenders() {
    let limit = shared.options.limits.queuedOutputBytesMax
    guard !waitingSenders.isEmpty, state.output.count <= limit / 2 else { return }
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
  private func inTurn(_ body: () -> Void) {
    isInTurn = true
    shared.lend(to: &state.output)
    body()
    flush()
    if !isClosed, !isReading, canProcess {
      blockedSince = nil
      process(Span())
      flush()
    }
    shared.takeBack(from: &state.output)
    isInTurn = false
    if shared.isDraining { closeIfDrained() }
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
    if calls.isEmpty {
      let rest = lastActivity.duration(to: now)
      if !hasFirstByte, rest >= limits.firstByteTimeout { return close(.noFirstByte) }
      if hasFirstByte, handlerCount == 0, rest >= limits.idleTimeout { return close(.idle) }
    }
    if !calls.isEmpty || handlerCount > 0 { lastActivity = now }
    inTurn {}
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
    shared.onClose(self, reason, open.count)
  }

  /// Answers what has come already, then closes as soon as no call is open.
  func drain() {
    readable()
  }

  /// Fails the open calls and closes.
  func drainAtOnce() {
    for streamID in Array(calls.keys) {
      fail(streamID, RPCError(.unavailable, Self.graceEnded, outcome: .perhapsDone))
    }
    flush()
    close(.drained)
  }

  private static let graceEnded =
    "server stopped while the call was at work: it may have been carried out"

  private func closeIfDrained() {
    if calls.isEmpty, state.output.isEmpty { close(.drained) }
  }
}

extension [UInt8] {
  /// Creates an array of the bytes of a span.
  init(copying bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
  }
}
