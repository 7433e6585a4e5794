internal import Dispatch
internal import Locks

/// Tells on a loop when a connection can be read and written.
///
/// All handlers run on the loop. From ``activate(onReadable:onWritable:onClose:)`` on the source
/// lives, and holds the socket and the handlers, until it is cancelled; whoever activates it must
/// cancel it, also after the end of the stream. All methods may be called from any thread.
package final class SocketSource: Sendable {
  /// The connection.
  package let socket: Socket

  /// Where the handlers run.
  package let loop: EventLoop

  private let isShared: Bool
  private let state = Lock(State())

  private struct State {
    var read: (any DispatchSourceRead)?
    var write: (any DispatchSourceWrite)?
    var isReading = true
    var isAwaitingWritable = false
    var isCancelled = false
    var sourcesOpen = 0
    var onWritable: (@Sendable () -> Void)?
    var onClose: (@Sendable () -> Void)?
  }

  /// Creates the source of a connection; nothing happens before it is activated.
  ///
  /// A socket that another process goes on with is `isShared`: cancelling leaves it as it is.
  package init(_ socket: Socket, on loop: EventLoop, isShared: Bool = false) {
    self.socket = socket
    self.loop = loop
    self.isShared = isShared
  }

  /// Starts to watch; to be called once.
  ///
  /// - Parameters:
  ///   - onReadable: There is something to read, or the stream's end, or an error. It is called
  ///     again as long as that is so: read until ``Socket/Outcome/wouldBlock``, and at the end
  ///     cancel or suspend reading.
  ///   - onWritable: There is room to write; called once for each ``awaitWritable()``.
  ///   - onClose: The source is done with the connection, and calls no handler any more. The
  ///     descriptor is closed as soon as nobody holds the socket.
  package func activate(
    onReadable: @escaping @Sendable () -> Void,
    onWritable: @escaping @Sendable () -> Void = {},
    onClose: @escaping @Sendable () -> Void = {}
  ) {
    state.withLock { state in
      precondition(state.read == nil && !state.isCancelled, "a source is activated once")
      let source = loop.readSource(socket.descriptor)
      source.setEventHandler { [loop] in loop.perform(onReadable) }
      source.setCancelHandler { self.sourceClosed() }
      state.read = source
      state.sourcesOpen = 1
      state.onWritable = onWritable
      state.onClose = onClose
      source.activate()
      if !state.isReading { source.suspend() }
    }
  }

  /// Asks to be told, once, when there is room to write.
  package func awaitWritable() {
    state.withLock { state in
      guard !state.isCancelled, !state.isAwaitingWritable, let onWritable = state.onWritable else {
        return
      }
      state.isAwaitingWritable = true
      if let write = state.write { return write.resume() }
      let source = loop.writeSource(socket.descriptor)
      source.setEventHandler { [loop] in
        if self.takeWritable() { loop.perform(onWritable) }
      }
      source.setCancelHandler { self.sourceClosed() }
      state.write = source
      state.sourcesOpen += 1
      source.activate()
    }
  }

  /// Stops telling that there is something to read, so that the peer has to wait.
  package func suspendReading() {
    state.withLock { state in
      guard !state.isCancelled, state.isReading else { return }
      state.isReading = false
      state.read?.suspend()
    }
  }

  /// Tells again when there is something to read, also what came in the meantime.
  package func resumeReading() {
    state.withLock { state in
      guard !state.isCancelled, !state.isReading else { return }
      state.isReading = true
      state.read?.resume()
    }
  }

  /// Ends the connection: the peer sees its end at once, and no handler begins after this one.
  ///
  /// Called off the loop, a handler that runs already runs to its end. Cancelling twice is cancelling
  /// once.
  package func cancel() {
    let isFirst = state.withLock { state in
      if state.isCancelled { return false }
      state.isCancelled = true
      state.onWritable = nil
      state.read?.cancel()
      state.write?.cancel()
      // A suspended source never runs its cancel handler.
      if !state.isReading { state.read?.resume() }
      if !state.isAwaitingWritable { state.write?.resume() }
      return true
    }
    if isFirst, !isShared { socket.shutDown() }
  }

  /// Whether the source has been cancelled.
  package var isCancelled: Bool { state.withLock { $0.isCancelled } }

  private func takeWritable() -> Bool {
    state.withLock { state in
      guard !state.isCancelled, state.isAwaitingWritable else { return false }
      state.isAwaitingWritable = false
      state.write?.suspend()
      return true
    }
  }

  private func sourceClosed() {
    let onClose = state.withLock { state -> (@Sendable () -> Void)? in
      state.sourcesOpen -= 1
      guard state.sourcesOpen == 0 else { return nil }
      state.read = nil
      state.write = nil
      defer { state.onClose = nil }
      return state.onClose
    }
    if let onClose { loop.perform(onClose) }
  }
}
