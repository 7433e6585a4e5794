import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

extension Session {
  /// How many look-ups an import's hint has going at a time at most.
  static let importLookupsMax = 16

  /// How long an import looks for others with the same e-mail address or phone at most.
  static let importHintTimeMax = Duration.seconds(10)

  /// Tells how many customers of an import share an e-mail address or phone with another one.
  ///
  /// Said on standard error: what stands on standard output counts rows, and nothing else.
  ///
  /// - Throws: If the count of rows can't be written, which must not wait for hints.
  func tellHints(about rows: ImportedRows) async throws {
    try streams.flush()
    let filters = rows.filters
    guard !invocation[SharedOptions.noHints], let first = filters.first else { return }
    let end = ContinuousClock.now + Self.importHintTimeMax
    let found = await CustomerClient.withDeadline(Self.importHintTimeMax) {
      await shared(filters, first)
    }
    streams.tellProgress("")
    let count = rows.count(sharing: found)
    guard count > 0 else { return }
    let isUnsure = ContinuousClock.now >= end
    let isPart = rows.count > ImportedRows.countMax
    streams.tell(
      "note: \(isUnsure ? "at least " : "")\(count) of the "
        + (isPart ? "first \(ImportedRows.countMax)" : "\(rows.count)")
        + " customers created or updated have an e-mail address or a phone that another one has"
    )
  }

  /// The filters that find more than one customer.
  private func shared(_ filters: [String], _ first: String) async -> Set<String> {
    // A daemon that can't look for these is asked once, not ten thousand times.
    guard (try? await customers(matching: first, atMost: 1)) != nil else { return [] }
    var shared: Set<String> = []
    var position = 0
    while position < filters.count, !Interrupt.hasCome {
      let part = Array(filters[position...].prefix(Self.importLookupsMax))
      let found = await client.found(by: part, atMost: 2)
      for (filter, customers) in zip(part, found) where customers.count > 1 {
        shared.insert(filter)
      }
      position += part.count
      streams.tellProgress("looking for others with the same: \(position) of \(filters.count)")
    }
    return shared
  }
}

/// What the rows of an import that were created or updated can be looked for by.
final class ImportedRows {
  /// How many rows are remembered.
  static let countMax = 10_000

  /// How many rows were created or updated.
  private(set) var count = 0

  private var filtersOfRows: [[String]] = []
  private var ids: Set<String> = []

  /// How many of them are remembered.
  var remembered: Int { filtersOfRows.count }

  /// Takes in a row with its result.
  func take(_ customer: Customer, _ result: ImportResult) {
    switch result.outcome {
    case .success(.created), .success(.updated): add(customer, id: result.customerID)
    case .success(.unchanged), .failure: break
    }
  }

  /// Takes in a row that was written; several rows of one customer count once.
  private func add(_ customer: Customer, id: String) {
    if ids.count < Self.countMax, !id.isEmpty, !ids.insert(id).inserted { return }
    count += 1
    guard filtersOfRows.count < Self.countMax, let customer = try? customer.created() else {
      return
    }
    let numbers = customer.phones.map(\.numberInternational)
    filtersOfRows.append(
      ([Filter.emailAddress(customer.emailAddress)] + numbers.map(Filter.phone)).compactMap { $0 }
    )
  }

  /// What to look for, each once, in the order of the rows.
  fileprivate var filters: [String] {
    var seen: Set<String> = []
    return filtersOfRows.joined().filter { seen.insert($0).inserted }
  }

  /// How many rows have one of these.
  fileprivate func count(sharing filters: Set<String>) -> Int {
    filtersOfRows.count { $0.contains(where: filters.contains) }
  }
}
