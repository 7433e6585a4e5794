/// Phone numbers as they are written in their country, and what they are abroad.
///
/// Only what is sure is derived: a number that can be read in two ways, that lacks its area's code
/// or that has anything but digits and punctuation is left alone, for a wrong number is worse than
/// none.
enum LocalNumber {
  /// The international form of a local number.
  ///
  /// Read are, the first that fits:
  /// 1. with a plus sign or the country's international prefix: an international number, of
  ///    whatever country; a trunk prefix behind the calling code, as in `+44 (0)20 …`, is left away
  /// 2. with the country's trunk prefix: a national number
  /// 3. of a length that only local numbers have: one that lacks the area's code, which is added
  ///    where the whole country has the same
  /// 4. with neither: a national number whose trunk prefix is left away or not used there, or one
  ///    behind the calling code without a plus sign. If it can be both, the reading whose length
  ///    is usual is taken, if there is only one.
  ///
  /// The lengths of ``PhoneRegion/table`` say what a number can be.
  ///
  /// - Parameters:
  ///   - text: The number; digits and punctuation.
  ///   - country: The code of its country in upper case. A number with a plus sign needs none.
  /// - Returns: The number in the form of ``InternationalNumber``; `nil` if it can't be derived.
  static func international(_ text: String, country: String) -> String? {
    guard let (hasPlus, digits) = read(text) else { return nil }
    if hasPlus { return normal(international(digits)) }
    guard let region = PhoneRegion.of(country: country) else { return nil }
    if let rest = digits.dropping(region.internationalPrefix) {
      return normal(international(rest))
    }
    guard let number = national(digits, in: region) else { return nil }
    return normal(region.callingCode + number)
  }

  /// The digits of a number, and whether it begins with a plus sign; `nil` if it has anything but
  /// digits and punctuation, or more digits than any number.
  private static func read(_ text: String) -> (hasPlus: Bool, digits: DigitString)? {
    var hasPlus = false
    var digits = DigitString()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9":
        guard digits.append(UInt64(scalar.value - 0x30)) else { return nil }
      case "+" where !hasPlus && digits.count == 0: hasPlus = true
      case _ where InternationalNumber.isPunctuation(scalar): break
      default: return nil
      }
    }
    return (hasPlus, digits)
  }

  /// An international number without the trunk prefix that may stand behind the calling code.
  private static func international(_ digits: DigitString) -> DigitString? {
    guard let (code, rest, regions) = PhoneRegion.split(international: digits),
      let number = withoutTrunkPrefix(rest, regions, services: [DigitString()])
    else { return nil }
    return code + number
  }

  /// What stands behind a calling code, without the trunk prefix that may be there too.
  private static func withoutTrunkPrefix(
    _ digits: DigitString,
    _ regions: [PhoneRegion],
    services: [DigitString]
  ) -> DigitString? {
    let isWhole = regions.contains { isNational(digits, in: $0, services: services) }
    let whole = isWhole ? digits : nil
    for region in regions {
      guard let number = behindTrunkPrefix(digits, in: region, services: services) else {
        continue
      }
      return likelier(number, whole, in: region) ?? whole
    }
    return whole
  }

  /// A number of the region without trunk prefix and with the area's code.
  private static func national(_ digits: DigitString, in region: PhoneRegion) -> DigitString? {
    let behindPrefix = behindTrunkPrefix(digits, in: region, services: services)
    guard canBegin(digits, in: region) else { return behindPrefix }
    let whole = isNational(digits, in: region, services: bareServices) ? digits : nil
    if region.localLengths.contains(digits.count) {
      return whole == nil ? region.areaCode.flatMap { $0 + digits } : nil
    }
    if let behindPrefix { return likelier(behindPrefix, whole, in: region) }
    let behindCode = digits.dropping(region.callingCode)
      .flatMap { withoutTrunkPrefix($0, [region], services: bareServices) }
    return likelier(behindCode, whole, in: region)
  }

  /// The one of two readings that there is, or of two the one whose length is usual, if only one's
  /// is.
  private static func likelier(
    _ first: DigitString?,
    _ second: DigitString?,
    in region: PhoneRegion
  ) -> DigitString? {
    guard let first, let second else { return first ?? second }
    let usual = region.usualLengths
    guard usual.contains(first.count) != usual.contains(second.count) else { return nil }
    return usual.contains(first.count) ? first : second
  }

  private static func behindTrunkPrefix(
    _ digits: DigitString,
    in region: PhoneRegion,
    services: [DigitString]
  ) -> DigitString? {
    for prefix in region.trunkPrefixes {
      guard let number = digits.dropping(prefix) else { continue }
      if isNational(number, in: region, services: services) { return number }
    }
    return nil
  }

  /// Whether digits can be a number with its area's code and without trunk prefix; `services` says
  /// how it begins if it has a length that only services have.
  private static func isNational(
    _ digits: DigitString,
    in region: PhoneRegion,
    services: [DigitString]
  ) -> Bool {
    guard canBegin(digits, in: region) else { return false }
    if region.lengths.contains(digits.count) { return true }
    return region.serviceLengths.contains(digits.count)
      && services.contains { digits.dropping($0) != nil }
  }

  /// How numbers of services begin in most countries: free ones (ITU-T E.169) and dear ones.
  ///
  /// With any other beginning a length that only services have is a digit too few or too many.
  private static let services = ["80", "90"].compactMap { DigitString($0) }

  /// How numbers of services begin where no trunk prefix stands before them; none of an area does
  /// with 1 there.
  private static let bareServices = services + ["080", "1"].compactMap { DigitString($0) }

  /// Whether a number without trunk prefix can begin as these digits do: neither with a zero where
  /// none does, nor with the trunk prefix's digit, except for the 8 that some countries of the
  /// former Soviet Union dial, which is the first of numbers too.
  private static func canBegin(_ digits: DigitString, in region: PhoneRegion) -> Bool {
    if digits.first == 0 { return region.mayBeginWithZero }
    return !region.trunkPrefixes.contains { $0.first == digits.first && $0.first != 8 }
  }

  /// The text of an international number, if it may be one by its length.
  private static func normal(_ digits: DigitString?) -> String? {
    guard let digits, digits.count >= CustomerLimits.numberInternationalDigitsMin,
      digits.count <= CustomerLimits.numberInternationalDigitsMax
    else { return nil }
    return "+\(digits)"
  }
}
