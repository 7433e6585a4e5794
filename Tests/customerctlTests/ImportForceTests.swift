import Arguments
import CommandLineTestSupport
import CustomerClient
import CustomerModel
import TestSupport
import Testing

@testable import CustomerFormats
@testable import customerctl

/// Rows whose version isn't the current one, with and without `--force`.
@Suite struct ImportForceTests {
  /// Runs rows through an import against a store of a name and a version for each id.
  private func run(
    _ rows: [(id: String, version: UInt64, name: String)],
    in store: VersionedImport,
    force: Bool
  ) async throws -> (outcomes: [ImportResult.Written?], tally: ImportTally) {
    var run = ImportRun(store, overrulesVersions: force)
    var outcomes: [ImportResult.Written?] = []
    let all = rows.enumerated().map { place, row in
      ImportRow(
        number: place + 1,
        line: place + 2,
        original: .cells([]),
        content: .success(
          Customer(customerID: row.id, version: row.version, firstName: row.name)
        )
      )
    }
    for batch in [all.prefix(3), all.dropFirst(3)] where !batch.isEmpty {
      try await run.take(Array(batch)) { outcomes.append(try? $1.get()) }
    }
    try await run.finish { outcomes.append(try? $1.get()) }
    return (outcomes, run.tally)
  }

  @Test func withoutForceAStaleRowFailsAndNoOther() async throws {
    let store = VersionedImport(["a": ("old", 5)])
    let result = try await run([("a", 3, "new"), ("b", 7, "b")], in: store, force: false)
    #expect(result.outcomes == [nil, .created])
    #expect(store.customers["a"]?.name == "old" && store.customers["b"]?.version == 7)
  }

  @Test func forceWritesStaleRowsAndKeepsTheVersionsOfNewOnes() async throws {
    let store = VersionedImport(["a": ("old", 5), "c": ("c", 2)])
    let rows: [(String, UInt64, String)] = [
      ("a", 3, "new"), ("b", 7, "b"), ("c", 1, "c"), ("a", 9, "newer"), ("d", 4, "d"),
    ]
    let result = try await run(rows, in: store, force: true)
    #expect(result.outcomes == [.updated, .created, .unchanged, .updated, .created])
    #expect(result.tally.rows == 5 && result.tally.failed == 0)
    #expect(store.customers["a"]?.name == "newer" && store.customers["a"]?.version == 7)
    #expect(store.customers["b"]?.version == 7 && store.customers["d"]?.version == 4)
    #expect(store.messages == [3, 2, 2, 1])
  }

  /// Within a message too: the second row is current, but it is to win over the first.
  @Test func theLastRowOfACustomerWins() async throws {
    let store = VersionedImport(["a": ("old", 5)])
    let result = try await run([("a", 3, "first"), ("a", 5, "last")], in: store, force: true)
    #expect(result.outcomes == [.updated, .updated])
    #expect(store.customers["a"]?.name == "last")
    let new = VersionedImport([:])
    _ = try await run([("a", 3, "first"), ("a", 2, "last")], in: new, force: true)
    #expect(new.customers["a"]?.name == "last" && new.customers["a"]?.version == 4)
  }

  @Test func staleRowsAreToldWithTheirVersion() async throws {
    let folder = try TemporaryFolder()
    let streams = TestStreams()
    let work = ImportWork(
      rows: ImportRows(format: .csv, settings: .init()),
      input: try InputFile(path: try folder.write("customerId,version\na,3\n", to: "in.csv")),
      rejects: nil,
      streams: streams,
      isInterrupted: { false }
    )
    let row = try #require(try work.nextBatch().first)
    let message = "customer a is at version 5"
    try work.settle(row, .failure(.refused(.conflict(message: message, current: nil))))
    try work.finish()
    #expect(
      streams.errors == [
        "row 1, line 2: version: customer a is at version 5",
        "1 customer has changed since the row's version; --force writes all the same",
      ]
    )
  }

  @Test(arguments: [
    (CustomerError.conflict(message: "what", current: nil), "version"),
    (.failed(code: "", reason: .ambiguousMatch, message: "what"), "attributes.ref"),
    (.alreadyExists(message: "what", customerID: "b"), "emailAddress"),
    (.alreadyExists(message: "what", customerID: ""), "customerId"),
    (.failed(code: "", reason: .diskFull, message: "what"), ""),
    (.invalid(message: "what", violations: []), ""),
  ])
  func aFailureNamesItsField(_ error: CustomerError, _ field: String) {
    let problems = RowFailure.refused(error).problems(match: "attributes.ref")
    #expect(problems == [FieldError(field: field, reason: "what")])
  }

  @Test(arguments: [
    ("emailAddress", "import 0 'emailAddress'"), ("email_address", "import 0 'emailAddress'"),
    ("attributes.Ref no", "import 0 'attributes.Ref no'"),
  ])
  func matchTakesWhatFindsCustomers(_ field: String, _ request: String) async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("firstName\nAnn\n", to: "in.csv")
    #expect(await TestRun(["import", file, "--match", field]).store.requests[0] == request)
  }

  @Test func matchRefusesOtherFields() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("firstName\nAnn\n", to: "in.csv")
    let run = await TestRun(["import", file, "--match", "lastName"])
    #expect(run.status == 2 && run.store.requests.isEmpty)
    #expect(
      run.errors == [
        "customerctl: --match: lastName: finds no customers; emailAddress and attributes.NAME do"
      ]
    )
  }
}

/// The daemon's rule for versions, and nothing else: a new customer keeps its row's, an existing
/// one must be at it unless it is 0.
private final class VersionedImport: ImportCall {
  var customers: [String: (name: String, version: UInt64)]
  var messages: [Int] = []
  private var answers: [[ImportResult]] = []

  init(_ customers: [String: (name: String, version: UInt64)]) { self.customers = customers }

  func send(_ rows: [Customer]) async throws(CustomerError) {
    messages.append(rows.count)
    answers.append(rows.map(write))
  }

  private func write(_ row: Customer) -> ImportResult {
    guard let current = customers[row.customerID] else {
      customers[row.customerID] = (row.firstName, max(1, row.version))
      return ImportResult(customerID: row.customerID, outcome: .success(.created))
    }
    guard row.version == 0 || row.version == current.version else {
      let conflict = CustomerError.conflict(message: "", current: nil)
      return ImportResult(customerID: row.customerID, outcome: .failure(conflict))
    }
    if current.name == row.firstName {
      return ImportResult(customerID: row.customerID, outcome: .success(.unchanged))
    }
    customers[row.customerID] = (row.firstName, current.version + 1)
    return ImportResult(customerID: row.customerID, outcome: .success(.updated))
  }

  func results() async throws(CustomerError) -> [ImportResult] {
    answers.isEmpty ? [] : answers.removeFirst()
  }

  func finish() async throws(CustomerError) {}
}
