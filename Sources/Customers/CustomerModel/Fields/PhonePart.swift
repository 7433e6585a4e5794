/// The texts of a phone.
package enum PhonePart: String, ElementPart {
  case key
  case type
  case country
  case numberLocal
  case numberInternational

  package var content: PartContent<PhoneNumber> {
    switch self {
    case .key: .text(\.key, .key)
    case .type: .kind(\.type)
    case .country: .text(\.country, .country)
    case .numberLocal:
      .text(\.numberLocal, .line(codePointsMax: CustomerLimits.numberLocalCodePointsMax))
    case .numberInternational: .text(\.numberInternational, .numberInternational)
    }
  }

  package var label: String {
    switch self {
    case .key: "Key"
    case .type: "Type"
    case .country: "Country"
    case .numberLocal: "Number"
    case .numberInternational: "International"
    }
  }
}

extension PhoneNumber: CustomerElement {
  package typealias Part = PhonePart

  package static var field: CustomerField { .phones }
  package static var label: String { "Phone" }
  package static var countMax: Int { CustomerLimits.phonesMax }

  /// Type, country and number.
  package var line: String {
    [type.name, country, number].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The number to show: international, or local where that isn't known.
  package var number: String { numberInternational.isEmpty ? numberLocal : numberInternational }

  /// With the international number of the local one, if that has none and it is sure what it is.
  package var completed: PhoneNumber? {
    guard numberInternational.isEmpty, !numberLocal.isEmpty,
      let number = LocalNumber.international(numberLocal, country: country)
    else { return nil }
    var phone = self
    phone.numberInternational = number
    return phone
  }
}

extension PhoneNumber.Kind {
  /// The kinds that the schema names, as JSON names them.
  package static let named: [(name: String, kind: PhoneNumber.Kind)] = [
    ("Unknown", .unknown), ("Phone", .phone), ("Mobile", .mobile),
  ]

  /// The name in JSON; the number of a kind that the schema doesn't name.
  package var name: String { Self.named.first { $0.kind == self }?.name ?? "\(rawValue)" }

  /// Reads a name, in any case, or a number: the daemon may know kinds of later schemas.
  package init?(name: String) {
    if let found = Self.named.first(where: { $0.name.lowercased() == name.lowercased() }) {
      self = found.kind
    } else if let number = Int32(name) {
      self = PhoneNumber.Kind(rawValue: number)
    } else {
      return nil
    }
  }
}
