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
  private var refusedConnections: [UInt64: ServerConnection] = [:]
  private let account: Account
  private var accounts: [UInt32: Account] = [:]
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
    account = Account(options.limits.ofServer)
  }

  /// The number of open connections.
  package var connectionCount: Int { connections.count }

  /// The bytes that wait, as far as they are counted.
  var memoryBytes: Int { account.memoryBytes }

  /// The handlers that have begun and not ended.
  var openCallCount: Int { account.openCallCount }

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
      socket.shutDown()
      return options.onEvent(.connectionRefused(nil, .unknownPeer("\(error)")))
    }
    lastConnectionID += 1
    let info = ConnectionInfo(id: lastConnectionID, peer: peer)
    let limits = options.limits
    let user = accounts[peer.userID] ?? Account(limits.ofUser, in: account)
    if isDraining { return refuse(socket, info, .draining) }
    guard account.takesConnection else {
      return refuse(socket, info, .tooManyConnections(limit: limits.connectionCountMax))
    }
    guard user.takesConnection else {
      let limit = limits.connectionCountPerUserMax
      return refuse(socket, info, .tooManyConnectionsOfUser(limit: limit))
    }
    accounts[peer.userID] = user
    user.add(connections: 1)
    let connection = ServerConnection(
      socket,
      info: info,
      of: user,
      on: loop,
      shared: sharedOfConnections()
    )
    connections[info.id] = connection
    options.onEvent(.connectionAccepted(info))
    connection.assumeIsolated { $0.activate() }
  }

  /// Tells a client in the answer to its first requests that its connection can't be taken.
  ///
  /// Past ``ServerLimits/refusedConnectionCountMax`` of them, and while the server stops, a
  /// connection is closed without a word.
  private func refuse(
    _ socket: Socket,
    _ info: ConnectionInfo,
    _ reason: ServerEvent.RefusalReason
  ) {
    options.onEvent(.connectionRefused(info.peer, reason))
    guard !isDraining, refusedConnections.count < options.limits.refusedConnectionCountMax else {
      return socket.shutDown()
    }
    let connection = ServerConnection(
      socket,
      info: info,
      of: Account(.ofRefused),
      refusal: RPCError(passing: "\(reason)", retryAfter: .seconds(1)),
      on: loop,
      shared: sharedOfConnections()
    )
    refusedConnections[info.id] = connection
    connection.assumeIsolated { $0.activate() }
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
    guard connections.removeValue(forKey: info.id) != nil else {
      refusedConnections[info.id] = nil
      return
    }
    connection.account.add(connections: -1)
    options.onEvent(.connectionClosed(info, reason, openCallCount: openCallCount))
    if isDraining, connections.isEmpty { drained() }
  }

  /// Stops: takes no more connections and calls, lets open calls end, and closes.
  ///
  /// New calls on connections that still have open ones are answered with
  /// ``StatusCode/unavailable``.
  ///
  /// - Parameter grace: How long open calls may take; what isn't done then is cancelled. A handler
  ///   that ends for it is answered with ``StatusCode/unavailable``, and one that is done after all
  ///   with its answer; who is still at work after ``ServerLimits/lastAnswersTimeout`` is answered
  ///   as perhaps done. A second call with a shorter time cuts the first one's short.
  package func drain(grace: Duration) async {
    if !isDraining {
      isDraining = true
      shared?.drain()
      for listener in listeners { listener.cancel() }
      listeners = []
      options.onEvent(.draining(openCallCount: account.openCallCount))
      drainConnections()
      if connections.isEmpty { return drained() }
    }
    if connections.isEmpty { return }
    graceTimer = loop.after(grace) { [weak self] in self?.assumeIsolated { $0.graceEnded() } }
    await withCheckedContinuation { drainWaiters.append($0) }
  }

  private func drainConnections() {
    for connection in refusedConnections.values { connection.assumeIsolated { $0.drain() } }
    for connection in connections.values { connection.assumeIsolated { $0.drain() } }
  }

  private func graceEnded() {
    for connection in connections.values { connection.assumeIsolated { $0.endGrace() } }
    if connections.isEmpty { return }
    graceTimer = loop.after(options.limits.lastAnswersTimeout) { [weak self] in
      self?.assumeIsolated { $0.lastAnswersEnded() }
    }
  }

  private func lastAnswersEnded() {
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
