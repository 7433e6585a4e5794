import CustomerModel
import ProtoWire

/// A word of the terms index: one value of a customer that is found whole or by its beginning.
///
/// A letter says of what kind the value is, then the value follows without case:
///
///      d  61491570006             phone's digits        a  tier=gold       attribute
///      r  60007519416             the same, backwards   n  tier            its name
///      f  mary_20ann              first name            pc 4000            postcode
///      w  mary                    a name's word
///
/// Names are without marks too, their words also without apostrophes. Bytes other than `a-z 0-9 @ .
/// + -` are written as `_` and two hexadecimal digits, so that every value is one word to the index's
/// tokenizer. The index finds candidates: case, and what is behind ``valueBytesMax``, are compared
/// with the record.
///
/// An attribute is only ever asked for exactly. Where case, or what was cut off, tells its name or
/// value from others of the same word, `__` and a hash of both follow (``ShortHash``): so many
/// customers may share the beginning of a value, and each is still found at once.
enum SearchTerm {
  /// The bytes of a value that are written, after escaping: enough to tell values apart.
  static let valueBytesMax = 120

  /// Returns the word of a first name.
  static func firstName(_ name: String) -> [UInt8] {
    var word = Array("f".utf8)
    appendFolded(name, to: &word)
    return word
  }

  /// Returns the word of an attribute's name.
  static func attributeName(_ name: String) -> [UInt8] { word("n", name) }

  /// Returns the word of a postcode.
  static func postcode(_ code: String) -> [UInt8] { word("pc", code) }

  /// Returns the word of a phone number, or of its beginning.
  static func phone(_ number: String) -> [UInt8] {
    [UInt8(ascii: "d")] + digits(number).prefix(valueBytesMax)
  }

  /// Returns the word of a phone number's first digits, which may go on.
  static func phone(beginningWith digits: some Collection<UInt8>) -> [UInt8] {
    [UInt8(ascii: "d")] + digits.prefix(valueBytesMax)
  }

  /// Returns the word of a phone number's last digits, which may go on.
  static func phone(endingIn digits: some BidirectionalCollection<UInt8>) -> [UInt8] {
    [UInt8(ascii: "r")] + digits.reversed().prefix(valueBytesMax)
  }

  /// Returns the word of an attribute.
  static func attribute(_ name: String, _ value: String) -> [UInt8] {
    var word: [UInt8] = []
    appendAttribute(name, value, to: &word)
    return word
  }

  /// Returns what the words of all attributes of a name begin with, and perhaps those of others.
  static func attributeBeginning(_ name: String) -> [UInt8] {
    word("a", name) + [UInt8(ascii: "=")]
  }

