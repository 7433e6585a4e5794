import CustomerModel

/// A phone number in one text: `Mobile:AU:0491570006`, `AU:0491570006`, `+61491570006`.
///
/// Type and country may be left out. A number that begins with `+` is international, any other is
/// local.
enum PhoneText {
  /// The names of the types, as the schema has them.
  static let types: [(name: String, kind: PhoneNumber.Kind)] = [
    ("Unknown", .unknown), ("Phone", .phone), ("Mobile", .mobile),
  ]

  /// Reads a text; the key stays empty.
  static func parse(_ text: String) throws(FieldError) -> PhoneNumber {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(trimmed)
    var phone = PhoneNumber()
    guard let number = parts.popLast(), !number.isEmpty, parts.count <= 2 else {
      throw FieldError(
        field: "phones",
        reason: "a number reads TYPE:COUNTRY:NUMBER, as Mobile:AU:0491570006"
      )
    }
    if parts.count == 2 || (parts.count == 1 && parts[0].count != 2) {
      phone.type = try type(parts.removeFirst())
    }
    phone.country = parts.first ?? ""
    if number.hasPrefix("+") {
      phone.numberInternational = number
    } else {
      phone.numberLocal = number
    }
    return phone
  }

  /// Reads a type's name, in any case, or its number: the daemon may know types of later schemas.
  static func type(_ text: String) throws(FieldError) -> PhoneNumber.Kind {
    if let found = types.first(where: { $0.name.lowercased() == text.lowercased() }) {
      return found.kind
    }
    if let number = Int32(text) { return PhoneNumber.Kind(rawValue: number) }
    let names = types.map(\.name).joined(separator: ", ")
    throw FieldError(
      field: "type",
      reason: "'\(TerminalText.safe(text))' is none of \(names)"
    )
  }

  /// A type's name; its number if the schema has none.
  static func name(of kind: PhoneNumber.Kind) -> String {
    types.first { $0.kind == kind }?.name ?? "\(kind.rawValue)"
  }
}

/// A text without the white space around it.
func trimmed(_ text: some StringProtocol) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
    let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
  else { return "" }
  return String(text[first...last])
}
