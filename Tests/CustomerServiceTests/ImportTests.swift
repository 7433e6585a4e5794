import CustomerAPI
import CustomerModel
import CustomerStore
import ProtoWire
import TTRPC
import Testing
import WellKnownTypes

@testable import CustomerService

@Suite struct ImportTests {
  private func customer(_ name: String, _ change: (inout Customer) -> Void = { _ in }) -> Customer {
    var customer = Customer()
    customer.firstName = name
    change(&customer)
    return customer
  }

  @Test func oneBadRowStopsNoOther() async throws {
    let service = try ServiceUnderTest()
    let results = try await service.importing([
      customer("Ann"), customer(""), customer("Bob") { $0.emailAddress = "x" }, customer("Carl"),
    ])
    #expect(results.map(\.outcome) == [.created, .failed, .failed, .created])
    #expect(results[2].error?.code == StatusCode.invalidArgument.rawValue)
    #expect(results[3].version == 1)
    #expect(try await service.export().customers.map(\.firstName) == ["Ann", "Carl"])
  }

  @Test func anExportTakenIntoAnEmptyStoreIsTheSameStore() async throws {
    let first = try ServiceUnderTest()
    let ann = try await first.create {
      $0.firstName = "Ann"
      $0.phones = [PhoneNumber(numberLocal: "0491 570 006")]
    }
    var changed = ann
    changed.firstName = "Anna"
    _ = try await first.update(changed)
    _ = try await first.create { $0.firstName = "Bob" }
    let export = try await first.export()
    let second = try ServiceUnderTest()
    let results = try await second.importing(export.customers)
    #expect(results.map(\.outcome) == [.created, .created])
    #expect(results[0].version == 2)
    #expect(try await second.export().customers == export.customers)
    #expect(
      try await second.importing(export.customers).map(\.outcome) == [.unchanged, .unchanged]
    )
  }

  /// A new customer gets a display name; of a record that was exported none is made up.
  @Test func aDisplayNameThatWasTakenAwayStaysAway() async throws {
    let first = try ServiceUnderTest()
    var ann = try await first.create { $0.firstName = "Ann" }
    ann.displayName = ""
    _ = try await first.update(ann, mask: ["display_name"])
    let export = try await first.export()
    #expect(export.customers.map(\.displayName) == [""])
    let second = try ServiceUnderTest()
    _ = try await second.importing(export.customers)
    #expect(try await second.export().customers == export.customers)
    var unconditional = export.customers
    unconditional[0].version = 0
    #expect(try await second.importing(unconditional).map(\.outcome) == [.unchanged])
    #expect(try await second.importing([customer("Bob")]).map(\.outcome) == [.created])
    #expect(try await second.export().customers.map(\.displayName) == ["", "Bob"])
  }

  @Test func rowsWithoutKeysKeepTheKeysOfEqualEntries() async throws {
    let service = try ServiceUnderTest()
    let row = customer("Ann") {
      $0.customerID = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"
      $0.phones = [PhoneNumber(numberLocal: "1"), PhoneNumber(numberLocal: "2")]
    }
    #expect(try await service.importing([row]).map(\.outcome) == [.created])
    let created = try await service.get(row.customerID)
    #expect(try await service.importing([row]).map(\.outcome) == [.unchanged])
    var other = row
    other.phones = [PhoneNumber(numberLocal: "2"), PhoneNumber(numberLocal: "3")]
    #expect(try await service.importing([other]).map(\.outcome) == [.updated])
    let updated = try await service.get(row.customerID)
    #expect(updated.phones[0].key == created.phones[1].key)
    #expect(!created.phones.map(\.key).contains(updated.phones[1].key))
  }

  @Test func createRefusesOneThatIsThere() async throws {
    let service = try ServiceUnderTest()
    let ann = try await service.create { $0.firstName = "Ann" }
    let results = try await service.importing([ann], mode: .create)
    #expect(results.map(\.outcome) == [.failed])
    #expect(results[0].error?.code == StatusCode.alreadyExists.rawValue)
  }

  @Test func validateWritesNothing() async throws {
    let service = try ServiceUnderTest()
    let ann = try await service.create { $0.firstName = "Ann" }
    let results = try await service.importing(
      [customer("Bob"), customer(""), ann, customer("Anna") { $0.customerID = ann.customerID }],
      mode: .validate
    )
    #expect(results.map(\.outcome) == [.created, .failed, .unchanged, .updated])
    #expect(try await service.export().customers == [ann])
  }

  /// What a dry run of a create rests on.
  @Test func validateKnowsAnAddressThatIsTaken() async throws {
    let service = try ServiceUnderTest()
    var request = UpdateSettingsRequest()
    request.settings = StoreSettings(uniqueEmail: true)
    _ = try await service.store.updateSettings(request)
    _ = try await service.create {
      $0.firstName = "Ann"
      $0.emailAddress = "ann@example.com"
    }
    let bob = customer("Bob") { $0.emailAddress = "ANN@example.com" }
    let results = try await service.importing([bob], mode: .validate)
    #expect(results.map(\.outcome) == [.failed])
    #expect(results[0].error?.code == StatusCode.alreadyExists.rawValue)
  }

  @Test func aStaleVersionOfARowIsItsFailure() async throws {
    let service = try ServiceUnderTest()
    let ann = try await service.create { $0.firstName = "Ann" }
    var changed = ann
    changed.firstName = "Anna"
    _ = try await service.update(changed)
    changed.firstName = "Anne"
    let results = try await service.importing([changed])
    #expect(results[0].error?.code == StatusCode.aborted.rawValue)
    #expect(results[0].customerID == ann.customerID && results[0].version == 2)
  }

  /// Rows of a few bytes may be of customers of 64 KiB each.
  @Test func staleRowsOfLargeCustomersFitAResponse() async throws {
    let service = try ServiceUnderTest()
    let large = (1...100).map { number in
      customer("Ann") {
        $0.customerID = "0193a5c0-7d1e-7c3a-9f00-\(100_000_000_000 + number)"
        $0.version = 2
        for place in 0..<50 { $0.attributes["\(place)"] = String(repeating: "é", count: 500) }
      }
    }
    for row in large { #expect(try await service.importing([row]).map(\.outcome) == [.created]) }
    let stale = large.map { row in
      customer("Anne") {
        $0.customerID = row.customerID
        $0.version = 1
      }
    }
    let results = try await service.importing(stale)
    #expect(results.allSatisfy { $0.error?.code == StatusCode.aborted.rawValue })
    #expect(results.map(\.customerID) == stale.map(\.customerID))
    #expect(results.map(\.wireSize).reduce(0, +) < 100_000)
  }

  /// As many rows as fit a message may name one address, and its customer have 64 KiB.
  @Test func rowsOfATakenAddressFitAResponse() async throws {
    let service = try ServiceUnderTest()
    var request = UpdateSettingsRequest()
    request.settings = StoreSettings(uniqueEmail: true)
    _ = try await service.store.updateSettings(request)
    let ann = try await service.create {
      $0.emailAddress = "ann@example.com"
      for place in 0..<50 { $0.attributes["\(place)"] = String(repeating: "é", count: 500) }
    }
    let row = customer("Bob") { $0.emailAddress = "ann@example.com" }
    let results = try await service.importing([Customer](repeating: row, count: 100))
    #expect(
      results.allSatisfy {
        let info = $0.error.flatMap { RPCError($0) }?.detail(ErrorInfo.self)
        return info?.reason == "EMAIL_TAKEN" && info?.metadata["customerId"] == ann.customerID
      }
    )
    #expect(results.map(\.wireSize).reduce(0, +) < 100_000)
  }

  /// The rows beside them are written whatever there is to say.
  @Test func brokenRulesAreNamedAsFarAsTheyFit() async throws {
    let service = try ServiceUnderTest()
    let broken = customer("Ann") {
      for _ in 0..<CustomerLimits.phonesMax {
        $0.phones.append(PhoneNumber(country: "?", numberInternational: "?"))
      }
    }
    let rows = [Customer](repeating: broken, count: 2_000) + [customer("Bob")]
    let results = try await service.importing(rows)
    #expect(results.last?.outcome == .created)
    let sizes = results.dropLast().map { $0.error?.details.count ?? 0 }
    #expect(sizes.first == 2 && sizes.last == 1)
    #expect(results.dropLast().allSatisfy { $0.error?.message.isEmpty == false })
    let bytes = results.map(\.wireSize).reduce(0, +)
    #expect(bytes > CustomerService.importViolationBytesMax && bytes < 2 << 20)
  }

  @Test func rowsWithoutAnIDAreFoundByEmail() async throws {
    let service = try ServiceUnderTest()
    let ann = try await service.create {
      $0.firstName = "Ann"
      $0.emailAddress = "ann@example.com"
    }
    let results = try await service.importing(
      [
        customer("Anna") { $0.emailAddress = "ANN@example.com" },
        customer("Bob") { $0.emailAddress = "bob@example.com" },
      ],
      match: "emailAddress"
    )
    #expect(results.map(\.outcome) == [.updated, .created])
    #expect(results[0].customerID == ann.customerID)
  }

  @Test func anUnknownMatchIsRefused() async throws {
    let service = try ServiceUnderTest()
    let error = await failure { try await service.importing([customer("Ann")], match: "colour") }
    #expect(error?.code == .invalidArgument)
  }

  @Test func tooManyRowsInOneMessageAreRefused() async throws {
    let service = try ServiceUnderTest()
    let rows = [Customer](repeating: Customer(), count: CustomerService.importRowsMax + 1)
    let error = await failure { try await service.importing(rows) }
    #expect(error?.message == "message of 10001 customers is over the limit of 10000")
    #expect(try await service.importing(rows.dropLast()).count == CustomerService.importRowsMax)
  }
}
