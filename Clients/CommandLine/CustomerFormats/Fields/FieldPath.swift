import Arguments

/// One text of a customer, by the path that command lines, column heads and errors use.
///
/// `lastName`, `phones[0].numberLocal`, `addresses[1].suburb`, `attributes.tier`. Case and
/// underscores don't matter when one is read, so `last_name` and the document's
/// `phones[0].NumberLocal` are the same; an attribute's name is kept as it stands.
enum FieldPath: Hashable, Sendable {
  case customerID
  case version
  case firstName
  case lastName
  case displayName
  case emailAddress
  case createTime
  case updateTime
  case phone(Int, PhonePart)
  case address(Int, AddressPart)
  case attribute(String)

  /// The most phones, and the most addresses, that a customer has.
  static let elementsMax = 20
}

/// One text of a phone number.
enum PhonePart: String, CaseIterable, Hashable, Sendable {
  /// All of it in one text: `Mobile:AU:0491570006`.
  case whole = ""
  case key
  case type
  case country
  case numberLocal
  case numberInternational
}

/// One text of an address.
enum AddressPart: String, CaseIterable, Hashable, Sendable {
  case key
  case address1
  case address2
  case suburb
  case postcode
  case state
  case country
}

/// Why a text names no field, or a field can't hold a text.
struct FieldError: Error, Equatable, CustomStringConvertible {
  /// The field as the user or the column head wrote it.
  var field: String

  /// What is wrong with it.
  var reason: String

  var description: String { "\(field): \(reason)" }
}

extension FieldPath {
  /// The fields that are one text each, by their path.
  static let simple: [(name: String, path: FieldPath)] = [
    ("customerId", .customerID), ("version", .version), ("firstName", .firstName),
    ("lastName", .lastName), ("displayName", .displayName), ("emailAddress", .emailAddress),
    ("createTime", .createTime), ("updateTime", .updateTime),
  ]

  /// Reads a path.
  init(_ text: String) throws(FieldError) {
    if let name = Self.attributeName(text) {
      guard !name.isEmpty else {
        throw FieldError(field: Words.escaped(text), reason: "an attribute needs a name")
      }
      self = .attribute(name)
      return
    }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let head = parts[0]
    guard let bracket = head.firstIndex(of: "[") else {
      guard let found = Self.simple.first(where: { Self.matches($0.name, text) }) else {
        throw Self.unknown(text)
      }
      self = found.path
      return
    }
    let index = try Self.index(head[bracket...], of: text)
    let part = parts.count > 1 ? String(parts[1]) : ""
    switch Self.normalized(head[..<bracket]) {
    case "phones":
      self = .phone(index, try Self.part(part, of: text))
    case "addresses":
      self = .address(index, try Self.part(part, of: text))
    default:
      throw Self.unknown(text)
    }
  }

  /// The path as this program writes it.
  var text: String {
    switch self {
    case .customerID: "customerId"
    case .version: "version"
    case .firstName: "firstName"
    case .lastName: "lastName"
    case .displayName: "displayName"
    case .emailAddress: "emailAddress"
    case .createTime: "createTime"
    case .updateTime: "updateTime"
    case .phone(let index, .whole): "phones[\(index)]"
    case .phone(let index, let part): "phones[\(index)].\(part.rawValue)"
    case .address(let index, let part): "addresses[\(index)].\(part.rawValue)"
    case .attribute(let name): "attributes.\(name)"
    }
  }

  /// The path in an update mask: lists are named whole, attributes one by one.
  var maskPath: String {
    switch self {
    case .customerID: "customer_id"
    case .version: "version"
    case .firstName: "first_name"
    case .lastName: "last_name"
    case .displayName: "display_name"
    case .emailAddress: "email_address"
    case .createTime: "create_time"
    case .updateTime: "update_time"
    case .phone: "phones"
    case .address: "addresses"
    case .attribute(let name): "attributes.\(name)"
    }
  }

  /// The element of a list that the field belongs to.
  var element: ListElement? {
    switch self {
    case .phone(let index, _): ListElement(list: .phones, index: index)
    case .address(let index, _): ListElement(list: .addresses, index: index)
    default: nil
    }
  }

  // MARK: Reading

  /// The name behind the first dot; a name may begin with a mark that is one character with it.
  private static func attributeName(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    guard let dot = scalars.firstIndex(of: "."), normalized(text[..<dot]) == "attributes" else {
      return nil
    }
    return String(scalars[scalars.index(after: dot)...])
  }

  private static func index(_ text: Substring, of path: String) throws(FieldError) -> Int {
    let digits = text.dropFirst().dropLast()
    guard text.hasSuffix("]"), digits.allSatisfy(\.isASCII), let index = Int(digits),
      digits.first?.isNumber == true
    else {
      throw FieldError(
        field: Words.escaped(path),
        reason: "a place in a list is a number such as phones[0]"
      )
    }
    guard index < elementsMax else {
      throw FieldError(
        field: Words.escaped(path),
        reason: "place \(index) is over the maximum of \(elementsMax - 1)"
      )
    }
    return index
  }

  private static func part<Part: CaseIterable & RawRepresentable>(
    _ text: String,
    of path: String
  ) throws(FieldError) -> Part where Part.RawValue == String {
    if let part = Part.allCases.first(where: { matches($0.rawValue, text) }) { return part }
    let names = Part.allCases.map(\.rawValue).filter { !$0.isEmpty }
    let near = Words.nearest(to: text, among: names)
    throw FieldError(
      field: Words.escaped(path),
      reason: "is none of \(names.joined(separator: ", "))" + Words.didYouMean(near)
    )
  }

  private static func unknown(_ text: String) -> FieldError {
    let names = simple.map(\.name) + ["phones[0].numberLocal", "addresses[0].address1"]
    return FieldError(
      field: Words.escaped(text),
      reason: "no field of a customer is called so"
        + Words.didYouMean(Words.nearest(to: text, among: names))
    )
  }

  private static func matches(_ name: String, _ text: String) -> Bool {
    normalized(name[...]) == normalized(text[...])
  }

  private static func normalized(_ text: Substring) -> String {
    text.filter { $0 != "_" }.lowercased()
  }
}

/// A place in one of a customer's lists.
struct ListElement: Hashable {
  /// The lists there are.
  enum List: Hashable {
    case phones
    case addresses
  }

  /// The list.
  var list: List

  /// The place; the first is 0.
  var index: Int
}
