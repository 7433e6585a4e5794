import CustomerModel
import ProtoWire
import WellKnownTypes

/// A customer as address books take it: a vCard 4.0 (RFC 6350).
///
/// A phone is its international number, else its local one; an address's two lines are the values
/// of the street, and its country is the code. Attributes with the names of
/// ``Meaning/names`` become the properties that vCard has for them, others become
/// `X-ATTRIBUTE;X-NAME=name:value`.
package struct VCard {
  /// The lines from `BEGIN` to `END`.
  package private(set) var lines: [ContentLine]

  /// Writes a customer.
  package init(_ customer: Customer) {
    lines = [
      ContentLine("BEGIN", verbatim: "VCARD"),
      ContentLine("VERSION", verbatim: "4.0"),
      ContentLine("UID", verbatim: "urn:uuid:\(ContentLine.escaped(customer.customerID))"),
      ContentLine("FN", text: customer.shownName),
    ]
    if !customer.firstName.isEmpty || !customer.lastName.isEmpty {
      let name = [[customer.lastName], [customer.firstName], [], [], []]
      lines.append(ContentLine("N", components: name))
    }
    if !customer.emailAddress.isEmpty {
      lines.append(ContentLine("EMAIL", text: customer.emailAddress))
    }
    lines += customer.phones.compactMap(Self.telephone)
    lines += customer.addresses.compactMap(Self.address)
    lines += Self.attributes(customer.attributes)
    if let text = customer.updateTime?.rfc3339 {
      // 2026-01-31T23:59:59 without its marks; a vCard's time has no parts of a second.
      lines.append(
        ContentLine("REV", verbatim: text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z")
      )
    }
    lines.append(ContentLine("END", verbatim: "VCARD"))
  }

  private static func telephone(_ phone: PhoneNumber) -> ContentLine? {
    let type: [(name: String, value: String)]
    switch phone.type {
    case .mobile: type = [("TYPE", "cell")]
    case .phone: type = [("TYPE", "voice")]
    default: type = []
    }
    let number = phone.numberInternational
    let digits = number.utf8.dropFirst()
    if number.utf8.first == UInt8(ascii: "+"), !digits.isEmpty,
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    {
      return ContentLine("TEL", [("VALUE", "uri")] + type, verbatim: "tel:\(number)")
    }
    return phone.number.isEmpty ? nil : ContentLine("TEL", type, text: phone.number)
  }

  /// The components are post office box, extended address, street, locality, region, code and
  /// country; the first two are to be empty (RFC 6350, 6.3.1).
  private static func address(_ address: Address) -> ContentLine? {
    let components = [
      [], [], [address.address1, address.address2].filter { !$0.isEmpty }, [address.suburb],
      [address.state], [address.postcode], [address.country],
    ]
    guard components.contains(where: { $0.contains { !$0.isEmpty } }) else { return nil }
    return ContentLine("ADR", components: components)
  }

  private static func attributes(_ attributes: WireMap<String, String>) -> [ContentLine] {
    var hasBirthday = false
    return attributes.map { entry in
      let meaning = Meaning(name: entry.key)
      if let line = meaning?.line(entry.value), meaning != .birthday || !hasBirthday {
        if meaning == .birthday { hasBirthday = true }
        return line
      }
      return ContentLine("X-ATTRIBUTE", [("X-NAME", entry.key)], text: entry.value)
    }
  }
}

extension VCard {
  /// A property of vCard that customers have as an attribute.
  enum Meaning: Equatable {
    case organization
    case title
    case role
    case note
    case nickname
    case website
    case birthday

    /// The attributes' names in small letters without spaces and marks.
    static let names: [String: Meaning] = [
      "company": .organization, "organisation": .organization, "organization": .organization,
      "jobtitle": .title, "role": .role, "note": .note, "notes": .note, "nickname": .nickname,
      "url": .website, "website": .website, "birthday": .birthday, "dateofbirth": .birthday,
    ]

    /// Tells what an attribute is by its name; nil if vCard has nothing for it.
    init?(name: String) {
      let letters = name.lowercased().filter { $0.isLetter || $0.isNumber }
      guard let meaning = Self.names[letters] else { return nil }
      self = meaning
    }

    /// The property's line; nil if it can't hold the value.
    func line(_ value: String) -> ContentLine? {
      guard !value.isEmpty else { return nil }
      switch self {
      case .organization: return ContentLine("ORG", text: value)
      case .title: return ContentLine("TITLE", text: value)
      case .role: return ContentLine("ROLE", text: value)
      case .note: return ContentLine("NOTE", text: value)
      case .nickname: return ContentLine("NICKNAME", text: value)
      case .website: return Self.isURL(value) ? ContentLine("URL", verbatim: value) : nil
      case .birthday: return Self.date(value).map { ContentLine("BDAY", verbatim: $0) }
      }
    }

    private static func isURL(_ text: String) -> Bool {
      let start = text.lowercased()
      guard start.hasPrefix("http://") || start.hasPrefix("https://") else { return false }
      return text.unicodeScalars.allSatisfy {
        (0x21..<0x7F).contains($0.value) && !"\"<>\\^`{|}".unicodeScalars.contains($0)
      }
    }

    /// `1930-02-13` or `19300213` as vCard writes dates; nil if there is no such day.
    private static func date(_ text: String) -> String? {
      let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
      guard digits.count == 8 else { return nil }
      let compact = String(decoding: digits, as: UTF8.self)
      let day = "\(compact.prefix(4))-\(compact.dropFirst(4).prefix(2))-\(compact.suffix(2))"
      guard text == day || text == compact,
        (try? Timestamp(rfc3339: "\(day)T00:00:00Z")) != nil
      else { return nil }
      return compact
    }
  }
}
