import CustomerFormats
import CustomerModel
import ProtoWire
import WellKnownTypes

/// Customers as a store keeps them, made of what is hard on formats.
package struct NastyCustomers {
  /// What texts are made of: what formats use themselves, what spreadsheets change, what moves on
  /// a screen, and what is one character without being one code point.
  package static let pieces = [
    "\"", "\"\"", "'", "''", ",", ";", ":", "\\", "\\n", "|", "=", "=1+1", "+61 491", "-",
    "@SUM(A1)",
    "0012", "007", "1E5", "1/2", "10:30", "MAR1", "12345678901234567890", "true", "[", "]", "{",
    "}",
    "null", "<b>", "&amp;", "#N/A", "%00", "^", "~", "Ann", "Lee", "Zoë", "山田", "שרה", "مریم", "🙂",
    "👩‍👩‍👧", "\u{301}", "\u{200D}", "\u{FEFF}", "\u{2028}", "\u{A0}", " ", "  ", ".", "..", "_row",
    "'t Hooft", "attributes.", "phones[0]", "\u{1F1E6}\u{1F1FA}", "\u{FF1D}1", "\u{E000}",
  ]

  private var random: any RandomNumberGenerator
  private var ids = UUIDv7Generator()

  /// Creates a source of customers.
  package init(using random: some RandomNumberGenerator) { self.random = random }

  /// A text of pieces, cut to a length of code points; often empty.
  package mutating func text(_ lengthMax: Int = 60) -> String {
    let count = Int.random(in: 0...4, using: &random)
    let text = (0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(lengthMax)))
  }

  /// The next customer, in the form that the store keeps.
  package mutating func next() throws -> Customer {
    var customer = Customer()
    customer.customerID = "\(id())"
    customer.version = UInt64.random(in: 1...9, using: &random)
    customer.firstName = text()
    customer.lastName = text()
    customer.displayName = text()
    customer.emailAddress =
      ["", "ann@example.com", "=a+b@example.com", "o'x@例え.jp"]
      .randomElement(using: &random) ?? ""
    for _ in 0..<count(20) { customer.phones.append(phone()) }
    for _ in 0..<count(20) { customer.addresses.append(address()) }
    for _ in 0..<count(49) { customer.attributes["a" + text(30) + "z"] = text(300) }
    // A name may begin with a mark that joins what stands before it, and end like it began.
    customer.attributes["\u{301}" + text(30)] = text(300)
    customer.createTime = time()
    customer.updateTime = time()
    if trimmed(customer.firstName).isEmpty { customer.firstName = "-" }
    var normal = customer
    normal.attributes = try plainNames(customer.attributes)
    return try normal.validated(for: .update) { id() }
  }

  /// A number of elements: none, a few, or as many as may be.
  private mutating func count(_ max: Int) -> Int {
    [0, 0, 1, 2, 3, max].randomElement(using: &random) ?? 0
  }

  private mutating func id() -> UniqueID {
    ids.next(milliseconds: 1_767_225_600_000, using: &random)
  }

  private mutating func phone() -> PhoneNumber {
    var phone = PhoneNumber()
    phone.type = [.unknown, .phone, .mobile].randomElement(using: &random) ?? .unknown
    phone.country = ["", "AU", "NO"].randomElement(using: &random) ?? ""
    phone.numberLocal = text(40)
    phone.numberInternational = ["", "+61491570006"].randomElement(using: &random) ?? ""
    return phone
  }

  private mutating func address() -> Address {
    var address = Address()
    address.address1 = text()
    address.address2 = text()
    address.suburb = text()
    address.postcode =
      ["", "0800", "4000", "1E5", "-1", "12-3"].randomElement(using: &random) ?? ""
    address.state = text()
    address.country = ["", "AU"].randomElement(using: &random) ?? ""
    return address
  }

  private mutating func time() -> Timestamp {
    var time = Timestamp()
    time.seconds = Int64.random(in: -62_135_596_800...253_402_300_799, using: &random)
    time.nanos = [0, 1_000, 500_000_000, 999_999_000].randomElement(using: &random) ?? 0
    return time
  }

  /// Attributes without names that become alike when the store trims and normalises them.
  private func plainNames(
    _ attributes: WireMap<String, String>
  ) throws -> WireMap<String, String> {
    var plain: WireMap<String, String> = [:]
    for entry in attributes {
      var one = Customer(firstName: "x")
      one.attributes[entry.key] = entry.value
      guard let normal = try? one.validated(for: .update, makeKey: { preconditionFailure() })
      else { continue }
      for entry in normal.attributes { plain[entry.key] = entry.value }
    }
    return plain
  }
}
