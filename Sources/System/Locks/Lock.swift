#if canImport(Glibc)
package import Glibc
#else
package import Darwin
#endif

/// A value that one thread at a time can touch.
///
/// It is `Synchronization.Mutex` over a pthread mutex: the thread sanitizer doesn't see the futex
/// calls of the library's on Linux, and reports every contended lock as a race.
package final class Lock<State>: @unchecked Sendable {
  // `state` is touched only by the thread that holds `mutex`. Both live as long as this object.
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
  @usableFromInline let state: UnsafeMutablePointer<State>

  /// Creates a lock around a value.
  @inlinable
  package init(_ state: sending State) {
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    self.state = .allocate(capacity: 1)
    self.state.initialize(to: state)
  }

  @inlinable
  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Calls a function with the value while no other thread has it; it must not wait for anything.
  @inlinable
  package func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state.pointee)
  }
}
