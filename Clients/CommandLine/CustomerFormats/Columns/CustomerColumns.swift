import CustomerModel
import ProtoWire

/// The columns of customers in CSV and TSV, in an order that doesn't depend on the customers.
///
/// They stand in the order of the fields: as many phones and addresses as the customer with most of
/// them has, and the attributes of all by name. The heads are field paths, so `import` reads the
/// table back.
///
/// Names of attributes are the users' own, so there is no end to them: those past the first
/// ``attributesMax`` that come up share one column, each cell a JSON object.
struct CustomerColumns: Equatable {
  /// The most attributes with a column of their own: all columns stay under
  /// ``CSVReader/cellsMax``.
  static let attributesMax = 500

  /// The head of the column of the other attributes.
  static let otherAttributes = "attributes"

  /// What of all that is wanted; nil is everything.
  var selection: FieldSelection?

  private var phoneCount = 0
  private var addressCount = 0
  private var attributes: Set<String> = []
  private var hasOtherAttributes = false

  /// Makes room for a customer.
  mutating func include(_ customer: Customer) {
    phoneCount = max(phoneCount, customer.phones.count)
    addressCount = max(addressCount, customer.addresses.count)
    for entry in customer.attributes where !attributes.contains(entry.key) {
      if attributes.count < Self.attributesMax {
        attributes.insert(entry.key)
      } else {
        hasOtherAttributes = true
      }
    }
  }

  /// The heads of the table.
  var heads: [String] {
    fields.map(\.text) + (showsOtherAttributes ? [Self.otherAttributes] : [])
  }

  private var showsOtherAttributes: Bool {
    hasOtherAttributes && selection?.items.contains(.all(.attributes)) ?? true
  }

  /// Makes a customer's cells, given ``fields``; nil where it has nothing.
  func cells(of customer: Customer, _ fields: [FieldPath]) -> [String?] {
    let cells = fields.map { $0.text(in: customer) }
    guard showsOtherAttributes else { return cells }
    let others = customer.attributes.filter { !attributes.contains($0.key) }
    let members = others.map { JSONString.quoted($0.key) + ":" + JSONString.quoted($0.value) }
    return cells + [members.isEmpty ? nil : "{" + members.joined(separator: ",") + "}"]
  }

  /// The fields that have a column of their own, in order.
  var fields: [FieldPath] { selection?.fields(among: allFields) ?? allFields }

  private var allFields: [FieldPath] {
    CustomerField.allCases.flatMap { field -> [FieldPath] in
      switch field.content {
      case .id, .version, .text, .time: [.field(field)]
      case .phones:
        (0..<phoneCount).flatMap { place in PhonePart.allCases.map { .phone(place, $0) } }
      case .addresses:
        (0..<addressCount).flatMap { place in AddressPart.allCases.map { .address(place, $0) } }
      case .attributes:
        attributes.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
          .map { .attribute($0) }
      }
    }
  }
}

/// What a list on a terminal shows of a customer.
enum CustomerSummary {
  /// The columns.
  static let columns = [
    TextTable.Column(title: "CUSTOMER ID", mayShrink: false),
    TextTable.Column(title: "VERSION", mayShrink: false, isNumber: true),
    TextTable.Column(title: "NAME"),
    TextTable.Column(title: "EMAIL ADDRESS"),
    TextTable.Column(title: "PHONE"),
    TextTable.Column(title: "SUBURB"),
  ]

  /// A customer's cells.
  static func cells(_ customer: Customer) -> [String] {
    [
      customer.customerID, "\(customer.version)",
      customer.displayName.isEmpty ? customer.fullName : customer.displayName,
      customer.emailAddress, customer.shownNumber, customer.addresses.first?.suburb ?? "",
    ]
  }

  /// All of one customer, a field a line.
  static func lines(_ customer: Customer) -> [String] {
    var columns = CustomerColumns()
    columns.include(customer)
    let rows = columns.fields.compactMap { field in
      field.text(in: customer).map { [field.text, $0] }
    }
    return TextTable.pairs(rows)
  }
}

extension TextTable {
  /// Names and values in two columns without headings.
  static func pairs(_ rows: [[String]]) -> [String] {
    let table = TextTable(columns: [Column(title: ""), Column(title: "")])
    let widths = table.widths(rows, fitting: nil)
    return rows.map { table.line($0, widths) }
  }
}
