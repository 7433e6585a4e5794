import Arguments
import CommandLineTestSupport
import CustomerClient
import CustomerModel
import ProtoWire
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerFormats
@testable import customerctl

/// Rows whose version isn't the current one, with and without `--force`.
@Suite struct ImportForceTests {
  /// Runs rows through an import against a store of a name and a version for each id.
  private func run(
    _ rows: [(id: String, version: UInt64, name: String)],
    in store: VersionedImport,
    force: Bool
  ) async throws -> (outcomes: [ImportCustomersResponse.Result.Outcome], tally: ImportTally) {
    var run = ImportRun(store, overrulesVersions: force)
    var outcomes: [ImportCustomersResponse.Result.Outcome] = []
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
      try await run.take(Array(batch)) { outcomes.append($1.outcome) }
    }
    try await run.finish { outcomes.append($1.outcome) }
    return (outcomes, run.tally)
  }

  @Test func withoutForceAStaleRowFailsAndNoOther() async throws {
    let store = VersionedImport(["a": ("old", 5)])
    let result = try await run([("a", 3, "new"), ("b", 7, "b")], in: store, force: false)
    #expect(result.outcomes == [.failed, .created])
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
    try work.settle(row, RowResult(Self.stale(version: 5)))
    try work.finish()
    #expect(
      streams.errors == [
        "row 1, line 2: version: customer a is at version 5",
        "1 customer has changed since the row's version; --force writes all the same",
      ]
    )
  }

  /// The reasons are those of `Schema/PROTOCOL.md`'s ErrorInfo.
  @Test(arguments: [
    ("VERSION_MISMATCH", "version"), ("AMBIGUOUS_MATCH", "attributes.ref"),
    ("EMAIL_TAKEN", "emailAddress"), ("ALREADY_EXISTS", "customerId"), ("DISK_FULL", ""),
  ])
  func aReasonNamesItsField(_ reason: String, _ field: String) {
    let result = RowResult(Self.result(reason, "what"), match: "attributes.ref")
    #expect(result.reason == reason)
    #expect(result.problems == [FieldError(field: field, reason: "what")])
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

  /// A row's failure for a reason, as the daemon sends it.
  private static func result(
    _ reason: String,
    _ message: String
  ) -> ImportCustomersResponse.Result {
    var info = ErrorInfo()
    info.reason = reason
    var detail = ProtoAny()
    detail.typeURL = "type.googleapis.com/google.rpc.ErrorInfo"
    detail.value = info.encoded()
    var result = ImportCustomersResponse.Result()
    result.error = Status()
    result.error?.message = message
    result.error?.details = [detail]
    return result
  }

  /// A row that is stale, of a customer called `a`.
  private static func stale(version: UInt64) -> ImportCustomersResponse.Result {
    var result = result("VERSION_MISMATCH", "customer a is at version \(version)")
    result.customerID = "a"
    result.version = version
    return result
  }
}

/// The daemon's rule for versions, and nothing else: a new customer keeps its row's, an existing
/// one must be at it unless it is 0.
private final class VersionedImport: ImportCall {
  var customers: [String: (name: String, version: UInt64)]
  var messages: [Int] = []
  private var answers: [[RowResult]] = []

  init(_ customers: [String: (name: String, version: UInt64)]) { self.customers = customers }

  func send(_ rows: [Customer]) async throws(CustomerError) {
    messages.append(rows.count)
    answers.append(rows.map(write))
  }

  private func write(_ row: Customer) -> RowResult {
    guard let current = customers[row.customerID] else {
      customers[row.customerID] = (row.firstName, max(1, row.version))
      return RowResult(outcome: .created, customerID: row.customerID)
    }
    guard row.version == 0 || row.version == current.version else {
      return RowResult(
        outcome: .failed,
        reason: RowResult.versionMismatch,
        customerID: row.customerID
      )
    }
    if current.name == row.firstName {
      return RowResult(outcome: .unchanged, customerID: row.customerID)
    }
    customers[row.customerID] = (row.firstName, current.version + 1)
    return RowResult(outcome: .updated, customerID: row.customerID)
  }

  func results() async throws(CustomerError) -> [RowResult] {
    answers.isEmpty ? [] : answers.removeFirst()
  }

  func finish() async throws(CustomerError) {}
}