  private static func appendAttribute(_ name: String, _ value: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "a"))
    let nameIsWhole = appendValue(name, to: &bytes)
    bytes.append(UInt8(ascii: "="))
    let valueIsWhole = appendValue(value, to: &bytes)
    if nameIsWhole, valueIsWhole { return }
    bytes += [UInt8(ascii: "_"), UInt8(ascii: "_")]
    var hash = ShortHash()
    hash.add(name)
    hash.add(value)
    let number = hash.finish()
    for shift in stride(from: 60, through: 0, by: -4) {
      bytes.append(digit(UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15))
    }
  }

  /// Adds all words of a customer, with a space between.
  static func append(all customer: Customer, to bytes: inout [UInt8]) {
    let start = bytes.count
    if !customer.firstName.isEmpty {
      separate(&bytes, start)
      bytes.append(UInt8(ascii: "f"))
      appendFolded(customer.firstName, to: &bytes)
    }
    appendWords(of: customer, to: &bytes, after: start)
    for phone in customer.phones { append(phone, to: &bytes, after: start) }
    for entry in customer.attributes {
      append("n", entry.key, to: &bytes, after: start)
      separate(&bytes, start)
      appendAttribute(entry.key, entry.value, to: &bytes)
    }
    for address in customer.addresses where !address.postcode.isEmpty {
      append("pc", address.postcode, to: &bytes, after: start)
    }
  }

  /// Adds the words of all names, each once.
  private static func appendWords(
    of customer: Customer,
    to bytes: inout [UInt8],
    after start: Int
  ) {
    let names = DerivedColumns.names(customer)
    var words: [ArraySlice<UInt8>] = []
    for word in names.split(separator: UInt8(ascii: "\t")) where !words.contains(word) {
      words.append(word)
      separate(&bytes, start)
      append(word: word, to: &bytes)
    }
  }

  /// Returns the word of a name's word, or of its beginning; without case, marks and apostrophes.
  static func nameWord(_ word: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(word: word[...], to: &bytes)
    return bytes
  }

  private static func append(word: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "w"))
    let start = bytes.count
    bytes.append(contentsOf: word)
    escape(&bytes, from: start)
  }

  /// Adds a phone's digits, both ways.
  ///
  /// A local number is left out where it is the end of the international one but for its leading
  /// zeros, the trunk prefix: who looks for it looks from the end.
  private static func append(_ phone: PhoneNumber, to bytes: inout [UInt8], after start: Int) {
    let international = digits(phone.numberInternational)
    let local = digits(phone.numberLocal)
    if !international.isEmpty { append(digits: international, to: &bytes, after: start) }
    let significant = local.drop { $0 == UInt8(ascii: "0") }
    let isCovered =
      international.count >= significant.count
      && international.suffix(significant.count) == significant
    if !local.isEmpty, international.isEmpty || !isCovered {
      append(digits: local, to: &bytes, after: start)
    }
  }

  private static func append(
    digits: [UInt8],
    to bytes: inout [UInt8],
    after start: Int
  ) {
    separate(&bytes, start)
    bytes.append(UInt8(ascii: "d"))
    bytes.append(contentsOf: digits.prefix(valueBytesMax))
    bytes.append(UInt8(ascii: " "))
    bytes.append(UInt8(ascii: "r"))
    bytes.append(contentsOf: digits.reversed().prefix(valueBytesMax))
  }

  /// The digits of a number, without what stands between them.
  static func digits(_ number: String) -> [UInt8] {
    var digits: [UInt8] = []
    digits.reserveCapacity(number.utf8.count)
    for byte in number.utf8 where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
      digits.append(byte)
    }
    return digits
  }

  private static func word(_ kind: String, _ value: String) -> [UInt8] {
    var word = Array(kind.utf8)
    appendValue(value, to: &word)
    return word
  }

  private static func append(
    _ kind: String,
    _ value: String,
    to bytes: inout [UInt8],
    after start: Int
  ) {
    separate(&bytes, start)
    bytes.append(contentsOf: kind.utf8)
    appendValue(value, to: &bytes)
  }

  private static func separate(_ bytes: inout [UInt8], _ start: Int) {
    if bytes.count > start { bytes.append(UInt8(ascii: " ")) }
  }

  /// Adds a value without case; says whether it was so, and is there whole.
  @discardableResult
  private static func appendValue(_ value: String, to bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    TextFolding.appendCaseless(value, to: &bytes)
    let isCaseless = bytes[start...].elementsEqual(value.utf8)
    return escape(&bytes, from: start) && isCaseless
  }

  private static func appendFolded(_ value: String, to bytes: inout [UInt8]) {
    let start = bytes.count
    TextFolding.append(value, to: &bytes)
    escape(&bytes, from: start)
  }

  /// Makes the last bytes a word, and cuts it; says whether nothing was cut off.
  @discardableResult
  private static func escape(_ bytes: inout [UInt8], from start: Int) -> Bool {
    let end = start + valueBytesMax
    if bytes.count <= end, bytes[start...].allSatisfy(isPlain) { return true }
    let plain = Array(bytes[start...])
    bytes.removeSubrange(start...)
    for byte in plain {
      if isPlain(byte) {
        guard bytes.count < end else { return false }
        bytes.append(byte)
      } else {
        guard bytes.count + 3 <= end else { return false }
        bytes.append(UInt8(ascii: "_"))
        bytes.append(digit(byte >> 4))
        bytes.append(digit(byte & 15))
      }
    }
    return true
  }

  /// Whether a byte stands for itself in a word.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "@"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// A hexadecimal digit of a number under 16.
  static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
