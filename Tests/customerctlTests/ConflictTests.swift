import CustomerClient
import ProtoWire
import ServiceInMemory
import Testing

@testable import CustomerFormats
@testable import CustomerModel
@testable import customerctl

@Suite struct ConflictTests {
  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  /// A customer that was read at version 1 and is at version 2.
  private func filled(_ theirs: String...) async throws -> ServiceInMemory {
    let service = try ServiceInMemory()
    let create = ["create", "customerId=\(id)", "firstName=Ann", "attributes.tier=gold"]
    _ = try await TestRun(create, service: service)
    _ = try await TestRun(["update", id] + theirs, service: service)
    service.forgetRequests()
    return service
  }

  @Test func aStaleVersionTellsBothSidesAndWhatWasBefore() async throws {
    let run = try await TestRun(
      ["update", "\(id)@1", "firstName=Anne", "attributes.vip=yes"],
      service: filled("firstName=Anna", "attributes.tier=")
    )
    #expect(run.status == 4)
    #expect(run.output.isEmpty)
    #expect(
      run.errors == [
        "customerctl: customer \(id) is at version 2: read it again",
        "customerctl: version 2: updated 2026-01-01T00:00:01Z by uid=1000 pid=42 test",
        "customerctl: firstName: yours Anne, theirs Anna, before Ann",
        "customerctl: attributes.tier: theirs (none), before gold",
        "customerctl: attributes.vip: yours yes, before (none)",
        "customerctl: nothing was written: it is at version 2 now; make the change again on that, "
          + "or leave it",
      ]
    )
  }

  @Test func staleJSONIsTheSame() async throws {
    let run = try await TestRun(
      ["update", id, "-"],
      service: filled("firstName=Anna")
    ) { $0.input = Array(#"{"version": "1", "firstName": "Anne"}"#.utf8) }
    #expect(run.status == 4)
    #expect(
      run.errors.contains("customerctl: firstName: yours Anne, theirs Anna, before Ann")
    )
  }

  @Test func aDryRunFindsTheConflictToo() async throws {
    let service = try await filled("firstName=Anna")
    let run = try await TestRun(
      ["update", "\(id)@1", "firstName=Anne", "--dry-run"],
      service: service
    )
    #expect(run.status == 4)
    #expect(run.errors[0] == "customerctl: customer \(id) is at version 2, not 1")
    #expect(try await service.get(id).firstName == "Anna")
  }

  @Test func aDeletionAtAStaleVersionTellsWhatChanged() async throws {
    let run = try await TestRun(
      ["delete", "\(id)@1", "--yes"],
      service: filled("firstName=Anna")
    )
    #expect(run.status == 4)
    #expect(run.errors.contains("customerctl: firstName: theirs Anna, before Ann"))
  }

  @Test func manyChangesOfOthersAreCutToTheNewest() async throws {
    let service = try await filled("firstName=A2")
    for index in 3...9 {
      _ = try await TestRun(["update", id, "firstName=A\(index)"], service: service)
    }
    let run = try await TestRun(["update", "\(id)@1", "firstName=X"], service: service)
    let told = run.errors.filter { $0.hasPrefix("customerctl: version") }
    #expect(told.count == Session.conflictChangesMax)
    #expect(told.first?.hasPrefix("customerctl: version 5:") == true)
    #expect(told.last?.hasPrefix("customerctl: version 9:") == true)
  }

  // MARK: Differences

  private func phone(_ key: String, _ number: String) -> PhoneNumber {
    PhoneNumber(key: key, type: .mobile, numberLocal: number)
  }

  @Test func elementsAreMatchedByTheirKeys() {
    var old = Customer()
    old.phones = [phone("a", "1"), phone("b", "2")]
    var new = Customer()
    new.phones = [phone("b", "3"), phone("", "4")]
    #expect(
      new.differences(from: old) == [
        FieldDifference(path: .phone(0, .numberLocal), old: "2", new: "3"),
        FieldDifference(path: .phone(1, .type), old: nil, new: "Mobile"),
        FieldDifference(path: .phone(1, .numberLocal), old: nil, new: "4"),
        FieldDifference(path: .phone(0, .type), old: "Mobile", new: nil),
        FieldDifference(path: .phone(0, .numberLocal), old: "1", new: nil),
      ]
    )
    new.phones = old.phones.reversed()
    #expect(new.differences(from: old).isEmpty)
  }

  @Test func emptyAndMissingAttributesAreToldApart() {
    var old = Customer()
    old.attributes["a"] = ""
    #expect(Customer().differences(from: old).map(\.text) == ["attributes.a: \"\" → (none)"])
  }
}
