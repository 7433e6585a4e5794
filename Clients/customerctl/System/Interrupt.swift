import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ctrl-C, told instead of deadly: the first asks to stop, the second stops.
final class Interrupt {
  private let source: any DispatchSourceSignal
  private let isAskedToStop: Flag

  /// A flag that the signal's handler and the program share.
  private final class Flag: Sendable {
    let value = Atomic(false)
  }

  /// Begins to listen.
  init() {
    let flag = Flag()
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(
      signal: SIGINT,
      queue: DispatchQueue(label: "customerctl.interrupt")
    )
    source.setEventHandler {
      if flag.value.exchange(true, ordering: .relaxed) { _exit(130) }
    }
    source.activate()
    isAskedToStop = flag
  }

  deinit {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }

  /// Whether the user pressed Ctrl-C.
  var hasCome: Bool { isAskedToStop.value.load(ordering: .relaxed) }
}
