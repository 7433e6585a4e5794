import CustomerModel
import ProtoWire
import Testing
import WellKnownTypes

@Suite struct CustomerUpdateTests {
  private func mask(_ paths: [String]?) -> FieldMask? {
    guard let paths else { return nil }
    var mask = FieldMask()
    mask.paths = paths
    return mask
  }

  private func update(
    _ current: Customer = sampleCustomer(),
    by change: (inout Customer) -> Void,
    mask paths: [String]?
  ) throws -> Customer {
    var patch = Customer()
    change(&patch)
    var keys = KeyCounter()
    return try current.updated(by: patch, mask: mask(paths)) { keys.next() }
  }

  private func violations(
    by change: (inout Customer) -> Void = { _ in },
    mask paths: [String]?
  ) -> [String] {
    do {
      _ = try update(by: change, mask: paths)
      return []
    } catch let error as InvalidCustomer {
      return error.violations.map { "\($0.field): \($0.description)" }
    } catch {
      return ["\(error)"]
    }
  }

  // MARK: No mask

  @Test(arguments: [nil, []] as [[String]?])
  func takesTheFieldsThatAreSetWithoutAMask(paths: [String]?) throws {
    let updated = try update(by: { $0.lastName = " Other" }, mask: paths)
    #expect(updated == sampleCustomer { $0.lastName = "Other" })
    let all = try update(
      by: {
        $0.firstName = "A"
        $0.displayName = "B"
        $0.emailAddress = "c@d.EF"
        $0.phones = [PhoneNumber()]
        $0.addresses = [Address()]
        $0.attributes = ["g": "h"]
      },
      mask: paths
    )
    let expected = sampleCustomer {
      $0.firstName = "A"
      $0.displayName = "B"
      $0.emailAddress = "c@d.ef"
      $0.phones = [PhoneNumber()]
      $0.phones[0].key = KeyCounter.text(1)
      $0.addresses = [Address()]
      $0.addresses[0].key = KeyCounter.text(2)
      $0.attributes = ["g": "h"]
    }
    #expect(all == expected)
  }

  @Test func changesNothingWithAnEmptyPatchOrTheSameValues() throws {
    #expect(try update(by: { _ in }, mask: nil) == sampleCustomer())
    #expect(try update(by: { $0 = sampleCustomer() }, mask: nil) == sampleCustomer())
    #expect(try update(by: { $0 = sampleCustomer() }, mask: ["*"]) == sampleCustomer())
    #expect(try update(by: { $0.firstName = " Ann " }, mask: nil) == sampleCustomer())
  }

  // MARK: Replace

  @Test func replacesEverythingButWhatTheServerSets() throws {
    let time = Timestamp(nanosecondsSince1970: 5)
    let current = sampleCustomer {
      $0.createTime = time
      $0.updateTime = time
    }
    let replaced = try update(
      current,
      by: {
        $0.customerID = "ffffffff-0000-0000-0000-000000000000"
        $0.version = 99
        $0.createTime = Timestamp(nanosecondsSince1970: 7)
        $0.lastName = "Only"
      },
      mask: ["*"]
    )
    var expected = Customer()
    expected.customerID = current.customerID
    expected.version = 3
    expected.createTime = time
    expected.updateTime = time
    expected.lastName = "Only"
    #expect(replaced == expected)
    #expect(try update(current, by: { $0.lastName = "Only" }, mask: ["phones", "*"]) == expected)
  }

  @Test func refusesToReplaceByNobody() {
    let violation =
      "displayName: one of displayName, firstName, lastName, emailAddress and a phone's number"
      + " is needed"
    #expect(violations(mask: ["*"]) == [violation])
  }

  // MARK: Paths

  /// A change and the paths that name its field.
  struct Change: Sendable {
    let paths: [String]
    let make: @Sendable (inout Customer) -> Void

    init(_ paths: [String], make: @escaping @Sendable (inout Customer) -> Void) {
      self.paths = paths
      self.make = make
    }
  }

