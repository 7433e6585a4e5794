import Testing

@testable import CustomerModel

@Suite struct TextTests {
  /// The examples of UAX #15, figures 3 to 6, and Hangul syllables.
  @Test(arguments: [
    ("A\u{30A}", "\u{C5}"), ("\u{212B}", "\u{C5}"), ("\u{2126}", "\u{3A9}"),
    ("s\u{323}\u{307}", "\u{1E69}"), ("s\u{307}\u{323}", "\u{1E69}"),
    ("\u{1E0B}\u{323}", "\u{1E0D}\u{307}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"),
    ("\u{FB01}", "\u{FB01}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
    ("\u{958}", "\u{915}\u{93C}"),
    ("\u{3B1}\u{313}\u{300}\u{345}", "\u{1F82}"), ("\u{1D15E}", "\u{1D157}\u{1D165}"),
  ])
  func bringsTextIntoNormalFormC(original: String, normal: String) {
    let rule = Text(original, codePointsMax: 10)
    #expect(codePoints(rule.text) == codePoints(normal))
    #expect(rule.faults.isEmpty)
  }

  /// All 25 of Unicode's White_Space (PropList.txt), and what isn't.
  @Test func trimsUnicodeWhiteSpaceAtBothEnds() {
    let space =
      "\t\n\u{B}\u{C}\r \u{85}\u{A0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}"
      + "\u{2006}\u{2007}\u{2008}\u{2009}\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}"
    #expect(Text(space + "a b" + space, codePointsMax: 3).text == "a b")
    #expect(Text(space, codePointsMax: 1) == Text("", codePointsMax: 1))
    #expect(codePoints(Text("\u{200B}a\u{FEFF}", codePointsMax: 9).text) == [0x200B, 0x61, 0xFEFF])
  }

  @Test(
    arguments: [
      (0x00, "control character U+0000 is not allowed"),
      (0x09, "control character U+0009 is not allowed"),
      (0x0A, "control character U+000A is not allowed"),
      (0x1F, "control character U+001F is not allowed"),
      (0x7F, "control character U+007F is not allowed"),
      (0x80, "control character U+0080 is not allowed"),
      (0x9F, "control character U+009F is not allowed"),
      (0x202A, "bidirectional control U+202A is not allowed"),
      (0x202E, "bidirectional control U+202E is not allowed"),
      (0x2066, "bidirectional control U+2066 is not allowed"),
      (0x2069, "bidirectional control U+2069 is not allowed"),
      (0xFFFE, "noncharacter U+FFFE is not allowed"),
      (0xFFFF, "noncharacter U+FFFF is not allowed"),
    ] as [(UInt32, String)]
  )
  func refusesCharacters(value: UInt32, description: String) throws {
    let scalar = try #require(Unicode.Scalar(value))
    let rule = Text("a\(scalar)b", codePointsMax: 10)
    #expect(rule.faults.map(\.description) == [description])
  }

  /// The neighbours of what is refused, the joiners, the marks, and what other scripts need.
  @Test(
    arguments: [
      0x20, 0x7E, 0xA0, 0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2029, 0x202F, 0x2065,
      0x206A, 0xFDD0, 0xFEFF, 0xFFFD, 0x10000, 0x1FFFE, 0xE0001, 0x10FFFF,
    ] as [UInt32]
  )
  func keepsCharacters(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    let rule = Text("a\(scalar)b", codePointsMax: 3)
    #expect(rule.faults.isEmpty)
    #expect(codePoints(rule.text) == [0x61, value, 0x62])
  }

  @Test func countsCodePointsOfTheNormalForm() {
    #expect(Text(String(repeating: "e\u{301}", count: 5), codePointsMax: 5).faults.isEmpty)
    #expect(Text(String(repeating: "👩‍👩‍👧", count: 2), codePointsMax: 10).faults.isEmpty)
    let tooLong = Text(String(repeating: "👩‍👩‍👧", count: 2), codePointsMax: 9)
    #expect(tooLong.faults.map(\.description) == ["10 code points is over the limit of 9"])
    let decomposed = Text(String(repeating: "e\u{301}", count: 6), codePointsMax: 5)
    #expect(decomposed.faults.map(\.description) == ["6 code points is over the limit of 5"])
  }

  /// Half a million marks on one letter would take minutes to put in order.
  @Test(.timeLimit(.minutes(1))) func countsWhatCannotComeWithinTheLimitAsItIs() {
    let marks = String(repeating: "\u{301}\u{323}", count: 250_000)
    let rule = Text("a" + marks, codePointsMax: 256)
    #expect(rule.faults.map(\.description) == ["500001 code points is over the limit of 256"])
  }

  @Test func reportsACharacterAndTheLength() {
    let rule = Text("ab\u{7}", codePointsMax: 2)
    #expect(
      rule.faults.map(\.description) == [
        "control character U+0007 is not allowed", "3 code points is over the limit of 2",
      ]
    )
  }

  @Test func showsNamesCutAndWithoutControls() {
    #expect(Text.shown("a\u{1B}[31m\u{202E}b") == "a\\u{1b}[31m\\u{202e}b")
    #expect(Text.shown(String(repeating: "x", count: 40)) == String(repeating: "x", count: 40))
    #expect(
      Text.shown(String(repeating: "x", count: 41)) == String(repeating: "x", count: 40) + "…"
    )
  }
}
