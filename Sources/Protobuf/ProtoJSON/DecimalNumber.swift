/// A decimal number of any length, taken apart without rounding.
///
/// The grammar is JSON's: `-`, digits without a leading zero, a fraction, an exponent.
struct DecimalNumber {
  /// Whether the number is below zero, or is -0.
  private(set) var isNegative = false

  /// The digits from the first to the last that isn't zero.
  private var digits: [UInt8] = []

  /// The power of ten of the last of ``digits``.
  private var exponent = 0

  /// The largest exponent that is told from larger ones; far outside of every type's range.
  private static let exponentMax = 1_000_000_000

  /// The value of a text of one to eighteen digits, which most numbers are; `nil` for others.
  static func smallMagnitude(_ text: ArraySlice<UInt8>) -> UInt64? {
    guard let first = text.first, text.count <= 18,
      first != UInt8(ascii: "0") || text.count == 1
    else { return nil }
    var value: UInt64 = 0
    for byte in text {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + UInt64(digit)
    }
    return value
  }

  /// Whether a text is one number.
  static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    DecimalNumber(text, keepsDigits: false) != nil
  }

  /// Reads a text that is one number.
  init?(_ text: ArraySlice<UInt8>) { self.init(text, keepsDigits: true) }

  private init?(_ text: ArraySlice<UInt8>, keepsDigits: Bool) {
    var rest = text
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 &- UInt8(ascii: "0") < 10 } ?? false }

    if rest.first == UInt8(ascii: "-") {
      isNegative = true
      rest.removeFirst()
    }
    guard isDigit(rest.first) else { return nil }
    if rest.first == UInt8(ascii: "0"), isDigit(rest.dropFirst().first) { return nil }
    let whole = rest.prefix { isDigit($0) }
    rest = rest[whole.endIndex...]
    var fraction = rest.prefix(0)
    if rest.first == UInt8(ascii: ".") {
      fraction = rest.dropFirst().prefix { isDigit($0) }
      if fraction.isEmpty { return nil }
      rest = rest[fraction.endIndex...]
    }
    var power = 0
    if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      let sign = rest.first
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
      guard isDigit(rest.first) else { return nil }
      while let byte = rest.first, isDigit(byte) {
        power = min(power * 10 + Int(byte - UInt8(ascii: "0")), Self.exponentMax)
        rest.removeFirst()
      }
      if sign == UInt8(ascii: "-") { power = -power }
    }
    guard rest.isEmpty else { return nil }
    guard keepsDigits else { return }
    digits = Array((whole + fraction).drop { $0 == UInt8(ascii: "0") })
    exponent = power - fraction.count
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      exponent += 1
    }
    if digits.isEmpty { exponent = 0 }
  }

  /// Whether the number has no fraction.
  var isWhole: Bool { exponent >= 0 }

  /// The number without its sign, if it is whole and fits.
  var magnitude: UInt64? {
    // 20 digits are the most that 64 bits hold.
    guard isWhole, digits.count + exponent <= 20 else { return nil }
    var value: UInt64 = 0
    for digit in digits + [UInt8](repeating: UInt8(ascii: "0"), count: exponent) {
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      if isTooLarge || overflows { return nil }
      value = sum
    }
    return value
  }

  /// The number, if it is whole and fits.
  var signed: Int64? {
    guard let magnitude else { return nil }
    guard isNegative else { return Int64(exactly: magnitude) }
    return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
  }

  /// The number, if it is whole, fits and isn't below zero.
  var unsigned: UInt64? {
    guard let magnitude, !isNegative || magnitude == 0 else { return nil }
    return magnitude
  }
}
