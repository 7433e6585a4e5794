internal import ProtoWire
internal import WellKnownTypes

/// One text of a customer, by the path that command lines, column heads and errors use.
///
/// `lastName`, `phones[0].numberLocal`, `addresses[1].suburb`, `attributes.tier`.
package enum FieldPath: Hashable, Sendable {
  /// A field that holds one text.
  case field(CustomerField)

  /// A text of a phone, by its place in the list.
  case phone(Int, PhonePart)

  /// All of a phone in one text: `Mobile:AU:0491570006`.
  case wholePhone(Int)

  /// A text of an address, by its place in the list.
  case address(Int, AddressPart)

  /// An attribute, by its name.
  case attribute(String)
}

/// Why a text names no field, or a field can't hold a text.
package struct FieldError: Error, Hashable, CustomStringConvertible {
  /// The field as the user or the column head wrote it.
  package var field: String

  /// What is wrong with it.
  package var reason: String

  /// Creates an error.
  package init(field: String, reason: String) {
    self.field = field
    self.reason = reason
  }

  package var description: String { "\(field): \(reason)" }
}

extension FieldPath {
  /// The path as text.
  package var text: String {
    switch self {
    case .field(let field): field.jsonName
    case .phone(let place, let part): "\(CustomerField.phones.jsonName)[\(place)].\(part.rawValue)"
    case .wholePhone(let place): "\(CustomerField.phones.jsonName)[\(place)]"
    case .address(let place, let part):
      "\(CustomerField.addresses.jsonName)[\(place)].\(part.rawValue)"
    case .attribute(let name): "\(CustomerField.attributes.jsonName).\(name)"
    }
  }

  /// The field that the text is, or is in.
  package var field: CustomerField {
    switch self {
    case .field(let field): field
    case .phone, .wholePhone: .phones
    case .address: .addresses
    case .attribute: .attributes
    }
  }

  /// The place in its list; `nil` for what is in none.
  package var place: Int? {
    switch self {
    case .phone(let place, _), .wholePhone(let place), .address(let place, _): place
    case .field, .attribute: nil
    }
  }

  /// The same text of another element of its list.
  package func moved(to place: Int) -> FieldPath {
    switch self {
    case .phone(_, let part): .phone(place, part)
    case .wholePhone: .wholePhone(place)
    case .address(_, let part): .address(place, part)
    case .field, .attribute: self
    }
  }

  /// The path in an update's mask: lists are named whole, attributes one by one.
  package var maskPath: String {
    if case .attribute = self { text } else { field.schemaName }
  }

  /// The field's text in a customer; `nil` if the customer doesn't have it.
  package func text(in customer: Customer) -> String? {
    // An attribute may be there and empty.
    if case .attribute(let name) = self { return customer.attributes[name] }
    let text: String? =
      switch self {
      case .field(let field): field.text(in: customer)
      case .phone(let place, let part):
        customer.phones.indices.contains(place) ? part.text(in: customer.phones[place]) : nil
      case .wholePhone(let place):
        customer.phones.indices.contains(place) ? customer.phones[place].text : nil
      case .address(let place, let part):
        customer.addresses.indices.contains(place) ? part.text(in: customer.addresses[place]) : nil
      case .attribute: nil
      }
    return text?.isEmpty == false ? text : nil
  }

  /// Writes a text into a customer; lists grow to hold it.
  ///
  /// - Throws: If the field isn't a text and this one doesn't read as what it is.
  package func set(_ text: String, in customer: inout Customer) throws(FieldError) {
    do throws(FieldError) {
      switch self {
      case .field(let field): try field.set(text, in: &customer)
      case .phone(let place, let part):
        customer.phones.grow(toHold: place)
        try part.set(text, in: &customer.phones[place])
      case .wholePhone(let place):
        customer.phones.grow(toHold: place)
        let key = customer.phones[place].key
        customer.phones[place] = try PhoneNumber(text: text)
        customer.phones[place].key = key
      case .address(let place, let part):
        customer.addresses.grow(toHold: place)
        try part.set(text, in: &customer.addresses[place])
      case .attribute(let name): customer.attributes[name] = text
      }
    } catch {
      throw FieldError(field: self.text, reason: error.reason)
    }
  }
}

extension CustomerField {
  /// Writes a text into a field that holds one.
  fileprivate func set(_ text: String, in customer: inout Customer) throws(FieldError) {
    switch content {
    case .id: customer.customerID = text
    case .text(let path, _): customer[keyPath: path] = text
    case .version:
      guard let version = UInt64(text) else {
        throw FieldError(field: jsonName, reason: "'\(Text.shown(text))' is not a version number")
      }
      customer.version = version
    case .time(let path):
      guard let time = try? Timestamp(rfc3339: text) else {
        let reason = "'\(Text.shown(text))' is not a time such as 2026-01-31T12:00:00Z"
        throw FieldError(field: jsonName, reason: reason)
      }
      customer[keyPath: path] = time
    case .phones, .addresses, .attributes:
      throw FieldError(field: jsonName, reason: "is no single text")
    }
  }
}

extension Array where Element: CustomerElement {
  /// Adds empty elements until there is one at a place.
  fileprivate mutating func grow(toHold place: Int) {
    while count <= place { append(Element()) }
  }
}

extension PhoneNumber {
  /// A phone in one text, as ``init(text:)`` reads it.
  package var text: String { [type.name, country, number].joined(separator: ":") }

  /// Reads a phone in one text: `Mobile:AU:0491570006`, `AU:0491570006`, `+61491570006`.
  ///
  /// Type and country may be left out. A number that begins with `+` is international, any other is
  /// local. The key stays empty.
  package init(text: String) throws(FieldError) {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
      .map { Text.trimmed(String($0)) }
    self.init()
    guard let number = parts.popLast(), !number.isEmpty, parts.count <= 2 else {
      throw FieldError(
        field: Self.field.jsonName,
        reason: "a number reads TYPE:COUNTRY:NUMBER, as Mobile:AU:0491570006"
      )
    }
    if parts.count == 2 || (parts.count == 1 && parts[0].count != 2) {
      try PhonePart.type.set(parts.removeFirst(), in: &self)
    }
    country = parts.first ?? ""
    if number.hasPrefix("+") { numberInternational = number } else { numberLocal = number }
  }
}
