internal import ProtoWire

/// What two writers can change without harm to each other: a field, one phone, one address, the
/// order of these, one attribute.
package enum CustomerPart: Hashable, Sendable {
  /// A field that holds one text.
  case field(CustomerField)

  /// A phone, by its key; the empty key stands for all that are new.
  case phone(String)

  /// An address, by its key; the empty key stands for all that are new.
  case address(String)

  /// The order of the phones or addresses that both have.
  case order(CustomerField)

  /// An attribute, by its name.
  case attribute(String)
}

extension CustomerPart {
  /// The path in an update's mask: lists are written whole.
  package var maskPath: String {
    switch self {
    case .field(let field), .order(let field): field.schemaName
    case .phone: CustomerField.phones.schemaName
    case .address: CustomerField.addresses.schemaName
    case .attribute(let name): FieldPath.attribute(name).maskPath
    }
  }

  /// The name on screens.
  package var label: String {
    switch self {
    case .field(let field), .order(let field): field.label
    case .phone: PhoneNumber.label
    case .address: Address.label
    case .attribute(let name): name
    }
  }

  /// The value in one line; `nil` for what isn't there.
  package func text(in customer: Customer) -> String? {
    switch self {
    case .field(let field): field.text(in: customer)
    case .phone(let key): customer.phones.line(ofKey: key)
    case .address(let key): customer.addresses.line(ofKey: key)
    case .order(.addresses): customer.addresses.map(\.line).joined(separator: "; ")
    case .order: customer.phones.map(\.line).joined(separator: "; ")
    case .attribute(let name): customer.attributes[name]
    }
  }
}

extension Customer {
  /// The parts in which the customer differs from an older or newer one, in the order of the fields.
  ///
  /// What only the server sets isn't compared.
  package func parts(changedFrom base: Customer) -> [CustomerPart] {
    var parts: [CustomerPart] = []
    for field in CustomerField.allCases {
      switch field.content {
      case .id, .version, .time: break
      case .text(let path, _):
        if self[keyPath: path] != base[keyPath: path] { parts.append(.field(field)) }
      case .phones:
        parts += phones.keys(changedFrom: base.phones).map { .phone($0) }
        if phones.isOrdered(unlike: base.phones) { parts.append(.order(field)) }
      case .addresses:
        parts += addresses.keys(changedFrom: base.addresses).map { .address($0) }
        if addresses.isOrdered(unlike: base.addresses) { parts.append(.order(field)) }
      case .attributes:
        guard attributes != base.attributes else { continue }
        let names = Set(attributes.keys).union(base.attributes.keys)
        parts += names.sorted().filter { attributes[$0] != base.attributes[$0] }
          .map { .attribute($0) }
      }
    }
    return parts
  }
}

extension Customer {
  /// Takes parts over from another customer; what isn't there is taken away.
  mutating func take(_ parts: [CustomerPart], from source: Customer) {
    var phoneKeys: Set<String> = []
    var addressKeys: Set<String> = []
    var orders: [CustomerField] = []
    for part in parts {
      switch part {
      case .field(let field): field.copy(from: source, to: &self)
      case .phone(let key): phoneKeys.insert(key)
      case .address(let key): addressKeys.insert(key)
      case .order(let field): orders.append(field)
      case .attribute(let name): attributes[name] = source.attributes[name]
      }
    }
    if !phoneKeys.isEmpty { phones.take(phoneKeys, from: source.phones) }
    if !addressKeys.isEmpty { addresses.take(addressKeys, from: source.addresses) }
    if orders.contains(.phones) { phones.order(as: source.phones) }
    if orders.contains(.addresses) { addresses.order(as: source.addresses) }
  }
}

extension Sequence<CustomerPart> {
  /// The paths of an update's mask, each once.
  package var maskPaths: [String] { map(\.maskPath).eachOnce }

  /// The names on screens, each once.
  package var labels: [String] { map(\.label).eachOnce }
}

extension [String] {
  /// The texts, each where it stands first.
  fileprivate var eachOnce: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

extension Array where Element: CustomerElement {
  /// The keys of elements that differ, in their order in the older list, then in this one.
  fileprivate func keys(changedFrom base: [Element]) -> [String] {
    guard self != base else { return [] }
    let before = Dictionary(grouping: base, by: \.key)
    let after = Dictionary(grouping: self, by: \.key)
    return (base + self).map(\.key).eachOnce.filter { before[$0] != after[$0] }
  }

  /// Whether the elements that both lists have stand in another order.
  fileprivate func isOrdered(unlike base: [Element]) -> Bool {
    let keys = Set(map(\.key)).intersection(base.map(\.key))
    return map(\.key).filter(keys.contains) != base.map(\.key).filter(keys.contains)
  }

  /// Puts the elements into the order of another list; those that it doesn't have come last.
  fileprivate mutating func order(as source: [Element]) {
    let places = Dictionary(source.enumerated().map { ($1.key, $0) }) { first, _ in first }
    self = enumerated().sorted { left, right in
      (places[left.element.key] ?? source.count, left.offset)
        < (places[right.element.key] ?? source.count, right.offset)
    }.map(\.element)
  }

  /// Takes the elements of some keys from another list, to where they stand in this one; what this
  /// one doesn't have comes last.
  fileprivate mutating func take(_ keys: Set<String>, from source: [Element]) {
    var taken = Dictionary(grouping: source.filter { keys.contains($0.key) }, by: \.key)
    let new = source.map(\.key).filter { keys.contains($0) }.eachOnce
    var result = flatMap { element -> [Element] in
      keys.contains(element.key) ? taken.removeValue(forKey: element.key) ?? [] : [element]
    }
    for key in new { result += taken[key] ?? [] }
    self = result
  }

  /// The elements of a key in one line.
  fileprivate func line(ofKey key: String) -> String? {
    let lines = filter { $0.key == key }.map(\.line)
    return lines.isEmpty ? nil : lines.joined(separator: "; ")
  }
}
