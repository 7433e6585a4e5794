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
package struct CustomerColumns: Equatable {
  /// The most attributes with a column of their own: all columns stay under
  /// ``CSVReader/cellsMax``.
  static let attributesMax = 500

  /// The head of the column of the other attributes.
  static let otherAttributes = "attributes"

  /// What of all that is wanted; nil is everything.
  package var selection: FieldSelection?

  private var phoneCount = 0
  private var addressCount = 0
  private var attributes: Set<String> = []
  private var hasOtherAttributes = false

  /// Creates the columns that every customer has.
  package init() {}

  /// Makes room for a customer.
  package mutating func include(_ customer: Customer) {
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
  package var heads: [String] {
    fields.map(\.text) + (showsOtherAttributes ? [Self.otherAttributes] : [])
  }

  private var showsOtherAttributes: Bool {
    hasOtherAttributes && selection?.items.contains(.all(.attributes)) ?? true
  }

  /// Makes a customer's cells, given ``fields``; nil where it has nothing.
  package func cells(of customer: Customer, _ fields: [FieldPath]) -> [String?] {
    let cells = fields.map { $0.text(in: customer) }
    guard showsOtherAttributes else { return cells }
    let others = customer.attributes.filter { !attributes.contains($0.key) }
    let members = others.map { JSONString.quoted($0.key) + ":" + JSONString.quoted($0.value) }
    return cells + [members.isEmpty ? nil : "{" + members.joined(separator: ",") + "}"]
  }

  /// The fields that have a column of their own, in order.
  package var fields: [FieldPath] { selection?.fields(among: allFields) ?? allFields }

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
