/// What a client's bytes mean to a server.
///
/// Ranges are places in the bytes that were handed to
/// ``ServerConnectionState/next(in:at:)``, and mean nothing after the next call of it.
package enum ServerStreamEvent: Sendable {
  /// A call begins; the server answers it at once, or opens it, or refuses it.
  case requestReceived(RequestHead)

  /// A message of an open call. It counts as waiting until ``ServerConnectionState/dequeue``.
  case messageReceived(streamID: UInt32, Range<Int>)

  /// The client sends no more messages on an open call.
  case remoteClosed(streamID: UInt32)

  /// An open call failed by what the client sent; the client has its answer, the handler must end.
  case streamFailed(streamID: UInt32, RPCError)

  /// A frame that belongs to no open call is wrong; the client has its answer.
  case frameRefused(streamID: UInt32, RPCError)

  /// Nothing that comes after can be read: what is to be sent is sent, then the connection closed.
  case connectionFailed(ConnectionError)
}
