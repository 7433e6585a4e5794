internal import ProtoWire
internal import WellKnownTypes

/// The server's end of one connection: bytes in, events out; answers in, bytes out.
///
/// It reads no socket and no clock and starts nothing. The caller
///
/// 1. hands bytes to ``next(in:at:)`` until it returns `nil`, and keeps those that weren't used;
/// 2. answers each request: at once (``answer(_:with:)``, ``refuse(_:_:)``), or after it was opened;
/// 3. writes ``output`` to the socket.
///
/// A command on a stream that isn't open any more does nothing and returns `false`: the stream may
/// have failed while its handler worked.
package struct ServerConnectionState: Sendable {
  /// What waits to be written to the socket.
  package var output = OutputBuffer()

  private let limits: ConnectionLimits
  private var parser = FrameParser()
  private var streams: StreamTable
  private var usedIDs = StreamIDSet()
  private var isFailed = false

  /// The stream whose last message was handed out, and the end of whose messages is the next event.
  private var pendingClose: UInt32?

  /// Creates the state of a connection on which nothing has come.
  package init(limits: ConnectionLimits = ConnectionLimits()) {
    self.limits = limits
    streams = StreamTable(limits: limits)
  }

  /// What the client speaks; `nil` before its first byte.
  package var dialect: ConnectionDialect? { parser.dialect }

  /// The number of open calls.
  package var openStreamCount: Int { streams.count }

  /// The ids of the open calls, in no order.
  package var openStreamIDs: [UInt32] { streams.ids }

  /// Whether more waits than may, in one call or in all: no more bytes should be read then.
  package var isInputBlocked: Bool { streams.isFull }

  /// The bytes of messages that wait for their handlers, and of those that these are at work on.
  package var waitingByteCount: Int { streams.queuedBytes }

  /// The calls whose readers are to blame for ``isInputBlocked``, ascending.
  ///
  /// Those over the limit of one call, else the one in which most waits.
  package var blockingStreamIDs: [UInt32] { streams.fullIDs }

  /// The size of the frame that begins at an offset, as far as can be told, in bytes.
  package static func frameSize(in bytes: Span<UInt8>, at offset: Int) -> Int {
    FrameParser.frameSize(in: bytes, at: offset)
  }
}

// MARK: - Bytes in

extension ServerConnectionState {
  /// Takes the next event from the client's bytes.
  ///
  /// - Parameters:
  ///   - bytes: What has come and wasn't used yet, without a gap.
  ///   - offset: Where the first unused byte stands; moved behind what was used.
  /// - Returns: `nil` when the bytes from `offset` on are less than a frame, or the connection has
  ///   failed.
  package mutating func next(in bytes: Span<UInt8>, at offset: inout Int) -> ServerStreamEvent? {
    if let streamID = pendingClose {
      pendingClose = nil
      if streams[streamID] != nil { return .remoteClosed(streamID: streamID) }
    }
    while !isFailed {
      switch parser.next(in: bytes, at: &offset) {
      case .incomplete: return nil
      case .invalid(let error): return fail(error)
      case .oversized(let header):
        if let event = receive(oversized: header) { return event }
      case .frame(let header, let data):
        if let event = receive(header, data, in: bytes) { return event }
      }
    }
    return nil
  }

  private mutating func fail(_ error: ConnectionError) -> ServerStreamEvent {
    isFailed = true
    return .connectionFailed(error)
  }

  private mutating func receive(
    _ header: FrameHeader,
    _ data: Range<Int>,
    in bytes: Span<UInt8>
  ) -> ServerStreamEvent? {
    switch header.type {
    case .request: receive(request: header, data, in: bytes)
    case .data: receive(data: header, data)
    // ttrpc's server passes these over so that the protocol can grow.
    case .response, .unknown: nil
    }
  }

  private mutating func receive(
    request header: FrameHeader,
    _ data: Range<Int>,
    in bytes: Span<UInt8>
  ) -> ServerStreamEvent? {
    let id = header.streamID
    if let event = take(id) { return event }
    do {
      return .requestReceived(
        try RequestHead(
          streamID: id,
          flags: header.flags,
          bytes: bytes,
          data: data,
          limits: limits
        )
      )
    } catch {
      return refuse(id, error)
    }
  }

