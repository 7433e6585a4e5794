import CustomerModel
import ProtoWire

/// What a store keeps of a customer beside the record: keys to order and find it by, and columns
/// that a person at an SQL prompt can read.
///
/// All of it follows from the record and can be made again. The texts stand one behind the other
/// in one array, because a store makes them for every write.
struct DerivedColumns: Sendable {
  /// All texts, as UTF-8.
  private(set) var bytes: [UInt8] = []

  /// The e-mail address without case.
  private(set) var emailKey = 0..<0

  /// Last, first and display name, folded, with a tab between: it sorts before all they hold.
  private(set) var sortKey = 0..<0

  /// The phone numbers, to be read: `+61491570006 +61731234567`.
  private(set) var phones = 0..<0

  /// The addresses, to be read: `1 High St, Brisbane, QLD, 4000, AU; 2 Low St, ...`.
  private(set) var address = 0..<0

  /// The attributes as a JSON object, to be read and taken apart with `->>`.
  private(set) var attributes = 0..<0

  /// What a search looks through.
  private(set) var text = 0..<0

  /// What is found by its whole value or its beginning, as words of ``SearchTerm``.
  private(set) var terms = 0..<0

  /// Derives all columns.
  init(_ customer: Customer) {
    bytes.reserveCapacity(1024)
    emailKey = section { TextFolding.appendCaseless(customer.emailAddress, to: &$0) }
    sortKey = section { Self.appendSortKey(customer, to: &$0) }
    phones = section { Self.appendPhones(customer.phones, to: &$0) }
    address = section { Self.appendAddresses(customer.addresses, to: &$0) }
    attributes = section { Self.appendJSON(customer.attributes, to: &$0) }
    text = section { Self.appendText(customer, to: &$0) }
    terms = section { SearchTerm.append(all: customer, to: &$0) }
  }

  private mutating func section(_ append: (inout [UInt8]) -> Void) -> Range<Int> {
    let start = bytes.count
    append(&bytes)
    return start..<bytes.count
  }

  /// The words of a customer's names, each behind a tab.
  static func names(_ customer: Customer) -> [UInt8] {
    var bytes: [UInt8] = []
    appendNames(customer, to: &bytes)
    return bytes
  }

  /// What a search looks through, alone.
  static func text(_ customer: Customer) -> [UInt8] {
    var bytes: [UInt8] = []
    appendText(customer, to: &bytes)
    return bytes
  }

  /// The part of ``bytes`` that search reads, to compare it with another customer's.
  func isSearchedAs(_ other: DerivedColumns) -> Bool {
    bytes[text] == other.bytes[other.text] && bytes[terms] == other.bytes[other.terms]
  }

  private static func appendSortKey(_ customer: Customer, to bytes: inout [UInt8]) {
    TextFolding.append(customer.lastName, to: &bytes)
    bytes.append(tab)
    TextFolding.append(customer.firstName, to: &bytes)
    bytes.append(tab)
    TextFolding.append(customer.displayName, to: &bytes)
  }

  private static func appendPhones(_ phones: [PhoneNumber], to bytes: inout [UInt8]) {
    for (place, phone) in phones.enumerated() {
      if place > 0 { bytes.append(space) }
      let number = phone.numberInternational
      bytes.append(contentsOf: (number.isEmpty ? phone.numberLocal : number).utf8)
    }
  }

  private static func appendAddresses(_ addresses: [Address], to bytes: inout [UInt8]) {
    for (place, address) in addresses.enumerated() {
      if place > 0 { bytes.append(contentsOf: "; ".utf8) }
      var isFirst = true
      func append(_ part: String) {
        if part.isEmpty { return }
        if !isFirst { bytes.append(contentsOf: ", ".utf8) }
        isFirst = false
        bytes.append(contentsOf: part.utf8)
      }
      append(address.address1)
      append(address.address2)
      append(address.suburb)
      append(address.state)
      append(address.postcode)
      append(address.country)
    }
  }

  private static func appendJSON(
    _ attributes: WireMap<String, String>,
    to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for entry in attributes {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      appendJSON(entry.key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      appendJSON(entry.value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private static func appendJSON(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(quote)
    for byte in text.utf8 {
      switch byte {
      case quote, backslash:
        bytes.append(backslash)
        bytes.append(byte)
      case 0..<0x20:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(SearchTerm.digit(byte >> 4))
        bytes.append(SearchTerm.digit(byte & 15))
      default: bytes.append(byte)
      }
    }
    bytes.append(quote)
  }

  /// Words of names, each behind a tab, then on lines of their own the e-mail address and what
  /// addresses have, all folded.
  ///
  /// The tab lets an index of trigrams tell the beginning of a name's word from its inside, from two
  /// letters on. Phone numbers and attributes are found as terms: in here they would make the index
  /// half as large again.
  private static func appendText(_ customer: Customer, to bytes: inout [UInt8]) {
    appendNames(customer, to: &bytes)
    appendLine([customer.emailAddress], to: &bytes)
    for address in customer.addresses {
      appendLine([address.address1], to: &bytes)
      appendLine([address.address2], to: &bytes)
      appendLine([address.suburb, address.state, address.postcode], to: &bytes)
    }
  }

  private static func appendNames(_ customer: Customer, to bytes: inout [UInt8]) {
    let start = bytes.count
    appendWords(customer.firstName, to: &bytes)
    appendWords(customer.lastName, to: &bytes)
    let names = start..<bytes.count
    let display = bytes.count
    appendWords(customer.displayName, to: &bytes)
    if bytes[names] == bytes[display...] { bytes.removeSubrange(display...) }
  }

  private static func appendWords(_ text: String, to bytes: inout [UInt8]) {
    if text.isEmpty { return }
    bytes.append(tab)
    let start = bytes.count
    TextFolding.appendSearched(text, to: &bytes)
    for index in start..<bytes.count where bytes[index] == space { bytes[index] = tab }
  }

  private static func appendLine(_ parts: [String], to bytes: inout [UInt8]) {
    var mark = line
    for part in parts where !part.isEmpty {
      bytes.append(mark)
      TextFolding.appendSearched(part, to: &bytes)
      mark = space
    }
  }

  private static let tab = UInt8(ascii: "\t")
  private static let line = UInt8(ascii: "\n")
  private static let space = UInt8(ascii: " ")
  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")
}
