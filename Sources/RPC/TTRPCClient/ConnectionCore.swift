internal import DispatchSockets
internal import ProtoWire
internal import TTRPC

/// What a connection keeps under its lock: the protocol's state, and who waits for what.
///
/// It decides and never calls out. What is to be told to others comes back as ``Delivery`` values,
/// which are performed when the lock is free again.
struct ConnectionCore {
  /// The protocol's state.
  var wire: ClientConnectionState

  /// The connection's socket; `nil` from the moment it is lost.
  var source: SocketSource?

  /// Why the connection is lost; `nil` = it isn't.
  private var lossReason: String?

  private let limits: ClientLimits
  private var closesWhenIdle: Bool

  /// The calls, and what waits for room, by their keys: a stream's id plus an offset for calls.
  private var waiting: [UInt64: Waiting] = [:]
  private var hasOpened = false

  /// The keys of what waits for room, longest first; some may be gone already.
  private var roomQueue: [UInt64] = []
  private var nextRoomKey = Self.roomKeys

  /// Waiters that were told that there is room and haven't taken it yet.
  private var promisedCount = 0

  /// A buffer that a writer has taken, when it gave it back unfinished.
  private var unfinished = OutputBuffer()
  private var isWriting = false
  private var isAwaitingWritable = false
  private var isFlushScheduled = false
  private var isReadingSuspended = false

  /// Bytes that writers have taken since the beginning.
  private var takenCount: UInt64 = 0

  /// Bytes that the socket has taken since the beginning.
  private var writtenCount: UInt64 = 0

  /// The moment the timer is to be set to; `nil` = it needn't run.
  private(set) var alarm: ContinuousClock.Instant?

  private static let roomKeys: UInt64 = 1 << 40

  /// Something that waits in the connection.
  private struct Waiting {
    let deadline: CallDeadline?

    /// The place of the call's first byte in all that is written.
    let start: UInt64

    let receiver: Receiver

    /// Whether the caller has said that it sends no more.
    var isSendingClosed = true

    /// The key of the stream on which there is to be room to send; `nil` for all else.
    var stream: UInt64?
  }

  private enum Receiver {
    case unary(CheckedContinuation<CallReply, Never>)
    case stream(StreamInbox)
  }

  init(_ source: SocketSource, limits: ClientLimits, closesWhenIdle: Bool) {
    wire = ClientConnectionState(limits: limits.connection)
    self.source = source
    self.limits = limits
    self.closesWhenIdle = closesWhenIdle
  }

  /// The key of a stream.
  static func key(_ streamID: UInt32) -> UInt64 { UInt64(streamID) + CallToken.firstKey }

  private static func streamID(_ key: UInt64) -> UInt32? {
    key < roomKeys ? UInt32(truncatingIfNeeded: key - CallToken.firstKey) : nil
  }
}

// MARK: - Calls

