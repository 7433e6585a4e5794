package import DispatchSockets
internal import Locks
package import ProtoWire
package import TTRPC

/// Calls to the server behind one socket path, over as few connections as they need.
///
/// It connects when the first call is made and again when the server has restarted. All unary calls
/// share a connection. A streaming call has one of its own: a slow reader then holds up nobody
/// else, and giving the call up reaches the server, which plain ttrpc has no word for.
package final class ClientChannel: RPCChannel {
  /// Where answers are read.
  ///
  /// Tasks that run on it make calls without changing threads.
  package let loop: EventLoop

  private let limits: ClientLimits
  private let connector: @Sendable () throws(SocketError) -> Socket
  private let state = Lock(State())

  private struct State {
    var connection: ClientConnection?
    var streaming: [ObjectIdentifier: ClientConnection] = [:]

    /// Until when a server that doesn't answer counts as one that restarts.
    var restartEnd: ContinuousClock.Instant?
    var isClosed = false
  }

  /// Creates a channel to the server at a path; connects when it is needed.
  package convenience init(path: String, limits: ClientLimits = ClientLimits()) {
    self.init(limits: limits) { () throws(SocketError) in try Socket.connect(path: path) }
  }

  /// Creates a channel over sockets that a function connects.
  package init(
    limits: ClientLimits = ClientLimits(),
    loop: EventLoop = EventLoop(label: "ttrpc.client"),
    connector: @escaping @Sendable () throws(SocketError) -> Socket
  ) {
    self.limits = limits
    self.loop = loop
    self.connector = connector
  }

  deinit { state.withLock { $0.connection }?.close("client is gone") }

  package var executor: any TaskExecutor { loop }

  package func close() {
    let connections = state.withLock { state in
      state.isClosed = true
      return Array(state.streaming.values) + (state.connection.map { [$0] } ?? [])
    }
    for connection in connections { connection.close("client was closed") }
  }

  package func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    var options = options
    let deadline = Self.deadline(options)
    var repeatCount = 0
    // What an attempt may have done stays so, however a later one fails.
    var isPerhapsDone = false
    while true {
      var failure: RPCError
      do throws(RPCError) {
        if repeatCount > 0 { try Self.shorten(&options, deadline) }
        let connection = try await connect(deadline)
        do {
          return try await connection.unary(method, request, options, deadline)
        } catch {
          failure = error.error
          if Self.isRepeatable(error, options), repeatCount < limits.repeatCountMax {
            if failure.outcome != .neverBegun, failure.outcome != .undone { isPerhapsDone = true }
            repeatCount += 1
            forget(connection)
            continue
          }
        }
      } catch {
        failure = error
      }
      if isPerhapsDone { failure.outcome = .perhapsDone }
      throw failure
    }
  }

  package func open<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request?,
    _ options: CallOptions
  ) async throws(RPCError) -> any ClientCall {
    let deadline = Self.deadline(options)
    let connection = try await connect(deadline, isForStream: true)
    do {
      return try connection.open(method, request, options, deadline)
    } catch {
      connection.close("call wasn't opened")
      throw error.error
    }
  }

  // MARK: Connections

  /// Returns a connection; waits for a server that was there a moment ago, or has no room.
  private func connect(
    _ deadline: CallDeadline?,
    isForStream: Bool = false
  ) async throws(RPCError) -> ClientConnection {
    let end = ContinuousClock.now + limits.connectDurationMax
    var backoff = limits.backoffDurationMin
    while true {
      let reason: SocketError
      switch connectOnce(isForStream: isForStream) {
      case .success(let connection?): return connection
      case .success(nil):
        throw RPCError(.cancelled, "client was closed", outcome: .neverBegun)
      case .failure(let error): reason = error
      }
      let now = ContinuousClock.now
      if case .notPermitted = reason {
        throw RPCError(.permissionDenied, "\(reason)", outcome: .neverBegun)
      }
      guard isWorthWaiting(for: reason, now) else {
        throw RPCError(.unavailable, "\(reason)", outcome: .neverBegun)
      }
      if let deadline, deadline.instant <= now + backoff {
        throw RPCError(
          .deadlineExceeded,
          "no server within \(deadline.timeout): \(reason)",
          outcome: .neverBegun
        )
      }
      if deadline == nil, end <= now + backoff {
        throw RPCError(.unavailable, "\(reason)", outcome: .neverBegun)
      }
      do {
        // Up to half more, so that many callers don't come back together.
        try await Task.sleep(for: backoff * Double.random(in: 1...1.5))
      } catch {
        throw .callNotBegun
      }
      backoff = min(backoff * 2, limits.backoffDurationMax)
    }
  }

  /// Returns the open connection or a new one; `nil` if the client was closed.
  private func connectOnce(isForStream: Bool) -> Result<ClientConnection?, SocketError> {
    state.withLock { state in
      if state.isClosed { return .success(nil) }
      if !isForStream, let connection = state.connection { return .success(connection) }
      let socket: Socket
      do throws(SocketError) {
        socket = try connector()
      } catch {
        return .failure(error)
      }
      let connection = ClientConnection(
        socket,
        on: loop,
        limits: limits,
        closesWhenIdle: isForStream
      ) { [weak self] connection in
        self?.forget(connection)
      }
      state.restartEnd = nil
      if isForStream {
        state.streaming[ObjectIdentifier(connection)] = connection
      } else {
        state.connection = connection
      }
      return .success(connection)
    }
  }

  /// Whether a server that can't be reached is one that was there and may come back.
  private func isWorthWaiting(for error: SocketError, _ now: ContinuousClock.Instant) -> Bool {
    // The server is there, but its queue of new connections is full.
    if error.isBusy { return true }
    guard case .notServed = error else { return false }
    return state.withLock { state in state.restartEnd.map { now < $0 } ?? false }
  }

  /// Lets go of a connection that is or will be lost, so that the next call makes another.
  private func forget(_ connection: ClientConnection) {
    let isCurrent = state.withLock { state in
      state.streaming[ObjectIdentifier(connection)] = nil
      guard state.connection === connection else { return false }
      state.connection = nil
      state.restartEnd = .now + limits.reconnectDuration
      return true
    }
    // Others may still wait for answers on it.
    if isCurrent { connection.closeWhenIdle() }
  }

  /// Whether a call may be made again on another connection after it failed.
  private static func isRepeatable(_ failure: AttemptFailure, _ options: CallOptions) -> Bool {
    switch failure {
    case .lost(let wasSent, _): !wasSent || options.isIdempotent
    // A server that stops says so; what the service itself says has details.
    case .status(let error):
      error.code == .unavailable && error.details.isEmpty
        && (error.outcome == .neverBegun || options.isIdempotent)
    }
  }

  private static func deadline(_ options: CallOptions) -> CallDeadline? {
    options.timeout.map { CallDeadline(instant: .now + $0, timeout: $0) }
  }

  /// Makes what the server is told of the time that is left agree with the deadline.
  private static func shorten(
    _ options: inout CallOptions,
    _ deadline: CallDeadline?
  ) throws(RPCError) {
    guard let deadline else { return }
    let left = deadline.instant - .now
    guard left > .zero else {
      var error = RPCError.timedOut(after: deadline.timeout)
      error.outcome = .neverBegun
      throw error
    }
    options.timeout = left
  }
}
