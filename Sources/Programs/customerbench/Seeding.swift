import Arguments
import CustomerModel
import CustomerStore

/// Fills a database without a daemon, in large transactions.
struct Seeding {
  private static let rowsPerTransaction = 5000

  private let path: String
  private let count: Int
  private let samples: SampleCustomers

  /// Takes the command line.
  init(_ invocation: Invocation) throws {
    guard let path = invocation[BenchOptions.database] else {
      throw UsageError("--database is missing", command: "customerbench seed")
    }
    self.path = path
    count = invocation[BenchOptions.count]
    samples = SampleCustomers(seed: UInt64(invocation[BenchOptions.seedNumber]))
  }

  /// Writes the customers and prints how long it took.
  func run() async throws {
    let store = samples.customer(0).customerID
    let repository = try SQLiteRepository(StoreOptions(path: path, newStoreID: store))
    let clock = ContinuousClock()
    let start = clock.now
    var bytes = 0
    var created = 0
    for first in stride(from: 0, to: count, by: Self.rowsPerTransaction) {
      let rows = (first..<min(first + Self.rowsPerTransaction, count)).map { number in
        let customer = samples.customer(number)
        return ImportRow(customer: customer, newID: customer.customerID)
      }
      let stamp = WriteStamp(
        timeMicroseconds: Int64(SampleCustomers.firstMilliseconds) * 1000 + Int64(first),
        author: Author(program: "customerbench")
      )
      let results = try await repository.importRows(rows, mode: .create, match: .none, stamp) {
        row,
        _ in row.customer
      }
      for result in results {
        bytes += try result.get().record.count
        created += 1
      }
    }
    await repository.close()
    let seconds = (clock.now - start).nanoseconds / 1e9
    var line = Measurement()
    line.add("name", "seed")
    line.add("ops", created)
    line.add("total_ops", created)
    line.add("ops_s", Double(created) / seconds)
    line.add("bytes", bytes / created)
    print(line.line)
  }
}