extension ConnectionCore {
  /// Begins a call, or a wait for room.
  mutating func start<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ call: CallStart,
    _ continuation: CheckedContinuation<CallReply, Never>
  ) -> Delivery? {
    if call.wasPromisedRoom { promisedCount -= 1 }
    if let lossReason {
      return .outcome(continuation, .failure(.lost(wasSent: false, reason: lossReason)))
    }
    guard !call.token.isCancelled else {
      return .outcome(continuation, .failure(.status(.callNotBegun)))
    }
    guard hasRoom else {
      return waitForRoom(call.token, call.deadline, continuation)
    }
    let start = takenCount + UInt64(wire.output.count)
    do {
      let streamID = try wire.open(method, request, call.options)
      guard call.token.set(Self.key(streamID)) else {
        wire.cancel(streamID)
        return .outcome(continuation, .failure(.status(.callCancelled)))
      }
      waiting[Self.key(streamID)] = Waiting(
        deadline: call.deadline,
        start: start,
        receiver: .unary(continuation)
      )
      return nil
    } catch {
      return .outcome(continuation, .failure(.status(error)))
    }
  }

  /// Opens a call of which at least one side streams.
  mutating func open<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions,
    _ deadline: CallDeadline?,
    _ inbox: StreamInbox
  ) throws(AttemptFailure) -> UInt32 {
    if let lossReason { throw .lost(wasSent: false, reason: lossReason) }
    let start = takenCount + UInt64(wire.output.count)
    do {
      let streamID = try wire.open(method, request, options)
      waiting[Self.key(streamID)] = Waiting(
        deadline: deadline,
        start: start,
        receiver: .stream(inbox),
        isSendingClosed: !method.kind.clientStreams
      )
      hasOpened = true
      return streamID
    } catch {
      throw .status(error)
    }
  }

  /// What became of a message that was to be sent.
  enum SendResult {
    case sent
    case noRoom

    /// The call is over; how, its inbox knows.
    case ended
  }

  /// Sends a message of a call whose client streams.
  mutating func send(
    _ message: [UInt8],
    on streamID: UInt32
  ) throws(RPCError) -> SendResult {
    guard let entry = waiting[Self.key(streamID)] else { return .ended }
    guard !entry.isSendingClosed else {
      throw RPCError(.failedPrecondition, "call takes no more messages: its sending was closed")
    }
    guard hasRoom else { return .noRoom }
    return try wire.send(message, on: streamID) ? .sent : .ended
  }

  /// Says that no more messages follow.
  mutating func closeSending(on streamID: UInt32) {
    waiting[Self.key(streamID)]?.isSendingClosed = true
    wire.closeSending(on: streamID)
  }

  /// Whether a call or a message may be sent now.
  var hasRoom: Bool {
    wire.openStreamCount + promisedCount < limits.callCountMax
      && unfinished.count + wire.output.count <= limits.outputBytesMax
  }

  /// Puts one who has a message for a stream into the queue for room; the stream's end ends the wait.
  mutating func waitForRoom(
    toSendOn streamID: UInt32,
    _ token: CallToken,
    _ continuation: CheckedContinuation<CallReply, Never>
  ) -> Delivery? {
    let stream = Self.key(streamID)
    // It may have ended since it had no room.
    guard waiting[stream] != nil else { return .outcome(continuation, .ended) }
    return waitForRoom(token, nil, continuation, stream: stream)
  }

  /// Puts a caller into the queue for room.
  private mutating func waitForRoom(
    _ token: CallToken,
    _ deadline: CallDeadline?,
    _ continuation: CheckedContinuation<CallReply, Never>,
    stream: UInt64? = nil
  ) -> Delivery? {
    nextRoomKey += 1
    guard token.set(nextRoomKey) else {
      let error: RPCError = stream == nil ? .callNotBegun : .callCancelled
      return .outcome(continuation, .failure(.status(error)))
    }
    waiting[nextRoomKey] = Waiting(
      deadline: deadline,
      start: .max,
      receiver: .unary(continuation),
      stream: stream
    )
    roomQueue.append(nextRoomKey)
    return nil
  }

  /// Gives up a call or a wait.
  mutating func end(_ key: UInt64, _ error: RPCError) -> [Delivery] {
    guard let ended = waiting.removeValue(forKey: key) else { return [] }
    if let streamID = Self.streamID(key) {
      wire.cancel(streamID)
      updateReading()
    }
    var error = error
    // What waits for its turn was not sent.
    if key >= Self.roomKeys, ended.stream == nil { error.outcome = .neverBegun }
    let deliveries = [Self.delivery(ended, .status(error))]
    return deliveries + endSending(ended, key) + offerRoom()
  }

  /// Ends the waits of those who have messages for a stream that is over: nothing of it makes room.
  private mutating func endSending(_ ended: Waiting, _ key: UInt64) -> [Delivery] {
    guard case .stream = ended.receiver else { return [] }
    let senders = waiting.filter { $0.value.stream == key }
    return senders.compactMap { key, sender in
      waiting[key] = nil
      guard case .unary(let continuation) = sender.receiver else { return nil }
      return .outcome(continuation, .ended)
    }
  }

  /// Ends what is overdue, and sets ``alarm`` to when to look again.
  mutating func endOverdue(at now: ContinuousClock.Instant) -> [Delivery] {
    var deliveries: [Delivery] = []
    for (key, entry) in waiting {
      guard let deadline = entry.deadline, deadline.instant <= now else { continue }
      deliveries += end(key, .timedOut(after: deadline.timeout))
    }
    alarm = waiting.values.compactMap { $0.deadline?.instant }.min()
    return deliveries
  }

  /// What is to be done after something changed.
  struct Aftermath {
    /// Whether ``alarm`` is earlier than the timer is set to.
    var setsTimer = false

    /// Whether the end of the loop's turn is to be waited for.
    var schedulesFlush = false

    /// What is to be written now.
    var output: Output?

    /// Whether the connection has nothing left to do and was made for one call.
    var isDone = false
  }

  /// Makes the connection end when the last call on it has.
  mutating func closeWhenIdle() {
    closesWhenIdle = true
    hasOpened = true
  }

  /// Says what is to be done after something changed.
  ///
  /// - Parameters:
  ///   - deadline: The deadline of a call that was added.
  ///   - isOnLoop: Whether writing can wait for the end of the loop's turn.
  /// - Returns: What is to be done, with no lock held.
  mutating func aftermath(_ deadline: CallDeadline?, isOnLoop: Bool) -> Aftermath {
    var result = Aftermath(isDone: isDone)
    if let deadline, lossReason == nil, alarm.map({ deadline.instant < $0 }) ?? true {
      alarm = deadline.instant
      result.setsTimer = true
    }
    if isOnLoop {
      result.schedulesFlush = !isFlushScheduled
      isFlushScheduled = true
    } else {
      result.output = takeOutput()
    }
    return result
  }

  /// Promises room to as many of those that wait for it as there is.
  mutating func offerRoom() -> [Delivery] {
    var deliveries: [Delivery] = []
    while hasRoom, !roomQueue.isEmpty {
      guard let entry = waiting.removeValue(forKey: roomQueue.removeFirst()) else { continue }
      guard case .unary(let continuation) = entry.receiver else { continue }
      promisedCount += 1
      deliveries.append(.outcome(continuation, .room))
    }
    return deliveries
  }

  /// Takes a promise of room back that its owner has no use for, or has used.
  mutating func redeemPromise() { promisedCount -= 1 }

  private var isDone: Bool { closesWhenIdle && hasOpened && waiting.isEmpty }

  private static func delivery(_ ended: Waiting, _ failure: AttemptFailure) -> Delivery {
    switch ended.receiver {
    case .unary(let continuation): .outcome(continuation, .failure(failure))
    case .stream(let inbox): .end(inbox, failure)
    }
  }
}

