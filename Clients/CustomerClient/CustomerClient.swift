internal import CustomerAPI
internal import DispatchSockets
internal import TTRPC
internal import TTRPCClient

/// The customers of this computer, kept by the daemon `customerd`.
///
/// One client serves a whole program: any task may use it at any time, and all calls share a
/// connection. It connects when the first call is made and again when the daemon was restarted.
/// Calls that can do no harm twice are repeated when the connection is lost: those that read, and
/// those that make a customer or rest on a version. The others fail with
/// ``CustomerError/unavailable(message:outcome:)``.
///
/// Unary calls wait ``Options/timeout`` for their answer unless they are told otherwise. Cancelling
/// a task ends its call.
///
///     let customers = CustomerClient()
///     let ann = try await customers.create(Customer(firstName: "Ann", lastName: "Lee"))
///     try await customers.update(ann.customerID) { $0.attributes["tier"] = "gold" }
public final class CustomerClient: Sendable {
  /// What a client does where a call doesn't say otherwise.
  public struct Options: Hashable, Sendable {
    /// How long a unary call waits for its answer.
    public var timeout: Duration = .seconds(10)

    /// Creates the usual options.
    public init() {}
  }

  /// The moment at which everything that the current task calls must be over; `nil` = none.
  ///
  /// Set it with ``withDeadline(_:_:)``. It holds for child tasks too, and ends calls of all kinds.
  @TaskLocal public static var deadline: ContinuousClock.Instant?

  /// Where the daemon is found when nobody says otherwise.
  ///
  /// `$CUSTOMERS_SOCKET`, else `customers.sock` in `$XDG_RUNTIME_DIR`, else in a folder of the user's
  /// own under the temporary folder. The daemon listens at the same path.
  public static var defaultSocketPath: String {
    SocketPath.usual(name: ServiceAddress.name, variable: ServiceAddress.variable)
  }

  /// The path of the daemon's socket.
  public let socketPath: String

  /// What the client does where a call doesn't say otherwise.
  public let options: Options

  let channel: ClientChannel
  let customerService: CustomerServiceStub
  let storeService: StoreServiceStub

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
    self.init(path: path, options: options, channel: channel)
  }

  init(path: String, options: Options, channel: ClientChannel) {
    socketPath = path
    self.options = options
    self.channel = channel
    customerService = CustomerServiceStub(channel)
    storeService = StoreServiceStub(channel)
  }

  /// Where the client reads answers.
  ///
  /// Tasks that prefer it (`withTaskExecutorPreference`) make calls without changing threads, which
  /// makes many small calls faster. Nothing on it may block.
  public var taskExecutor: any TaskExecutor { channel.loop }

  /// Ends all calls with ``CustomerError/cancelled(outcome:)`` and refuses more.
  ///
  /// A client that is let go of closes its connection too.
  public func close() { channel.close() }

  /// Runs an operation all of whose calls must be over after a while.
  ///
  /// - Parameters:
  ///   - duration: The time the operation has; a deadline that holds already isn't put off.
  ///   - operation: Makes calls, directly or through others.
  /// - Returns: What the operation returns.
  /// - Throws: What the operation throws.
  public static func withDeadline<Value>(
    _ duration: Duration,
    _ operation: () async throws -> Value
  ) async rethrows -> Value {
    let end = ContinuousClock.now + duration
    return try await $deadline.withValue(min(deadline ?? end, end), operation: operation)
  }

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

  // MARK: Options of calls

  /// The options of a unary call.
  func unary(
    _ timeout: Duration?,
    isIdempotent: Bool
  ) throws(CustomerError) -> CallOptions {
    try Self.options(timeout ?? options.timeout, isIdempotent: isIdempotent)
  }

  /// The options of a call that takes as long as it takes, unless somebody says otherwise.
  static func options(
    _ timeout: Duration?,
    isIdempotent: Bool = false
  ) throws(CustomerError) -> CallOptions {
    var timeout = timeout
    if let deadline {
      let left = deadline - .now
      timeout = min(timeout ?? left, left)
    }
    if let timeout, timeout <= .zero {
      throw .deadlineExceeded(
        message: "the time was over before the call was made",
        outcome: .neverBegun
      )
    }
    return CallOptions(timeout: timeout, isIdempotent: isIdempotent)
  }
}
