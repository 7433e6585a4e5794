import TestSupport
import Testing

@testable import CustomerStore

@Suite struct TextFoldingTests {
  @Test(arguments: [
    ("Møller", "moller"), ("ŁUKASZ", "lukasz"), ("Đorđe", "dorde"), ("Straße", "strasse"),
    ("STRAẞE", "strasse"), ("Ægir", "aegir"), ("Œuvre", "oeuvre"), ("Þór", "thor"),
    ("José", "jose"), ("Jose\u{301}", "jose"), ("Nguyễn", "nguyen"), ("İstanbul", "istanbul"),
    ("ılgaz", "ilgaz"), ("Σίσυφος", "σισυφοσ"), ("Ёлкин", "елкин"), ("", ""),
    ("O'Brien", "o'brien"),
    ("\u{304c}", "\u{304c}"), ("Ａ", "ａ"),
  ])
  func foldsCaseAndMarks(_ text: String, _ expected: String) {
    #expect(TextFolding.folded(text) == Array(expected.utf8))
  }

  @Test(arguments: [
    ("Ann@Example.COM", "ann@example.com"), ("JOSÉ@ex.com", "josé@ex.com"), ("", ""),
  ])
  func caselessKeepsMarks(_ text: String, _ expected: String) {
    #expect(TextFolding.caseless(text) == Array(expected.utf8))
  }

  /// Python's Unicode tables say the same.
  ///
  /// Its `unicodedata` decomposes, takes away marks of combining class 10 and above and
  /// composes again; what design adds to it (ø, ß ...) is mapped there by hand. Every assigned
  /// character above U+007F that form C leaves alone is compared, but for ten that fold to
  /// themselves here: free-standing Greek accents (no letters), and a Telugu vowel sign whose one
  /// half is a mark of class 91 (U+0C48).
  @Test(.enabled(if: ExternalTool.isExpected("python3")))
  func agreesWithPythonOnAllCharacters() throws {
    let script = """
      import unicodedata as u, sys
      own = {'ø':'o','ł':'l','đ':'d','ð':'d','ħ':'h','ŧ':'t','ı':'i','ſ':'s','ς':'σ',
             'ß':'ss','æ':'ae','œ':'oe','þ':'th'}
      out = []
      for cp in range(0x80, 0x30000):
        c = chr(cp)
        if u.category(c) in ('Cn', 'Cs', 'Co') or u.normalize('NFC', c) != c: continue
        if u.category(c) == 'Sk' or cp == 0xc48: continue
        marked = u.normalize('NFD', c.lower())
        folded = u.normalize('NFC', ''.join(x for x in marked if u.combining(x) < 10))
        folded = ''.join(own.get(x, x) for x in folded)
        out.append('%x %s' % (cp, '.'.join('%x' % ord(x) for x in folded)))
      sys.stdout.write('\\n'.join(out) + '\\n')
      """
    let lines = try run(["python3", "-c", script]).split(separator: "\n")
    #expect(lines.count > 100_000)
    var differences: [String] = []
    for line in lines {
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      let scalar = try #require(UInt32(parts[0], radix: 16).flatMap(Unicode.Scalar.init))
      var expected = String.UnicodeScalarView()
      for part in parts[1].split(separator: ".") {
        expected.append(try #require(UInt32(part, radix: 16).flatMap(Unicode.Scalar.init)))
      }
      let folded = TextFolding.folded(String(scalar))
      if folded != Array(String(expected).utf8) {
        differences.append("\(line): \(String(decoding: folded, as: UTF8.self))")
      }
    }
    #expect(differences == [])
  }
}