// MARK: - Bytes

extension ConnectionCore {
  /// Bytes with the socket that they are to be written to.
  struct Output {
    var buffer: OutputBuffer
    let source: SocketSource
  }

  /// Takes what is to be written, if there is something and nobody is writing.
  ///
  /// Whoever takes it must give it back with ``finishWriting(_:_:isBlocked:)``.
  mutating func takeOutput() -> Output? {
    guard !isWriting, !isAwaitingWritable, let source else { return nil }
    if unfinished.isEmpty {
      if wire.output.isEmpty { return nil }
      takenCount += UInt64(wire.output.count)
      swap(&unfinished, &wire.output)
    }
    isWriting = true
    var taken = Output(buffer: OutputBuffer(), source: source)
    swap(&taken.buffer, &unfinished)
    return taken
  }

  /// Takes back a buffer from a writer, with the number of bytes that the socket took.
  ///
  /// `isBlocked` says that the socket takes no more for now; then it is watched for room, and
  /// whoever waits for room is told.
  mutating func finishWriting(
    _ output: Output,
    _ count: Int,
    isBlocked: Bool
  ) -> [Delivery] {
    isWriting = false
    writtenCount += UInt64(count)
    // What the socket hasn't taken stays in front; memory that is empty is used again.
    unfinished = output.buffer
    if isBlocked, let source {
      isAwaitingWritable = true
      source.awaitWritable()
    }
    return roomQueue.isEmpty ? [] : offerRoom()
  }

  /// Takes what is to be written at the end of the loop's turn.
  mutating func takeOutputAtEndOfTurn() -> Output? {
    isFlushScheduled = false
    return takeOutput()
  }

