import Arguments
import CustomerAPI
import CustomerModel
import ProtoWire
import TTRPC
import TTRPCClient

/// Creates customers over one connection, one after the other, while another has the store do what
/// takes long.
struct Beside {
  /// What the store does meanwhile, in the order in which it is measured.
  ///
  /// Erasing comes last, because overwriting what it leaves goes on behind it.
  enum Work: String, CaseIterable, Sendable {
    /// Nothing.
    case nothing
    /// An import in messages of 500 customers.
    case import500 = "import-500"
    /// An import in messages of 10,000 customers.
    case import10000 = "import-10000"
    /// The same, each row looked for by its account number.
    case importMatching = "import-matching"
    /// The same, which only says what it would do.
    case importValidating = "import-validating"
    /// Backups, one after the other.
    case backup
    /// The setting `unique-email`, switched on and off.
    case uniqueEmail = "unique-email"
    /// Customers erased, four at a time.
    case erase
  }

  private let path: String
  private let works: [Work]
  private let seconds: Double

  /// Takes the command line.
  init(_ invocation: Invocation) throws {
    guard let path = invocation[BenchOptions.socket] else {
      throw UsageError("--socket is missing", command: "customerbench beside")
    }
    self.path = path
    let works = invocation[BenchOptions.works]
    self.works = works.isEmpty ? Work.allCases : works
    seconds = invocation[BenchOptions.phaseSeconds]
  }

  /// Measures beside each work, and prints a line for each.
  func run() async throws {
    for work in works {
      let doer = BesideWork(path: path, seed: .random(in: 0...UInt64.max))
      try await doer.prepare(work)
      let end = ContinuousClock.now + .seconds(seconds)
      let doing = Task { try await doer.run(work, until: end) }
      let start = ContinuousClock.now
      let creates = Task { [path] in
        try await Self.create(through: ClientChannel(path: path), from: start, until: end)
      }
      let done = try await doing.value
      let workSeconds = (ContinuousClock.now - start).nanoseconds / 1e9
      print(line(work, try await creates.value, done, workSeconds))
    }
  }

  /// Creates customers until a moment; a create that began before it counts.
  private static func create(
    through channel: ClientChannel,
    from start: ContinuousClock.Instant,
    until end: ContinuousClock.Instant
  ) async throws -> LatencyHistogram {
    let stub = CustomerServiceStub(channel)
    let samples = SampleCustomers(seed: .random(in: 0...UInt64.max))
    var histogram = LatencyHistogram()
    var began = start
    while began < end {
      var request = CreateCustomerRequest()
      var customer = samples.customer(Int(histogram.count))
      customer.customerID = ""
      request.customer = customer
      began = ContinuousClock.now
      _ = try await stub.createCustomer(request)
      let ended = ContinuousClock.now
      histogram.record(UInt64((ended - began).nanoseconds))
      began = ended
    }
    return histogram
  }

  private func line(
    _ work: Work,
    _ creates: LatencyHistogram,
    _ done: Int,
    _ workSeconds: Double
  ) -> String {
    var line = Measurement()
    line.add("name", "create beside \(work.rawValue)")
    line.add(creates, seconds: seconds, total: Int(creates.count))
    line.add("max_us", creates.microseconds(at: 1))
    line.add("beside", done)
    line.add("beside_s", Double(done) / workSeconds)
    return line.line
  }
}

/// What is done while customers are created, on a connection of its own.
struct BesideWork: Sendable {
  /// The customers that are made to be erased.
  private static let victimCount = 4000

  /// The erasures at a time.
  private static let erasuresAtOnce = 4

  private let stub: CustomerServiceStub
  private let store: StoreServiceStub
  private let samples: SampleCustomers

  /// Connects to a socket; the customers it makes follow from the seed.
  init(path: String, seed: UInt64) {
    let channel = ClientChannel(path: path)
    stub = CustomerServiceStub(channel)
    store = StoreServiceStub(channel)
    samples = SampleCustomers(seed: seed)
  }

  /// Makes what the work needs.
  func prepare(_ work: Beside.Work) async throws {
    guard work == .erase else { return }
    let call = try await stub.importCustomers()
    var request = ImportCustomersRequest()
    request.customers = (0..<Self.victimCount).map { samples.customer($0) }
    try await call.send(request)
    try await call.closeSending()
    for try await _ in call.responses {}
  }

  /// Works until a moment, and to the end of what was begun before.
  ///
  /// - Returns: How much was done: customers, backups, switches.
  func run(_ work: Beside.Work, until end: ContinuousClock.Instant) async throws -> Int {
    switch work {
    case .nothing:
      try await Task.sleep(until: end)
      return 0
    case .import500: return try await importRows(500, until: end)
    case .import10000: return try await importRows(10_000, until: end)
    case .importMatching:
      return try await importRows(10_000, match: "attributes.accountNumber", until: end)
    case .importValidating: return try await importRows(10_000, mode: .validate, until: end)
    case .backup: return try await backUp(until: end)
    case .uniqueEmail: return try await switchUniqueEmail(until: end)
    case .erase: return try await erase(until: end)
    }
  }

  private func importRows(
    _ batch: Int,
    mode: ImportCustomersRequest.Mode = .upsert,
    match: String = "",
    until end: ContinuousClock.Instant
  ) async throws -> Int {
    let call = try await stub.importCustomers()
    var responses = call.responses.makeAsyncIterator()
    var count = 0
    while ContinuousClock.now < end {
      var request = ImportCustomersRequest()
      request.mode = mode
      request.match = match
      request.customers = (count..<count + batch).map { number in
        var customer = samples.customer(number)
        customer.customerID = ""
        // So many as a message may have fit into it.
        if batch > 5000 { customer.phones.removeLast() }
        customer.attributes["accountNumber"] = "\(samples.seed % 1_000_000)-\(number)"
        return customer
      }
      try await call.send(request)
      guard let response = try await responses.next() else { break }
      guard response.results.allSatisfy({ $0.error == nil }) else { throw LoadError.refused }
      count += batch
    }
    try await call.closeSending()
    return count
  }

  private func backUp(until end: ContinuousClock.Instant) async throws -> Int {
    var count = 0
    while ContinuousClock.now < end {
      for try await _ in try await store.backUpStore(BackUpStoreRequest()) {}
      count += 1
    }
    return count
  }

  private func switchUniqueEmail(until end: ContinuousClock.Instant) async throws -> Int {
    var count = 0
    while ContinuousClock.now < end {
      for isOn in [true, false] {
        var request = UpdateSettingsRequest()
        request.settings = StoreSettings(uniqueEmail: isOn)
        _ = try await store.updateSettings(request)
        count += 1
      }
    }
    return count
  }

  private func erase(until end: ContinuousClock.Instant) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for first in 0..<Self.erasuresAtOnce {
        group.addTask {
          var count = 0
          for number in stride(from: first, to: Self.victimCount, by: Self.erasuresAtOnce) {
            guard ContinuousClock.now < end else { break }
            var request = DeleteCustomerRequest()
            request.customerID = samples.customer(number).customerID
            request.erase = true
            _ = try await stub.deleteCustomer(request)
            count += 1
          }
          return count
        }
      }
      var count = 0
      for try await erased in group { count += erased }
      // What they leave is overwritten meanwhile.
      try await Task.sleep(until: end)
      return count
    }
  }
}
