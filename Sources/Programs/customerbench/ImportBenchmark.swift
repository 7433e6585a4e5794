import Arguments
import CustomerAPI
import CustomerModel
import TTRPC
import TTRPCClient

/// Imports new customers in one call, as fast as a daemon makes them durable.
struct ImportBenchmark {
  private let path: String
  private let count: Int
  private let batch: Int
  private let samples: SampleCustomers

  /// Takes the command line.
  init(_ invocation: Invocation) throws {
    guard let path = invocation[BenchOptions.socket] else {
      throw UsageError("--socket is missing", command: "customerbench import")
    }
    self.path = path
    count = invocation[BenchOptions.count]
    batch = invocation[BenchOptions.batch]
    samples = SampleCustomers(seed: UInt64(invocation[BenchOptions.seedNumber]))
  }

  /// Imports and prints how long it took.
  func run() async throws {
    let start = ContinuousClock.now
    let call = try await CustomerServiceStub(ClientChannel(path: path)).importCustomers()
    let sending = Task { [count, batch, samples] in
      for first in stride(from: 0, to: count, by: batch) {
        var request = ImportCustomersRequest()
        request.customers = (first..<min(first + batch, count)).map { number in
          var customer = samples.customer(number)
          customer.customerID = ""
          return customer
        }
        try await call.send(request)
      }
      try await call.closeSending()
    }
    var created = 0
    for try await response in call.responses {
      created += response.results.count { $0.outcome == .created }
    }
    try await sending.value
    let seconds = (ContinuousClock.now - start).nanoseconds / 1e9
    var line = Measurement()
    line.add("name", "import \(batch) a message")
    line.add("ops", created)
    line.add("total_ops", count)
    line.add("ops_s", Double(created) / seconds)
    print(line.line)
  }
}
