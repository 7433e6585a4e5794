/// Random text of the kinds that break rules.
enum RandomText {
  /// Text of letters and marks that compose, of Hangul's parts, and now and then of anything.
  static func composing(using random: inout some RandomNumberGenerator) -> String {
    var text = String.UnicodeScalarView()
    text.append("x")
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let range = composingRanges.randomElement(using: &random) ?? 0...0x7F
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
        text.append(scalar)
      }
    }
    text.append("x")
    return String(text)
  }

  private static let composingRanges: [ClosedRange<UInt32>] = [
    0x41...0x5A, 0xC0...0x17F, 0x300...0x345, 0x300...0x36F, 0x1AB0...0x1AFF, 0x391...0x3C9,
    0x1E00...0x1FFC, 0x1F00...0x1FFC, 0x1100...0x1112, 0x1161...0x1175, 0x11A7...0x11C2,
    0xAC00...0xD7A3, 0x900...0x97F, 0x9BE...0x9D7, 0xB3E...0xBD7, 0x5B0...0x5EA, 0x610...0x65F,
    0x3041...0x309A, 0xF900...0xFAFF, 0xFB1D...0xFB4E, 0x1D15E...0x1D1C0, 0x2F800...0x2FA1D,
    0x11099...0x110BA, 0x102...0x2FF, 0x2000...0x2FFF, 0x0...0x10FFFF,
  ]

  /// Text of one field: mostly ASCII, with spaces, marks, controls and long runs here and there.
  static func field(using random: inout some RandomNumberGenerator) -> String {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: ""
    case 1: composing(using: &random)
    case 2:
      String(
        repeating: pieces.randomElement(using: &random) ?? "",
        count: Int.random(in: 0...300, using: &random)
      )
    default:
      (0..<Int.random(in: 0...6, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
    }
  }

  private static let pieces = [
    "Ann", "4000", "AU", "au", "uk", "+61", "1234567", "@", ".", "example", " ", "-", "é",
    "e\u{301}",
    "\u{301}", "\u{323}", "\u{A0}", "\u{3000}", "山", "김", "\u{1F600}", "\u{200D}", "\u{200F}", "İ",
    "ß",
  ]

  /// A domain's label of two scripts or more.
  static func label(using random: inout some RandomNumberGenerator) -> String {
    var text = "é"
    let alphabet = Array(
      "abcxyz019-äöüßñ日本語中文κόσμεпример한국어ไทยעברית\u{1D7D8}\u{20000}".unicodeScalars
    )
    for _ in 0..<Int.random(in: 0...60, using: &random) {
      text.unicodeScalars.append(alphabet.randomElement(using: &random) ?? "a")
    }
    return text
  }

  /// What IDNA maps to dots, letters or nothing, and we refuse in a domain.
  static let mapped: [Unicode.Scalar] = ["。", "．", "™", "½", "\u{AD}", "\u{200B}", "①", "ｅ"]

  /// An address put together of what is right and what is wrong.
  static func address(using random: inout some RandomNumberGenerator) -> String {
    func pick(_ pieces: [String], _ count: ClosedRange<Int>) -> String {
      (0..<Int.random(in: count, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
    }
    let odd = [
      ".", "..", "-", "_", "--", "\"", "(", " ", "é", "e\u{301}", "日本", "😀", "A", "7", "。", "™",
    ]
    let plain = ["ann", "b", "42", "Smith", "x-y", "mail"]
    let isOdd = Bool.random(using: &random)
    let local = isOdd ? pick(plain + odd + ["+", "'", "=", ","], 0...4) : pick(plain, 1...2)
    let labels = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      Int.random(in: 0..<4, using: &random) == 0
        ? pick(plain + odd + ["ü", "Ü", "κ", "İ", "xn--bcher-kva"], 0...4) : pick(plain, 1...2)
    }
    let top = ["com", "ORG", "c1", "1", "1-2", "公司", "x", ""].randomElement(using: &random) ?? ""
    let sign = ["@", "@", "@", "@", "@", "", "@@"].randomElement(using: &random) ?? "@"
    return local + sign + (labels + [top]).joined(separator: ".")
  }

  /// Addresses around the limits of a label, 63 octets, and of all, 254.
  static let longAddresses = (62...65).flatMap { length in
    let label = String(repeating: "d", count: length)
    return [
      "a@\(label).com", "a@b.\(label)", "\(label)@example.com", "a@ü\(label.dropFirst(7)).com",
      "a@ü\(label.dropFirst(8)).com", "a@\(label).\(label).\(label).com",
    ]
      + (252...256).map { total in
        let domain = String(repeating: "d", count: length - 5) + ".example.com"
        return String(repeating: "l", count: total - domain.count - 1) + "@" + domain
      }
  }

  /// Addresses that others' tests hold, right and wrong (isemail, RFC 3696, RFC 6531).
  static let addresses = [
    "test@iana.org", "test@nominet.org.uk", "test@about.museum", "a@iana.org", "test@e.com",
    "test@iana.a", "test.test@iana.org", ".test@iana.org", "test.@iana.org", "test..iana.org",
    "!#$%&`*+/=?^`{|}~@iana.org", "test\\@test@iana.org", "123@iana.org", "test@123.com",
    "test@iana.123", "test@255.255.255.255", "test@-iana.org", "test@iana-.com", "test@g--a.com",
    "test@.iana.org", "test@iana.org.", "test@iana..com", "\"test\"@iana.org", "\"\"@iana.org",
    "test@[255.255.255.255]", "test@[IPv6:::]", " test@iana.org", "test@iana.org ",
    "test@ iana.org",
    "((comment)test@iana.org", "test(comment)@iana.org", "test@iana.org\r\n", "te\u{0}st@iana.org",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmn@iana.org",
    "test@abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm.com",
    "test@xn--hxajbheg2az3al.xn--jxalpdlp", "xn--test@iana.org", "test@test.com\n",
    "user+mailbox@example.com", "customer/department=shipping@example.com", "$A12345@example.com",
    "!def!xyz%abc@example.com", "_somename@example.com", "Pelé@example.com", "θσερ@εχαμπλε.ψομ",
    "अजय@डाटा.भारत", "квіточка@пошта.укр", "Dörte@Sörensen.example.com", "коля@пример.рф",
    "我買@屋企.香港", "二ノ宮@黒川.日本", "संपर्क@डाटामेल.भारत", "a@faß.de", "a@FASS.de", "a@ｅxample.com",
  ]
}
