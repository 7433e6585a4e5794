import CustomerModel
import ProtoWire
import Testing
import WellKnownTypes

@Suite struct CustomerValidationTests {
  @Test func leavesANormalCustomerAsItIs() throws {
    let sample = sampleCustomer()
    #expect(try sample.normalForm(for: .create).encoded() == sample.encoded())
    #expect(try sample.normalForm(for: .update).encoded() == sample.encoded())
  }

  @Test func bringsEveryFieldIntoNormalForm() throws {
    let messy = sampleCustomer {
      $0.customerID = "0191E4A5-7C3B-7D2E-8F10-2B5C6D7E8F92"
      $0.firstName = " Ann\n"
      $0.lastName = "Example\u{3000}"
      $0.displayName = "\tAnn E."
      $0.emailAddress = " ann@Example.COM "
      $0.phones[0].key = "0191E4A5-7C3B-7D2E-8F10-2B5C6D7E8F90"
      $0.phones[0].country = " au"
      $0.phones[0].numberLocal = "0491 570 006 "
      $0.phones[0].numberInternational = "+61 (491) 570-006 "
      $0.addresses[0].key = "0191E4A5-7C3B-7D2E-8F10-2B5C6D7E8F91"
      $0.addresses[0].address1 = " 12 Example Street"
      $0.addresses[0].address2 = "Level 4 "
      $0.addresses[0].suburb = " Brisbane"
      $0.addresses[0].postcode = " 4000 "
      $0.addresses[0].state = " QLD"
      $0.addresses[0].country = "Au "
      $0.attributes = [" tier": "gold ", "note": "\n"]
    }
    #expect(try messy.normalForm().encoded() == sampleCustomer().encoded())
  }

  @Test func turnsWhiteSpaceIntoNothing() throws {
    let blank = ann {
      $0.emailAddress = " "
      $0.phones = [PhoneNumber()]
      $0.phones[0].country = " "
      $0.phones[0].numberInternational = "\u{A0}"
      $0.addresses = [Address()]
      $0.addresses[0].country = "\n"
      $0.addresses[0].postcode = " "
    }
    let bare = ann {
      $0.phones = [PhoneNumber()]
      $0.phones[0].key = KeyCounter.text(1)
      $0.addresses = [Address()]
      $0.addresses[0].key = KeyCounter.text(2)
    }
    #expect(try blank.normalForm().encoded() == bare.encoded())
  }

  // MARK: Someone

  @Test(
    arguments: [
      { $0.displayName = "A" }, { $0.firstName = "A" }, { $0.lastName = "A" },
      { $0.emailAddress = "a@b.co" },
      {
        $0.phones = [PhoneNumber()]
        $0.phones[0].numberLocal = "1"
      },
      {
        $0.phones = [PhoneNumber(), PhoneNumber()]
        $0.phones[1].numberInternational = "+1234567"
      },
    ] as [@Sendable (inout Customer) -> Void]
  )
  func acceptsSomeoneWithOneOf(_ change: @Sendable (inout Customer) -> Void) throws {
    var customer = Customer()
    change(&customer)
    #expect(customer.violations() == [])
    #expect(customer.violations(for: .update) == [])
  }

  @Test(
    arguments: [
      { _ in }, { $0.firstName = " \n" }, { $0.attributes = ["a": "b"] },
      { $0.addresses = [Address()] }, { $0.phones = [PhoneNumber()] },
      { $0.customerID = "0191e4a5-7c3b-7d2e-8f10-2b5c6d7e8f92" },
    ] as [@Sendable (inout Customer) -> Void]
  )
  func refusesNobody(_ change: @Sendable (inout Customer) -> Void) {
    var customer = Customer()
    change(&customer)
    let violation =
      "displayName: one of displayName, firstName, lastName, emailAddress and a phone's number"
      + " is needed"
    #expect(customer.violations() == [violation])
    #expect(customer.violations(for: .update) == [violation])
  }

  @Test(arguments: [
    ("Ann", "Example", "Ann Example"), ("Ann", "", "Ann"), ("", "Example", "Example"),
    (" Ann ", " Example ", "Ann Example"),
    (
      String(repeating: "a", count: 128), String(repeating: "b", count: 127),
      String(repeating: "a", count: 128) + " " + String(repeating: "b", count: 127)
    ),
    (
      String(repeating: "a", count: 128), String(repeating: "b", count: 128),
      String(repeating: "a", count: 128) + " " + String(repeating: "b", count: 127)
    ),
    (String(repeating: "a", count: 255), "b", String(repeating: "a", count: 255)),
    (String(repeating: "é", count: 256), "b", String(repeating: "é", count: 256)),
  ])
  func fillsTheDisplayNameAtCreate(first: String, last: String, display: String) throws {
    var customer = Customer()
    customer.firstName = first
    customer.lastName = last
    #expect(try customer.normalForm(for: .create).displayName == display)
    #expect(try customer.normalForm(for: .update).displayName == "")
    customer.displayName = " "
    #expect(try customer.normalForm(for: .create).displayName == display)
  }

