import CustomerModel

/// A column of `customer` that says what the record says: the one list of them.
///
/// The statements that write, derive and check rows are made of it, in this order. What a row has
/// beside these is its own: its number, its newest change, the record and that one's sum.
enum RecordColumn: String, CaseIterable {
  case customerID = "customer_id"
  case version
  case firstName = "first_name"
  case lastName = "last_name"
  case displayName = "display_name"
  case emailAddress = "email_address"
  case createTime = "create_time"
  case updateTime = "update_time"
  case emailKey = "email_key"
  case sortKey = "sort_key"
  case phones
  case address
  case attributes

  /// What a column holds.
  enum Value {
    case number(Int64)
    case text(String)
    /// A part of ``DerivedColumns/bytes``.
    case derived(Range<Int>)
  }

  /// What the column holds of a customer.
  func value(_ customer: Customer, _ derived: DerivedColumns) -> Value {
    switch self {
    case .customerID: .text(customer.customerID)
    case .version: .number(Int64(bitPattern: customer.version))
    case .firstName: .text(customer.firstName)
    case .lastName: .text(customer.lastName)
    case .displayName: .text(customer.displayName)
    case .emailAddress: .text(customer.emailAddress)
    case .createTime: .number(customer.createTime?.microseconds ?? 0)
    case .updateTime: .number(customer.updateTime?.microseconds ?? 0)
    case .emailKey: .derived(derived.emailKey)
    case .sortKey: .derived(derived.sortKey)
    case .phones: .derived(derived.phones)
    case .address: .derived(derived.address)
    case .attributes: .derived(derived.attributes)
    }
  }
}

// SQL's words for all of them.
extension RecordColumn {
  /// The names, each behind `prefix`: `c.customer_id, c.version, ...`.
  static func names(_ prefix: String = "") -> String {
    allCases.map { prefix + $0.rawValue }.joined(separator: ", ")
  }

  /// As many parameters, the first of which has a number: `?3, ?4, ...`.
  static func parameters(from first: Int) -> String {
    allCases.indices.map { "?\(first + $0)" }.joined(separator: ", ")
  }

  /// The names, each set to the next parameter: `customer_id = ?3, version = ?4, ...`.
  static func assignments(from first: Int) -> String {
    zip(allCases, first...).map { "\($0.rawValue) = ?\($1)" }.joined(separator: ", ")
  }
}
