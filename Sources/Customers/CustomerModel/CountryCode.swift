/// The country codes of ISO 3166-1 alpha-2, as of 2026, and `XK` for Kosovo.
///
/// One list of our own: what a system's library calls a region includes the European Union,
/// countries that are no more, and `ZZ`.
enum CountryCode {
  /// The 249 officially assigned codes, then the one in use without being assigned.
  private static let list = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    XK
    """

  /// The list as bits: a row for each first letter, in it a bit for each second.
  private static let rows: [UInt32] = {
    var rows = [UInt32](repeating: 0, count: 26)
    for code in list.split(whereSeparator: \.isWhitespace) {
      if let (first, second) = letters(of: code.utf8) { rows[first] |= 1 << UInt32(second) }
    }
    return rows
  }()

  /// All codes, in upper case.
  static var all: [Substring] { list.split(whereSeparator: \.isWhitespace) }

  /// Whether a text is a code in upper case.
  static func isNormal(_ text: String) -> Bool {
    guard text.utf8.count == 2, let (first, second) = letters(of: text.utf8) else { return false }
    return rows[first] >> UInt32(second) & 1 == 1
  }

  /// The code that a text means, in upper case.
  ///
  /// - Throws: ``CountryCodeError`` if it is none.
  static func normal(_ text: String) throws(CountryCodeError) -> String {
    guard text.utf8.count == 2, text.utf8.allSatisfy({ $0 < 0x80 }) else { throw .form }
    let code = text.uppercased()
    if isNormal(code) { return code }
    switch code {
    case "UK": throw .mistaken(code, meant: "GB")
    case "EL": throw .mistaken(code, meant: "GR")
    default: throw .unknown(code)
    }
  }

  private static func letters(of code: some Sequence<UInt8>) -> (first: Int, second: Int)? {
    var iterator = code.makeIterator()
    guard let first = iterator.next(), let second = iterator.next() else { return nil }
    let letters = (first &- UInt8(ascii: "A"), second &- UInt8(ascii: "A"))
    return letters.0 < 26 && letters.1 < 26 ? (Int(letters.0), Int(letters.1)) : nil
  }
}

/// Why a text is no country code.
enum CountryCodeError: Error, Hashable {
  /// It isn't of two characters of ASCII.
  case form

  /// No country has the code.
  case unknown(String)

  /// It is used for a country whose code is another.
  case mistaken(String, meant: String)
}

extension CountryCodeError: CustomStringConvertible {
  var description: String {
    switch self {
    case .form: "not a country code of two letters (ISO 3166-1 alpha-2)"
    case .unknown(let code): "'\(Text.shown(code))' is no country code (ISO 3166-1 alpha-2)"
    case .mistaken(let code, let meant):
      "'\(code)' is no country code (ISO 3166-1 alpha-2), did you mean \(meant)?"
    }
  }
}
