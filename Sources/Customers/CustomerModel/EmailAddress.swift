/// An e-mail address: a local part of atoms and dots, an @, and a domain of two labels or more.
///
/// The local part may have any character of another script (RFC 6531); quoted ones and comments
/// are refused. The domain is a host's name; labels of other scripts are accepted as they are
/// written ("U-labels": letters, marks, digits and the joiners of RFC 5892) and stored so, and so
/// are `xn--` labels: neither is turned into the other. Whether the domain exists isn't asked.
///
/// The domain is stored in lower case, the local part as it came; all letters compare caseless.
public struct EmailAddress: Hashable, Sendable {
  /// The address in normal form.
  public let text: String

  /// Reads an address.
  ///
  /// - Parameter original: The address; white space around it is left away.
  /// - Throws: ``EmailAddressError`` with the first thing that is wrong.
  public init(_ original: String) throws(EmailAddressError) {
    text = Self.isPlain(original) ? original : try Self.normal(original)
  }

  /// Whether a text is an address in normal form and of ASCII, which spares parsing it.
  ///
  /// `false` says nothing.
  static func isPlain(_ text: String) -> Bool {
    guard text.utf8.count <= CustomerLimits.emailAddressOctetsMax else { return false }
    var hasSign = false
    var labels = 0
    var length = 0
    var previous = UInt8(ascii: ".")
    var labelHasLetter = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "@"):
        guard !hasSign, length > 0, previous != UInt8(ascii: ".") else { return false }
        hasSign = true
        length = 0
      case UInt8(ascii: "."):
        guard length > 0, previous != UInt8(ascii: "-") || !hasSign else { return false }
        labels += hasSign ? 1 : 0
        length = 0
        labelHasLetter = false
      case UInt8(ascii: "a")...UInt8(ascii: "z"):
        length += 1
        labelHasLetter = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        length += 1
      case UInt8(ascii: "-"):
        if hasSign, length == 0 { return false }
        length += 1
      case _ where !hasSign && isAtomText(byte):
        length += 1
      default:
        return false
      }
      if hasSign, length > CustomerLimits.domainLabelOctetsMax { return false }
      previous = byte
    }
    return hasSign && labels + 1 >= CustomerLimits.domainLabelsMin && length > 0
      && previous != UInt8(ascii: "-") && labelHasLetter
  }

  private static func normal(_ original: String) throws(EmailAddressError) -> String {
    let max = CustomerLimits.emailAddressOctetsMax
    let rule = Text(original, codePointsMax: max)
    let text = rule.text
    for case .character(let scalar) in rule.faults { throw .character(scalar) }
    guard text.utf8.count <= max else { throw .tooLong(octets: text.utf8.count, max: max) }
    let scalars = text.unicodeScalars
    let signs = text.utf8.count { $0 == UInt8(ascii: "@") }
    guard signs == 1, let sign = scalars.firstIndex(of: "@") else { throw .signs(signs) }
    try checkLocalPart(scalars[..<sign])
    let domainStart = scalars.index(after: sign)
    let domain = try normalDomain(scalars[domainStart...])
    let normal = String(scalars[..<domainStart]) + domain
    guard normal.utf8.count <= max else { throw .tooLong(octets: normal.utf8.count, max: max) }
    return normal
  }

  private static func checkLocalPart(
    _ part: Substring.UnicodeScalarView
  ) throws(EmailAddressError) {
    guard let last = part.last else { throw .localPartEmpty }
    guard part.first != "." else { throw .localPartStartsWithDot }
    guard last != "." else { throw .localPartEndsWithDot }
    var previous: Unicode.Scalar = "@"
    for scalar in part {
      if scalar == ".", previous == "." { throw .localPartHasTwoDots }
      guard scalar == "." || isLocal(scalar) else { throw .localPartCharacter(scalar) }
      previous = scalar
    }
  }

  private static func isLocal(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isAtomText(UInt8(truncatingIfNeeded: scalar.value)) }
    return !scalar.properties.isWhitespace && !Text.isRefused(scalar)
  }

  /// Whether a character is `atext` of RFC 5322, 3.2.3.
  private static func isAtomText(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"): true
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "="): true
    case UInt8(ascii: "?"), UInt8(ascii: "^")...UInt8(ascii: "`"): true
    case UInt8(ascii: "{")...UInt8(ascii: "~"): true
    default: false
    }
  }

  /// The domain in lower case.
  private static func normalDomain(
    _ domain: Substring.UnicodeScalarView
  ) throws(EmailAddressError) -> String {
    guard !domain.isEmpty else { throw .domainEmpty }
    let lower = lowercased(String(domain))
    let labels = lower.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
    for label in labels { try checkLabel(label) }
    guard labels.count >= CustomerLimits.domainLabelsMin else {
      throw .domainTooFewLabels(labels.count, min: CustomerLimits.domainLabelsMin)
    }
    if let last = labels.last, last.allSatisfy({ ("0"..."9").contains($0) }) {
      throw .domainLastLabelNumeric
    }
    return lower
  }

  private static func checkLabel(
    _ label: Substring.UnicodeScalarView
  ) throws(EmailAddressError) {
    guard let first = label.first, let last = label.last else { throw .domainLabelEmpty }
    for scalar in label where !isHost(scalar) { throw .domainCharacter(scalar) }
    guard first != "-" else { throw .domainLabelStartsWithHyphen }
    guard last != "-" else { throw .domainLabelEndsWithHyphen }
    guard !isMark(first) else { throw .domainCharacter(first) }
    let isASCII = label.allSatisfy(\.isASCII)
    let octets = isASCII ? label.count : Punycode.labelOctets(label)
    let max = CustomerLimits.domainLabelOctetsMax
    guard octets <= max else { throw .domainLabelTooLong(octets: octets, max: max) }
  }

  /// Whether a character may stand in a domain's label.
  ///
  /// IDNA's tables refuse more: all letters that are another's variant. Of these the full-width
  /// ones are refused here, because input methods make them.
  private static func isHost(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "0"..."9", "-": return true
    case _ where scalar.isASCII: return false
    case "\u{B7}", "\u{375}", "\u{5F3}", "\u{5F4}", "\u{200C}", "\u{200D}", "\u{30FB}": return true
    case "\u{FF00}"..."\u{FFEF}": return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .modifierLetter, .otherLetter, .decimalNumber: return true
    default: return isMark(scalar)
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark: true
    default: false
    }
  }

  /// A text in lower case and normal form C, which lower case alone may break.
  private static func lowercased(_ text: String) -> String {
    let lower = text.lowercased()
    return lower.utf8.allSatisfy({ $0 < 0x80 })
      ? lower : String(decoding: lower._nfcCodeUnits, as: UTF8.self)
  }
}
