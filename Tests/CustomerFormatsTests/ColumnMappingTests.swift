import CustomerModel
import ProtoWire
import TestSupport
import Testing

@testable import CustomerFormats

@Suite struct ColumnMappingTests {
  private func mapping(
    _ header: [String],
    maps: [(String, FieldPath?)] = [],
    sets: [(FieldPath, String)] = [],
    attributes: Bool = false
  ) throws -> ColumnMapping {
    var settings = ColumnMapping.Settings()
    settings.maps = maps.map { (column: $0.0, field: $0.1) }
    settings.sets = sets.map { (field: $0.0, value: $0.1) }
    settings.takesAttributes = attributes
    return try ColumnMapping(header: header, settings: settings)
  }

  /// Rows of the FEBRL set, with its header as it stands: a space behind each comma.
  private func febrl(_ settings: ColumnMapping.Settings) throws -> [ImportRow] {
    var rows = ImportRows(format: nil, settings: settings)
    try rows.append(testData("febrl/excerpt.csv"))
    try rows.finish()
    var all: [ImportRow] = []
    while let row = try rows.next() { all.append(row) }
    return all
  }

  @Test func understandsFebrlByItsHeads() throws {
    var settings = ColumnMapping.Settings()
    settings.takesAttributes = true
    settings.sets = [(.address(0, .country), "AU")]
    let rows = try febrl(settings)
    #expect(rows.map(\.number) == Array(1...12))
    let first = try rows[0].content.get()
    #expect(first.firstName == "sarah")
    #expect(first.lastName == "bruhn")
    #expect(first.addresses.count == 1)
    #expect(first.addresses[0].address1 == "44 forbes street")
    #expect(first.addresses[0].address2 == "wintersloe")
    #expect(first.addresses[0].suburb == "kellerberrin")
    #expect(first.addresses[0].postcode == "4510")
    #expect(first.addresses[0].state == "vic")
    #expect(first.addresses[0].country == "AU")
    #expect(first.attributes.keys == ["date_of_birth", "rec_id", "soc_sec_id"])
    #expect(first.attributes["date_of_birth"] == "19300213")
    let nameless = try rows[9].content.get()
    #expect(nameless.firstName.isEmpty && nameless.lastName == "maynard")
    #expect(nameless.addresses[0].address2.isEmpty)
  }

  @Test func mapsSaidMeanTheSameAsTheHeads() throws {
    var settings = ColumnMapping.Settings()
    settings.takesAttributes = true
    settings.sets = [(.address(0, .country), "AU")]
    let byHead = try febrl(settings).map { try $0.content.get() }
    settings.maps = try [
      "given_name=firstName", "surname=lastName", "street_number=addresses[0].address1",
      "address_1=addresses[0].address1", "address_2=addresses[0].address2",
      "suburb=addresses[0].suburb", "postcode=addresses[0].postcode", "state=addresses[0].state",
    ].map { text in
      let parts = text.split(separator: "=").map(String.init)
      return (parts[0], try FieldPath(parts[1]))
    }
    #expect(try febrl(settings).map { try $0.content.get() } == byHead)
  }

