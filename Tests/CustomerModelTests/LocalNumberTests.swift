import CustomerModel
import Testing

@testable import enum CustomerModel.LocalNumber

/// Numbers kept free for stories and examples by those who give numbers out (ACMA, Ofcom, ARCEP,
/// NANPA), and companies' switchboards.
@Suite struct LocalNumberTests {
  @Test(arguments: [
    // With the trunk prefix.
    ("AU", "0491570006", "+61491570006"), ("AU", "0491 570 006", "+61491570006"),
    ("AU", "(07) 5550-1234", "+61755501234"), ("GB", "020 7946 0958", "+442079460958"),
    ("FR", "01 99 00 12 34", "+33199001234"), ("DE", "030/23125-000", "+493023125000"),
    ("US", "1-202-555-0123", "+12025550123"), ("HU", "06 1 999 1234", "+3619991234"),
    ("RU", "8 (495) 739-70-00", "+74957397000"), ("KZ", "8 7172 709999", "+77172709999"),
    ("BY", "8 0152 450911", "+375152450911"), ("BY", "0152 450911", "+375152450911"),
    ("LT", "0 612 34567", "+37061234567"), ("LT", "8 612 34567", "+37061234567"),
    ("XK", "028 012 345", "+38328012345"), ("JE", "01534 440000", "+441534440000"),
    // Without one: it is left away, or the country has none.
    ("AU", "491570006", "+61491570006"), ("US", "(202) 555-0123", "+12025550123"),
    ("ES", "912 345 678", "+34912345678"), ("SG", "6123 4567", "+6561234567"),
    ("RU", "8005553535", "+78005553535"), ("IN", "91234 56789", "+919123456789"),
    ("IT", "06 698 12345", "+390669812345"), ("IT", "391 123 4567", "+393911234567"),
    ("VA", "06 698 12345", "+390669812345"), ("SM", "0549 886377", "+3780549886377"),
    ("MX", "55 1234 5678", "+525512345678"), ("AU", "13 12 34", "+61131234"),
    ("AU", "1800 555 000", "+611800555000"), ("SJ", "79 02 12 34", "+4779021234"),
    // Services, whose numbers are shorter or longer.
    ("GB", "0800 1111", "+448001111"), ("NL", "0800 1234", "+318001234"),
    ("AE", "800 12345678", "+97180012345678"), ("FJ", "0800 123 4567", "+67908001234567"),
    // International already.
    ("AU", "+61 491 570 006", "+61491570006"), ("AU", "+64 3 234 5678", "+6432345678"),
    ("GB", "+44 (0)20 7946 0958", "+442079460958"), ("AU", "+44 (0) 20 7946 0958", "+442079460958"),
    ("IT", "+39 06 698 12345", "+390669812345"), ("HU", "+36 (06) 1 999 1234", "+3619991234"),
    ("", "+61 491 570 006", "+61491570006"), ("AQ", "+64 3 234 5678", "+6432345678"),
    ("AU", "0011 64 3 234 5678", "+6432345678"), ("GB", "00 61 491 570 006", "+61491570006"),
    ("US", "011 44 20 7946 0958", "+442079460958"), ("RU", "8 10 44 20 7946 0958", "+442079460958"),
    ("JP", "010-61-491-570-006", "+61491570006"), ("GB", "0044 (0)20 7946 0958", "+442079460958"),
    // The calling code without plus sign, where that is the only or the usual reading.
    ("AU", "61491570006", "+61491570006"), ("GB", "44 (0)20 7946 0958", "+442079460958"),
    ("IT", "39 06 698 12345", "+390669812345"), ("NL", "31612345678", "+31612345678"),
    // Local numbers of a country that is one area.
    ("AG", "460-1234", "+12684601234"), ("GG", "440000", "+441481440000"),
    ("SM", "886377", "+3780549886377"),
  ])
  func derives(country: String, text: String, number: String) {
    #expect(LocalNumber.international(text, country: country) == number)
  }

