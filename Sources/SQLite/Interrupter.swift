import CSQLite
import Locks

/// Stops the running statements of one connection; callable from any thread, at any time.
///
/// `@unchecked`: `sqlite3_interrupt` is one of the few calls that SQLite allows from other threads
/// while the connection is open, and the mutex keeps it from being called after the close.
package final class Interrupter: @unchecked Sendable {
  private let handle: Lock<UInt>

  init(_ handle: OpaquePointer) {
    self.handle = Lock(UInt(bitPattern: handle))
  }

  /// Ends the statements that run now with `interrupted`; those that start later run.
  package func interrupt() {
    handle.withLock { handle in
      if let pointer = OpaquePointer(bitPattern: handle) { sqlite3_interrupt(pointer) }
    }
  }

  /// Forgets the connection, which is about to be closed.
  func detach() {
    handle.withLock { $0 = 0 }
  }
}
