internal import Dispatch

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A signal of the process, handled on a loop instead of in a signal handler.
///
/// It stays handled until this is let go; the process isn't ended by it any more.
package final class ProcessSignal: @unchecked Sendable {
  // A Dispatch source may be cancelled from any thread.
  private let source: any DispatchSourceSignal

  /// Handles a signal; the block runs on the loop each time it comes.
  package init(
    _ number: Int32,
    on loop: EventLoop,
    _ body: @escaping @Sendable () -> Void
  ) {
    signal(number, SIG_IGN)
    source = loop.signalSource(number)
    source.setEventHandler { loop.perform(body) }
    source.activate()
  }

  deinit { source.cancel() }
}
