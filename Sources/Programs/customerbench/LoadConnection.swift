import CustomerAPI
import CustomerModel
import DispatchSockets
import ProtoWire
import TTRPC
import TTRPCClient

/// One connection's calls, made on the connection's own loop: no call changes threads.
actor LoadConnection {
  private let channel: ClientChannel
  private let stub: CustomerServiceStub
  private let ids: [String]
  private let samples: SampleCustomers
  private let window: Range<ContinuousClock.Instant>
  private var random: UInt64
  private var result = LoadResult()
  private var created = 0

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    channel.loop.asUnownedSerialExecutor()
  }

  /// Creates a connection that makes calls until the window's end and counts those within.
  init(
    channel: ClientChannel,
    ids: [String],
    seed: UInt64,
    window: Range<ContinuousClock.Instant>
  ) {
    self.channel = channel
    self.ids = ids
    self.window = window
    stub = CustomerServiceStub(channel)
    samples = SampleCustomers(seed: seed)
    random = seed | 1
  }

  /// Makes calls, so many at a time.
  func run(_ call: BenchOptions.Call, inFlight: Int) async throws -> LoadResult {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<inFlight { group.addTask { try await self.work(call) } }
      try await group.waitForAll()
    }
    return result
  }

  private func work(_ call: BenchOptions.Call) async throws {
    var began = ContinuousClock.now
    while began < window.upperBound {
      switch call {
      case .get: try await get()
      case .create: try await create()
      case .export: try await export()
      }
      let ended = ContinuousClock.now
      result.total += 1
      if call != .export, window.contains(ended) { record(ended - began) }
      began = ended
    }
  }

  private func record(_ duration: Duration) {
    let parts = duration.components
    let nanoseconds = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
    result.histogram.record(UInt64(max(0, nanoseconds)))
  }

  private func get() async throws {
    var request = GetCustomerRequest()
    // Xorshift (Marsaglia, 2003): a random number must cost nothing beside a call.
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    request.customerID = ids[Int(random % UInt64(ids.count))]
    _ = try await stub.getCustomer(request)
  }

  private func create() async throws {
    var request = CreateCustomerRequest()
    var customer = samples.customer(created)
    created += 1
    // The server makes the id, as it does for most callers.
    customer.customerID = ""
    request.customer = customer
    _ = try await stub.createCustomer(request)
  }

  private func export() async throws {
    let call = try await channel.open(
      CustomerServiceMethods.exportCustomers,
      ExportCustomersRequest(),
      CallOptions()
    )
    var began = ContinuousClock.now
    while let bytes = try await call.receive() {
      let message = try ExportCustomersResponse(received: bytes)
      let ended = ContinuousClock.now
      result.totalCustomers += message.customers.count
      if window.contains(ended) {
        result.customers += message.customers.count
        result.bytes += bytes.count
        record(ended - began)
      }
      began = ended
    }
  }
}
