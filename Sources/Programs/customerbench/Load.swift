import Arguments
import CustomerAPI
import CustomerModel
import DispatchSockets
import ProtoWire
import TTRPC
import TTRPCClient

/// Calls a daemon over its socket and measures how long each answer takes.
struct Load {
  private let path: String
  private let call: BenchOptions.Call
  private let connections: Int
  private let inFlight: Int
  private let seconds: Double
  private let warmup: Double

  /// Takes the command line.
  init(_ invocation: Invocation) throws {
    guard let path = invocation[BenchOptions.socket] else {
      throw UsageError("--socket is missing", command: "customerbench load")
    }
    self.path = path
    call = invocation[BenchOptions.call]
    connections = invocation[BenchOptions.connections]
    inFlight = invocation[BenchOptions.inFlight]
    seconds = invocation[BenchOptions.seconds]
    warmup = invocation[BenchOptions.warmup]
  }

  /// Makes the calls and prints what came of them.
  func run() async throws {
    let ids = call == .get ? try await allIDs() : []
    let now = ContinuousClock.now
    let window = now + .seconds(warmup)..<now + .seconds(warmup + seconds)
    var limits = ClientLimits()
    limits.callCountMax = max(limits.callCountMax, inFlight)
    // One loop for all connections: a thread each would measure the scheduler.
    let loop = EventLoop(label: "customerbench")
    let connect = { @Sendable [path] () throws(SocketError) in try Socket.connect(path: path) }
    let results = try await withThrowingTaskGroup(of: LoadResult.self) { group in
      for number in 0..<connections {
        let work = LoadConnection(
          channel: ClientChannel(limits: limits, loop: loop, connector: connect),
          ids: ids,
          seed: UInt64.random(in: 0...UInt64.max) &+ UInt64(number),
          window: window
        )
        group.addTask { [call, inFlight] in try await work.run(call, inFlight: inFlight) }
      }
      return try await group.reduce(into: LoadResult()) { $0.add($1) }
    }
    print(line(results))
  }

  private func line(_ result: LoadResult) -> String {
    var line = Measurement()
    line.add("name", "\(call.rawValue) \(connections)x\(inFlight)")
    if call == .export {
      line.add("ops", result.customers)
      line.add("total_ops", result.totalCustomers)
      line.add("ops_s", Double(result.customers) / seconds)
      line.add("p50_us", result.histogram.microseconds(at: 0.5))
      line.add("p99_us", result.histogram.microseconds(at: 0.99))
      line.add("p999_us", result.histogram.microseconds(at: 0.999))
      line.add("mb_s", Double(result.bytes) / seconds / 1e6)
    } else {
      line.add(result.histogram, seconds: seconds, total: result.total)
    }
    return line.line
  }

  /// The ids of all customers, to ask for at random.
  private func allIDs() async throws -> [String] {
    let stub = CustomerServiceStub(ClientChannel(path: path))
    var ids: [String] = []
    for try await message in try await stub.exportCustomers(ExportCustomersRequest()) {
      ids += message.customers.map(\.customerID)
    }
    guard !ids.isEmpty else { throw LoadError.emptyStore }
    return ids
  }
}

/// Why a load can't be made.
enum LoadError: Error, CustomStringConvertible {
  /// There is nothing to get.
  case emptyStore

  /// The daemon refused rows of an import that are valid and new.
  case refused

  var description: String {
    switch self {
    case .emptyStore: "the store is empty: fill one with 'customerbench seed'"
    case .refused: "the daemon refused rows that are valid and new"
    }
  }
}

/// What calls came to.
struct LoadResult: Sendable {
  /// How long the calls in the window took; of an export, its messages.
  var histogram = LatencyHistogram()

  /// All calls, those before and after the window too.
  var total = 0

  /// The customers that an export brought in the window.
  var customers = 0

  /// The customers that an export brought at all.
  var totalCustomers = 0

  /// The bytes of the messages in the window.
  var bytes = 0

  /// Adds what another connection did.
  mutating func add(_ other: LoadResult) {
    histogram.add(other.histogram)
    total += other.total
    customers += other.customers
    totalCustomers += other.totalCustomers
    bytes += other.bytes
  }
}
