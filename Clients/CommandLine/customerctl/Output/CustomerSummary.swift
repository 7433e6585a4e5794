import CustomerFormats
import CustomerModel
import Terminal

/// What a list on a terminal shows of a customer.
enum CustomerSummary {
  /// The columns.
  static let columns = [
    TextTable.Column("CUSTOMER ID", mayShrink: false),
    TextTable.Column("VERSION", mayShrink: false, isNumber: true),
    TextTable.Column("NAME"),
    TextTable.Column("EMAIL ADDRESS"),
    TextTable.Column("PHONE"),
    TextTable.Column("SUBURB"),
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

extension FieldSelection {
  /// A column for each.
  var columns: [TextTable.Column] {
    items.map { item in
      TextTable.Column(
        item.title,
        mayShrink: item != .field(.field(.customerID)),
        isNumber: item == .field(.field(.version))
      )
    }
  }

  /// A line for each that the customer has.
  func lines(_ customer: Customer) -> [String] {
    let rows = items.map { [$0.title, $0.text(in: customer)] }
    return TextTable.pairs(rows.filter { !$0[1].isEmpty })
  }
}
