package import TTRPC

/// What a server allows, and whom it tells what.
package struct ServerOptions: Sendable {
  /// The limits of the server and of each connection.
  package var limits = ServerLimits()

  /// Whether the end of every call is reported as ``ServerEvent/callEnded(_:)``.
  ///
  /// It costs two looks at the clock and a call of ``onEvent`` for each.
  package var reportsCalls = false

  /// Told what happens, on the loop: it must not wait for anything.
  package var onEvent: @Sendable (ServerEvent) -> Void = { _ in }

  /// What is done around the calls that came with one read.
  package var batch: BatchHooks?

  /// Creates options: the default limits, no reports.
  package init() {}
}

/// What a service does around the calls of one read, such as to share one read transaction.
///
/// A batch never spans two reads: between them a write may be acknowledged, and a call that is read
/// after that must see it. Calls that don't answer at once begin inside the batch and may end
/// outside of it. Both run on the loop, in pairs, never nested.
package struct BatchHooks: Sendable {
  /// Called before the first call of a read.
  package var willBegin: @Sendable () -> Void

  /// Called after the last call of a read, before anything is written.
  package var didEnd: @Sendable () -> Void

  /// Creates hooks.
  package init(
    willBegin: @escaping @Sendable () -> Void,
    didEnd: @escaping @Sendable () -> Void
  ) {
    self.willBegin = willBegin
    self.didEnd = didEnd
  }
}

/// How much of everything there may be; all finite.
///
/// Past a limit of calls a call is answered with ``StatusCode/resourceExhausted``; past one of
/// connections the connection is closed at once, for plain ttrpc has no word to refuse it with.
package struct ServerLimits: Sendable {
  /// The connections that may be open at once.
  package var connectionCountMax = 1024

  /// The connections that one user may have open at once.
  package var connectionCountPerUserMax = 512

  /// The handlers that may be at work for one connection, those of calls that have expired too.
  package var callCountPerConnectionMax = 1024

  /// The handlers that may be at work in all.
  package var callCountMax = 8192

  /// What a connection's streams may queue, and how much metadata a call may carry.
  ///
  /// Its number of streams is that of ``callCountPerConnectionMax``, whatever it says.
  package var connection = ConnectionLimits()

  /// The bytes that may wait to be written to one connection.
  ///
  /// Past it nothing more is read from the connection and its handlers wait in `send`, until half
  /// of it has been written. One answer can go over it: a frame is written whole.
  package var queuedOutputBytesMax = 1 << 20

  /// How long a connection may be open before its first byte.
  package var firstByteTimeout: Duration = .seconds(30)

  /// How long a connection may be open without a call and without a byte.
  package var idleTimeout: Duration = .seconds(3600)

  /// How long a stream may hold up its connection because its handler doesn't read.
  ///
  /// Longer than the largest transaction of an import takes on a slow disk: what was sent ahead of
  /// it waits so long, and nobody is at fault.
  package var blockedStreamTimeout: Duration = .seconds(10)

  /// How long a unary call may take, asked for or not.
  package var unaryTimeoutMax: Duration = .seconds(3600)

  /// The connections of all users and their calls that the defaults allow.
  package init() {}

  /// What the state machine of a connection checks.
  var ofState: ConnectionLimits {
    var limits = connection
    limits.streamCountMax = callCountPerConnectionMax
    return limits
  }
}
