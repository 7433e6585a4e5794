import CustomerClient
import CustomerFormats
import CustomerModel

/// How many rows of an import came to what; the four outcomes add up to the rows.
struct ImportTally: Equatable {
  /// Rows acknowledged or refused.
  var rows = 0
  /// Rows that are new customers.
  var created = 0
  /// Rows that changed a customer.
  var updated = 0
  /// Rows that were in the store as they are.
  var unchanged = 0
  /// Rows that were refused, here or by the daemon.
  var failed = 0

  /// Counts a row.
  mutating func count(_ outcome: RowOutcome) {
    rows += 1
    switch outcome {
    case .success(.created): created += 1
    case .success(.updated): updated += 1
    case .success(.unchanged): unchanged += 1
    case .failure: failed += 1
    }
  }

  /// `5000 rows: 4990 created, 0 updated, 0 unchanged, 10 failed`.
  var line: String {
    "\(rows) rows: \(created) created, \(updated) updated, \(unchanged) unchanged, \(failed) failed"
  }

  /// The five numbers by name.
  var numbers: [(name: String, count: Int)] {
    [
      ("rows", rows), ("created", created), ("updated", updated), ("unchanged", unchanged),
      ("failed", failed),
    ]
  }

  /// An object of the five numbers, in one line.
  var json: String {
    "{" + numbers.map { "\"\($0.name)\": \($0.count)" }.joined(separator: ", ") + "}"
  }
}

/// The customers of a message that waits for its answer, and the rows between them that were
/// refused here, in the order of the file.
struct ImportBatch {
  /// The rows.
  var rows: [ImportRow]

  /// How many of them are customers, and so in the message.
  var customerCount: Int

  /// Those that are in the message.
  var customers: [Customer] { rows.compactMap { try? $0.content.get() } }
}