  @Test(arguments: [
    Change(["first_name", "firstName"]) { $0.firstName = "New" },
    Change(["last_name", "lastName"]) { $0.lastName = "New" },
    Change(["display_name", "displayName"]) { $0.displayName = "New" },
    Change(["email_address", "emailAddress"]) { $0.emailAddress = "new@example.org" },
    Change(["phones"]) { $0.phones[0].numberLocal = "1" },
    Change(["addresses"]) { $0.addresses[0].suburb = "New" },
    Change(["attributes"]) { $0.attributes = ["new": "1"] },
  ])
  func takesAField(change: Change) throws {
    let paths = change.paths
    let changed = sampleCustomer(change.make)
    let patch = sampleCustomer {
      $0 = changed
      // What the mask doesn't name may be anything.
      for path in ["firstName", "lastName"] where !paths.contains(path) {
        if path == "firstName" { $0.firstName = "\u{7}" } else { $0.lastName = "\u{7}" }
      }
    }
    for path in paths {
      #expect(try update(by: { $0 = patch }, mask: [path]) == changed)
    }
  }

  @Test func emptiesFieldsThatThePatchDoesNotSet() throws {
    let paths = ["display_name", "emailAddress", "phones", "addresses", "attributes", "last_name"]
    let updated = try update(by: { _ in }, mask: paths)
    let expected = sampleCustomer {
      $0.displayName = ""
      $0.lastName = ""
      $0.emailAddress = ""
      $0.phones = []
      $0.addresses = []
      $0.attributes = [:]
    }
    #expect(updated == expected)
  }

  @Test(arguments: [
    ("version", "'version' is set by the server only"),
    ("customer_id", "'customer_id' is set by the server only"),
    ("customerId", "'customerId' is set by the server only"),
    ("create_time", "'create_time' is set by the server only"),
    ("createTime", "'createTime' is set by the server only"),
    ("update_time", "'update_time' is set by the server only"),
    ("updateTime", "'updateTime' is set by the server only"),
    ("", "'' names no field of a customer"), ("name", "'name' names no field of a customer"),
    ("FirstName", "'FirstName' names no field of a customer"),
    (" first_name", "' first_name' names no field of a customer"),
    ("first_name,phones", "'first_name,phones' names no field of a customer"),
    ("attributes.", "'attributes.' names no field of a customer"),
    ("attribute.tier", "'attribute.tier' names no field of a customer"),
    ("x\u{1B}y", "'x\\u{1b}y' names no field of a customer"),
    (
      "phones.number_local",
      "'phones.number_local' is inside a list, which is replaced whole: the path is 'phones'"
    ),
    (
      "addresses[0].suburb",
      "'addresses[0].suburb' is inside a list, which is replaced whole: the path is 'addresses'"
    ),
  ])
  func refusesPaths(path: String, description: String) {
    #expect(violations(mask: [path]) == ["updateMask: \(description)"])
    #expect(violations(by: { $0 = sampleCustomer() }, mask: ["*", path]).count == 1)
  }

