import CommandLineTestSupport
import CustomerClient
import CustomerModel
import Foundation
import TestSupport
import Testing

@testable import customerctl

@Suite struct HintTests {
  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  /// Ann, with an address and a phone.
  private func store() -> FakeStore {
    let store = FakeStore()
    var ann = Customer(displayName: "Ann Lee", emailAddress: "ann@example.com")
    ann.customerID = id
    ann.version = 1
    ann.phones = [PhoneNumber(numberInternational: "+61491570006")]
    store.customers = [ann]
    return store
  }

  @Test func aNewCustomerWithAKnownAddressIsTold() async {
    let run = await TestRun(
      [
        "create", "firstName=A", "emailAddress=Ann@Example.com", "phones+=+61491570006", "-o", "id",
      ],
      store: store()
    )
    #expect(run.status == 0)
    #expect(run.output == "id-1\n")
    #expect(
      run.errors == [
        "note: the e-mail address is also that of customer \(id) (Ann Lee)",
        "note: the phone number +61491570006 is also that of customer \(id) (Ann Lee)",
      ]
    )
  }

  @Test func severalOthersAreCounted() async {
    let store = store()
    _ = await TestRun(["create", "firstName=B", "emailAddress=ann@example.com"], store: store)
    let run = await TestRun(
      ["create", "firstName=C", "emailAddress=ann@example.com"],
      store: store
    )
    #expect(
      run.errors == [
        "note: the e-mail address is also that of customer \(id) (Ann Lee), and of 1 more"
      ]
    )
    for _ in 0..<Session.namesakesToldMax {
      _ = await TestRun(["create", "emailAddress=ann@example.com"], store: store)
    }
    let many = await TestRun(["create", "emailAddress=ann@example.com"], store: store)
    #expect(many.errors[0].hasSuffix("(Ann Lee), and of 5 or more"))
  }

  @Test func anUpdateLooksOnlyForWhatItChanged() async {
    let store = store()
    _ = await TestRun(["create", "firstName=B", "-o", "id"], store: store)
    store.customers[1].customerID = "0193a5c0-7d1e-7c3a-9f00-000000000002"
    let other = store.customers[1].customerID
    store.requests = []
    let quiet = await TestRun(["update", other, "firstName=C"], store: store)
    #expect(quiet.errors.isEmpty)
    #expect(store.requests == ["update first_name"])
    let told = await TestRun(["update", other, "emailAddress=ann@example.com"], store: store)
    #expect(told.errors == ["note: the e-mail address is also that of customer \(id) (Ann Lee)"])
  }

  @Test func theFirstPhonesAreLookedFor() async {
    let max = Session.hintedPhonesMax
    let phones = (0...max).map { "phones+=+6149157000\($0)" }
    let run = await TestRun(["create"] + phones, store: store())
    let lists = run.store.requests.filter { $0.hasPrefix("list") }
    #expect(lists.count == max)
    #expect(lists.last?.contains("+6149157000\(max - 1)") == true)
  }

  @Test func hintsAreLeftOutOnDemandAndNeverAnError() async {
    let arguments = ["create", "firstName=A", "emailAddress=ann@example.com"]
    let off = await TestRun(arguments + ["--no-hints"], store: store())
    #expect(off.errors.isEmpty)
    #expect(off.store.requests == ["create"])
    let store = store()
    store.listFailure = .unimplemented(message: "no filters")
    let run = await TestRun(arguments, store: store)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
  }

  @Test func aNameFromDataIsHarmless() async {
    let store = store()
    store.customers[0].displayName = "A\u{1B}[2J"
    let run = await TestRun(["create", "emailAddress=ann@example.com"], store: store)
    #expect(
      run.errors == [#"note: the e-mail address is also that of customer \#(id) (A\u{1B}[2J)"#]
    )
  }

  @Test func whoHasTheAddressThatMustBeUniqueIsNamed() async {
    let store = store()
    store.createFailure = .alreadyExists(
      message: "e-mail address ann@example.com is taken",
      customerID: id
    )
    let run = await TestRun(["create", "emailAddress=ann@example.com"], store: store)
    #expect(run.status == 4)
    #expect(
      run.errors == [
        "customerctl: e-mail address ann@example.com is taken",
        "customerctl: it is that of customer \(id) (Ann Lee)",
      ]
    )
  }

  // MARK: Imports

  private func importing(
    _ csv: String,
    _ options: [String] = [],
    store: FakeStore
  ) async throws -> TestRun {
    let folder = try TemporaryFolder()
    let file = try folder.write(csv, to: "rows.csv")
    return await TestRun(["import", file] + options, store: store)
  }

  @Test func anImportCountsThoseWhoShare() async throws {
    let csv = """
      firstName,emailAddress,phones[0]
      A,ann@example.com,
      B,b@example.com,+61 491 570 006
      C,c@example.com,
      D,d@example.com,
      E,d@example.com,
      same,ann@example.com,
      ,ann@example.com,

      """
    let store = store()
    store.normalizesPhones = true
    let run = try await importing(csv, ["-o", "json"], store: store)
    #expect(
      run.output == #"{"rows": 7, "created": 5, "updated": 0, "unchanged": 1, "failed": 1}"# + "\n"
    )
    #expect(
      run.errors.last
        == "note: 4 of the 5 customers created or updated have an e-mail address or a phone that "
        + "another one has"
    )
    let quiet = try await importing(csv, ["--no-hints"], store: self.store())
    #expect(quiet.errors.allSatisfy { !$0.hasPrefix("note") })
    #expect(quiet.store.requests.allSatisfy { !$0.hasPrefix("list") })
  }

  @Test func aDryRunOfAnImportWritesNothing() async throws {
    let run = try await importing("firstName\nA\n", ["--dry-run"], store: store())
    #expect(run.output == "1 rows: 1 created, 0 updated, 0 unchanged, 0 failed\n")
    #expect(run.store.customers.count == 1)
    #expect(run.store.requests.first == "import 2 ''")
    #expect(run.store.requests.allSatisfy { !$0.hasPrefix("list") })
  }

  @Test func aDaemonWithoutFiltersIsAskedOnce() async throws {
    let store = store()
    store.listFailure = .unimplemented(message: "no filters")
    let run = try await importing("emailAddress\na@b.cd\ne@f.gh\n", ["--match", "x"], store: store)
    #expect(run.store.requests.count { $0.hasPrefix("list") } <= 1)
  }

  @Test func rowsPastTheLimitAreNotLookedFor() async {
    let rows = ImportedRows()
    let call = rows.observing(FakeImport(store: FakeStore()))
    let batch = (0..<1000).map { Customer(firstName: "A", emailAddress: "a\($0)@example.com") }
    for _ in 0..<10 {
      try? await call.send(batch)
      _ = try? await call.results()
    }
    #expect(rows.count == ImportedRows.countMax)
    #expect(rows.remembered == ImportedRows.countMax)
    try? await call.send(batch)
    _ = try? await call.results()
    #expect(rows.count == 11_000)
    #expect(rows.remembered == ImportedRows.countMax)
  }
}
