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

  /// Runs the beginning of a call's handler: task-local values that are bound here are its own, to
  /// the end.
  package var bind: (@Sendable (CallContext, _ begin: () -> Void) -> Void)?

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
/// Past a limit of calls a call is answered with ``StatusCode/resourceExhausted``, and past one of
/// connections a connection's first calls are, before it is closed. Past a limit of memory nothing
/// more is read from whoever holds it, and its handlers wait.
package struct ServerLimits: Sendable {
  /// The connections that may be open at once.
  package var connectionCountMax = 1024

  /// The connections that one user may have open at once.
  package var connectionCountPerUserMax = 512

  /// The handlers that may be at work for one connection, those of calls that have expired too.
  package var callCountPerConnectionMax = 1024

  /// The handlers that may be at work for one user: half of all, so that there is another half.
  package var callCountPerUserMax = 4096

  /// The handlers that may be at work in all.
  package var callCountMax = 8192

  /// The calls that may be open on one connection: at work, or waiting for something new.
  ///
  /// A watch that waits holds a few kilobytes and nothing else.
  package var openCallCountPerConnectionMax = 2048

  /// The calls that may be open of one user.
  package var openCallCountPerUserMax = 8192

  /// The calls that may be open in all.
  package var openCallCountMax = 16_384

  /// How many calls more there may be of a method for which room is kept, where others are refused.
  package var keptCallCountMax = 16

  /// What a connection's streams may queue, and how much metadata a call may carry.
  ///
  /// Its number of streams is that of ``openCallCountPerConnectionMax`` with
  /// ``keptCallCountMax``, whatever it says.
  package var connection = ConnectionLimits()

  /// The bytes that may wait to be written to one connection.
  ///
  /// Past it nothing more is read from the connection and its handlers wait in `send`, until half
  /// of it has been written. One answer can go over it: a frame is written whole.
  package var queuedOutputBytesMax = 1 << 20

  /// The bytes that handlers of one connection may have in the making, with the answer or message
  /// that reaches them: what ``CallContext/reserve(_:)`` asks for.
  package var workBytesPerConnectionMax = 8 << 20

  /// The bytes that may wait for one user: half-received frames, messages that handlers have not
  /// taken or are at work on, answers in the making and answers that the client hasn't read.
  ///
  /// The first ``ServerConnection/memoryBytesFree`` of each connection don't count. Room for one
  /// answer of each of ``callCountPerUserMax`` calls, as a record may be as large as 64 KiB.
  package var memoryBytesPerUserMax = 272 << 20

  /// The same for all users together.
  package var memoryBytesMax = 544 << 20

  /// How long a frame may take from its first byte to its last while the server reads.
  package var frameTimeout: Duration = .seconds(30)

  /// How long a client may leave answers unread, without taking a byte of them.
  package var unreadTimeout: Duration = .seconds(60)

  /// How long the two may take when somebody waits for the memory that they hold.
  package var scarceMemoryTimeout: Duration = .seconds(2)

  /// How long a connection may be open before its first byte.
  package var firstByteTimeout: Duration = .seconds(30)

  /// How long a connection may be open without a call and without a byte.
  package var idleTimeout: Duration = .seconds(3600)

  /// How long a stream may hold up its connection without any handler of it taking a message.
  ///
  /// Longer than the largest transaction of an import takes on a slow disk: what was sent ahead of
  /// it waits so long, and nobody is at fault.
  package var blockedStreamTimeout: Duration = .seconds(10)

  /// How long calls that were cancelled when the server stops may take to say how they ended: a
  /// write that is being made can't be taken back, and is soon done.
  package var lastAnswersTimeout: Duration = .seconds(5)

  /// How long a connection is kept that was refused for a limit, to tell its client so.
  package var refusedConnectionTimeout: Duration = .seconds(1)

  /// The refused connections that are told so at once; one more is closed without a word.
  package var refusedConnectionCountMax = 64

  /// How long a unary call may take, asked for or not.
  package var unaryTimeoutMax: Duration = .seconds(3600)

  /// The connections of all users and their calls that the defaults allow.
  package init() {}

  /// What the connections of one user may hold.
  var ofUser: Account.Limits {
    Account.Limits(
      connectionCountMax: connectionCountPerUserMax,
      callCountMax: callCountPerUserMax,
      openCallCountMax: openCallCountPerUserMax,
      memoryBytesMax: memoryBytesPerUserMax
    )
  }

  /// What all connections may hold.
  var ofServer: Account.Limits {
    Account.Limits(
      connectionCountMax: connectionCountMax,
      callCountMax: callCountMax,
      openCallCountMax: openCallCountMax,
      memoryBytesMax: memoryBytesMax
    )
  }

  /// What the state machine of a connection checks.
  var ofState: ConnectionLimits {
    var limits = connection
    limits.streamCountMax = openCallCountPerConnectionMax + keptCallCountMax
    return limits
  }
}
