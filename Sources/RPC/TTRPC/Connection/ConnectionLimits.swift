/// What one connection may ask of its receiver.
package struct ConnectionLimits: Hashable, Sendable {
  /// The streams that may be open at once.
  package var streamCountMax: Int

  /// The bytes of received messages that may wait in one stream for their reader.
  ///
  /// A stream over it stops the whole connection's reading until its reader has caught up: ttrpc
  /// has no way to slow down a single stream. What has been read already still arrives, so a
  /// queue can be over the limit by what one read brought.
  package var queuedBytesMax: Int

  /// The bytes that may wait in all streams together, with the requests of open unary calls.
  ///
  /// Past it the connection isn't read, as with a single stream. One message can go over it.
  package var queuedBytesInAllMax: Int

  /// The items of metadata that a call may carry.
  package var metadataCountMax: Int

  /// The bytes of metadata that a call may carry: its items as they are encoded.
  package var metadataBytesMax: Int

  /// Creates limits.
  package init(
    streamCountMax: Int = 1024,
    queuedBytesMax: Int = 256 << 10,
    queuedBytesInAllMax: Int = 4 << 20,
    metadataCountMax: Int = 64,
    metadataBytesMax: Int = 16 << 10
  ) {
    self.streamCountMax = streamCountMax
    self.queuedBytesMax = queuedBytesMax
    self.queuedBytesInAllMax = queuedBytesInAllMax
    self.metadataCountMax = metadataCountMax
    self.metadataBytesMax = metadataBytesMax
  }

  /// What a waiting message counts beside its own bytes: what keeping it costs.
  ///
  /// Without it, empty messages could be queued without end.
  package static let messageOverhead = 64
}
