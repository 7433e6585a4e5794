import Arguments
import CustomerModel
import ProtoWire

/// One change as a command line writes it: `firstName=Ann`, `phones+=Mobile:AU:0491570006`.
///
/// Nothing behind the equals sign takes the field away: `attributes.old=`, `phones=`.
package struct Assignment: Equatable {
  /// What it changes.
  package enum Target: Equatable {
    /// One text.
    case field(FieldPath)
    /// Another phone, at the end.
    case newPhone
    /// A list, or all attributes; only to take it away.
    case all(CustomerField)
  }

  /// What it changes.
  package var target: Target

  /// The text behind the equals sign.
  var value: String

  /// Reads an assignment.
  package init(_ text: String) throws(FieldError) {
    // Not the character: a mark that the value begins with would be one with the equals sign.
    let scalars = text.unicodeScalars
    guard let equals = scalars.firstIndex(of: "="), equals != text.startIndex else {
      throw FieldError(field: Words.escaped(text), reason: "is no change; write FIELD=VALUE")
    }
    value = String(scalars[scalars.index(after: equals)...])
    let name = text[..<equals]
    if name.hasSuffix("+") {
      guard CustomerField(typed: name.dropLast()) == .phones else {
        throw FieldError(
          field: Words.escaped(String(name)),
          reason: "only phones+= adds to a list"
        )
      }
      target = .newPhone
      // Whether it reads as a phone is found out now, not after the customer was fetched.
      _ = try PhoneNumber(text: value)
      return
    }
    if let field = CustomerField(typed: name), field.isCollection {
      guard value.isEmpty else {
        throw FieldError(
          field: field.jsonName,
          reason: "can only be emptied as a whole, with \(field.jsonName)="
        )
      }
      target = .all(field)
      return
    }
    let path = try FieldPath(String(name))
    target = .field(path)
    var scratch = Customer()
    if !value.isEmpty { try path.set(value, in: &scratch) }
  }

  /// Makes the change.
  ///
  /// - Throws: If it is for an element of a list that isn't there and isn't the next.
  package func apply(to customer: inout Customer) throws(FieldError) {
    switch target {
    case .newPhone:
      customer.phones.append(try PhoneNumber(text: value))
    case .all(let field):
      field.copy(from: Customer(), to: &customer)
    case .field(.attribute(let name)):
      customer.attributes[name] = value.isEmpty ? nil : value
    case .field(.field(.version)) where value.isEmpty:
      customer.version = 0
    case .field(.wholePhone(let place)) where value.isEmpty:
      try Self.check(place, of: .phones, customer)
      if place < customer.phones.count { customer.phones.remove(at: place) }
    case .field(let path):
      if let place = path.place { try Self.check(place, of: path.field, customer) }
      try path.set(value, in: &customer)
    }
  }

  private static func check(
    _ place: Int,
    of list: CustomerField,
    _ customer: Customer
  ) throws(FieldError) {
    let count = list == .phones ? customer.phones.count : customer.addresses.count
    guard place > count else { return }
    throw FieldError(
      field: "\(list.jsonName)[\(place)]",
      reason: "the customer has \(count) of \(list.jsonName)"
    )
  }
}

extension [Assignment] {
  /// The paths for an update mask, each once, in the order given.
  package var maskPaths: [String] {
    var paths: [String] = []
    for assignment in self {
      guard let path = assignment.maskPath, !paths.contains(path) else { continue }
      paths.append(path)
    }
    return paths
  }

  /// Whether they change a list, which is written whole and so must be read first.
  package var changesList: Bool {
    contains { assignment in
      switch assignment.target {
      case .newPhone: true
      case .all: false
      case .field(let path): path.place != nil
      }
    }
  }
}

extension Assignment {
  /// The field in an update mask; nil for the version, which is a precondition.
  fileprivate var maskPath: String? {
    switch target {
    case .newPhone: CustomerField.phones.schemaName
    case .all(let field): field.schemaName
    case .field(.field(.version)): nil
    case .field(let path): path.maskPath
    }
  }
}
