package import DispatchSockets
package import TTRPC

/// Serves calls on the connections of its listeners, on one loop.
package actor Server {
  private let loop: EventLoop
  private let options: ServerOptions
  private var shared: ServerShared?
  private let services: [ServiceDefinition]
  private var listeners: [Listener] = []
  private var connections: [UInt64: ServerConnection] = [:]
  private var connectionCountOfUser: [UInt32: Int] = [:]
  private var lastConnectionID: UInt64 = 0
  private var drainWaiters: [CheckedContinuation<Void, Never>] = []
  private var graceTimer: LoopTimer?
  private var isDraining = false

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe loop.asUnownedSerialExecutor()
  }

  /// Creates a server that has no listener.
  ///
  /// - Parameters:
  ///   - services: What it serves; a service's name stands in it once.
  ///   - options: What it allows, and whom it tells what.
  ///   - loop: Where connections are read and handlers begin.
  package init(_ services: [ServiceDefinition], options: ServerOptions, on loop: EventLoop) {
    self.services = services
    self.options = options
    self.loop = loop
  }

  /// The number of open connections.
  package var connectionCount: Int { connections.count }

  /// Accepts connections from now on.
  package func listen(_ listener: Listener) {
    guard !isDraining else { return listener.cancel() }
    listeners.append(listener)
    options.onEvent(.listening(path: listener.path))
    listener.activate { socket in self.assumeIsolated { $0.accept(socket) } }
  }

  /// Serves a socket that is connected already.
  package func accept(_ socket: Socket) {
    let peer: PeerIdentity
    do {
      peer = PeerIdentity(try socket.credentials())
    } catch {
      return refuse(socket, nil, .unknownPeer("\(error)"))
    }
    let limits = options.limits
    let countOfUser = connectionCountOfUser[peer.userID, default: 0]
    if isDraining { return refuse(socket, peer, .draining) }
    guard connections.count < limits.connectionCountMax else {
      return refuse(socket, peer, .tooManyConnections(limit: limits.connectionCountMax))
    }
    guard countOfUser < limits.connectionCountPerUserMax else {
      let limit = limits.connectionCountPerUserMax
      return refuse(socket, peer, .tooManyConnectionsOfUser(limit: limit))
    }
    lastConnectionID += 1
    connectionCountOfUser[peer.userID] = countOfUser + 1
    let info = ConnectionInfo(id: lastConnectionID, peer: peer)
    let connection = ServerConnection(socket, info: info, on: loop, shared: sharedOfConnections())
    connections[info.id] = connection
    options.onEvent(.connectionAccepted(info))
    connection.assumeIsolated { $0.activate() }
  }

  private func refuse(
    _ socket: Socket,
    _ peer: PeerIdentity?,
    _ reason: ServerEvent.RefusalReason
  ) {
    socket.shutDown()
    options.onEvent(.connectionRefused(peer, reason))
  }

  private func sharedOfConnections() -> ServerShared {
    if let shared { return shared }
    let made = ServerShared(options: options, services: services) {
      [weak self] connection, reason, openCallCount in
      self?.assumeIsolated { $0.closed(connection, reason, openCallCount) }
    }
    shared = made
    return made
  }

  private func closed(
    _ connection: ServerConnection,
    _ reason: ServerEvent.CloseReason,
    _ openCallCount: Int
  ) {
    let info = connection.info
    guard connections.removeValue(forKey: info.id) != nil else { return }
    let countOfUser = connectionCountOfUser[info.peer.userID, default: 1] - 1
    connectionCountOfUser[info.peer.userID] = countOfUser > 0 ? countOfUser : nil
    options.onEvent(.connectionClosed(info, reason, openCallCount: openCallCount))
    if isDraining, connections.isEmpty { drained() }
  }

  /// Stops: takes no more connections and calls, lets open calls end, and closes.
  ///
  /// New calls on connections that still have open ones are answered with
  /// ``StatusCode/unavailable``.
  ///
  /// - Parameter grace: How long open calls may take; what isn't done then is failed, also with
  ///   ``StatusCode/unavailable``. A second call with a shorter time cuts the first one's short.
  package func drain(grace: Duration) async {
    if !isDraining {
      isDraining = true
      shared?.drain()
      for listener in listeners { listener.cancel() }
      listeners = []
      options.onEvent(.draining(openCallCount: shared?.openCallCount ?? 0))
      drainConnections()
      if connections.isEmpty { return drained() }
    }
    if connections.isEmpty { return }
    graceTimer = loop.after(grace) { [weak self] in self?.assumeIsolated { $0.graceEnded() } }
    await withCheckedContinuation { drainWaiters.append($0) }
  }

  private func drainConnections() {
    for connection in connections.values { connection.assumeIsolated { $0.drain() } }
  }

  private func graceEnded() {
    for connection in connections.values { connection.assumeIsolated { $0.drainAtOnce() } }
  }

  private func drained() {
    graceTimer = nil
    options.onEvent(.drained)
    let waiters = drainWaiters
    drainWaiters = []
    for waiter in waiters { waiter.resume() }
  }
}

extension PeerIdentity {
  /// The identity that the kernel gives a socket's peer.
  init(_ credentials: PeerCredentials) {
    self.init(
      userID: credentials.userID,
      groupID: credentials.groupID,
      processID: credentials.processID,
      program: credentials.program
    )
  }
}