  @Test func reportsTheMaskAndTheFieldsTogether() {
    let all = violations(by: { $0.firstName = "\u{7}" }, mask: ["a", "first_name", "version"])
    #expect(
      all == [
        "updateMask: 'a' names no field of a customer",
        "updateMask: 'version' is set by the server only",
        "firstName: control character U+0007 is not allowed",
      ]
    )
  }

  @Test func limitsPaths() {
    let paths = Array(repeating: "firstName", count: 128)
    #expect(violations(by: { $0.firstName = "A" }, mask: paths) == [])
    #expect(
      violations(mask: paths + ["lastName"]) == ["updateMask: 129 paths is over the limit of 128"]
    )
  }

  // MARK: Attributes

  @Test func setsAndRemovesOneAttribute() throws {
    let set = try update(
      by: { $0.attributes = ["tier": "tin", "x": "y"] },
      mask: ["attributes.tier"]
    )
    #expect(set.attributes == ["tier": "tin", "note": ""])
    let added = try update(by: { $0.attributes = ["x": ""] }, mask: ["attributes.x"])
    #expect(added.attributes == ["tier": "gold", "note": "", "x": ""])
    let removed = try update(by: { _ in }, mask: ["attributes.tier", "attributes.absent"])
    #expect(removed.attributes == ["note": ""])
  }

  @Test func namesAttributesByAllThatFollowsTheFirstDot() throws {
    let names = ["a.b", "a\"b\"", "`", " ", "attributes.x", "*", "é"]
    for name in names.filter({ $0 != " " }) {
      let set = try update(by: { $0.attributes = [name: "1"] }, mask: ["attributes.\(name)"])
      #expect(set == sampleCustomer { $0.attributes[name] = "1" })
      #expect(try update(set, by: { _ in }, mask: ["attributes.\(name)"]) == sampleCustomer())
    }
  }

  @Test func findsAttributesByTheNormalFormOfTheirNames() throws {
    let set = try update(
      by: { $0.attributes = [" tier ": "tin", "e\u{301}": "1"] },
      mask: ["attributes.tier", "attributes.\u{E9}"]
    )
    #expect(set == sampleCustomer { $0.attributes = ["tier": "tin", "note": "", "\u{E9}": "1"] })
    let removed = try update(set, by: { _ in }, mask: ["attributes. tier", "attributes.e\u{301}"])
    #expect(removed.attributes == ["note": ""])
  }

  @Test func checksAnAttributeThatIsSet() {
    let name = String(repeating: "x", count: 41)
    #expect(
      violations(by: { $0.attributes = [name: "1"] }, mask: ["attributes.\(name)"]) == [
        "attributes: name '\(name.dropLast())…': 41 code points is over the limit of 40"
      ]
    )
    #expect(
      violations(by: { $0.attributes = ["a": "\u{7}"] }, mask: ["attributes.a"]) == [
        "attributes.a: control character U+0007 is not allowed"
      ]
    )
  }

  // MARK: Lists

  @Test func matchesElementsByKey() throws {
    let current = sampleCustomer {
      $0.phones += [$0.phones[0], $0.phones[0]]
      $0.phones[1].key = "0191e4a5-7c3b-7d2e-8f10-2b5c6d7e8fa1"
      $0.phones[2].key = "0191e4a5-7c3b-7d2e-8f10-2b5c6d7e8fa2"
    }
    let updated = try update(
      current,
      by: {
        $0.phones = [current.phones[1], PhoneNumber(), current.phones[0], PhoneNumber()]
        $0.phones[0].key = $0.phones[0].key.uppercased()
        $0.phones[0].numberLocal = "changed"
        $0.phones[1].numberLocal = "new"
        $0.phones[3].key = "0191e4a5-7c3b-7d2e-8f10-2b5c6d7e8fff"
      },
      mask: ["phones"]
    )
    #expect(
      updated.phones.map(\.key) == [
        current.phones[1].key, KeyCounter.text(1), current.phones[0].key,
        "0191e4a5-7c3b-7d2e-8f10-2b5c6d7e8fff",
      ]
    )
    #expect(updated.phones.map(\.numberLocal) == ["changed", "new", "0491 570 006", ""])
  }

  // MARK: Unknown fields

  @Test func keepsUnknownFieldsUnlessReplaced() throws {
    let unknown: [UInt8] = [0xA0, 0x06, 0x01]
    let other: [UInt8] = [0xA0, 0x06, 0x02]
    let current = try Customer(decoding: sampleCustomer().encoded() + unknown)
    let patch = try Customer(decoding: sampleCustomer().encoded() + other)
    let masked = try update(current, by: { $0 = patch }, mask: ["first_name"])
    #expect(masked.encoded().suffix(3) == unknown[...])
    let replaced = try update(current, by: { $0 = patch }, mask: ["*"])
    #expect(replaced.encoded().suffix(3) == other[...])
    let untouched = try update(current, by: { $0.firstName = "A" }, mask: nil)
    #expect(untouched.encoded().suffix(3) == unknown[...])
  }
}
