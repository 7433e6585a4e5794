internal import CustomerAPI
package import TTRPC

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

  /// The path of the daemon's socket.
  public let socketPath: String

  /// What the client does where a call doesn't say otherwise.
  public let options: Options

  let channel: any RPCChannel
  let customerService: CustomerServiceStub
  let storeService: StoreServiceStub

  /// Creates a client whose calls a channel carries.
  ///
  /// - Parameters:
  ///   - channel: What carries the calls.
  ///   - socketPath: Where that leads, as messages name it.
  ///   - options: What the client does where a call doesn't say otherwise.
  package init(
    over channel: any RPCChannel,
    socketPath: String,
    options: Options = Options()
  ) {
    self.channel = channel
    self.socketPath = socketPath
    self.options = options
    customerService = CustomerServiceStub(channel)
    storeService = StoreServiceStub(channel)
  }

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
