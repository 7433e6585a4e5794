import Testing

@testable import CustomerModel

@Suite struct PhoneRegionTests {
  @Test func everyRowIsReadAndTheyAscend() {
    let rows = PhoneRegion.table.split(separator: "\n")
    let countries = rows.map { $0.prefix(2) }
    #expect(rows.count == 243)
    #expect(countries == countries.sorted())
    #expect(Set(countries).count == 243)
    for country in countries {
      let region = PhoneRegion.of(country: String(country))
      #expect(region?.lengths.all.isEmpty == false)
      #expect(region.map { $0.usualLengths.all.contains(where: $0.lengths.contains) } == true)
    }
  }

  /// ITU's list of calling codes, and the Australian regulator's numbering plan.
  @Test func readsEveryColumn() throws {
    let australia = try #require(PhoneRegion.of(country: "AU"))
    #expect(australia.callingCode.description == "61")
    #expect(australia.trunkPrefixes.map(\.description) == ["0"])
    #expect(australia.usualLengths.all == [9])
    #expect(australia.lengths.all == [9])
    #expect(australia.serviceLengths.all == [5, 6, 7, 8, 10, 12])
    #expect(australia.localLengths.all == [8])
    #expect(australia.internationalPrefix.description == "0011")
    #expect(australia.areaCode == nil)
    let antigua = try #require(PhoneRegion.of(country: "AG"))
    #expect(antigua.areaCode?.description == "268")
    let andorra = try #require(PhoneRegion.of(country: "AD"))
    #expect(andorra.trunkPrefixes == [])
    #expect(!andorra.mayBeginWithZero)
    let italy = try #require(PhoneRegion.of(country: "IT"))
    #expect(italy.trunkPrefixes == [])
    #expect(italy.mayBeginWithZero)
    #expect(andorra.localLengths.all == [])
    #expect(andorra.internationalPrefix.description == "00")
  }

  @Test(arguments: ["", "A", "AUS", "au", "ZZ", "AQ", "@@", "[[", "É", "🇦🇺"])
  func knowsNoOtherCountry(_ country: String) {
    #expect(PhoneRegion.of(country: country) == nil)
  }

  @Test(arguments: [
    ("61491570006", "61", "491570006"), ("12025550123", "1", "2025550123"),
    ("3581", "358", "1"), ("77172709999", "7", "7172709999"),
  ])
  func splitsACallingCode(digits: String, code: String, rest: String) throws {
    let parts = try PhoneRegion.split(international: #require(DigitString(digits)))
    #expect(parts?.code.description == code)
    #expect(parts?.rest.description == rest)
  }

  @Test(arguments: ["", "1", "61", "358", "0061491570006", "99912345678", "80012345678"])
  func splitsNothingElse(digits: String) throws {
    #expect(try PhoneRegion.split(international: #require(DigitString(digits))) == nil)
  }

  @Test(arguments: [
    ("9", [9]), ("5-7,9", [5, 6, 7, 9]), ("-", []), ("", []), ("7-5", []), ("x", []),
    ("30-40", [30, 31]),
  ])
  func readsLengths(text: String, lengths: [Int]) {
    #expect(LengthSet(text[...]).all == lengths)
  }
}