  /// The socket to read from; `nil` if nothing should be read.
  var readableSource: SocketSource? { isReadingSuspended ? nil : source }

  /// Says that the socket takes bytes again.
  mutating func becameWritable() { isAwaitingWritable = false }

  /// Reads frames; moves `offset` behind them.
  ///
  /// - Returns: Why the connection can't go on; `nil` = it can.
  mutating func receive(
    _ bytes: borrowing [UInt8],
    count: Int,
    offset: inout Int,
    _ deliveries: inout [Delivery]
  ) -> String? {
    let span = bytes.span.extracting(first: count)
    while let event = wire.next(in: span, at: &offset) {
      switch event {
      case .responseReceived(let streamID, let range):
        guard let entry = waiting.removeValue(forKey: Self.key(streamID)) else { continue }
        let message = Array(bytes[range])
        switch entry.receiver {
        case .unary(let continuation): deliveries.append(.outcome(continuation, .response(message)))
        case .stream(let inbox):
          deliveries.append(.message(inbox, message))
          deliveries.append(.end(inbox, nil))
          deliveries += endSending(entry, Self.key(streamID))
        }
      case .messageReceived(let streamID, let range):
        guard let inbox = inbox(streamID) else { continue }
        deliveries.append(.message(inbox, Array(bytes[range])))
      case .streamEnded(let streamID):
        guard let entry = waiting.removeValue(forKey: Self.key(streamID)) else { continue }
        if case .stream(let inbox) = entry.receiver { deliveries.append(.end(inbox, nil)) }
        deliveries += endSending(entry, Self.key(streamID))
      case .streamFailed(let streamID, let error):
        guard let entry = waiting.removeValue(forKey: Self.key(streamID)) else { continue }
        deliveries.append(Self.delivery(entry, .status(error)))
        deliveries += endSending(entry, Self.key(streamID))
      case .connectionFailed(let error):
        return "connection isn't the protocol's: \(error)"
      }
    }
    if !roomQueue.isEmpty { deliveries += offerRoom() }
    updateReading()
    return nil
  }

  /// Counts a message as read, and goes on with reading if that was what it waited for.
  mutating func dequeue(_ byteCount: Int, on streamID: UInt32) {
    wire.dequeue(byteCount, on: streamID)
    updateReading()
  }

  private mutating func updateReading() {
    guard wire.isInputBlocked != isReadingSuspended else { return }
    isReadingSuspended = wire.isInputBlocked
    if isReadingSuspended { source?.suspendReading() } else { source?.resumeReading() }
  }

  /// Ends everything; returns the socket to cancel.
  mutating func lose(_ reason: String) -> (SocketSource?, [Delivery]) {
    guard lossReason == nil else { return (nil, []) }
    lossReason = reason
    // What a writer holds may have gone out, however much it reports in the end.
    let sentCount = isWriting ? takenCount : writtenCount
    let deliveries = waiting.values.map { entry in
      Self.delivery(entry, .lost(wasSent: entry.start < sentCount, reason: reason))
    }
    waiting = [:]
    roomQueue = []
    wire.output.removeAll()
    unfinished.removeAll()
    defer { source = nil }
    return (source, deliveries)
  }

  private func inbox(_ streamID: UInt32) -> StreamInbox? {
    guard case .stream(let inbox)? = waiting[Self.key(streamID)]?.receiver else { return nil }
    return inbox
  }
}

/// Something to be told when no lock is held.
enum Delivery {
  case outcome(CheckedContinuation<CallReply, Never>, CallReply)

  case message(StreamInbox, [UInt8])
  case end(StreamInbox, AttemptFailure?)

  func perform() {
    switch self {
    case .outcome(let continuation, let outcome): continuation.resume(returning: outcome)
    case .message(let inbox, let message): inbox.add(message)
    case .end(let inbox, let failure): inbox.end(failure)
    }
  }
}

/// When a call's time is over, and how long it was.
struct CallDeadline: Sendable {
  let instant: ContinuousClock.Instant
  let timeout: Duration
}

/// What a call begins with beside its method and its request.
struct CallStart: Sendable {
  var options: CallOptions
  var deadline: CallDeadline?
  var token: CallToken
  var wasPromisedRoom = false
}
