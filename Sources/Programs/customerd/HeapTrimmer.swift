import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Gives memory that nobody needs any more back to the system, some time after connections have
/// ended.
///
/// glibc keeps what is freed below pieces that are still in use: after a minute of large calls from
/// rude clients several hundred MiB stayed with the daemon. `malloc_trim(3)` gives them back; other
/// systems' allocators need no asking.
final class HeapTrimmer: Sendable {
  /// How long after a connection's end, and how long until it is done once more; seldom, because a
  /// large heap keeps whoever allocates waiting for some milliseconds.
  private static let pause: Duration = .seconds(5)

  private let isScheduled = Atomic<Bool>(false)

  /// Says that a connection has ended.
  func connectionEnded() {
    guard !isScheduled.exchange(true, ordering: .relaxed) else { return }
    // On a thread of its own, not on the loop.
    Task.detached(priority: .utility) { [weak self] in
      try? await Task.sleep(for: Self.pause)
      self?.isScheduled.store(false, ordering: .relaxed)
      Self.trim()
      // Handlers that were at work for the connection may have ended since.
      try? await Task.sleep(for: Self.pause)
      Self.trim()
    }
  }

  private static func trim() {
    #if canImport(Glibc)
    // Swift's Glibc module doesn't know the function.
    guard let symbol = dlsym(nil, "malloc_trim") else { return }
    typealias Trim = @convention(c) (_ bytesKept: Int) -> Int32
    _ = unsafeBitCast(symbol, to: Trim.self)(0)
    #endif
  }
}
