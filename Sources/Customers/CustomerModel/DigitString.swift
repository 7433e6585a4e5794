/// Up to nineteen decimal digits, leading zeros included, in one word.
///
/// Phone numbers are taken apart and put together as these, which takes no memory.
struct DigitString: Hashable {
  /// The most digits that fit: more than an international prefix of four and a number of E.164.
  static let countMax = 19

  /// The digits as a number.
  private(set) var value: UInt64 = 0

  /// How many digits there are.
  private(set) var count = 0

  /// Creates a string of no digits.
  init() {}

  /// Reads digits; `nil` if the text has anything else or too many.
  init?(_ text: some StringProtocol) {
    for byte in text.utf8 {
      guard byte &- UInt8(ascii: "0") <= 9, append(UInt64(byte - UInt8(ascii: "0"))) else {
        return nil
      }
    }
  }

  /// The first digit; `nil` if there is none.
  var first: UInt64? { count == 0 ? nil : value / Self.powers[count - 1] }

  /// The first digits and the rest; `nil` unless there are more than `count`.
  func split(after count: Int) -> (first: DigitString, rest: DigitString)? {
    guard count < self.count else { return nil }
    var (first, rest) = (DigitString(), DigitString())
    rest.count = self.count - count
    first.count = count
    (first.value, rest.value) = value.quotientAndRemainder(dividingBy: Self.powers[rest.count])
    return (first, rest)
  }

  /// The digits after a prefix; `nil` if these don't begin with it or nothing follows.
  func dropping(_ prefix: DigitString) -> DigitString? {
    guard let (first, rest) = split(after: prefix.count), first == prefix else { return nil }
    return rest
  }

  /// Adds a digit of 0 to 9 at the end; returns false, and adds nothing, if the string is full.
  mutating func append(_ digit: UInt64) -> Bool {
    guard count < Self.countMax else { return false }
    value = value * 10 + digit
    count += 1
    return true
  }

  /// One string after another; `nil` if they have too many digits together.
  static func + (left: DigitString, right: DigitString) -> DigitString? {
    guard left.count + right.count <= countMax else { return nil }
    var both = DigitString()
    both.value = left.value * powers[right.count] + right.value
    both.count = left.count + right.count
    return both
  }

  /// The powers of ten up to that of ``countMax``, which 64 bits just hold.
  private static let powers: [UInt64] = (0..<countMax).reduce(into: [1]) { powers, _ in
    powers.append(powers[powers.count - 1] * 10)
  }
}

extension DigitString: CustomStringConvertible {
  var description: String {
    let digits = String(value)
    return count == 0 ? "" : String(repeating: "0", count: count - digits.utf8.count) + digits
  }
}