  // MARK: Text

  /// A field of text, its limit and how it is set.
  struct TextField: Sendable {
    let path: String
    let max: Int
    let set: @Sendable (inout Customer, String) -> Void

    init(_ path: String, _ max: Int, set: @escaping @Sendable (inout Customer, String) -> Void) {
      self.path = path
      self.max = max
      self.set = set
    }
  }

  @Test(arguments: [
    TextField("firstName", 256) { $0.firstName = $1 },
    TextField("lastName", 256) { $0.lastName = $1 },
    TextField("displayName", 256) { $0.displayName = $1 },
    TextField("phones[0].numberLocal", 40) { $0.phones[0].numberLocal = $1 },
    TextField("addresses[0].address1", 256) { $0.addresses[0].address1 = $1 },
    TextField("addresses[0].address2", 256) { $0.addresses[0].address2 = $1 },
    TextField("addresses[0].suburb", 100) { $0.addresses[0].suburb = $1 },
    TextField("addresses[0].state", 100) { $0.addresses[0].state = $1 },
    TextField("attributes.tier", 500) { $0.attributes["tier"] = $1 },
  ])
  func limitsText(field: TextField) {
    let (path, max, set) = (field.path, field.max, field.set)
    for character in ["x", "é", "e\u{301}", "\u{1F600}"] {
      let longest = String(repeating: character, count: max)
      #expect(sampleCustomer { set(&$0, longest) }.violations() == [])
      #expect(sampleCustomer { set(&$0, " \(longest) ") }.violations() == [])
      let violation = "\(path): \(max + 1) code points is over the limit of \(max)"
      #expect(sampleCustomer { set(&$0, longest + "x") }.violations() == [violation])
    }
    #expect(
      sampleCustomer { set(&$0, "two\nlines") }.violations() == [
        "\(path): control character U+000A is not allowed"
      ]
    )
    #expect(sampleCustomer { set(&$0, "\u{200E}نام\u{200C}ها") }.violations() == [])
  }

  @Test func limitsPostcodes() throws {
    let longest = "0123456789 -ABCxyz-0"
    let customer = sampleCustomer { $0.addresses[0].postcode = longest }
    #expect(try customer.normalForm().addresses[0].postcode == longest)
    #expect(
      sampleCustomer { $0.addresses[0].postcode = longest + "1" }.violations() == [
        "addresses[0].postcode: 21 code points is over the limit of 20"
      ]
    )
    let refusals = ["40_00": "U+005F", "40,00": "U+002C", "４０００": "U+FF14", "40\u{A0}00": "U+00A0"]
    for (postcode, character) in refusals {
      #expect(
        sampleCustomer { $0.addresses[0].postcode = postcode }.violations() == [
          "addresses[0].postcode: \(character) is none of A-Z, a-z, 0-9, space and hyphen"
        ]
      )
    }
  }

  @Test func refusesWhatIsNoEmailAddress() {
    #expect(
      sampleCustomer { $0.emailAddress = "ann" }.violations() == ["emailAddress: has no @"]
    )
  }

  @Test func refusesWhatIsNoCountry() {
    let customer = sampleCustomer {
      $0.phones[0].country = "uk"
      $0.addresses[0].country = "Australia"
    }
    #expect(
      customer.violations() == [
        "phones[0].country: 'UK' is no country code (ISO 3166-1 alpha-2), did you mean GB?",
        "addresses[0].country: not a country code of two letters (ISO 3166-1 alpha-2)",
      ]
    )
  }

  @Test(arguments: [
    ("+1234567", []), ("+123456789012345", []), (" +1 (234) 567 ", []),
    ("+123456", ["phones[0].numberInternational: 6 digits is under the minimum of 7"]),
    ("+1234567890123456", ["phones[0].numberInternational: 16 digits is over the limit of 15"]),
  ])
  func limitsInternationalNumbers(number: String, violations: [String]) {
    #expect(sampleCustomer { $0.phones[0].numberInternational = number }.violations() == violations)
  }

  @Test func limitsPhoneTypes() {
    for type in 0...2 as ClosedRange<Int32> {
      let customer = sampleCustomer { $0.phones[0].type = PhoneNumber.Kind(rawValue: type) }
      #expect(customer.violations() == [])
    }
    for type in [-1, 3, .max] as [Int32] {
      #expect(
        sampleCustomer { $0.phones[0].type = PhoneNumber.Kind(rawValue: type) }.violations() == [
          "phones[0].type: \(type) is none of 0 Unknown, 1 Phone and 2 Mobile"
        ]
      )
    }
  }

  // MARK: Ids and keys

  @Test func refusesIdsAndKeysThatAreNone() {
    let customer = sampleCustomer {
      $0.customerID = "7"
      $0.phones[0].key = "00000000-0000-0000-0000-000000000000"
      $0.addresses[0].key = "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"
    }
    #expect(
      customer.violations() == [
        "customerId: not a UUID of 8-4-4-4-12 hexadecimal digits",
        "phones[0].key: the nil UUID names nothing",
        "addresses[0].key: the max UUID names nothing",
      ]
    )
  }

  @Test func makesKeysForElementsWithoutOne() throws {
    let customer = sampleCustomer {
      $0.phones.append($0.phones[0])
      $0.phones[0].key = ""
      $0.addresses[0].key = ""
    }
    let normal = try customer.normalForm()
    #expect(normal.phones.map(\.key) == [KeyCounter.text(1), customer.phones[1].key])
    #expect(normal.addresses.map(\.key) == [KeyCounter.text(2)])
  }

  @Test func refusesAKeyTwiceInOneList() {
    let customer = sampleCustomer {
      $0.phones += [$0.phones[0], $0.phones[0]]
      $0.phones[1].key = $0.phones[0].key.uppercased()
      $0.addresses[0].key = $0.phones[0].key
      $0.addresses.append(Address())
      $0.addresses[1].key = $0.addresses[0].key
    }
    #expect(
      customer.violations() == [
        "phones[1].key: is the key of phones[0] as well",
        "phones[2].key: is the key of phones[0] as well",
        "addresses[1].key: is the key of addresses[0] as well",
      ]
    )
  }

  // MARK: Lists

  @Test func limitsPhones() {
    let most = ann { $0.phones = Array(repeating: PhoneNumber(), count: 20) }
    #expect(most.violations() == [])
    let more = ann {
      $0.phones = Array(repeating: PhoneNumber(), count: 21)
      $0.phones[19].type = PhoneNumber.Kind(rawValue: 3)
      $0.phones[20].type = PhoneNumber.Kind(rawValue: 3)
    }
    #expect(
      more.violations() == [
        "phones: 21 phones is over the limit of 20",
        "phones[19].type: 3 is none of 0 Unknown, 1 Phone and 2 Mobile",
      ]
    )
  }

  @Test func limitsAddresses() {
    let most = ann { $0.addresses = Array(repeating: Address(), count: 20) }
    #expect(most.violations() == [])
    let more = ann { $0.addresses = Array(repeating: Address(), count: 21) }
    #expect(more.violations() == ["addresses: 21 addresses is over the limit of 20"])
  }

  @Test func limitsAttributes() {
    let most = ann { for place in 1...50 { $0.attributes["name \(place)"] = "" } }
    #expect(most.violations() == [])
    let more = ann { for place in 1...51 { $0.attributes["name \(place)"] = "" } }
    #expect(more.violations() == ["attributes: 51 attributes is over the limit of 50"])
  }

  @Test func limitsAttributeNames() throws {
    for character in ["x", "é", "e\u{301}"] {
      let longest = String(repeating: character, count: 40)
      #expect(ann { $0.attributes = [longest: "v"] }.violations() == [])
      #expect(
        ann { $0.attributes = [longest + "x": "v"] }.violations() == [
          "attributes: name '\(beginning(longest))…': 41 code points is over the limit of 40"
        ]
      )
    }
    #expect(ann { $0.attributes = ["": "v"] }.violations() == ["attributes: a name is empty"])
    #expect(ann { $0.attributes = [" ": "v"] }.violations() == ["attributes: a name is empty"])
    #expect(
      ann { $0.attributes = ["a\u{7}": "v"] }.violations() == [
        "attributes: name 'a\\u{7}': control character U+0007 is not allowed"
      ]
    )
    let odd = ann { $0.attributes = ["a.b\"c'": "", "x y": "z"] }
    #expect(try odd.normalForm().attributes == odd.attributes)
  }

  /// The first 40 code points, as messages show names.
  private func beginning(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.prefix(40)))
  }

  @Test func refusesNamesThatBecomeAlike() throws {
    let alike = ann { $0.attributes = ["tier": "a", " tier": "b", "e\u{301}": "c", "\u{E9}": "d"] }
    #expect(
      alike.violations() == [
        "attributes.tier: two attributes have this name when trimmed",
        "attributes.é: two attributes have this name when trimmed",
      ]
    )
    let renamed = try ann { $0.attributes = ["b": "1", " c": "2", "a": "3"] }.normalForm()
    #expect(renamed.attributes.keys == ["a", "b", "c"])
    #expect(renamed.attributes["c"] == "2")
  }

  // MARK: The record

  /// Sizes by protobuf's encoding: an attribute of a 2-byte name and a value of 500 × 4 bytes
  /// takes 1 + 2 + (1 + 1 + 2) + (1 + 2 + 2000) = 2010 bytes.
  @Test func limitsTheRecord() throws {
    func record(of size: Int) -> Customer {
      let value = String(repeating: "\u{1F600}", count: 500)
      var customer = ann { for place in 10...41 { $0.attributes["\(place)"] = value } }
      customer.phones = [PhoneNumber()]
      customer.phones[0].key = KeyCounter.text(1)
      let filled = customer.encoded().count
      // One more attribute of 1 + 2 + (1 + 1 + 2) + (1 + 2) bytes and its value.
      let rest = size - filled - 10
      customer.attributes["zz"] =
        String(repeating: "\u{1F600}", count: rest / 4) + String(repeating: "x", count: rest % 4)
      return customer
    }
    let largest = record(of: 65_536)
    #expect(largest.encoded().count == 65_536)
    #expect(largest.violations() == [])
    let over = record(of: 65_537)
    #expect(over.encoded().count == 65_537)
    let violation = "customer: record of 65537 bytes is over the limit of 65536"
    #expect(over.violations() == [violation])
    var stored = largest
    stored.customerID = sampleCustomer().customerID
    stored.version = .max
    stored.createTime = Timestamp(nanosecondsSince1970: 1)
    stored.updateTime = Timestamp(nanosecondsSince1970: 1)
    #expect(stored.violations(for: .update) == [])
    var keyless = over
    keyless.phones[0].key = ""
    #expect(keyless.violations() == [violation])
  }

  @Test func refusesTimesThatAreNone() {
    let customer = ann {
      $0.createTime = Timestamp()
      $0.createTime?.nanos = 1_000_000_000
      $0.updateTime = Timestamp()
      $0.updateTime?.seconds = 253_402_300_800
    }
    #expect(
      customer.violations() == [
        "createTime: not a time in the years 0001 to 9999",
        "updateTime: not a time in the years 0001 to 9999",
      ]
    )
  }

  @Test func keepsWhatOnlyTheServerSetsAndUnknownFields() throws {
    let bytes: [UInt8] = sampleCustomer().encoded() + [0xA0, 0x06, 0x01]
    let customer = try Customer(decoding: bytes)
    let normal = try customer.normalForm()
    #expect(normal.encoded() == bytes)
    #expect(normal.version == 3)
  }

  @Test func reportsEverythingAtOnceInTheOrderOfTheFields() {
    let customer = sampleCustomer {
      $0.customerID = "x"
      $0.firstName = "\u{7}" + String(repeating: "x", count: 256)
      $0.emailAddress = "x"
      $0.phones[0].country = "x"
      $0.phones[0].numberInternational = "x"
      $0.addresses[0].postcode = "?"
      $0.attributes = ["a": "\u{0}"]
    }
    #expect(
      customer.violations() == [
        "customerId: not a UUID of 8-4-4-4-12 hexadecimal digits",
        "firstName: control character U+0007 is not allowed",
        "firstName: 257 code points is over the limit of 256",
        "emailAddress: has no @",
        "phones[0].country: not a country code of two letters (ISO 3166-1 alpha-2)",
        "phones[0].numberInternational: U+0078 is neither a digit nor punctuation",
        "addresses[0].postcode: U+003F is none of A-Z, a-z, 0-9, space and hyphen",
        "attributes.a: control character U+0000 is not allowed",
      ]
    )
  }

  @Test func describesItselfInOneLine() {
    let error = InvalidCustomer(violations: [
      Violation(field: "a", description: "is b"), Violation(field: "c", description: "is d"),
    ])
    #expect(error.description == "a: is b; c: is d")
  }
}
