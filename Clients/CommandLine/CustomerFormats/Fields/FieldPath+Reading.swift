import Arguments
import CustomerModel

extension FieldPath {
  /// Reads a path: `lastName`, `phones[0].numberLocal`, `addresses[1].suburb`, `attributes.tier`.
  ///
  /// Case and underscores don't matter, so `last_name` and the document's `phones[0].NumberLocal`
  /// are the same; an attribute's name is kept as it stands.
  package init(_ text: String) throws(FieldError) {
    // Not the character: a name may begin with a mark that is one with the dot.
    let scalars = text.unicodeScalars
    if let dot = scalars.firstIndex(of: "."),
      CustomerField(typed: text[..<dot]) == .attributes
    {
      let name = String(scalars[scalars.index(after: dot)...])
      guard !name.isEmpty else {
        throw FieldError(field: Words.escaped(text), reason: "an attribute needs a name")
      }
      self = .attribute(name)
      return
    }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let head = parts[0]
    guard let bracket = head.firstIndex(of: "[") else {
      guard let field = CustomerField(typed: text[...]), !field.isCollection else {
        throw Self.unknown(text)
      }
      self = .field(field)
      return
    }
    let place = try Self.place(head[bracket...], of: text)
    let part = parts.count > 1 ? String(parts[1]) : ""
    switch CustomerField(typed: head[..<bracket]) {
    case .phones where part.isEmpty: self = .wholePhone(place)
    case .phones: self = .phone(place, try Self.part(part, of: text))
    case .addresses: self = .address(place, try Self.part(part, of: text))
    default: throw Self.unknown(text)
    }
  }

  private static func place(_ text: Substring, of path: String) throws(FieldError) -> Int {
    let digits = text.dropFirst().dropLast()
    guard text.hasSuffix("]"), digits.allSatisfy(\.isASCII), let place = Int(digits),
      digits.first?.isNumber == true
    else {
      throw FieldError(
        field: Words.escaped(path),
        reason: "a place in a list is a number such as phones[0]"
      )
    }
    let max = Swift.max(PhoneNumber.countMax, Address.countMax) - 1
    guard place <= max else {
      throw FieldError(
        field: Words.escaped(path),
        reason: "place \(place) is over the maximum of \(max)"
      )
    }
    return place
  }

  private static func part<Part: ElementPart>(
    _ text: String,
    of path: String
  ) throws(FieldError) -> Part {
    if let part = Part.allCases.first(where: { $0.rawValue.isTyped(text[...]) }) { return part }
    let names = Part.allCases.map(\.rawValue)
    let near = Words.nearest(to: text, among: names)
    throw FieldError(
      field: Words.escaped(path),
      reason: "is none of \(names.joined(separator: ", "))" + Words.didYouMean(near)
    )
  }

  private static func unknown(_ text: String) -> FieldError {
    let names =
      CustomerField.allCases.filter { !$0.isCollection }.map(\.jsonName)
      + ["phones[0].numberLocal", "addresses[0].address1"]
    return FieldError(
      field: Words.escaped(text),
      reason: "no field of a customer is called so"
        + Words.didYouMean(Words.nearest(to: text, among: names))
    )
  }
}

extension CustomerField {
  /// Reads a name as somebody typed it: case and underscores don't matter.
  init?(typed name: some StringProtocol) {
    guard let field = Self.allCases.first(where: { $0.jsonName.isTyped(name) }) else { return nil }
    self = field
  }
}

extension String {
  /// Whether a text is this name but for case and underscores.
  fileprivate func isTyped(_ text: some StringProtocol) -> Bool {
    lowercased() == String(text.filter { $0 != "_" }).lowercased()
  }
}
