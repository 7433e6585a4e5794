/// What a server's bytes mean to a client.
///
/// Ranges are places in the bytes that were handed to
/// ``ClientConnectionState/next(in:at:)``, and mean nothing after the next call of it.
package enum ClientStreamEvent: Sendable {
  /// The one response of a call whose server doesn't stream; the call has ended well.
  case responseReceived(streamID: UInt32, Range<Int>)

  /// One of a stream of responses. It counts as waiting until ``ClientConnectionState/dequeue``.
  case messageReceived(streamID: UInt32, Range<Int>)

  /// A call with a stream of responses has ended well.
  case streamEnded(streamID: UInt32)

  /// A call has failed, by the server's word or because its answer can't be read.
  case streamFailed(streamID: UInt32, RPCError)

  /// Nothing that comes after can be read: all open calls are lost, and the connection closed.
  case connectionFailed(ConnectionError)
}
