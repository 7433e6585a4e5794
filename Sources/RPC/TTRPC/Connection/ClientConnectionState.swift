package import ProtoWire

/// The client's end of one connection: calls in, bytes out; bytes in, events out.
///
/// It reads no socket and no clock and starts nothing. The caller
///
/// 1. opens calls and sends on them, and writes ``output`` to the socket;
/// 2. hands bytes to ``next(in:at:)`` until it returns `nil`, and keeps those that weren't used.
///
/// A command on a stream that isn't open any more does nothing and returns `false`: the server may
/// have ended it, and the event says how.
package struct ClientConnectionState: Sendable {
  /// The highest id that is given out; a connection that has used it up opens no more calls.
  package static let streamIDMax: UInt32 = 0x7FFF_FFFF

  /// What waits to be written to the socket.
  package var output = OutputBuffer()

  private let limits: ConnectionLimits
  private var parser = FrameParser()
  private var streams: StreamTable
  private var nextID: UInt32 = 1
  private var isFailed = false

  /// The stream whose last message was handed out, and whose end is the next event.
  private var pendingEnd: UInt32?

  /// Creates the state of a connection on which nothing was sent.
  package init(limits: ConnectionLimits = ConnectionLimits()) {
    self.limits = limits
    streams = StreamTable(limits: limits)
  }

  /// The number of open calls.
  package var openStreamCount: Int { streams.count }

  /// The ids of the open calls, in no order.
  package var openStreamIDs: [UInt32] { streams.ids }

  /// Whether more waits than may, in one call or in all: no more bytes should be read then.
  package var isInputBlocked: Bool { streams.isFull }

  /// The calls whose readers are to blame for ``isInputBlocked``, ascending.
  ///
  /// Those over the limit of one call, else the one in which most waits.
  package var blockingStreamIDs: [UInt32] { streams.fullIDs }

  /// The size of the frame that begins at an offset, as far as can be told, in bytes.
  package static func frameSize(in bytes: Span<UInt8>, at offset: Int) -> Int {
    FrameParser.frameSize(in: bytes, at: offset)
  }
}

// MARK: - Calls out

