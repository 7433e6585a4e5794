internal import CustomerAPI
internal import DispatchSockets
internal import TTRPC
internal import TTRPCClient

// A client as a program has it: over the daemon's socket. All else knows only a channel.

extension CustomerClient {
  /// Where the daemon is found when nobody says otherwise.
  ///
  /// `$CUSTOMERS_SOCKET`, else `customers.sock` in `$XDG_RUNTIME_DIR`, else in a folder of the user's
  /// own under the temporary folder. The daemon listens at the same path.
  public static var defaultSocketPath: String {
    SocketPath.usual(name: ServiceAddress.name, variable: ServiceAddress.variable)
  }

  /// Creates a client; connects when it is needed.
  ///
  /// - Parameters:
  ///   - socket: The path of the daemon's socket; `nil` = ``defaultSocketPath``.
  ///   - options: What the client does where a call doesn't say otherwise.
  public convenience init(socket: String? = nil, options: Options = Options()) {
    let path = socket ?? Self.defaultSocketPath
    let isMadeUp = socket == nil
    let channel = ClientChannel { () throws(SocketError) in
      // In the temporary folder anybody could have put a socket there.
      if isMadeUp { try SocketPath.checkFolder(of: path) }
      return try Socket.connect(path: path)
    }
    self.init(over: channel, socketPath: path, options: options)
  }

  /// Where the client reads answers.
  ///
  /// Tasks that prefer it (`withTaskExecutorPreference`) make calls without changing threads, which
  /// makes many small calls faster. Nothing on it may block.
  public var taskExecutor: any TaskExecutor { channel.executor }

  /// Ends all calls with ``CustomerError/cancelled(outcome:)`` and refuses more.
  ///
  /// A client that is let go of closes its connection too.
  public func close() { channel.close() }

  /// Waits until a daemon answers, for a program that starts together with it.
  ///
  /// - Parameter timeout: How long to wait.
  /// - Throws: ``CustomerError/unavailable(message:outcome:)`` if none has answered by then,
  ///   ``CustomerError/cancelled(outcome:)``.
  public func waitUntilReady(timeout: Duration = .seconds(10)) async throws(CustomerError) {
    let end = ContinuousClock.now + timeout
    var pause: Duration = .milliseconds(5)
    while true {
      let left = end - .now
      do {
        _ = try await status(timeout: max(min(left, .seconds(1)), .milliseconds(1)))
        return
      } catch {
        switch error {
        case .unavailable, .deadlineExceeded: break
        // A daemon that says no is a daemon.
        case .unimplemented, .permissionDenied: return
        default: throw error
        }
        guard left > pause else {
          throw .unavailable(
            message: "no daemon answered within \(timeout): \(error.message)",
            outcome: .neverBegun
          )
        }
      }
      do {
        try await Task.sleep(for: pause)
      } catch {
        throw .cancelled(outcome: .neverBegun)
      }
      pause = min(pause * 2, .milliseconds(200))
    }
  }
}
