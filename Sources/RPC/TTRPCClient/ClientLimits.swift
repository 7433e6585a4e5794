internal import TTRPC

/// What a client allows itself on one connection, and how it deals with a server that is gone.
package struct ClientLimits: Hashable, Sendable {
  /// Calls that may be open on one connection; more wait for their turn.
  package var callCountMax = 256

  /// Bytes that may wait to be written; senders wait while there are more.
  package var outputBytesMax = 1 << 20

  /// Bytes of received messages that may wait in a stream; the connection isn't read while there
  /// are more.
  package var inputBytesMax = 1 << 20

  /// Times that a call is repeated after its connection was lost.
  package var repeatCountMax = 3

  /// How long a call waits for a server that was there before: time to restart.
  package var reconnectDuration: Duration = .seconds(3)

  /// How long a call that has no deadline waits for a server whose queue of connections is full.
  ///
  /// As long as a call usually may take: a server that takes no connection for so long is stopped.
  package var connectDurationMax: Duration = .seconds(10)

  /// The first wait between two attempts to connect; it doubles.
  package var backoffDurationMin: Duration = .milliseconds(2)

  /// The longest wait between two attempts to connect.
  package var backoffDurationMax: Duration = .milliseconds(100)

  /// Creates the usual limits.
  package init() {}

  /// The same limits as the protocol's state takes them.
  var connection: ConnectionLimits {
    // One more stream than calls: the count is checked before the state would refuse.
    ConnectionLimits(streamCountMax: callCountMax + 1, queuedBytesMax: inputBytesMax)
  }
}
