import Testing

@testable import CustomerModel

@Suite struct EmailAddressTests {
  @Test(arguments: [
    "ann@example.com", "a@b.co", "ann.e+tag@example.co.uk", "!#$%&'*+-/=?^_`{|}~@example.com",
    "ANN@example.com", "ann@ex-ample.com", "a--b@x--y.org", "123@123.com", "a@1.2c", "a@b.c1",
    "a@xn--bcher-kva.example", "用户@例子.公司", "jörg@bücher.example", "δοκιμή@παράδειγμα.ελ",
    "-@example.com", "a@l·l.cat", "a@b.1-2",
  ])
  func keepsWhatIsNormal(_ text: String) throws {
    #expect(try EmailAddress(text).text == text)
  }

  @Test(arguments: [
    (" Ann@EXAMPLE.com\n", "Ann@example.com"), ("JÖRG@BÜCHER.example", "JÖRG@bücher.example"),
    ("e\u{301}@e\u{301}.fr", "\u{E9}@\u{E9}.fr"), ("a@I\u{307}\u{323}.tr", "a@\u{1ECB}\u{307}.tr"),
  ])
  func writesDomainsInLowerCase(text: String, normal: String) throws {
    #expect(codePoints(try EmailAddress(text).text) == codePoints(normal))
  }

  @Test(arguments: [
    ("", "has no @"), ("ann", "has no @"), ("a@b@example.com", "has 2 @, not one"),
    ("\"a@b\"@example.com", "has 2 @, not one"), ("@example.com", "has nothing before the @"),
    (".a@example.com", "starts with a dot"), ("a.@example.com", "has a dot before the @"),
    ("a..b@example.com", "has two dots in a row before the @"),
    ("\"ann\"@example.com", "U+0022 is not allowed before the @"),
    ("a b@example.com", "U+0020 is not allowed before the @"),
    ("a(c)@example.com", "U+0028 is not allowed before the @"),
    ("a,b@example.com", "U+002C is not allowed before the @"),
    ("a\u{A0}b@example.com", "U+00A0 is not allowed before the @"),
    ("a\u{0}b@example.com", "control character U+0000 is not allowed"),
    ("a@exam\u{202E}ple.com", "bidirectional control U+202E is not allowed"),
    ("a@", "has nothing behind the @"), ("a@b", "domain of 1 label is under the minimum of 2"),
    ("a@localhost", "domain of 1 label is under the minimum of 2"),
    ("a@.example.com", "domain has an empty label"),
    ("a@example..com", "domain has an empty label"),
    ("a@example.com.", "domain has an empty label"),
    ("a@exam_ple.com", "U+005F is not allowed here in a domain"),
    ("a@exam ple.com", "U+0020 is not allowed here in a domain"),
    ("a@[192.0.2.1]", "U+005B is not allowed here in a domain"),
    ("a@例子。公司", "U+3002 is not allowed here in a domain"),
    ("a@ｅxample.com", "U+FF45 is not allowed here in a domain"),
    ("a@i❤.ws", "U+2764 is not allowed here in a domain"),
    ("a@\u{301}b.com", "U+0301 is not allowed here in a domain"),
    ("a@-b.com", "domain label starts with a hyphen"),
    ("a@b-.com", "domain label ends with a hyphen"),
    ("a@b.-com", "domain label starts with a hyphen"),
    ("a@b.com-", "domain label ends with a hyphen"),
    ("a@192.0.2.1", "last domain label is a number"), ("a@b.1", "last domain label is a number"),
  ])
  func refuses(text: String, description: String) {
    let error = #expect(throws: EmailAddressError.self) { try EmailAddress(text) }
    #expect(error?.description == description)
  }

  @Test func acceptsTheLongestAndRefusesOneMore() throws {
    let domain = String(repeating: "d", count: 60) + ".example.com"
    let local = String(repeating: "l", count: 254 - 1 - domain.utf8.count)
    #expect(try EmailAddress("\(local)@\(domain)").text.utf8.count == 254)
    let over = EmailAddressError.tooLong(octets: 255, max: 254)
    #expect(throws: over) { try EmailAddress("\(local)l@\(domain)") }
    #expect(over.description == "255 octets is over the limit of 254")
    #expect(throws: over) { try EmailAddress("\(local.dropLast())é@\(domain)") }
  }

  /// The octets of other scripts' labels are those of Python's `idna`: see `ReferenceTests`.
  @Test func acceptsTheLongestLabelAndRefusesOneMore() throws {
    let label = String(repeating: "b", count: 63)
    #expect(try EmailAddress("a@\(label).com").text == "a@\(label).com")
    #expect(try EmailAddress("a@b.\(label)").text == "a@b.\(label)")
    let over = EmailAddressError.domainLabelTooLong(octets: 64, max: 63)
    #expect(throws: over) { try EmailAddress("a@b\(label).com") }
    #expect(over.description == "domain label of 64 octets is over the limit of 63")
    let umlauts = "ü" + String(repeating: "b", count: 55)
    #expect(throws: Never.self) { try EmailAddress("a@\(umlauts).com") }
    #expect(throws: over) { try EmailAddress("a@\(umlauts)b.com") }
  }

  /// RFC 3492, 7.1: (A) Arabic, (B) Chinese, (C) Czech, (L) and (Q) Japanese with ASCII.
  @Test(arguments: [
    ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"), ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
    ("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"),
    ("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b"), ("パフィーdeルンバ", "de-jg4avhby1noc0d"),
  ])
  func countsOctetsOfPunycode(label: String, encoded: String) {
    #expect(Punycode.labelOctets(label.unicodeScalars) == "xn--".utf8.count + encoded.utf8.count)
  }
}
