import Arguments
import CustomerModel
import ProtoWire

/// The fields of customers that somebody wants to see: `lastName,phones,attributes.tier`.
package struct FieldSelection: Equatable {
  /// One of them.
  package enum Item: Equatable {
    /// One text, or one phone in one text.
    case field(FieldPath)

    /// A whole list, or all attributes.
    case all(CustomerField)
  }

  /// The most fields in a selection.
  static let itemsMax = 100

  /// In the order in which they are printed.
  package let items: [Item]

  /// Reads a selection.
  ///
  /// - Throws: If a part of it is no field, or there are too many.
  package init(_ text: String) throws(FieldError) {
    let names = text.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    guard !names.isEmpty else { throw FieldError(field: "--fields", reason: "names no field") }
    guard names.count <= Self.itemsMax else {
      throw FieldError(
        field: "--fields",
        reason: "\(names.count) fields is over the limit of \(Self.itemsMax)"
      )
    }
    items = try names.map { name throws(FieldError) in
      if let field = CustomerField(typed: name), field.isCollection { return .all(field) }
      return .field(try FieldPath(name))
    }
  }

  // MARK: Tables

  /// A customer's texts, one for each.
  package func cells(_ customer: Customer) -> [String] { items.map { $0.text(in: customer) } }

  /// The columns of CSV, given those of all that customers have.
  func fields(among all: [FieldPath]) -> [FieldPath] {
    items.flatMap { item -> [FieldPath] in
      switch item {
      case .field(let path): [path]
      case .all(let field): all.filter { $0.field == field }
      }
    }
  }

  // MARK: JSON

  /// A customer's object with nothing else in it.
  package func json(_ customer: Customer) -> JSONTree {
    var object = JSONTree.Members()
    for item in items {
      switch item {
      case .all(let field): object[field.jsonName] = Self.all(field, of: customer)
      case .field(.attribute(let name)):
        let attributes = CustomerField.attributes.jsonName
        var some = object[attributes]?.members ?? JSONTree.Members()
        some[name] = customer.attributes[name].map { .text($0) }
        object[attributes] = .object(some)
      case .field(.field(let field)): object[field.jsonName] = Self.value(field, customer)
      case .field(.wholePhone(let place)):
        let members =
          customer.phones.indices.contains(place)
          ? Self.members(of: customer.phones[place]) : nil
        add(members, place, of: .phones, to: &object)
      case .field(.phone(let place, let part)):
        let members =
          customer.phones.indices.contains(place)
          ? Self.members(of: customer.phones[place], [part]) : nil
        add(members, place, of: .phones, to: &object)
      case .field(.address(let place, let part)):
        let members =
          customer.addresses.indices.contains(place)
          ? Self.members(of: customer.addresses[place], [part]) : nil
        add(members, place, of: .addresses, to: &object)
      }
    }
    return .object(object)
  }

  /// Adds texts of a phone or an address: an object of its own in the list, or members there.
  private func add(
    _ texts: JSONTree.Members?,
    _ place: Int,
    of field: CustomerField,
    to object: inout JSONTree.Members
  ) {
    var list = object[field.jsonName]?.elements ?? []
    defer { object[field.jsonName] = .array(list) }
    guard let texts else { return }
    // Elements stand in the order in which they are asked for, each once.
    let index = list.firstIndex { $0.members?.mark == place }
    var members = index.flatMap { list[$0].members } ?? JSONTree.Members(mark: place)
    members.merge(texts)
    if let index { list[index] = .object(members) } else { list.append(.object(members)) }
  }

  private static func members<Element: CustomerElement>(
    of element: Element,
    _ parts: [Element.Part] = Array(Element.Part.allCases)
  ) -> JSONTree.Members {
    var members = JSONTree.Members()
    for part in parts { members[part.rawValue] = .text(part.text(in: element)) }
    return members
  }

  /// A list, or all attributes.
  private static func all(_ field: CustomerField, of customer: Customer) -> JSONTree {
    switch field.content {
    case .phones: return .array(customer.phones.map { .object(members(of: $0)) })
    case .addresses: return .array(customer.addresses.map { .object(members(of: $0)) })
    case .id, .version, .text, .time, .attributes:
      var all = JSONTree.Members()
      for entry in customer.attributes { all[entry.key] = .text(entry.value) }
      return .object(all)
    }
  }

  /// A text, empty where there is none; no member at all for a time that isn't known.
  private static func value(_ field: CustomerField, _ customer: Customer) -> JSONTree? {
    if let text = field.text(in: customer) { return .text(text) }
    switch field.content {
    case .time: return nil
    case .version: return .text("0")
    case .id, .text, .phones, .addresses, .attributes: return .text("")
    }
  }
}

extension FieldSelection.Item {
  /// The name that stands over a column.
  package var title: String {
    switch self {
    case .field(let path): path.text
    case .all(let field): field.jsonName
    }
  }

  /// Its text in one line; empty where there is none.
  package func text(in customer: Customer) -> String {
    switch self {
    case .field(let path): path.text(in: customer) ?? ""
    case .all(.phones): customer.phones.map(\.text).joined(separator: ", ")
    case .all(.addresses):
      customer.addresses.map { address in
        AddressPart.allCases.filter { !$0.isKey }.map { $0.text(in: address) }
          .filter { !$0.isEmpty }.joined(separator: " ")
      }.joined(separator: ", ")
    case .all:
      customer.attributes.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
  }
}
