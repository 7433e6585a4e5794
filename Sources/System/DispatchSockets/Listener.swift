import Host

#if canImport(Glibc)
internal import Locks
internal import Glibc
#else
internal import Darwin
#endif

/// A Unix socket that accepts connections and hands them over on a loop.
///
/// It survives what happens to listeners: connections that end before they are accepted, and a
/// process that has no descriptors left, for which it pauses instead of spinning.
package final class Listener: Sendable {
  /// The path it listens at; `nil` for an inherited socket that has none.
  package let path: String?

  private let source: SocketSource
  private let file: SocketFile?
  private let onFailure: @Sendable (SocketError) -> Void
  private let takeConnection: @Sendable (Int32) -> Int32
  private let pause = Lock<LoopTimer?>(nil)

  /// Connections that the kernel keeps until they are accepted.
  private static let backlogMax: Int32 = 1024

  /// Connections accepted in one turn of the loop, so that open ones are served in between.
  private static let acceptsPerTurnMax = 64

  /// How long accepting rests when the process or the system is out of something.
  private static let pauseDuration: Duration = .milliseconds(100)

  /// Listens at a path.
  ///
  /// The file appears complete: it has its mode and can be connected to from the first moment. A
  /// socket that a dead daemon left is replaced, a live one's or a file that is no socket never.
  ///
  /// - Parameters:
  ///   - path: At most ``Socket/pathLengthMax`` bytes.
  ///   - mode: The file's permissions; who may write may connect.
  ///   - loop: Where connections are accepted.
  ///   - onFailure: Told on the loop when connections can't be accepted for a while.
  /// - Throws: ``SocketError/served(path:)``, ``SocketError/notASocket(path:)``,
  ///   ``SocketError/pathTooLong(path:length:lengthMax:)`` or what the system says.
  package init(
    path: String,
    mode: UInt32 = 0o600,
    on loop: EventLoop,
    onFailure: @escaping @Sendable (SocketError) -> Void = { _ in }
  ) throws(SocketError) {
    let socket = try Socket.make()
    file = try SocketFile(path: path) { (temporaryPath) throws(SocketError) in
      var address = try UnixAddress(path: temporaryPath)
      guard address.withPointer({ bind(socket.descriptor, $0, $1) }) == 0 else {
        throw .last("bind", temporaryPath)
      }
      guard chmod(temporaryPath, mode_t(mode)) == 0 else { throw .last("chmod", temporaryPath) }
      guard listen(socket.descriptor, Self.backlogMax) == 0 else { throw .last("listen", path) }
    }
    self.path = path
    takeConnection = Self.systemAccept
    self.onFailure = onFailure
    source = SocketSource(socket, on: loop)
  }

  /// Takes over a socket that listens already, such as one of ``inheritedDescriptors()``.
  package convenience init(
    inherited descriptor: Int32,
    on loop: EventLoop,
    onFailure: @escaping @Sendable (SocketError) -> Void = { _ in }
  ) throws(SocketError) {
    try self.init(
      inherited: descriptor,
      on: loop,
      accept: Self.systemAccept,
      onFailure: onFailure
    )
  }

  /// Takes over a socket that listens already.
  ///
  /// - Parameters:
  ///   - descriptor: The socket.
  ///   - loop: Where connections are accepted.
  ///   - accept: Takes a connection, as the system call does; a test's may refuse.
  ///   - onFailure: Told on the loop when connections can't be accepted for a while.
  /// - Throws: ``SocketError/notAListener(descriptor:)``.
  init(
    inherited descriptor: Int32,
    on loop: EventLoop,
    accept: @escaping @Sendable (Int32) -> Int32,
    onFailure: @escaping @Sendable (SocketError) -> Void
  ) throws(SocketError) {
    guard let address = Self.addressOfListener(descriptor) else {
      throw .notAListener(descriptor: descriptor)
    }
    path = address.path
    file = nil
    takeConnection = accept
    self.onFailure = onFailure
    source = SocketSource(try Socket(owning: descriptor), on: loop, isShared: true)
  }

  /// Starts to accept; to be called once.
  ///
  /// - Parameter onConnection: Called on the loop with each new connection.
  package func activate(onConnection: @escaping @Sendable (Socket) -> Void) {
    source.activate(onReadable: { [self] in accept(onConnection) })
  }

  /// Stops to accept and removes the file if it is still this listener's.
  ///
  /// Connections that the kernel accepted and nobody took yet end. At an inherited socket they wait
  /// for the next process that is given it.
  package func cancel() {
    file?.remove()
    pause.withLock { $0 = nil }
    source.cancel()
  }

  private func accept(_ onConnection: @Sendable (Socket) -> Void) {
    for _ in 0..<Self.acceptsPerTurnMax {
      if source.isCancelled { return }
      let descriptor = takeConnection(source.socket.descriptor)
      if descriptor >= 0 {
        // What can't be made non-blocking is closed and forgotten, as its peer will notice.
        if let socket = try? Socket(owning: descriptor) { onConnection(socket) }
        continue
      }
      switch errno {
      case EINTR, ECONNABORTED: continue
      case EAGAIN, EWOULDBLOCK: return
      default: return rest(after: .last("accept", path ?? "inherited socket"))
      }
    }
  }

  private func rest(after error: SocketError) {
    source.suspendReading()
    let timer = source.loop.after(Self.pauseDuration) { [source] in source.resumeReading() }
    pause.withLock { $0 = timer }
    onFailure(error)
  }

  /// Where a socket listens; `nil` if it is no Unix stream socket that does.
  private static func addressOfListener(_ descriptor: Int32) -> UnixAddress? {
    func option(_ name: Int32) -> Int32? {
      var value: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      let result = getsockopt(descriptor, SOL_SOCKET, name, &value, &size)
      return result == 0 ? value : nil
    }
    guard option(SO_TYPE) == Socket.streamType, option(SO_ACCEPTCONN) == 1 else { return nil }
    return UnixAddress(of: descriptor)
  }

  private static func systemAccept(_ descriptor: Int32) -> Int32 {
    #if canImport(Glibc)
    Glibc.accept(descriptor, nil, nil)
    #else
    Darwin.accept(descriptor, nil, nil)
    #endif
  }
}

extension Listener {
  /// Descriptors that a service manager may hand over at most.
  private static let inheritedMax: Int32 = 64

  /// The descriptors that a service manager opened for this process.
  ///
  /// Source: sd_listen_fds(3): `LISTEN_FDS` of them from 3 on, if `LISTEN_PID` is this process.
  package static func inheritedDescriptors(
    environment: (String) -> String? = ProcessEnvironment.text(of:)
  ) -> [Int32] {
    func number(_ name: String) -> Int32? { environment(name).flatMap { Int32($0) } }
    guard number("LISTEN_PID") == getpid(), let count = number("LISTEN_FDS"),
      (1...inheritedMax).contains(count)
    else { return [] }
    return Array(3..<3 + count)
  }
}
