import Arguments
import CustomerModel
import ProtoWire

/// The fields of customers that somebody wants to see: `lastName,phones,attributes.tier`.
struct FieldSelection: Equatable {
  /// One of them.
  enum Item: Equatable {
    /// One text, or one phone in one text.
    case field(FieldPath)

    /// A whole list, or all attributes.
    case all(Assignment.Collection)
  }

  /// The most fields in a selection.
  static let itemsMax = 100

  /// In the order in which they are printed.
  let items: [Item]

  /// Reads a selection.
  ///
  /// - Throws: If a part of it is no field, or there are too many.
  init(_ text: String) throws(FieldError) {
    let names = text.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    guard !names.isEmpty else { throw FieldError(field: "--fields", reason: "names no field") }
    guard names.count <= Self.itemsMax else {
      throw FieldError(
        field: "--fields",
        reason: "\(names.count) fields is over the limit of \(Self.itemsMax)"
      )
    }
    items = try names.map { name throws(FieldError) in
      if let collection = Assignment.Collection(rawValue: name.lowercased()) {
        return .all(collection)
      }
      return .field(try FieldPath(name))
    }
  }

  // MARK: Tables

  /// A column for each.
  var columns: [TextTable.Column] {
    items.map { item in
      TextTable.Column(
        title: item.title,
        mayShrink: item != .field(.customerID),
        isNumber: item == .field(.version)
      )
    }
  }

  /// A customer's texts, one for each.
  func cells(_ customer: Customer) -> [String] { items.map { $0.text(in: customer) } }

  /// A line for each that the customer has.
  func lines(_ customer: Customer) -> [String] {
    let rows = items.map { [$0.title, $0.text(in: customer)] }
    return TextTable.pairs(rows.filter { !$0[1].isEmpty })
  }

  /// The columns of CSV, given those of all that customers have.
  func fields(among all: [FieldPath]) -> [FieldPath] {
    items.flatMap { item -> [FieldPath] in
      switch item {
      case .field(let path): [path]
      case .all(let collection): all.filter { $0.collection == collection }
      }
    }
  }

  // MARK: JSON

  /// A customer's object with nothing else in it.
  func json(_ customer: Customer) -> JSONTree {
    var object = JSONTree.Members()
    for item in items {
      switch item {
      case .all(.phones):
        object["phones"] = .array(customer.phones.indices.map { Self.phone($0, customer) })
      case .all(.addresses):
        object["addresses"] = .array(customer.addresses.indices.map { Self.address($0, customer) })
      case .all(.attributes):
        var all = JSONTree.Members()
        for entry in customer.attributes { all[entry.key] = .text(entry.value) }
        object["attributes"] = .object(all)
      case .field(.attribute(let name)):
        var some = object["attributes"]?.members ?? JSONTree.Members()
        some[name] = customer.attributes[name].map { .text($0) }
        object["attributes"] = .object(some)
      case .field(let path):
        guard let element = path.element else {
          object[path.text] = Self.value(path, customer)
          continue
        }
        add(path, element, of: customer, to: &object)
      }
    }
    return .object(object)
  }

  /// Adds a part of a phone or an address: an object of its own in the list, or a member there.
  private func add(
    _ path: FieldPath,
    _ element: ListElement,
    of customer: Customer,
    to object: inout JSONTree.Members
  ) {
    let name = path.collection?.rawValue ?? ""
    let count = element.list == .phones ? customer.phones.count : customer.addresses.count
    var list = object[name]?.elements ?? []
    defer { object[name] = .array(list) }
    guard element.index < count else { return }
    // Elements stand in the order in which they are asked for, each once.
    let place = list.firstIndex { $0.members?.mark == element.index }
    var members = place.flatMap { list[$0].members } ?? JSONTree.Members(mark: element.index)
    switch path {
    case .phone(let index, .whole):
      members.merge(Self.phone(index, customer).members ?? JSONTree.Members())
    case .phone(_, let part): members[part.rawValue] = Self.value(path, customer)
    case .address(_, let part): members[part.rawValue] = Self.value(path, customer)
    default: break
    }
    if let place { list[place] = .object(members) } else { list.append(.object(members)) }
  }

  private static func phone(_ index: Int, _ customer: Customer) -> JSONTree {
    var members = JSONTree.Members(mark: index)
    for part in PhonePart.allCases where part != .whole {
      members[part.rawValue] = value(.phone(index, part), customer)
    }
    return .object(members)
  }

  private static func address(_ index: Int, _ customer: Customer) -> JSONTree {
    var members = JSONTree.Members(mark: index)
    for part in AddressPart.allCases {
      members[part.rawValue] = value(.address(index, part), customer)
    }
    return .object(members)
  }

  /// A text, empty where there is none; no member at all for a time that isn't known.
  private static func value(_ path: FieldPath, _ customer: Customer) -> JSONTree? {
    if let text = path.text(in: customer) { return .text(text) }
    switch path {
    case .createTime, .updateTime: return nil
    case .version: return .text("0")
    default: return .text("")
    }
  }
}

extension FieldSelection.Item {
  /// The name that stands over a column.
  fileprivate var title: String {
    switch self {
    case .field(let path): path.text
    case .all(let collection): collection.rawValue
    }
  }

  fileprivate func text(in customer: Customer) -> String {
    switch self {
    case .field(let path): path.text(in: customer) ?? ""
    case .all(.phones):
      customer.phones.indices.compactMap { FieldPath.phone($0, .whole).text(in: customer) }
        .joined(separator: ", ")
    case .all(.addresses):
      customer.addresses.indices.map { index in
        AddressPart.allCases.filter { $0 != .key }
          .compactMap { FieldPath.address(index, $0).text(in: customer) }
          .joined(separator: " ")
      }.joined(separator: ", ")
    case .all(.attributes):
      customer.attributes.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
  }
}

extension FieldPath {
  /// The list, or the attributes, that the field is of; nil for one that stands alone.
  fileprivate var collection: Assignment.Collection? {
    switch self {
    case .phone: .phones
    case .address: .addresses
    case .attribute: .attributes
    default: nil
    }
  }
}
