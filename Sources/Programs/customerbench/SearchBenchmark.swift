import Arguments
import CustomerAPI
import CustomerModel
import TTRPC
import TTRPCClient

/// Searches a daemon's store and measures how long each query takes.
struct SearchBenchmark {
  /// Parts of what ``SampleCustomers`` is made of: a beginning of names and a part of words that many
  /// customers have, two words, what one has, what none has, and a phone's last digits.
  private static let usualQueries = [
    "smith", "arra", "olivia street", "account 4711)", "customer.1.4711@example.com", "zzqxj",
    "345678",
  ]

  private let path: String
  private let queries: [String]
  private let seconds: Double
  private let warmup: Double

  /// Takes the command line.
  init(_ invocation: Invocation) throws {
    guard let path = invocation[BenchOptions.socket] else {
      throw UsageError("--socket is missing", command: "customerbench search")
    }
    self.path = path
    let queries = invocation[BenchOptions.queries]
    self.queries = queries.isEmpty ? Self.usualQueries : queries
    seconds = invocation[BenchOptions.seconds]
    warmup = invocation[BenchOptions.warmup]
  }

  /// Searches, and prints a line for each query.
  func run() async throws {
    let stub = CustomerServiceStub(ClientChannel(path: path))
    for query in queries {
      var request = SearchCustomersRequest()
      request.query = query
      var histogram = LatencyHistogram()
      var total = 0
      var found = 0
      let start = ContinuousClock.now + .seconds(warmup)
      let end = start + .seconds(seconds)
      var began = ContinuousClock.now
      while began < end {
        found = try await stub.searchCustomers(request).customers.count
        let ended = ContinuousClock.now
        total += 1
        if ended >= start { histogram.record(UInt64((ended - began).nanoseconds)) }
        began = ended
      }
      var line = Measurement()
      line.add("name", "search \(query)")
      line.add("found", found)
      line.add(histogram, seconds: seconds, total: total)
      print(line.line)
    }
  }
}