extension ClientConnectionState {
  /// Opens a call.
  ///
  /// - Parameters:
  ///   - method: The method; its kind says how many messages go each way.
  ///   - request: The one request of a call whose client doesn't stream, `nil` for the other kinds.
  ///   - options: How long the caller waits, and what travels beside the messages.
  /// - Returns: The call's stream: odd, and higher than all before, as ttrpc's server for Go demands.
  /// - Throws: ``StatusCode/resourceExhausted`` if the request or its metadata is over a limit or
  ///   too many calls are open, ``StatusCode/unavailable`` if the connection has no ids left. Then
  ///   nothing was sent.
  package mutating func open<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions
  ) throws(RPCError) -> UInt32 {
    let size = request?.wireSize ?? 0
    return try open(method.service, method.name, method.kind, size, request != nil, options) {
      output in
      if let request { output.append(encoding: request, size: size) }
    }
  }

  /// Opens a call with a request that is encoded already.
  package mutating func open(
    service: String,
    method: String,
    kind: MethodKind,
    request: [UInt8]?,
    options: CallOptions
  ) throws(RPCError) -> UInt32 {
    try open(service, method, kind, request?.count ?? 0, request != nil, options) { output in
      if let request { output.append(copying: request.span) }
    }
  }

  private mutating func open(
    _ service: String,
    _ method: String,
    _ kind: MethodKind,
    _ payloadSize: Int,
    _ hasRequest: Bool,
    _ options: CallOptions,
    payload: (inout OutputSpan<UInt8>) -> Void
  ) throws(RPCError) -> UInt32 {
    precondition(hasRequest != kind.clientStreams, "a request goes with the call, or in its stream")
    let envelope = RequestEnvelope(
      service: service,
      method: method,
      payloadSize: payloadSize,
      timeoutNanoseconds: RequestEnvelope.nanoseconds(options.timeout),
      metadata: options.metadata
    )
    let size = envelope.size
    try check(envelope, size: size)
    let id = nextID
    nextID += 2
    let flags: FrameFlags =
      switch kind {
      case .unary: []
      case .serverStreaming: .remoteClosed
      case .clientStreaming, .bidirectional: [.remoteOpen, .noData]
      }
    output.appendFrame(id, .request, flags, size: size) { output in
      envelope.encode(into: &output, payload: payload)
    }
    let state = StreamState(kind: kind, localClosed: !kind.clientStreams, remoteClosed: false)
    streams.open(id, state)
    return id
  }

  private func check(_ envelope: RequestEnvelope, size: Int) throws(RPCError) {
    guard !isFailed, nextID <= Self.streamIDMax else {
      throw RPCError(.unavailable, "connection opens no more calls", outcome: .neverBegun)
    }
    guard streams.count < limits.streamCountMax else {
      throw RPCError(
        .resourceExhausted,
        "\(streams.count) calls are open on this connection, which is the limit",
        outcome: .neverBegun
      )
    }
    guard size <= FrameHeader.dataLengthMax else { throw Self.oversizedRequest(size) }
    var meter = MetadataMeter(limits: limits)
    for item in envelope.metadata.items { _ = meter.admits(item.encodedSize) }
    try meter.check()
  }

  /// Sends a message of a call whose client streams.
  ///
  /// - Parameters:
  ///   - message: The message.
  ///   - streamID: The call.
  /// - Returns: Whether the call is open.
  /// - Throws: ``StatusCode/resourceExhausted`` if the message is too long for a frame; the call is
  ///   still open then.
  package mutating func send<Message: WireMessage>(
    _ message: Message,
    on streamID: UInt32
  ) throws(RPCError) -> Bool {
    let size = message.wireSize
    return try send(size, on: streamID) { $0.append(encoding: message, size: size) }
  }

  /// Sends a message that is encoded already.
  package mutating func send(_ message: [UInt8], on streamID: UInt32) throws(RPCError) -> Bool {
    try send(message.count, on: streamID) { $0.append(copying: message.span) }
  }

  private mutating func send(
    _ size: Int,
    on streamID: UInt32,
    _ body: (inout OutputSpan<UInt8>) -> Void
  ) throws(RPCError) -> Bool {
    guard let stream = streams[streamID] else { return false }
    precondition(!stream.localClosed, "message after the end of sending")
    guard size <= FrameHeader.dataLengthMax else { throw Self.oversizedRequest(size) }
    output.appendFrame(streamID, .data, size: size, body)
    return true
  }

  /// Says that no more messages of the client follow.
  @discardableResult
  package mutating func closeSending(on streamID: UInt32) -> Bool {
    guard let stream = streams[streamID], !stream.localClosed else { return false }
    streams.closeLocal(streamID)
    output.appendFrame(streamID, .data, [.remoteClosed, .noData], size: 0) { _ in }
    return true
  }

  /// Gives a call up: nothing that still comes on it makes an event.
  ///
  /// ttrpc has no word for it. The server is only told that no more messages come, where it would
  /// wait for them; what it was told before may still be done.
  @discardableResult
  package mutating func cancel(_ streamID: UInt32) -> Bool {
    closeSending(on: streamID)
    if pendingEnd == streamID { pendingEnd = nil }
    return streams.close(streamID)
  }

  /// Counts a received message of an open call as read.
  package mutating func dequeue(_ byteCount: Int, on streamID: UInt32) {
    streams.dequeue(streamID, byteCount)
  }

  private static func oversizedRequest(_ size: Int) -> RPCError {
    RPCError(
      .resourceExhausted,
      "request of \(size) bytes is over the limit of \(FrameHeader.dataLengthMax)",
      outcome: .neverBegun
    )
  }
}