  /// Marks a request's id as used; returns what happened if it can't be.
  private mutating func take(_ id: UInt32) -> ServerStreamEvent? {
    guard id % 2 == 1 else {
      return refuse(id, RPCError(.invalidArgument, "stream \(id): id of a request is even"))
    }
    if usedIDs.insert(id) { return nil }
    if streams[id] != nil { return fail(.streamReused(streamID: id)) }
    return refuse(id, RPCError(.invalidArgument, "stream \(id): id was used before"))
  }

  private mutating func receive(data header: FrameHeader, _ data: Range<Int>) -> ServerStreamEvent?
  {
    let id = header.streamID
    guard let stream = streams[id] else {
      // Late data of a finished call is the client's good right.
      if id % 2 == 1, usedIDs.contains(id) { return nil }
      return refuse(id, RPCError(.invalidArgument, "stream \(id): data without a request"))
    }
    // A stray one must harm nothing: the one request of these has come with the call.
    guard stream.kind.clientStreams else { return nil }
    guard !stream.remoteClosed else {
      return failStream(
        id,
        RPCError(.invalidArgument, "stream \(id): data after the end of the client's messages")
      )
    }
    let isLast = header.flags.contains(.remoteClosed)
    if header.flags.contains(.noData) {
      guard data.isEmpty else {
        return failStream(
          id,
          RPCError(.invalidArgument, "stream \(id): \(data.count) bytes in a frame of no data")
        )
      }
      guard isLast else { return nil }
      streams.closeRemote(id)
      return .remoteClosed(streamID: id)
    }
    streams.enqueue(id, data.count)
    if isLast {
      streams.closeRemote(id)
      pendingClose = id
    }
    return .messageReceived(streamID: id, data)
  }

  private mutating func receive(oversized header: FrameHeader) -> ServerStreamEvent? {
    let id = header.streamID
    let error = RPCError(
      .resourceExhausted,
      "stream \(id): frame of \(header.dataLength) bytes is over the limit of "
        + "\(FrameHeader.dataLengthMax)"
    )
    switch header.type {
    case .request: return take(id) ?? refuse(id, error)
    case .data: return streams[id] == nil ? nil : failStream(id, error)
    case .response, .unknown: return nil
    }
  }

  private mutating func refuse(_ id: UInt32, _ error: RPCError) -> ServerStreamEvent {
    var error = error
    error.outcome = .neverBegun
    write(error, on: id)
    return .frameRefused(streamID: id, error)
  }

  private mutating func failStream(_ id: UInt32, _ error: RPCError) -> ServerStreamEvent {
    var error = error
    error.outcome = .perhapsDone
    streams.close(id)
    write(error, on: id)
    return .streamFailed(streamID: id, error)
  }
}

// MARK: - Answers out

extension ServerConnectionState {
  /// What an opened call has brought with its request.
  package struct OpenedCall: Equatable, Sendable {
    /// Where its first message stands; `nil` = there is none yet.
    ///
    /// It counts as waiting, unless the method is unary.
    package var message: Range<Int>?

    /// Whether no more messages come.
    package var remoteClosed: Bool
  }

  /// Answers a unary request that was never opened.
  package mutating func answer(_ request: RequestHead, with payload: [UInt8]) {
    write(payload, on: request.streamID)
  }

  /// Refuses a request that was never opened.
  package mutating func refuse(_ request: RequestHead, _ error: RPCError) {
    write(error, on: request.streamID)
  }

  /// Opens a request's call, to be answered later.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - kind: That of the method; the frame's flags only say whether more messages come.
  /// - Returns: What the call has brought.
  /// - Throws: ``StatusCode/resourceExhausted`` when as many calls are open as may be; the request
  ///   is to be refused then.
  package mutating func open(
    _ request: RequestHead,
    _ kind: MethodKind
  ) throws(RPCError)
    -> OpenedCall
  {
    guard streams.count < limits.streamCountMax else {
      throw RPCError(
        .resourceExhausted,
        "\(streams.count) calls are open on this connection, which is the limit",
        outcome: .neverBegun
      )
    }
    let call = Self.opened(request, kind)
    var stream = StreamState(kind: kind, localClosed: false, remoteClosed: call.remoteClosed)
    if kind == .unary { stream.requestBytes = request.payload.count }
    streams.open(request.streamID, stream)
    if kind != .unary, let message = call.message {
      streams.enqueue(request.streamID, message.count)
    }
    return call
  }

