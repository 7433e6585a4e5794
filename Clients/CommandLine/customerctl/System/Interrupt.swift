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

  /// From now on Ctrl-C ends the program with 130, the status of what a user stopped.
  static func endProgram() {
    signal(SIGINT) { _ in _exit(130) }
    // A program that was started from a thread of Dispatch has inherited its mask: all blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Begins to listen.
  init() {
    // Touched before the handler is set: a handler may not be the first to use a global.
    Self.flag.store(false, ordering: .relaxed)
    signal(SIGINT) { _ in
      if Interrupt.flag.exchange(true, ordering: .relaxed) { _exit(130) }
    }
  }

  deinit { Self.endProgram() }

  /// Whether the user pressed Ctrl-C.
  static var hasCome: Bool { flag.load(ordering: .relaxed) }
}
