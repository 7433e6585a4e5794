import Arguments
import CustomerModel
import ProtoWire
import Testing

@testable import CustomerFormats

@Suite struct FieldPathTests {
  /// The mark is one character with the dot before it, as Swift counts.
  @Test(arguments: ["\u{301}a", ".a..b", "[0]", "a,\"b\"", "=", "a;b"])
  func namesOfAttributesStayAsTheyAre(_ name: String) throws {
    #expect(try FieldPath("attributes." + name) == .attribute(name))
    #expect(FieldPath.attribute(name).text == "attributes." + name)
  }

  @Test(arguments: [
    ("firstName", FieldPath.field(.firstName)), ("first_name", .field(.firstName)),
    ("FIRSTNAME", .field(.firstName)), ("customerId", .field(.customerID)),
    ("customer_id", .field(.customerID)), ("updateTime", .field(.updateTime)),
    ("phones[0].numberLocal", .phone(0, .numberLocal)),
    ("phones[19].Type", .phone(19, .type)), ("phones[1]", .wholePhone(1)),
    ("addresses[2].PostCode", .address(2, .postcode)),
    ("attributes.tier", .attribute("tier")), ("attributes.Last_Name.x", .attribute("Last_Name.x")),
  ])
  func readsPaths(_ text: String, _ path: FieldPath) throws {
    #expect(try FieldPath(text) == path)
  }

  @Test(arguments: [
    "customerId", "version", "firstName", "lastName", "displayName", "emailAddress", "createTime",
    "updateTime", "phones[0].key", "phones[0].type", "phones[0].country", "phones[0].numberLocal",
    "phones[0].numberInternational", "addresses[1].key", "addresses[1].address1",
    "addresses[1].address2", "addresses[1].suburb", "addresses[1].postcode", "addresses[1].state",
    "addresses[1].country", "attributes.a b",
  ])
  func writesWhatItReads(_ text: String) throws {
    #expect(try FieldPath(text).text == text)
  }

  @Test(arguments: [
    ("lastNam", "lastNam: no field of a customer is called so, did you mean lastName?"),
    ("zebra", "zebra: no field of a customer is called so"),
    ("", ": no field of a customer is called so"),
    ("attributes.", "attributes.: an attribute needs a name"),
    ("phones", "phones: no field of a customer is called so, did you mean phones[0].numberLocal?"),
    ("phones[].type", "phones[].type: a place in a list is a number such as phones[0]"),
    ("phones[-1].type", "phones[-1].type: a place in a list is a number such as phones[0]"),
    ("phones[0.type", "phones[0.type: a place in a list is a number such as phones[0]"),
    ("phones[20].type", "phones[20].type: place 20 is over the maximum of 19"),
    (
      "phones[0].numbr",
      "phones[0].numbr: is none of key, type, country, numberLocal, numberInternational"
    ),
    (
      "addresses[0].surburb",
      "addresses[0].surburb: is none of key, address1, address2, suburb, postcode, state, country, "
        + "did you mean suburb?"
    ),
    (
      "addresses[0]",
      "addresses[0]: is none of key, address1, address2, suburb, postcode, state, country"
    ),
    ("a\u{1B}b", #"a\u{1B}b: no field of a customer is called so"#),
  ])
  func saysWhatIsNoPath(_ text: String, _ message: String) {
    let error = #expect(throws: FieldError.self) { try FieldPath(text) }
    #expect(error.map { "\($0)" } == message)
  }

  @Test(arguments: [
    ("version", "x", "version: 'x' is not a version number"),
    ("version", "-1", "version: '-1' is not a version number"),
    ("phones[0].type", "Fax", "phones[0].type: 'Fax' is none of Unknown, Phone, Mobile"),
    (
      "createTime", "yesterday",
      "createTime: 'yesterday' is not a time such as 2026-01-31T12:00:00Z"
    ),
    (
      "phones[1]", "a:b:c:d",
      "phones[1]: a number reads TYPE:COUNTRY:NUMBER, as Mobile:AU:0491570006"
    ),
  ])
  func saysWhatAFieldCannotHold(_ field: String, _ text: String, _ message: String) throws {
    var customer = Customer()
    let path = try FieldPath(field)
    let error = #expect(throws: FieldError.self) { try path.set(text, in: &customer) }
    #expect(error.map { "\($0)" } == message)
  }

  @Test(arguments: [
    ("Mobile:AU:0491570006", PhoneNumber.Kind.mobile, "AU", "0491570006", ""),
    ("mobile:au:+61491570006", .mobile, "au", "", "+61491570006"),
    ("AU:0491570006", .unknown, "AU", "0491570006", ""),
    ("Phone:0491570006", .phone, "", "0491570006", ""),
    ("+61 491 570 006", .unknown, "", "", "+61 491 570 006"),
    ("Mobile::0491570006", .mobile, "", "0491570006", ""),
  ])
  func readsPhones(
    _ text: String,
    _ kind: PhoneNumber.Kind,
    _ country: String,
    _ local: String,
    _ international: String
  ) throws {
    let phone = try PhoneNumber(text: text)
    #expect(phone.type == kind)
    #expect(phone.country == country)
    #expect(phone.numberLocal == local)
    #expect(phone.numberInternational == international)
  }
}

@Suite struct AssignmentTests {
  private func apply(_ texts: String..., to customer: Customer = Customer()) throws -> Customer {
    var customer = customer
    for text in texts { try Assignment(text).apply(to: &customer) }
    return customer
  }

