/// How a country's phone numbers are built: what is needed to write one internationally.
struct PhoneRegion {
  /// The country's calling code, which it may share with others.
  let callingCode: DigitString

  /// What stands before a number that is dialled inside the country.
  let trunkPrefixes: [DigitString]

  /// Whether national numbers may begin with 0; never so where a trunk prefix does.
  let mayBeginWithZero: Bool

  /// The lengths of the examples of fixed lines and mobiles, and those between.
  let usualLengths: LengthSet

  /// The lengths of all fixed lines' and mobiles' numbers, without trunk prefix.
  let lengths: LengthSet

  /// The lengths that only other numbers have: those of services, pagers and voice mail.
  let serviceLengths: LengthSet

  /// The lengths of local numbers, which lack the area's code.
  let localLengths: LengthSet

  /// What is dialled instead of a plus sign.
  let internationalPrefix: DigitString

  /// What all local numbers of the region lack; `nil` where there are several areas or none.
  let areaCode: DigitString?

  /// Reads a row of ``table`` after its region; `nil` if it isn't of that form.
  private init?(columns: ArraySlice<Substring>) {
    var columns = columns[...]
    guard let code = columns.popFirst().flatMap({ DigitString($0) }),
      let trunk = columns.popFirst(), let usual = columns.popFirst(),
      let lengths = columns.popFirst()
    else { return nil }
    callingCode = code
    mayBeginWithZero = trunk == "zero"
    trunkPrefixes = trunk.split(separator: "/").compactMap { DigitString($0) }
    usualLengths = LengthSet(usual)
    self.lengths = LengthSet(lengths)
    serviceLengths = LengthSet(columns.popFirst() ?? "-")
    localLengths = LengthSet(columns.popFirst() ?? "-")
    guard let prefix = DigitString(columns.popFirst() ?? "00") else { return nil }
    internationalPrefix = prefix
    areaCode = columns.popFirst().flatMap { DigitString($0) }
  }

  /// The region of a country's code in upper case; `nil` if the country has no calling code.
  static func of(country: String) -> PhoneRegion? {
    guard let place = place(of: country.utf8) else { return nil }
    return byCountry[place]
  }

  /// Splits an international number into its calling code and the rest.
  ///
  /// - Returns: The code, what follows, and the regions that share the code; `nil` if the digits
  ///   begin with no region's code.
  static func split(
    international digits: DigitString
  ) -> (code: DigitString, rest: DigitString, regions: [PhoneRegion])? {
    for length in 1...callingCodeLengthMax {
      guard let (code, rest) = digits.split(after: length) else { return nil }
      if let regions = byCallingCode[code] { return (code, rest, regions) }
    }
    return nil
  }

  /// The most digits of a calling code (E.164, 6.2.1).
  private static let callingCodeLengthMax = 3

  private static let byCountry: [PhoneRegion?] = {
    var regions = [PhoneRegion?](repeating: nil, count: 26 * 26)
    for row in table.split(separator: "\n") {
      let columns = row.split(separator: " ")
      guard let country = columns.first, let place = place(of: country.utf8) else { continue }
      regions[place] = PhoneRegion(columns: columns.dropFirst())
    }
    return regions
  }()

  private static let byCallingCode = Dictionary(
    grouping: byCountry.compactMap { $0 },
    by: \.callingCode
  )

  private static func place(of country: some Sequence<UInt8>) -> Int? {
    var place = 0
    var count = 0
    for byte in country {
      let letter = byte &- UInt8(ascii: "A")
      guard letter < 26, count < 2 else { return nil }
      place = place * 26 + Int(letter)
      count += 1
    }
    return count == 2 ? place : nil
  }
}

/// The lengths that numbers of a kind have, in digits, as bits.
struct LengthSet: Hashable {
  private var bits: UInt32 = 0

  /// Reads lengths and ranges of them such as `5-10,12`; what is none of these adds nothing.
  init(_ text: Substring) {
    for part in text.split(separator: ",") {
      let bounds = part.split(separator: "-").compactMap { Int($0) }
      guard let first = bounds.first, let last = bounds.last, first <= last else { continue }
      for length in first...last where length < UInt32.bitWidth { bits |= 1 << UInt32(length) }
    }
  }

  /// Whether a number of so many digits is among them.
  func contains(_ length: Int) -> Bool { bits >> UInt32(length) & 1 == 1 }

  /// The lengths, ascending.
  var all: [Int] { (0..<UInt32.bitWidth).filter(contains) }
}