// MARK: - Bytes in

extension ClientConnectionState {
  /// Takes the next event from the server's bytes.
  ///
  /// - Parameters:
  ///   - bytes: What has come and wasn't used yet, without a gap.
  ///   - offset: Where the first unused byte stands; moved behind what was used.
  /// - Returns: `nil` when the bytes from `offset` on are less than a frame, or the connection has
  ///   failed.
  package mutating func next(in bytes: Span<UInt8>, at offset: inout Int) -> ClientStreamEvent? {
    if let streamID = pendingEnd {
      pendingEnd = nil
      return .streamEnded(streamID: streamID)
    }
    while !isFailed {
      switch parser.next(in: bytes, at: &offset) {
      case .incomplete: return nil
      case .invalid(let error):
        isFailed = true
        return .connectionFailed(error)
      case .oversized(let header):
        let error = RPCError(
          .resourceExhausted,
          "stream \(header.streamID): frame of \(header.dataLength) bytes is over the limit of "
            + "\(FrameHeader.dataLengthMax)",
          outcome: .perhapsDone
        )
        if let event = end(header.streamID, error) { return event }
      case .frame(let header, let data):
        if let event = receive(header, data, in: bytes) { return event }
      }
    }
    return nil
  }

  private mutating func receive(
    _ header: FrameHeader,
    _ data: Range<Int>,
    in bytes: Span<UInt8>
  ) -> ClientStreamEvent? {
    // What comes on a stream that was given up or has ended is late, and passed over.
    guard let stream = streams[header.streamID] else { return nil }
    switch header.type {
    case .response: return receive(response: header.streamID, stream, data, in: bytes)
    case .data: return receive(data: header, stream, data)
    case .request, .unknown:
      let text = "stream \(header.streamID): frame type \(header.type.rawValue) is unexpected"
      return end(header.streamID, RPCError(.internal, text, outcome: .perhapsDone))
    }
  }

  private mutating func receive(
    response id: UInt32,
    _ stream: StreamState,
    _ data: Range<Int>,
    in bytes: Span<UInt8>
  ) -> ClientStreamEvent? {
    let head: ResponseHead
    do {
      head = try ResponseHead(bytes: bytes, data: data)
    } catch {
      return end(
        id,
        RPCError(.internal, "envelope is no ttrpc.Response: \(error)", outcome: .perhapsDone)
      )
    }
    if let error = head.error { return end(id, error) }
    guard stream.kind.serverStreams else {
      streams.close(id)
      return .responseReceived(streamID: id, head.payload)
    }
    // A streaming server may end well with a response too; without a payload it is no message.
    if head.payload.isEmpty {
      streams.close(id)
      return .streamEnded(streamID: id)
    }
    return last(id, head.payload)
  }

  private mutating func receive(
    data header: FrameHeader,
    _ stream: StreamState,
    _ data: Range<Int>
  ) -> ClientStreamEvent? {
    let id = header.streamID
    guard stream.kind.serverStreams else {
      return end(
        id,
        RPCError(
          .internal,
          "stream \(id): data of a method with one response",
          outcome: .perhapsDone
        )
      )
    }
    let isLast = header.flags.contains(.remoteClosed)
    if header.flags.contains(.noData) {
      guard isLast else { return nil }
      streams.close(id)
      return .streamEnded(streamID: id)
    }
    if isLast { return last(id, data) }
    streams.enqueue(id, data.count)
    return .messageReceived(streamID: id, data)
  }

  /// Hands out a stream's last message; the end follows as an event of its own.
  private mutating func last(_ id: UInt32, _ data: Range<Int>) -> ClientStreamEvent {
    streams.close(id)
    pendingEnd = id
    return .messageReceived(streamID: id, data)
  }

  private mutating func end(_ id: UInt32, _ error: RPCError) -> ClientStreamEvent? {
    streams.close(id) ? .streamFailed(streamID: id, error) : nil
  }
}
