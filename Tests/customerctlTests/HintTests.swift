import CustomerClient
import CustomerModel
import Foundation
import ServiceInMemory
import TTRPC
import TestSupport
import Testing

@testable import customerctl

@Suite struct HintTests {
  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  /// Ann, with an address and a phone.
  private func filled() async throws -> ServiceInMemory {
    let service = try ServiceInMemory()
    var ann = Customer(displayName: "Ann Lee", emailAddress: "ann@example.com")
    ann.customerID = id
    ann.version = 1
    ann.phones = [PhoneNumber(numberInternational: "+61491570006")]
    try await service.put([ann])
    return service
  }

  @Test func aNewCustomerWithAKnownAddressIsTold() async throws {
    let run = try await TestRun(
      [
        "create", "firstName=A", "emailAddress=Ann@Example.com", "phones+=+61491570006", "-o", "id",
      ],
      service: filled()
    )
    #expect(run.status == 0)
    let customers = try await run.service.all()
    #expect(customers.count == 2 && run.output == "\(customers[1].customerID)\n")
    #expect(
      run.errors == [
        "note: the e-mail address is also that of customer \(id) (Ann Lee)",
        "note: the phone number +61491570006 is also that of customer \(id) (Ann Lee)",
      ]
    )
  }

  @Test func severalOthersAreCounted() async throws {
    let service = try await filled()
    _ = try await TestRun(
      ["create", "firstName=B", "emailAddress=ann@example.com"],
      service: service
    )
    let run = try await TestRun(
      ["create", "firstName=C", "emailAddress=ann@example.com"],
      service: service
    )
    #expect(
      run.errors == [
        "note: the e-mail address is also that of customer \(id) (Ann Lee), and of 1 more"
      ]
    )
    for _ in 0..<Session.namesakesToldMax {
      _ = try await TestRun(["create", "emailAddress=ann@example.com"], service: service)
    }
    let many = try await TestRun(["create", "emailAddress=ann@example.com"], service: service)
    #expect(many.errors[0].hasSuffix("(Ann Lee), and of 5 or more"))
  }

  @Test func anUpdateLooksOnlyForWhatItChanged() async throws {
    let service = try await filled()
    let other = "0193a5c0-7d1e-7c3a-9f00-000000000002"
    try await service.put([Customer(customerID: other, firstName: "B")])
    service.forgetRequests()
    let quiet = try await TestRun(["update", other, "firstName=C"], service: service)
    #expect(quiet.errors.isEmpty)
    #expect(service.requests == ["update first_name"])
    let told = try await TestRun(
      ["update", other, "emailAddress=ann@example.com"],
      service: service
    )
    #expect(told.errors == ["note: the e-mail address is also that of customer \(id) (Ann Lee)"])
  }

  @Test func theFirstPhonesAreLookedFor() async throws {
    let max = Session.hintedPhonesMax
    let phones = (0...max).map { "phones+=+6149157000\($0)" }
    let run = try await TestRun(["create"] + phones, service: filled())
    let lists = run.service.requests.filter { $0.hasPrefix("list") }
    #expect(lists.count == max)
    // They are asked for together: in any order.
    for index in 0..<max {
      #expect(lists.contains { $0.contains("\"+6149157000\(index)\"") })
    }
  }

  @Test func hintsAreLeftOutOnDemandAndNeverAnError() async throws {
    let arguments = ["create", "firstName=A", "emailAddress=ann@example.com"]
    let off = try await TestRun(arguments + ["--no-hints"], service: filled())
    #expect(off.errors.isEmpty)
    #expect(off.service.requests == ["create"])
    let service = try await filled()
    service.channel.fail(.unary, "ListCustomers", with: RPCError(.unimplemented, "no filters"))
    let run = try await TestRun(arguments, service: service)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
  }

  @Test func aNameFromDataIsHarmless() async throws {
    let service = try ServiceInMemory()
    let name = "A\u{1B}[2J"
    try await service.put([
      Customer(customerID: id, displayName: name, emailAddress: "ann@example.com")
    ])
    let run = try await TestRun(["create", "emailAddress=ann@example.com"], service: service)
    #expect(
      run.errors == [#"note: the e-mail address is also that of customer \#(id) (A\u{1B}[2J)"#]
    )
  }

  @Test func whoHasTheAddressThatMustBeUniqueIsNamed() async throws {
    let service = try await filled()
    _ = try await TestRun(["settings", "unique-email=on"], service: service)
    let run = try await TestRun(["create", "emailAddress=ann@example.com"], service: service)
    #expect(run.status == 4)
    #expect(
      run.errors == [
        "customerctl: the e-mail address is customer \(id)'s",
        "customerctl: it is that of customer \(id) (Ann Lee)",
      ]
    )
  }

  // MARK: Imports

  private func importing(
    _ csv: String,
    _ options: [String] = [],
    service: ServiceInMemory
  ) async throws -> TestRun {
    let folder = try TemporaryFolder()
    let file = try folder.write(csv, to: "rows.csv")
    return try await TestRun(["import", file] + options, service: service)
  }

  @Test func anImportCountsThoseWhoShare() async throws {
    let same = "0193a5c0-7d1e-7c3a-9f00-000000000002"
    let csv = """
      customerId,firstName,emailAddress,phones[0]
      ,A,ann@example.com,
      ,B,b@example.com,+61 491 570 006
      ,C,c@example.com,
      ,D,d@example.com,
      ,E,d@example.com,
      \(same),same,ann@example.com,
      ,,ann@example,

      """
    let service = try await filled()
    try await service.put([
      Customer(
        customerID: same,
        firstName: "same",
        displayName: "same",
        emailAddress: "ann@example.com"
      )
    ])
    let run = try await importing(csv, ["-o", "json"], service: service)
    #expect(
      run.output == #"{"rows": 7, "created": 5, "updated": 0, "unchanged": 1, "failed": 1}"# + "\n"
    )
    #expect(
      run.errors.last
        == "note: 4 of the 5 customers created or updated have an e-mail address or a phone that "
        + "another one has"
    )
    let quiet = try await importing(csv, ["--no-hints"], service: filled())
    #expect(quiet.errors.allSatisfy { !$0.hasPrefix("note") })
    #expect(quiet.service.requests.allSatisfy { !$0.hasPrefix("list") })
  }

  @Test func aDryRunOfAnImportWritesNothing() async throws {
    let run = try await importing("firstName\nA\n", ["--dry-run"], service: filled())
    #expect(run.output == "1 rows: 1 created, 0 updated, 0 unchanged, 0 failed\n")
    #expect(try await run.service.all().count == 1)
    #expect(run.service.requests == ["import", "send 2 '' 1", "finish"])
  }

  @Test func aDaemonWithoutFiltersIsAskedOnce() async throws {
    let service = try await filled()
    service.channel.fail(.unary, "ListCustomers", with: RPCError(.unimplemented, "no filters"))
    let run = try await importing("emailAddress\na@b.cd\ne@f.gh\n", service: service)
    #expect(run.status == 0)
    #expect(run.service.requests.count { $0.hasPrefix("list") } == 1)
  }

  @Test func rowsPastTheLimitAreNotLookedFor() {
    let rows = ImportedRows()
    func add(_ count: Int) {
      for number in 0..<count {
        let customer = Customer(firstName: "A", emailAddress: "a\(number)@example.com")
        rows.take(customer, ImportResult(outcome: .success(.created)))
      }
    }
    add(ImportedRows.countMax)
    #expect(rows.count == ImportedRows.countMax)
    #expect(rows.remembered == ImportedRows.countMax)
    add(1)
    #expect(rows.count == ImportedRows.countMax + 1)
    #expect(rows.remembered == ImportedRows.countMax)
  }
}
