internal import ProtoWire
package import WellKnownTypes

/// The fields of a customer by their names in JSON, in the order in which they are shown.
///
/// This is the only list of them: names, places and limits, from which validation, masks,
/// differences, merges, paths, columns and forms are made. A test holds it to the schema.
package enum CustomerField: String, CaseIterable, Sendable {
  case customerID = "customerId"
  case version
  case firstName
  case lastName
  case displayName
  case emailAddress
  case phones
  case addresses
  case attributes
  case createTime
  case updateTime

  /// What a field holds, and where it is.
  package enum Content: Sendable {
    /// The customer's id.
    case id

    /// The number of the version.
    case version

    /// One text that callers write.
    case text(any WritableKeyPath<Customer, String> & Sendable, TextRule)

    /// Telephone numbers, each with a key.
    case phones

    /// Postal addresses, each with a key.
    case addresses

    /// Names and values.
    case attributes

    /// A time that the server sets.
    case time(any WritableKeyPath<Customer, Timestamp?> & Sendable)
  }

  /// What the field holds.
  package var content: Content {
    switch self {
    case .customerID: .id
    case .version: .version
    case .firstName: .text(\.firstName, .name)
    case .lastName: .text(\.lastName, .name)
    case .displayName: .text(\.displayName, .name)
    case .emailAddress: .text(\.emailAddress, .emailAddress)
    case .phones: .phones
    case .addresses: .addresses
    case .attributes: .attributes
    case .createTime: .time(\.createTime)
    case .updateTime: .time(\.updateTime)
    }
  }

  /// The name on screens.
  package var label: String {
    switch self {
    case .customerID: "Customer ID"
    case .version: "Version"
    case .firstName: "First Name"
    case .lastName: "Last Name"
    case .displayName: "Display Name"
    case .emailAddress: "Email Address"
    case .phones: "Phones"
    case .addresses: "Addresses"
    case .attributes: "Attributes"
    case .createTime: "Created"
    case .updateTime: "Updated"
    }
  }
}

extension CustomerField {
  /// The name in JSON.
  package var jsonName: String { rawValue }

  /// The name in the schema and in masks: the one in JSON with underscores.
  package var schemaName: String {
    jsonName.reduce(into: "") { name, letter in
      name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
    }
  }

  /// The field that a name stands for, as the schema or as JSON writes it.
  package init?(name: String) {
    guard let field = Self.byName[name] else { return nil }
    self = field
  }

  private static let byName = Dictionary(
    allCases.flatMap { [($0.jsonName, $0), ($0.schemaName, $0)] }
  ) { first, _ in first }

  /// Whether only the server sets the field.
  package var isSetByServer: Bool {
    switch content {
    case .id, .version, .time: true
    case .text, .phones, .addresses, .attributes: false
    }
  }

  /// Whether the field holds many texts: a list, or attributes.
  package var isCollection: Bool {
    switch content {
    case .phones, .addresses, .attributes: true
    case .id, .version, .text, .time: false
    }
  }

  /// The fields that hold one text that callers write.
  package static let texts = allCases.filter { !$0.isSetByServer && !$0.isCollection }

  /// The text of a field that holds one; `nil` where there is none.
  package func text(in customer: Customer) -> String? {
    switch content {
    case .id: customer.customerID.isEmpty ? nil : customer.customerID
    case .version: customer.version == 0 ? nil : "\(customer.version)"
    case .text(let path, _): customer[keyPath: path].isEmpty ? nil : customer[keyPath: path]
    case .time(let path): customer[keyPath: path]?.rfc3339
    case .phones, .addresses, .attributes: nil
    }
  }

  /// Takes the field over from another customer, empty if it is empty there.
  package func copy(from source: Customer, to target: inout Customer) {
    switch content {
    case .id: target.customerID = source.customerID
    case .version: target.version = source.version
    case .text(let path, _): target[keyPath: path] = source[keyPath: path]
    case .phones: target.phones = source.phones
    case .addresses: target.addresses = source.addresses
    case .attributes: target.attributes = source.attributes
    case .time(let path): target[keyPath: path] = source[keyPath: path]
    }
  }

  /// Whether a customer has nothing in the field.
  package func isEmpty(in customer: Customer) -> Bool {
    switch content {
    case .phones: customer.phones.isEmpty
    case .addresses: customer.addresses.isEmpty
    case .attributes: customer.attributes.isEmpty
    case .id: customer.customerID.isEmpty
    case .version: customer.version == 0
    case .text(let path, _): customer[keyPath: path].isEmpty
    case .time(let path): customer[keyPath: path] == nil
    }
  }
}
