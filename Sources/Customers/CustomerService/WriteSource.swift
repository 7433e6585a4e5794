package import CustomerModel
internal import CustomerStore
internal import Locks
internal import TTRPC

/// What a write needs from outside: the time, ids, and who makes it.
///
/// The repository reads no clock and draws no random number; a test hands in its own.
package final class WriteSource: Sendable {
  private let microseconds: @Sendable () -> Int64
  private let ids = Lock(IDs())

  /// What makes ids.
  ///
  /// The randomness has no size of its own; beside the generator it has an address, which the thread
  /// sanitizer asks for.
  private struct IDs {
    var generator = UUIDv7Generator()
    var random = SystemRandomNumberGenerator()
  }

  /// Creates a source over a clock that tells microseconds since 1970-01-01T00:00:00Z.
  package init(microseconds: @escaping @Sendable () -> Int64) {
    self.microseconds = microseconds
  }

  /// Makes an id: time-ordered, and greater than those made before.
  @Sendable package func makeID() -> UniqueID {
    let milliseconds = UInt64(clamping: microseconds() / 1000)
    return ids.withLock { $0.generator.next(milliseconds: milliseconds, using: &$0.random) }
  }

  /// Says when a call writes, and who made it.
  func stamp(_ context: CallContext) -> WriteStamp {
    WriteStamp(timeMicroseconds: microseconds(), author: Author(context.peer))
  }
}

extension Author {
  /// Who is at the other end of a connection; a process that the system doesn't tell is absent.
  init(_ peer: PeerIdentity) {
    self.init(
      userID: peer.userID,
      groupID: peer.groupID,
      processID: peer.processID == 0 ? nil : peer.processID,
      program: peer.program
    )
  }
}