  @Test(arguments: [
    // Words, extensions, nothing, and other digits.
    ("AU", "ask for Ann"), ("AU", "07 5550 1234 ext 5"), ("AU", "07 5550 1234~5"), ("AU", "+"),
    ("AU", ""), ("AU", "-"), ("AU", "٠٤٩١٥٧٠٠٠٦"), ("AU", "0491+570006"), ("AU", "++61491570006"),
    ("AU", "07 5550 1234, 07 5550 1235"), ("AU", "07 5550 1234 / 07 5550 1235"),
    // Too few digits, too many, and the area's code missing.
    ("AU", "0"), ("AU", "1"), ("AU", "000"), ("AU", "5550 1234"), ("US", "555-0123"),
    ("DE", "23125000"), ("JM", "926-1234"), ("US", "202 555 01234"), ("AU", "07 5550 12345 678"),
    ("AU", "0123456789012345678"), ("AU", "01234567890123456789"), ("IR", "9601"),
    ("AU", "0491 570 00"), ("AU", "(07) 5550 123"), ("AU", "555 1234"), ("AU", "491 570 00"),
    ("IN", "091234 5678"), ("HK", "2123 456"), ("ES", "912 345 6789"),
    // Zeros or ones that no number has.
    ("AU", "00491570006"), ("AU", "0061 491 570 006"), ("US", "1 1202 555 012"),
    ("HU", "01 999 1234"), ("ES", "091 234 567"), ("MG", "0123456"), ("AG", "1234567"),
    // Two readings: Norden's 04930 without its zero, or Berlin's 030 behind Germany's code; a pager
    // or a telephone on Christmas Island.
    ("DE", "4930123456"), ("CX", "16325115"),
    // A calling code that is nobody's, or with a number that isn't of its country's length.
    ("AU", "+999 1234 5678"), ("AU", "0011 999 1234 5678"), ("AU", "+44 20 7946"),
    ("AU", "+0 491 570 006"), ("AU", "+1"), ("MX", "+52 1 55 1234 5678"),
    // Argentina's 15 stands for a 9 before the area's code; Mexico's 044 is no more.
    ("AR", "011 15-2345-6789"), ("MX", "044 55 1234 5678"),
    // No country, one without a calling code of its own, and none.
    ("", "0491570006"), ("AQ", "0491570006"), ("PN", "0491570006"), ("ZZ", "0491570006"),
    ("au", "0491570006"), ("AUS", "0491570006"), ("A", "0491570006"),
  ])
  func leavesAlone(country: String, text: String) {
    #expect(LocalNumber.international(text, country: country) == nil)
  }

  // MARK: In a customer

  @Test func createDerivesTheInternationalNumber() throws {
    let customer = ann {
      $0.phones = [PhoneNumber(type: .mobile, country: " au", numberLocal: " 0491570006 ")]
      $0.phones[0].numberInternational = " "
    }
    let phone = try customer.normalForm().phones[0]
    #expect(phone.numberInternational == "+61491570006")
    #expect(phone.numberLocal == "0491570006")
    #expect(phone.country == "AU")
  }

  @Test func anUnclearLocalNumberIsKeptAndIsNoError() throws {
    let customer = ann {
      $0.phones = [
        PhoneNumber(country: "AU", numberLocal: "5550 1234"),
        PhoneNumber(country: "AU", numberLocal: "07 5550 1234 ext 5"),
        PhoneNumber(numberLocal: "0491570006"),
      ]
    }
    let phones = try customer.normalForm().phones
    #expect(phones.map(\.numberLocal) == customer.phones.map(\.numberLocal))
    #expect(phones.map(\.numberInternational) == ["", "", ""])
  }

  @Test func anInternationalNumberThatIsGivenStays() throws {
    let customer = ann {
      $0.phones = [PhoneNumber(country: "AU", numberLocal: "0491570006")]
      $0.phones[0].numberInternational = "+61 491 570 156"
    }
    #expect(try customer.normalForm().phones[0].numberInternational == "+61491570156")
  }

  @Test func anUpdateDerivesAnew() throws {
    let current = sampleCustomer()
    var patch = Customer()
    patch.phones = current.phones
    patch.phones[0].numberLocal = "07 5550 1234"
    let kept = try current.updated(by: patch, mask: nil) { preconditionFailure() }
    #expect(kept.phones[0].numberInternational == "+61491570006")
    patch.phones[0].numberInternational = ""
    let derived = try current.updated(by: patch, mask: nil) { preconditionFailure() }
    #expect(derived.phones[0].numberInternational == "+61755501234")
    patch.phones[0].numberLocal = "5550 1234"
    let empty = try current.updated(by: patch, mask: nil) { preconditionFailure() }
    #expect(empty.phones[0].numberInternational == "")
  }
}
