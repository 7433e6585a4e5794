import Arguments
import CustomerClient
import CustomerModel
import ServiceInMemory
import TestSupport
import Testing

@testable import CustomerFormats
@testable import customerctl

/// Rows whose version isn't the current one, with and without `--force`.
@Suite struct ImportForceTests {
  private static func id(_ letter: String) -> String {
    "0193a5c0-7d1e-7c3a-9f00-00000000000\(letter)"
  }

  /// A store of customers with a name and a version, by the last letter of their ids.
  private func filled(
    _ customers: [(letter: String, name: String, version: UInt64)]
  ) async throws -> ServiceInMemory {
    let service = try ServiceInMemory()
    try await service.put(
      customers.map { letter, name, version in
        Customer(
          customerID: Self.id(letter),
          version: version,
          firstName: name,
          displayName: name
        )
      }
    )
    return service
  }

  /// Runs rows through an import, the first three in a message of their own.
  private func run(
    _ rows: [(letter: String, version: UInt64, name: String)],
    in service: ServiceInMemory,
    force: Bool
  ) async throws -> (outcomes: [ImportResult.Written?], tally: ImportTally) {
    let call = try await service.client.importCustomers()
    var run = ImportRun(call, overrulesVersions: force)
    var outcomes: [ImportResult.Written?] = []
    let all = rows.enumerated().map { place, row in
      ImportRow(
        number: place + 1,
        line: place + 2,
        original: .cells([]),
        content: .success(
          Customer(
            customerID: Self.id(row.letter),
            version: row.version,
            firstName: row.name,
            displayName: row.name
          )
        )
      )
    }
    for batch in [all.prefix(3), all.dropFirst(3)] where !batch.isEmpty {
      try await run.take(Array(batch)) { outcomes.append(try? $1.get()) }
    }
    try await run.finish { outcomes.append(try? $1.get()) }
    return (outcomes, run.tally)
  }

  /// The name and the version of a customer.
  private func state(_ letter: String, _ service: ServiceInMemory) async throws -> String {
    let customer = try await service.get(Self.id(letter))
    return "\(customer.firstName) \(customer.version)"
  }

  @Test func withoutForceAStaleRowFailsAndNoOther() async throws {
    let service = try await filled([("a", "old", 5)])
    let result = try await run([("a", 3, "new"), ("b", 7, "b")], in: service, force: false)
    #expect(result.outcomes == [nil, .created])
    #expect(try await state("a", service) == "old 5")
    #expect(try await state("b", service) == "b 7")
  }

  @Test func forceWritesStaleRowsAndKeepsTheVersionsOfNewOnes() async throws {
    let service = try await filled([("a", "old", 5), ("c", "c", 2)])
    let rows: [(String, UInt64, String)] = [
      ("a", 3, "new"), ("b", 7, "b"), ("c", 1, "c"), ("a", 9, "newer"), ("d", 4, "d"),
    ]
    let result = try await run(rows, in: service, force: true)
    #expect(result.outcomes == [.updated, .created, .unchanged, .updated, .created])
    #expect(result.tally.rows == 5 && result.tally.failed == 0)
    #expect(try await state("a", service) == "newer 7")
    #expect(try await state("b", service) == "b 7")
    #expect(try await state("d", service) == "d 4")
    let sent = [3, 2, 2, 1].map { "send 0 '' \($0)" }
    #expect(service.requests == ["import"] + sent + ["finish"])
  }

  /// Within a message too: the second row is current, but it is to win over the first.
  @Test func theLastRowOfACustomerWins() async throws {
    let service = try await filled([("a", "old", 5)])
    let result = try await run([("a", 3, "first"), ("a", 5, "last")], in: service, force: true)
    #expect(result.outcomes == [.updated, .updated])
    #expect(try await state("a", service).hasPrefix("last "))
    let new = try await filled([])
    _ = try await run([("a", 3, "first"), ("a", 2, "last")], in: new, force: true)
    #expect(try await state("a", new) == "last 4")
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
    ("emailAddress", "send 0 'emailAddress' 1"), ("email_address", "send 0 'emailAddress' 1"),
    ("attributes.Ref no", "send 0 'attributes.Ref no' 1"),
  ])
  func matchTakesWhatFindsCustomers(_ field: String, _ request: String) async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("firstName\nAnn\n", to: "in.csv")
    let run = try await TestRun(["import", file, "--match", field])
    #expect(run.service.requests == ["import", request, "finish"])
  }

  @Test func matchRefusesOtherFields() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("firstName\nAnn\n", to: "in.csv")
    let run = try await TestRun(["import", file, "--match", "lastName"])
    #expect(run.status == 2 && run.service.requests.isEmpty)
    #expect(
      run.errors == [
        "customerctl: --match: lastName: finds no customers; emailAddress and attributes.NAME do"
      ]
    )
  }
}
