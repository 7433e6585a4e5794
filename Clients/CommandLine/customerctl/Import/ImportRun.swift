import CustomerClient
import CustomerFormats
import CustomerModel
import ProtoWire

/// The course of an import: rows go out in messages, several on the way at once, and come back as
/// results in the order of the file.
///
/// Knows no file and no terminal; rows come in, settled rows go out.
struct ImportRun {
  /// The most rows in a message: one message is checked and answered whole.
  static let rowsPerMessageMax = 256

  /// The most bytes of customers in a message, well under a frame's 4 MiB.
  static let messageBytesMax = 1 << 20

  /// The most messages that wait for their results.
  static let messagesInFlightMax = 4

  private let call: CustomerImport
  private let overrulesVersions: Bool
  private let written: ImportedRows
  private var answers: CustomerImport.Results.Iterator
  private var waiting: [ImportBatch] = []
  private var inFlight = 0

  /// The rows that are settled.
  private(set) var tally = ImportTally()

  /// Creates a run over a call.
  ///
  /// - Parameters:
  ///   - call: What takes the rows.
  ///   - overrulesVersions: Whether a row is written even if its version isn't the current one. A
  ///     message is settled before the next goes out then, so that the last row of a customer
  ///     wins as it does otherwise.
  ///   - written: Learns which rows were written.
  init(
    _ call: CustomerImport,
    overrulesVersions: Bool = false,
    written: ImportedRows = ImportedRows()
  ) {
    self.call = call
    self.overrulesVersions = overrulesVersions
    self.written = written
    answers = call.results.makeAsyncIterator()
  }

  /// How many rows were sent and have no result yet.
  var rowsInFlight: Int { waiting.reduce(0) { $0 + $1.customerCount } }

  /// Takes the next rows in, at most a message's worth; returns when there is room for more.
  ///
  /// - Parameters:
  ///   - rows: What was read.
  ///   - settled: Called for each row whose fate is known, in the order of the file.
  /// - Throws: ``CustomerError``, and what `settled` throws.
  mutating func take(
    _ rows: [ImportRow],
    settled: (ImportRow, RowOutcome) throws -> Void
  ) async throws {
    let customers = rows.compactMap { try? $0.content.get() }
    waiting.append(ImportBatch(rows: rows, customerCount: customers.count))
    if !customers.isEmpty {
      try await call.send(customers)
      inFlight += 1
    }
    try settleRefused(settled)
    let messagesMax = overrulesVersions ? 1 : Self.messagesInFlightMax
    while inFlight >= messagesMax { try await settleMessage(settled) }
  }

  /// Sends no more and waits for what is on the way.
  mutating func finish(settled: (ImportRow, RowOutcome) throws -> Void) async throws {
    try await call.finish()
    while inFlight > 0 { try await settleMessage(settled) }
  }

  private mutating func settleMessage(
    _ settled: (ImportRow, RowOutcome) throws -> Void
  ) async throws {
    let customerCount = waiting.first?.customerCount ?? 0
    var results = try await results(of: customerCount)
    inFlight -= 1
    guard let batch = waiting.first else { return }
    if overrulesVersions { try await overrule(&results, of: batch.customers) }
    try settle(batch, results[...], settled)
    try settleRefused(settled)
  }

  /// Sends the rows again whose version isn't the current one, now without it.
  ///
  /// Only then: a customer that is new keeps the version that its row carries. Later rows of the
  /// same customer go again too, for they are to win.
  private mutating func overrule(
    _ results: inout [ImportResult],
    of customers: [Customer]
  ) async throws {
    var stale: Set<String> = []
    var places: [Int] = []
    for (place, result) in results.enumerated() {
      if case .failure(.conflict) = result.outcome {
        stale.insert(result.customerID)
      } else if !stale.contains(result.customerID) {
        continue
      }
      places.append(place)
    }
    guard !places.isEmpty else { return }
    try await call.send(
      places.map { place in
        var customer = customers[place]
        customer.version = 0
        return customer
      }
    )
    let answers = try await self.results(of: places.count)
    for (place, answer) in zip(places, answers) { results[place] = answer }
  }

  /// Settles the rows that were refused here, as far as nothing before them is open.
  private mutating func settleRefused(_ settled: (ImportRow, RowOutcome) throws -> Void) throws {
    while let batch = waiting.first, batch.customerCount == 0 { try settle(batch, [], settled) }
  }

  private mutating func settle(
    _ batch: ImportBatch,
    _ results: ArraySlice<ImportResult>,
    _ settled: (ImportRow, RowOutcome) throws -> Void
  ) throws {
    waiting.removeFirst()
    var results = results
    for row in batch.rows {
      let outcome: RowOutcome
      switch row.content {
      case .failure(let problem): outcome = .failure(.refusedHere(problem))
      case .success(let customer):
        let result = results.removeFirst()
        written.take(customer, result)
        outcome = result.outcome.mapError { .refused($0) }
      }
      tally.count(outcome)
      try settled(row, outcome)
    }
  }

  /// The results of the next message, one for each of its customers.
  private mutating func results(of customerCount: Int) async throws -> [ImportResult] {
    guard let results = try await answers.next() else {
      throw CustomerError.unavailable(message: "the import ended early", outcome: .perhapsDone)
    }
    guard results.count == customerCount else {
      throw CustomerError.failed(
        code: "INTERNAL",
        reason: nil,
        message: "the daemon answers \(results.count) results for \(customerCount) rows"
      )
    }
    return results
  }
}
