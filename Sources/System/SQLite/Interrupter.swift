import CSQLite
import Locks

/// Stops the work of one connection; callable from any thread, at any time.
///
/// Only work is stopped: what runs between the beginning and the end of a transaction for reading
/// (``TransactionControl/reading(_:mapping:)``). The statements that open and close transactions run
/// to their end, whoever asks and whenever, because a connection whose transaction stays open is of
/// no use any more. Who asks outside of work stops the work that comes next, until ``reset()``.
///
/// SQLite keeps an interrupt in mind as long as any statement runs, and forgets it when the next one
/// begins (`sqlite.org/c3ref/interrupt.html`). All statements of a piece of work have ended before
/// it does, and none is interrupted afterwards: so nothing of an interrupt is left.
///
/// `@unchecked`: `sqlite3_interrupt` is one of the few calls that SQLite allows from other threads
/// while the connection is open, and the lock keeps it from being called after the close.
package final class Interrupter: @unchecked Sendable {
  private struct State {
    var handle: UInt
    var isWorking = false
    var isAsked = false
  }

  private let state: Lock<State>

  init(_ handle: OpaquePointer) {
    state = Lock(State(handle: UInt(bitPattern: handle)))
  }

  /// Ends the work that runs now, or else the next, with `interrupted`.
  package func interrupt() {
    state.withLock { state in
      state.isAsked = true
      // Under the lock, so that the work can't end meanwhile.
      guard state.isWorking, let pointer = OpaquePointer(bitPattern: state.handle) else { return }
      sqlite3_interrupt(pointer)
    }
  }

  /// Forgets who asked so far: what comes next is another's work.
  package func reset() {
    state.withLock { $0.isAsked = false }
  }

  /// Runs what may be interrupted.
  func working<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result,
    mapping: (SQLiteError) -> Failure
  ) throws(Failure) -> Result {
    let mayBegin = state.withLock { state in
      state.isWorking = !state.isAsked
      return state.isWorking
    }
    guard mayBegin else {
      let code = ResultCode.interrupted
      throw mapping(SQLiteError(code: code, message: code.explanation))
    }
    defer { state.withLock { $0.isWorking = false } }
    return try body()
  }

  /// Forgets the connection, which is about to be closed.
  func detach() {
    state.withLock { $0.handle = 0 }
  }
}