  @Test func namesEveryUnknownColumn() {
    let error = #expect(throws: ImportError.self) { try febrl(ColumnMapping.Settings()) }
    #expect(
      error.map { "\($0)" } == """
        unknown columns 'rec_id', 'date_of_birth', 'soc_sec_id'
        name the field with --map COLUMN=FIELD, leave a column out with --map COLUMN=, \
        or take them as attributes with --attributes
        """
    )
  }

  @Test(arguments: [
    ("First Name", "firstName"), ("GIVEN_NAME", "firstName"), ("Surname", "lastName"),
    ("family-name", "lastName"), ("E-Mail", "emailAddress"), ("Email Address", "emailAddress"),
    ("Zip", "addresses[0].postcode"), ("zip code", "addresses[0].postcode"),
    ("City", "addresses[0].suburb"), ("Province", "addresses[0].state"),
    ("Country Code", "addresses[0].country"), ("Display Name", "displayName"),
    ("Address Line 1", "addresses[0].address1"), ("addresses[0].Suburb", "addresses[0].suburb"),
    ("phones[0].NumberLocal", "phones[0].numberLocal"), ("attributes.Tier", "attributes.Tier"),
  ])
  func knowsHeadsOfOtherPrograms(_ head: String, _ field: String) throws {
    let customer = try mapping([head]).customer(from: [" x "])
    #expect(try FieldPath(field).text(in: customer) == "x")
  }

  @Test func phonesTakeTheNextFreePlace() throws {
    let columns = ["Mobile", "phones[0].numberLocal", "phones[0].type", "Telephone"]
    let customer = try mapping(columns).customer(from: ["+61491570006", "07", "Phone", "08"])
    #expect(customer.phones.map(\.numberLocal) == ["07", "", "08"])
    #expect(customer.phones.map(\.numberInternational) == ["", "+61491570006", ""])
    #expect(customer.phones.map(\.type) == [.phone, .mobile, .phone])
  }

  @Test func emptyCellsLeaveNoTrace() throws {
    let columns = ["first", "mobile", "phone", "city", "attributes.tier", "attributes.old"]
    let customer = try mapping(columns).customer(from: ["Ann", "", "07", " ", "gold", ""])
    #expect(customer.phones.count == 1)
    #expect(customer.phones[0].numberLocal == "07")
    #expect(customer.addresses.isEmpty)
    #expect(customer.attributes.keys == ["tier"])
  }

  @Test func setGivesWhatARowLeavesOpen() throws {
    let sets: [(FieldPath, String)] = [
      (.attribute("source"), "list"), (.address(0, .country), "AU"), (.phone(0, .country), "AU"),
    ]
    let mapping = try mapping(["first", "city", "country", "phone"], sets: sets)
    let full = try mapping.customer(from: ["Ann", "Perth", "NZ", "07"])
    #expect(full.attributes["source"] == "list")
    #expect(full.addresses[0].country == "NZ")
    #expect(full.phones[0].country == "AU")
    let bare = try mapping.customer(from: ["Ann", "", "", ""])
    #expect(bare.attributes["source"] == "list")
    #expect(bare.addresses.isEmpty && bare.phones.isEmpty)
  }

  @Test func setMakesAnElementThatNoColumnIsMappedTo() throws {
    let customer = try mapping(["first"], sets: [(.address(0, .country), "AU")])
      .customer(from: ["Ann"])
    #expect(customer.addresses.map(\.country) == ["AU"])
  }

  @Test func leavesOutColumnsAsSaid() throws {
    let customer = try mapping(["first", "junk"], maps: [("JUNK", nil)])
      .customer(from: ["Ann", "x"])
    #expect(customer.attributes.isEmpty)
  }

  @Test func ignoresTheColumnsOfRejectedRows() throws {
    let customer = try mapping(["first", "_row", "_field", "_reason"])
      .customer(from: ["Ann", "1", "x", "y"])
    #expect(customer.firstName == "Ann" && customer.attributes.isEmpty)
  }

  @Test(arguments: [
    (["", " "], [], "the first line names no columns"),
    (["a", "b", "a"], [], "column 'a' is there twice, as number 1 and 3"),
    (["x"], [], "unknown column 'x'"),
    (["first"], ["fist"], "--map: no column is called 'fist'; there are 'first'"),
    (
      ["email", "mail"], [],
      "columns 'email', 'mail' are both emailAddress: say which with --map"
    ),
    (
      ["firstName", "first_name"], [],
      "columns 'firstName', 'first_name' are both firstName: say which with --map"
    ),
  ])
  func saysWhatIsWrongWithTheHeads(_ header: [String], _ maps: [String], _ message: String) {
    let error = #expect(throws: ImportError.self) {
      try mapping(header, maps: maps.map { ($0, .field(.firstName)) })
    }
    #expect(error.map { "\($0)".split(separator: "\n")[0] } == message[...])
  }

  @Test(arguments: [
    (["a"], "the row has 1 cells, the header 2"),
    (["a", "b", "c"], "the row has 3 cells, the header 2"),
    (["a", "b"], "'b' stands in a column without a name"),
  ])
  func saysWhatIsWrongWithARow(_ cells: [String], _ message: String) throws {
    let mapping = try mapping(["first", ""])
    let error = #expect(throws: FieldError.self) { try mapping.customer(from: cells) }
    #expect(error?.reason == message)
  }

  @Test(arguments: ["1", "{", "{\"a\":1}", "{},\"firstName\":\"x\"", "[]"])
  func theSharedColumnIsAnObjectOfTexts(_ cell: String) throws {
    let mapping = try ColumnMapping(header: ["attributes"], settings: .init())
    #expect(
      throws: FieldError(field: "attributes", reason: "is not a JSON object of texts")
    ) { try mapping.customer(from: [cell]) }
    #expect(try mapping.customer(from: ["{\"a\":\"\"}"]).attributes == ["a": ""])
  }
}
