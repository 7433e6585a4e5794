import Testing

@testable import CustomerModel

@Suite struct DigitStringTests {
  @Test(arguments: ["", "0", "7", "00", "0491570006", "0000000000000000000", "9999999999999999999"])
  func keepsLeadingZeros(text: String) throws {
    let digits = try #require(DigitString(text))
    #expect(digits.description == text)
    #expect(digits.count == text.count)
    #expect(digits.first == text.first.flatMap { $0.wholeNumberValue.map { UInt64($0) } })
  }

  @Test(arguments: ["-", "1a", "+1", "１", " 1", "01234567890123456789", "10000000000000000000"])
  func refusesOtherCharactersAndATwentiethDigit(text: String) {
    #expect(DigitString(text) == nil)
  }

  @Test func tellsApartWhatOnlyZerosMakeDifferent() {
    #expect(DigitString("01") != DigitString("1"))
    #expect(DigitString("") != DigitString("0"))
  }

  @Test func dropsAPrefixThatSomethingFollows() throws {
    let digits = try #require(DigitString("0061491"))
    #expect(try digits.dropping(#require(DigitString("00")))?.description == "61491")
    #expect(try digits.dropping(#require(DigitString("")))?.description == "0061491")
    #expect(try digits.dropping(#require(DigitString("006149")))?.description == "1")
    #expect(try digits.dropping(#require(DigitString("0"))) == DigitString("061491"))
    #expect(try digits.dropping(#require(DigitString("0061491"))) == nil)
    #expect(try digits.dropping(#require(DigitString("00614911"))) == nil)
    #expect(try digits.dropping(#require(DigitString("61"))) == nil)
    #expect(DigitString().dropping(DigitString()) == nil)
  }

  @Test func joinsAsManyDigitsAsItHolds() throws {
    let ten = try #require(DigitString("0123456789"))
    let nine = try #require(DigitString("012345678"))
    #expect((ten + nine)?.description == "0123456789012345678")
    #expect((DigitString() + ten) == ten)
    #expect((ten + ten) == nil)
    let largest = try #require(DigitString("9999999999999999999"))
    #expect((largest + DigitString()) == largest)
    #expect((DigitString() + largest) == largest)
  }
}
