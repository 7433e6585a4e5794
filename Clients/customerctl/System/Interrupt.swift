import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ctrl-C, told instead of deadly: the first asks to stop, the second stops.
struct Interrupt: ~Copyable {
  /// Whether Ctrl-C was pressed since the handler was set; all that the handler touches.
  private static let flag = Atomic(false)

  /// Begins to listen.
  init() {
    // Touched before the handler is set: a handler may not be the first to use a global.
    Self.flag.store(false, ordering: .relaxed)
    signal(SIGINT) { _ in
      if Interrupt.flag.exchange(true, ordering: .relaxed) { _exit(130) }
    }
  }

  deinit { signal(SIGINT) { _ in _exit(130) } }

  /// Whether the user pressed Ctrl-C.
  static var hasCome: Bool { flag.load(ordering: .relaxed) }
}
