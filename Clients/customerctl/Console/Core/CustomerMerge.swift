import CustomerModel
import ProtoWire

/// A field as an update's mask names it: what two writers can change without harm to each other.
enum MergeField: Hashable, Sendable {
  case firstName
  case lastName
  case displayName
  case emailAddress
  case phones
  case addresses
  case attribute(String)

  /// The path in an update's mask.
  var path: String {
    switch self {
    case .firstName: "first_name"
    case .lastName: "last_name"
    case .displayName: "display_name"
    case .emailAddress: "email_address"
    case .phones: "phones"
    case .addresses: "addresses"
    case .attribute(let name): "attributes.\(name)"
    }
  }

  /// In words.
  var label: String {
    switch self {
    case .firstName: "First Name"
    case .lastName: "Last Name"
    case .displayName: "Display Name"
    case .emailAddress: "Email Address"
    case .phones: "Phones"
    case .addresses: "Addresses"
    case .attribute(let name): name
    }
  }

  /// The field's value in one line; nil for an attribute that isn't there.
  func text(in customer: Customer) -> String? {
    switch self {
    case .firstName: customer.firstName
    case .lastName: customer.lastName
    case .displayName: customer.displayName
    case .emailAddress: customer.emailAddress
    case .phones: customer.phones.map { CustomerText.phone($0) }.joined(separator: "; ")
    case .addresses: customer.addresses.map { CustomerText.address($0) }.joined(separator: "; ")
    case .attribute(let name): customer.attributes[name]
    }
  }

  /// Takes the field over.
  func copy(from source: Customer, to target: inout Customer) {
    switch self {
    case .firstName: target.firstName = source.firstName
    case .lastName: target.lastName = source.lastName
    case .displayName: target.displayName = source.displayName
    case .emailAddress: target.emailAddress = source.emailAddress
    case .phones: target.phones = source.phones
    case .addresses: target.addresses = source.addresses
    case .attribute(let name): target.attributes[name] = source.attributes[name]
    }
  }
}

/// Which fields differ, and what of two writers' changes goes together.
enum CustomerMerge {
  /// The fields in which two records of a customer differ, in the order they are shown.
  static func differences(_ old: Customer, _ new: Customer) -> [MergeField] {
    var fields: [MergeField] = []
    if old.firstName != new.firstName { fields.append(.firstName) }
    if old.lastName != new.lastName { fields.append(.lastName) }
    if old.displayName != new.displayName { fields.append(.displayName) }
    if old.emailAddress != new.emailAddress { fields.append(.emailAddress) }
    if old.phones != new.phones { fields.append(.phones) }
    if old.addresses != new.addresses { fields.append(.addresses) }
    let names = Set(old.attributes.keys).union(new.attributes.keys)
    for name in names.sorted() where old.attributes[name] != new.attributes[name] {
      fields.append(.attribute(name))
    }
    return fields
  }

  /// The fields that both changed since `base`, each to something else.
  static func conflicts(base: Customer, mine: Customer, theirs: Customer) -> [MergeField] {
    let changedByThem = Set(differences(base, theirs))
    let different = Set(differences(mine, theirs))
    return differences(base, mine).filter { changedByThem.contains($0) && different.contains($0) }
  }

  /// Their record with my changes on it.
  static func merged(base: Customer, mine: Customer, theirs: Customer) -> Customer {
    var merged = theirs
    for field in differences(base, mine) { field.copy(from: mine, to: &merged) }
    return merged
  }
}
