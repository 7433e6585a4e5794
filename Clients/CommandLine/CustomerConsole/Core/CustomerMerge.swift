import CustomerModel
import ProtoWire

/// What two writers can change without harm to each other: a text, one phone, one address, one
/// attribute.
enum MergeField: Hashable, Sendable {
  case firstName
  case lastName
  case displayName
  case emailAddress

  /// A phone, by its key; the empty key stands for all that are new.
  case phone(String)

  /// An address, by its key; the empty key stands for all that are new.
  case address(String)
  case attribute(String)

  /// The path in an update's mask: lists are written whole.
  var path: String {
    switch self {
    case .firstName: "first_name"
    case .lastName: "last_name"
    case .displayName: "display_name"
    case .emailAddress: "email_address"
    case .phone: "phones"
    case .address: "addresses"
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
    case .phone: "Phone"
    case .address: "Address"
    case .attribute(let name): name
    }
  }

  /// The value in one line; nil for what isn't there.
  func text(in customer: Customer) -> String? {
    switch self {
    case .firstName: customer.firstName
    case .lastName: customer.lastName
    case .displayName: customer.displayName
    case .emailAddress: customer.emailAddress
    case .phone(let key):
      Self.joined(customer.phones.filter { $0.key == key }.map { CustomerText.phone($0) })
    case .address(let key):
      Self.joined(customer.addresses.filter { $0.key == key }.map { CustomerText.address($0) })
    case .attribute(let name): customer.attributes[name]
    }
  }

  /// Takes the value over; what isn't there is taken away.
  func copy(from source: Customer, to target: inout Customer) {
    switch self {
    case .firstName: target.firstName = source.firstName
    case .lastName: target.lastName = source.lastName
    case .displayName: target.displayName = source.displayName
    case .emailAddress: target.emailAddress = source.emailAddress
    case .phone(let key): Self.copy(key, \.key, from: source.phones, to: &target.phones)
    case .address(let key): Self.copy(key, \.key, from: source.addresses, to: &target.addresses)
    case .attribute(let name): target.attributes[name] = source.attributes[name]
    }
  }

  private static func joined(_ texts: [String]) -> String? {
    texts.isEmpty ? nil : texts.joined(separator: "; ")
  }

  private static func copy<Element>(
    _ key: String,
    _ keyPath: KeyPath<Element, String>,
    from source: [Element],
    to target: inout [Element]
  ) {
    let place = target.firstIndex { $0[keyPath: keyPath] == key } ?? target.count
    target.removeAll { $0[keyPath: keyPath] == key }
    target.insert(contentsOf: source.filter { $0[keyPath: keyPath] == key }, at: place)
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
    fields += keys(old.phones, new.phones, \.key).map { .phone($0) }
    fields += keys(old.addresses, new.addresses, \.key).map { .address($0) }
    let names = Set(old.attributes.keys).union(new.attributes.keys)
    for name in names.sorted() where old.attributes[name] != new.attributes[name] {
      fields.append(.attribute(name))
    }
    return fields
  }

  /// The keys of elements that differ, in their order.
  private static func keys<Element: Equatable>(
    _ old: [Element],
    _ new: [Element],
    _ keyPath: KeyPath<Element, String>
  ) -> [String] {
    var keys: [String] = []
    for key in (old + new).map({ $0[keyPath: keyPath] }) where !keys.contains(key) {
      let before = old.filter { $0[keyPath: keyPath] == key }
      if before != new.filter({ $0[keyPath: keyPath] == key }) { keys.append(key) }
    }
    return keys
  }

  /// The fields that both changed since `base`, each to something else.
  static func conflicts(base: Customer, mine: Customer, theirs: Customer) -> [MergeField] {
    let changedByThem = Set(differences(base, theirs))
    let different = Set(differences(mine, theirs))
    return differences(base, mine).filter { changedByThem.contains($0) && different.contains($0) }
  }

  /// The paths of an update's mask, each once.
  static func mask(_ fields: [MergeField]) -> [String] {
    var paths: [String] = []
    for path in fields.map(\.path) where !paths.contains(path) { paths.append(path) }
    return paths
  }

  /// The fields in words, each once.
  static func labels(_ fields: [MergeField]) -> [String] {
    var labels: [String] = []
    for label in fields.map(\.label) where !labels.contains(label) { labels.append(label) }
    return labels
  }

  /// Their record with my changes on it.
  static func merged(base: Customer, mine: Customer, theirs: Customer) -> Customer {
    var merged = theirs
    for field in differences(base, mine) { field.copy(from: mine, to: &merged) }
    return merged
  }
}