  /// What a request brings, by its method and its flags.
  private static func opened(_ request: RequestHead, _ kind: MethodKind) -> OpenedCall {
    guard kind.clientStreams else {
      return OpenedCall(message: request.payload, remoteClosed: true)
    }
    let hasMessage =
      if request.flags.contains(.noData) {
        false
      } else {
        // An empty payload says nothing, except from a client that takes the method for unary.
        !request.payload.isEmpty || request.flags.isEmpty
      }
    return OpenedCall(
      message: hasMessage ? request.payload : nil,
      remoteClosed: !request.flags.contains(.remoteOpen)
    )
  }

  /// Sends a message of a call whose server streams.
  ///
  /// - Parameters:
  ///   - message: The encoded message.
  ///   - streamID: The call.
  /// - Returns: Whether the call is open.
  /// - Throws: ``StatusCode/resourceExhausted`` if the message is too long for a frame; the call is
  ///   still open then.
  @discardableResult
  package mutating func send(_ message: [UInt8], on streamID: UInt32) throws(RPCError) -> Bool {
    guard let stream = streams[streamID] else { return false }
    precondition(stream.kind.serverStreams, "method has one response")
    guard message.count <= FrameHeader.dataLengthMax else {
      throw Self.oversizedResponse(message.count, limit: Int(FrameHeader.dataLengthMax))
    }
    output.appendFrame(streamID, .data, size: message.count) { $0.append(copying: message.span) }
    return true
  }

  /// Ends a call well: one with a stream of responses.
  @discardableResult
  package mutating func finish(_ streamID: UInt32) -> Bool {
    guard streams.close(streamID) else { return false }
    output.appendFrame(streamID, .data, [.remoteClosed, .noData], size: 0) { _ in }
    return true
  }

  /// Ends a call well: one with one response.
  @discardableResult
  package mutating func finish(_ streamID: UInt32, with payload: [UInt8]) -> Bool {
    guard streams.close(streamID) else { return false }
    write(payload, on: streamID)
    return true
  }

  /// Ends a call with an error.
  @discardableResult
  package mutating func fail(_ streamID: UInt32, _ error: RPCError) -> Bool {
    guard streams.close(streamID) else { return false }
    write(error, on: streamID)
    return true
  }

  /// Counts a received message of an open call as taken by its handler, which works on it until it
  /// takes the next one, or ``finishWork(on:)``.
  package mutating func dequeue(_ byteCount: Int, on streamID: UInt32) {
    streams.finishWork(streamID)
    streams.beginWork(streamID, byteCount)
  }

  /// Counts the message that the handler of an open call has taken as done.
  package mutating func finishWork(on streamID: UInt32) { streams.finishWork(streamID) }

  private mutating func write(_ payload: [UInt8], on id: UInt32) {
    guard payload.count <= ResponseEnvelope.payloadSizeMax else {
      let limit = ResponseEnvelope.payloadSizeMax
      return write(Self.oversizedResponse(payload.count, limit: limit), on: id)
    }
    let size = ResponseEnvelope.size(payloadSize: payload.count)
    output.appendFrame(id, .response, size: size) { output in
      if payload.isEmpty { return }
      output.append(18)
      output.appendVarint(UInt64(payload.count))
      output.append(copying: payload.span)
    }
  }

  private mutating func write(_ error: RPCError, on id: UInt32) {
    let status = error.callStatus
    let statusSize = status.wireSize
    let size = 1 + WireVarint.sizeWithLength(statusSize)
    guard size <= FrameHeader.dataLengthMax else {
      // The details don't fit; the code and the beginning of the text always do.
      let text = String(error.message.unicodeScalars.prefix(Self.shortMessageMax))
      return write(RPCError(error.code, text, outcome: error.outcome), on: id)
    }
    output.appendFrame(id, .response, size: size) { output in
      output.append(10)
      output.appendVarint(UInt64(statusSize))
      output.append(encoding: status, size: statusSize)
    }
  }

  /// The Unicode scalars that are kept of a text that doesn't fit a frame.
  private static let shortMessageMax = 1000

  private static func oversizedResponse(_ size: Int, limit: Int) -> RPCError {
    let text = "response of \(size) bytes is over the limit of \(limit)"
    return RPCError(.resourceExhausted, text, outcome: .perhapsDone)
  }
}
