import CustomerClient
import CustomerModel
import ProtoWire

/// The course of an import: rows go out in messages, several on the way at once, and come back as
/// results in the order of the file.
///
/// Knows no file and no terminal; rows come in, settled rows go out.
struct ImportRun {
  /// The most rows in a message: one message is one transaction of the daemon.
  static let rowsPerMessageMax = 256

  /// The most bytes of customers in a message, well under a frame's 4 MiB.
  static let messageBytesMax = 1 << 20

  /// The most messages that wait for their results.
  static let messagesInFlightMax = 4

  private let call: any ImportCall
  private var waiting: [ImportBatch] = []
  private var inFlight = 0

  /// The rows that are settled.
  private(set) var tally = ImportTally()

  /// Creates a run over a call.
  init(_ call: any ImportCall) {
    self.call = call
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
    settled: (ImportRow, RowResult) throws -> Void
  ) async throws {
    let customers = rows.compactMap { try? $0.content.get() }
    waiting.append(ImportBatch(rows: rows, customerCount: customers.count))
    if !customers.isEmpty {
      try await call.send(customers)
      inFlight += 1
    }
    try settleRefused(settled)
    while inFlight >= Self.messagesInFlightMax { try await settleMessage(settled) }
  }

  /// Sends no more and waits for what is on the way.
  mutating func finish(settled: (ImportRow, RowResult) throws -> Void) async throws {
    try await call.finish()
    while inFlight > 0 { try await settleMessage(settled) }
  }

  private mutating func settleMessage(
    _ settled: (ImportRow, RowResult) throws -> Void
  ) async throws {
    let results = try await call.results()
    inFlight -= 1
    guard let batch = waiting.first, results.count == batch.customerCount else {
      throw CustomerError.failed(
        code: "INTERNAL",
        reason: "",
        message:
          "the daemon answers \(results.count) results for \(waiting.first?.customerCount ?? 0) rows"
      )
    }
    try settle(batch, results[...], settled)
    try settleRefused(settled)
  }

  /// Settles the rows that were refused here, as far as nothing before them is open.
  private mutating func settleRefused(_ settled: (ImportRow, RowResult) throws -> Void) throws {
    while let batch = waiting.first, batch.customerCount == 0 { try settle(batch, [], settled) }
  }

  private mutating func settle(
    _ batch: ImportBatch,
    _ results: ArraySlice<RowResult>,
    _ settled: (ImportRow, RowResult) throws -> Void
  ) throws {
    waiting.removeFirst()
    var results = results
    for row in batch.rows {
      let result: RowResult
      switch row.content {
      case .failure(let problem): result = RowResult(outcome: .failed, problems: [problem])
      case .success: result = results.popFirst() ?? RowResult(outcome: .failed)
      }
      tally.count(result.outcome)
      try settled(row, result)
    }
  }
}
