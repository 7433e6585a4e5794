import ProtoWire
import Testing
import WellKnownTypes

@testable import CustomerModel

@Suite struct CustomerMergeTests {
  @Test func partsNameWhatDiffers() {
    let base = Customer(firstName: "a", attributes: ["x": "1", "y": "2"])
    var edited = base
    edited.lastName = "b"
    edited.phones = [PhoneNumber(numberLocal: "1")]
    edited.attributes["x"] = nil
    edited.attributes["z"] = "3"
    edited.version = 9
    let parts = edited.parts(changedFrom: base)
    #expect(parts == [.field(.lastName), .phone(""), .attribute("x"), .attribute("z")])
    #expect(parts.maskPaths == ["last_name", "phones", "attributes.x", "attributes.z"])
    #expect(parts.labels == ["Last Name", "Phone", "x", "z"])
    #expect(base.parts(changedFrom: base) == [])
  }

  @Test func whatOnlyTheServerSetsIsNoDifference() {
    var other = sampleCustomer()
    other.customerID = ""
    other.version = 9
    other.createTime = .init(seconds: 1)
    other.updateTime = .init(seconds: 2)
    #expect(other.parts(changedFrom: sampleCustomer()) == [])
    #expect(other.differences(from: sampleCustomer()) == [])
  }

  /// Two programs change another phone each, and one adds one: all stays.
  @Test func phonesAreMergedByTheirKeys() {
    let base = Customer(phones: ["a", "b", "c"].map { PhoneNumber(key: $0, numberLocal: $0) })
    var mine = base
    mine.phones[0].numberLocal = "mine"
    mine.phones.append(PhoneNumber(numberLocal: "new"))
    var theirs = base
    theirs.phones[2].numberLocal = "theirs"
    theirs.phones.remove(at: 1)
    let merge = CustomerMerge(base: base, mine: mine, theirs: theirs)
    #expect(merge.overlap == [])
    #expect(merge.merged.phones.map(\.numberLocal) == ["mine", "theirs", "new"])
  }

  /// Who puts phones into another order isn't left without an answer, and what is new stays.
  @Test func theOrderOfAListIsAPartOfItsOwn() {
    let base = Customer(phones: ["a", "b", "c"].map { PhoneNumber(key: $0, numberLocal: $0) })
    var mine = base
    mine.phones.reverse()
    #expect(mine.parts(changedFrom: base) == [.order(.phones)])
    #expect(mine.parts(changedFrom: base).maskPaths == ["phones"])
    var theirs = base
    theirs.phones.append(PhoneNumber(key: "d", numberLocal: "d"))
    theirs.phones[1].numberLocal = "new"
    let merge = CustomerMerge(base: base, mine: mine, theirs: theirs)
    #expect(merge.overlap == [])
    #expect(merge.merged.phones.map(\.numberLocal) == ["c", "new", "a", "d"])
    theirs.phones.swapAt(0, 1)
    let other = CustomerMerge(base: base, mine: mine, theirs: theirs)
    #expect(other.conflicts == [.order(.phones)])
    #expect(theirs.parts(changedFrom: base) == [.phone("b"), .phone("d"), .order(.phones)])
    #expect(base.parts(changedFrom: Customer()).contains(.order(.phones)) == false)
  }

  @Test func theSameChangeOverlapsAndDoesNotConflict() {
    let base = sampleCustomer()
    let mine = sampleCustomer { $0.firstName = "Bea" }
    let same = CustomerMerge(base: base, mine: mine, theirs: mine)
    #expect(same.overlap == [.field(.firstName)])
    #expect(same.conflicts == [])
    let theirs = sampleCustomer { $0.firstName = "Cid" }
    let other = CustomerMerge(base: base, mine: mine, theirs: theirs)
    #expect(other.conflicts == [.field(.firstName)])
    #expect(other.merged == mine)
    #expect(other.merged { _ in false } == theirs)
  }

