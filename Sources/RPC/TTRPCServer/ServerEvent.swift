package import TTRPC

/// Something that happened to a server, for whoever keeps its log.
package enum ServerEvent: Sendable {
  /// Connections are accepted; the path is `nil` for a socket that was inherited.
  case listening(path: String?)

  /// Connections can't be accepted for a while.
  case acceptFailed(String)

  /// A connection was accepted.
  case connectionAccepted(ConnectionInfo)

  /// A connection was closed at once; `nil` if the kernel didn't say who it was.
  case connectionRefused(PeerIdentity?, RefusalReason)

  /// A connection has ended, and with it the calls that were open on it.
  case connectionClosed(ConnectionInfo, CloseReason, openCallCount: Int)

  /// A peer broke the protocol; the text says how.
  case protocolError(ConnectionInfo, String)

  /// A handler failed, and callers aren't told why: the cause, without anything that they stored.
  case handlerFailed(ConnectionInfo, method: String, error: String)

  /// A call has ended; only if ``ServerOptions/reportsCalls``.
  case callEnded(CallRecord)

  /// No new connections and calls from now on.
  case draining(openCallCount: Int)

  /// All connections are closed.
  case drained

  /// Why a connection wasn't taken.
  package enum RefusalReason: Hashable, Sendable {
    /// As many connections are open as may be.
    case tooManyConnections(limit: Int)

    /// The user has as many connections open as one may have.
    case tooManyConnectionsOfUser(limit: Int)

    /// The server is draining.
    case draining

    /// The kernel didn't say who the peer is.
    case unknownPeer(String)
  }

  /// Why a connection has ended.
  package enum CloseReason: Hashable, Sendable {
    /// The peer closed it; so many bytes of an unfinished frame had come.
    case endOfStream(unusedByteCount: Int)

    /// The peer broke the protocol.
    case protocolError

    /// Reading or writing failed.
    case socketFailed(String)

    /// No byte came in time.
    case noFirstByte

    /// Nothing happened for too long.
    case idle

    /// A frame wasn't sent to its end in time.
    case frameUnfinished(byteCount: Int)

    /// The client didn't read its answers.
    case answersUnread(byteCount: Int)

    /// It was refused, and has been told so.
    case refused

    /// The server has stopped.
    case drained
  }
}

/// A connection, as events name it.
package struct ConnectionInfo: Hashable, Sendable {
  /// A number that no other connection of this server has; the first is 1.
  package var id: UInt64

  /// Who is at the other end.
  package var peer: PeerIdentity
}

/// A call that has ended.
package struct CallRecord: Hashable, Sendable {
  /// The connection that it came on.
  package var connection: ConnectionInfo

  /// `Service/Method`.
  package var method: String

  /// How it ended.
  package var code: StatusCode

  /// How long it took, from when its request was read until its answer was ready.
  package var duration: Duration
}

extension ServerEvent.RefusalReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooManyConnections(let limit): "\(limit) connections are open, which is the limit"
    case .tooManyConnectionsOfUser(let limit):
      "\(limit) connections of this user are open, which is the limit"
    case .draining: "the server is stopping"
    case .unknownPeer(let error): "peer is unknown: \(error)"
    }
  }
}

extension ServerEvent.CloseReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .endOfStream(0): "closed by the peer"
    case .endOfStream(let count): "closed by the peer, \(count) bytes into a frame"
    case .protocolError: "the peer doesn't keep to the protocol"
    case .socketFailed(let error): error
    case .noFirstByte: "no byte came in time"
    case .idle: "nothing happened for too long"
    case .frameUnfinished(let count): "no more came of a frame after \(count) bytes"
    case .answersUnread(let count): "it didn't read its answers, \(count) bytes"
    case .refused: "it was refused"
    case .drained: "the server has stopped"
    }
  }
}