  @Test func setsFieldsAndGrowsLists() throws {
    let customer = try apply(
      "firstName=Ann",
      "attributes.tier=gold=1",
      "phones+=Mobile:AU:0491570006",
      "addresses[0].suburb=Brisbane City",
      "addresses[1].state=QLD",
      "phones[0].country=NZ"
    )
    #expect(customer.firstName == "Ann")
    #expect(customer.attributes["tier"] == "gold=1")
    #expect(customer.phones.count == 1)
    #expect(customer.phones[0].type == .mobile)
    #expect(customer.phones[0].country == "NZ")
    #expect(customer.addresses.map(\.suburb) == ["Brisbane City", ""])
  }

  @Test func nothingBehindTheEqualsSignTakesAway() throws {
    let full = try apply(
      "firstName=Ann",
      "attributes.a=1",
      "attributes.b=2",
      "phones+=1",
      "phones+=2",
      "addresses[0].state=QLD"
    )
    let one = try apply("firstName=", "attributes.a=", "phones[0]=", to: full)
    #expect(one.firstName.isEmpty)
    #expect(one.attributes.keys == ["b"])
    #expect(one.phones.map(\.numberLocal) == ["2"])
    let none = try apply("phones=", "addresses=", "attributes=", to: full)
    #expect(none.phones.isEmpty && none.addresses.isEmpty && none.attributes.isEmpty)
  }

  @Test func masksNameListsWholeAndAttributesOneByOne() throws {
    let assignments = try [
      "lastName=Lee", "phones[0].type=Phone", "phones+=1", "attributes.Tier_X=gold", "version=3",
      "addresses=",
    ].map(Assignment.init)
    #expect(assignments.maskPaths == ["last_name", "phones", "attributes.Tier_X", "addresses"])
    #expect(assignments.changesList)
    #expect(try ![Assignment("lastName=Lee"), Assignment("phones=")].changesList)
  }

  @Test(arguments: [
    ("firstName", "firstName: is no change; write FIELD=VALUE"),
    ("=x", "=x: is no change; write FIELD=VALUE"),
    ("firstNam=x", "firstNam: no field of a customer is called so, did you mean firstName?"),
    ("addresses+=x", "addresses+: only phones+= adds to a list"),
    ("phones=x", "phones: can only be emptied as a whole, with phones="),
    ("phones+=", "phones: a number reads TYPE:COUNTRY:NUMBER, as Mobile:AU:0491570006"),
    ("phones+=Fax:AU:1", "type: 'Fax' is none of Unknown, Phone, Mobile"),
    ("version=x", "version: 'x' is not a version number"),
  ])
  func saysWhatIsNoAssignment(_ text: String, _ message: String) {
    let error = #expect(throws: FieldError.self) { try Assignment(text) }
    #expect(error.map { "\($0)" } == message)
  }

  @Test func refusesAPlaceBehindTheNext() throws {
    let error = #expect(throws: FieldError.self) { try apply("addresses[1].state=QLD") }
    #expect(error.map { "\($0)" } == "addresses[1]: the customer has 0 of addresses")
  }
}