  @Test func aPhoneThatOneTookAwayAndTheOtherChangedIsAConflict() {
    let base = sampleCustomer()
    let key = base.phones[0].key
    let mine = sampleCustomer { $0.phones = [] }
    let theirs = sampleCustomer { $0.phones[0].country = "NZ" }
    let merge = CustomerMerge(base: base, mine: mine, theirs: theirs)
    #expect(merge.conflicts == [.phone(key)])
    #expect(merge.merged.phones == [])
  }

  /// Two edits of different parts, in either order one after the other, are what their merge is.
  @Test func aMergeIsBothEditsOneAfterTheOther() {
    var edits: [(inout Customer) -> Void] = [
      { $0.attributes["tier"] = nil }, { $0.attributes["new"] = "v" },
      { $0.phones[0].numberLocal = "1" }, { $0.addresses = [] },
      { $0.phones.append(PhoneNumber(key: "k", numberLocal: "2")) },
    ]
    for field in CustomerField.texts {
      edits.append { try? FieldPath.field(field).set("e", in: &$0) }
    }
    for (index, first) in edits.enumerated() {
      for second in edits[(index + 1)...] {
        let mine = sampleCustomer(first)
        let theirs = sampleCustomer(second)
        let merge = CustomerMerge(base: sampleCustomer(), mine: mine, theirs: theirs)
        #expect(merge.overlap == [])
        var both = theirs
        first(&both)
        #expect(merge.merged == both)
      }
    }
  }

  /// Who sends lists that no rule allows isn't compared with the square of their length.
  @Test(.timeLimit(.minutes(1))) func longListsTakeNoLongerThanTheyAre() {
    let phones = (0..<100_000).map { PhoneNumber(key: "\($0)", numberLocal: "1") }
    let base = Customer(phones: phones)
    let mine = Customer(phones: phones.map { PhoneNumber(key: $0.key, numberLocal: "2") })
    let theirs = Customer(phones: phones.reversed())
    let merge = CustomerMerge(base: base, mine: mine, theirs: theirs)
    #expect(merge.overlap == [])
    #expect(merge.merged.phones == mine.phones.reversed())
  }

  @Test func whatIsTooMuchTogetherIsRefused() {
    let phones = (0..<CustomerLimits.phonesMax - 1).map { PhoneNumber(key: key($0)) }
    let base = sampleCustomer { $0.phones = phones }
    let mine = sampleCustomer { $0.phones = phones + [PhoneNumber(key: key(30))] }
    let theirs = sampleCustomer { $0.phones = phones + [PhoneNumber(key: key(31))] }
    let merge = CustomerMerge(base: base, mine: mine, theirs: theirs)
    #expect(merge.overlap == [])
    let error = #expect(throws: InvalidCustomer.self) { try merge.normalForm() }
    #expect(error?.violations.map(\.field) == ["phones"])
  }

  @Test func differencesAreMatchedByKeys() {
    let base = Customer(phones: ["a", "b"].map { PhoneNumber(key: $0, numberLocal: $0) })
    var next = base
    next.phones.reverse()
    #expect(next.differences(from: base) == [])
    next.phones[0].type = .mobile
    next.phones.removeLast()
    #expect(
      next.differences(from: base) == [
        FieldDifference(path: .phone(0, .type), old: nil, new: "Mobile"),
        FieldDifference(path: .phone(0, .numberLocal), old: "a", new: nil),
      ]
    )
  }

  @Test func contestedTextsAreThoseThatDiffer() {
    let base = sampleCustomer()
    let mine = sampleCustomer { $0.firstName = "Bea" }
    let theirs = sampleCustomer { $0.attributes["tier"] = nil }
    #expect(
      ContestedField.among(before: base, theirs: theirs, mine: mine) == [
        ContestedField(path: .field(.firstName), before: "Ann", theirs: "Ann", mine: "Bea"),
        ContestedField(path: .attribute("tier"), before: "gold", theirs: nil, mine: "gold"),
      ]
    )
  }

  private func key(_ number: Int) -> String {
    UUIDv7Generator.id(milliseconds: 1, randomHigh: 0, randomLow: UInt64(number)).description
  }
}
