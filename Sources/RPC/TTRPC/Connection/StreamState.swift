/// What both ends keep of a stream that is open.
///
///                  request                      data 0x05 / request without 0x02
///     (unused) ───────────────▶ open, remote open ────────────────────────▶ open, remote closed
///                                   │                                             │
///                                   └──────── the server ends the stream ─────────┴──▶ (finished)
///
/// The server ends a stream and nobody else: by a response, or by data 0x05 where it streams. What
/// comes on a stream after that is late, and passed over.
struct StreamState: Sendable {
  /// How many messages the call carries each way.
  let kind: MethodKind

  /// Whether this end sends no more messages.
  var localClosed: Bool

  /// Whether the peer sends no more messages.
  var remoteClosed: Bool

  /// The received bytes that wait for their reader, each message with its overhead.
  var queuedBytes = 0

  /// The bytes of the message that its handler is at work on: a unary call's request, or the last
  /// one that was taken of a stream.
  var requestBytes = 0
}

/// The streams of a connection that are open, and what waits in them.
struct StreamTable: Sendable {
  private var streams: [UInt32: StreamState] = [:]

  /// The bytes that may wait in one stream.
  private let queuedBytesMax: Int

  /// The bytes that may wait in all.
  private let queuedBytesInAllMax: Int

  /// The streams in which more waits than may.
  private var overfullCount = 0

  /// The bytes that wait in all streams, and those that handlers are at work on.
  private(set) var queuedBytes = 0

  init(limits: ConnectionLimits) {
    queuedBytesMax = limits.queuedBytesMax
    queuedBytesInAllMax = limits.queuedBytesInAllMax
  }

  /// Whether more waits than may, in one stream or in all.
  var isFull: Bool { overfullCount > 0 || queuedBytes > queuedBytesInAllMax }

  /// The streams whose readers are to blame for ``isFull``, ascending.
  ///
  /// Those over their own limit, else the one in which most waits. Unary calls are never to blame:
  /// they have read what they were sent.
  var fullIDs: [UInt32] {
    guard isFull else { return [] }
    let overfull = streams.filter { $0.value.queuedBytes > queuedBytesMax }.keys.sorted()
    if !overfull.isEmpty { return overfull }
    let fullest = streams.max { ($0.value.queuedBytes, $1.key) < ($1.value.queuedBytes, $0.key) }
    guard let fullest, fullest.value.queuedBytes > 0 else { return [] }
    return [fullest.key]
  }

  /// The number of open streams.
  var count: Int { streams.count }

  /// The ids of the open streams, in no order.
  var ids: [UInt32] { Array(streams.keys) }

  /// The state of an open stream.
  subscript(id: UInt32) -> StreamState? { streams[id] }

  /// Adds a stream.
  mutating func open(_ id: UInt32, _ state: StreamState) {
    streams[id] = state
    queuedBytes += state.requestBytes
  }

  /// Removes a stream; returns whether it was open.
  @discardableResult
  mutating func close(_ id: UInt32) -> Bool {
    guard let state = streams.removeValue(forKey: id) else { return false }
    if state.queuedBytes > queuedBytesMax { overfullCount -= 1 }
    queuedBytes -= state.queuedBytes + state.requestBytes
    return true
  }

  /// Marks an open stream so that the peer sends no more.
  mutating func closeRemote(_ id: UInt32) { streams[id]?.remoteClosed = true }

  /// Marks an open stream so that this end sends no more.
  mutating func closeLocal(_ id: UInt32) { streams[id]?.localClosed = true }

  /// Counts a message that begins to wait.
  mutating func enqueue(_ id: UInt32, _ byteCount: Int) {
    change(id, by: byteCount + ConnectionLimits.messageOverhead)
  }

  /// Counts a message that waits no more.
  mutating func dequeue(_ id: UInt32, _ byteCount: Int) {
    change(id, by: -(byteCount + ConnectionLimits.messageOverhead))
  }

  /// Counts a message that waits no more, but is worked on until ``finishWork(_:)``.
  mutating func beginWork(_ id: UInt32, _ byteCount: Int) {
    change(id, by: -(byteCount + ConnectionLimits.messageOverhead))
    guard let index = streams.index(forKey: id) else { return }
    streams.values[index].requestBytes += byteCount
    queuedBytes += byteCount
  }

  /// Counts a stream's messages that were worked on as done.
  mutating func finishWork(_ id: UInt32) {
    guard let index = streams.index(forKey: id) else { return }
    queuedBytes -= streams.values[index].requestBytes
    streams.values[index].requestBytes = 0
  }

  private mutating func change(_ id: UInt32, by difference: Int) {
    guard let index = streams.index(forKey: id) else { return }
    let before = streams.values[index].queuedBytes
    let after = max(before + difference, 0)
    streams.values[index].queuedBytes = after
    queuedBytes += after - before
    if before <= queuedBytesMax, after > queuedBytesMax { overfullCount += 1 }
    if before > queuedBytesMax, after <= queuedBytesMax { overfullCount -= 1 }
  }
}
