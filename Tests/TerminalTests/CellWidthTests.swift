import Foundation
import TestSupport
import Testing

@testable import Terminal

@Suite struct CellWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("ｶﾅ", 2), ("Ｗ", 2), ("👍🏽", 2),
    ("👩‍👩‍👧", 2), ("🇦🇺", 2), ("❤", 1), ("❤️", 2), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2),
    ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2), ("1️⃣", 2), ("…", 1),
  ])
  func countsTerminalCells(_ text: String, _ width: Int) {
    #expect(CellWidth.of(text) == width)
  }

  /// Python's `wcwidth` is the judge: every code point alone that isn't a control.
  @Test(.enabled(if: ExternalTool.isPythonExpected(with: "wcwidth")))
  func agreesWithWcwidthOnEveryCodePoint() throws {
    let output = try python(
      """
      from wcwidth import wcwidth
      for v in range(0x20, 0x110000):
          if 0xD800 <= v < 0xE000: continue
          w = wcwidth(chr(v))
          if w >= 0: print(v, w)
      """,
      []
    )
    var wrong: [String] = []
    for line in output.split(separator: "\n") {
      let numbers = line.split(separator: " ").compactMap { UInt32($0) }
      guard numbers.count == 2, let scalar = Unicode.Scalar(numbers[0]) else { continue }
      // A judge with a newer Unicode knows characters that Swift's doesn't yet.
      if scalar.properties.generalCategory == .unassigned { continue }
      let width = CellWidth.of(scalar)
      if width != Int(numbers[1]) {
        wrong.append("U+\(String(numbers[0], radix: 16)): \(width), not \(numbers[1])")
      }
    }
    #expect(wrong == [])
  }

  /// Random strings of scripts, marks and emoji sequences.
  @Test(.enabled(if: ExternalTool.isPythonExpected(with: "wcwidth")))
  func agreesWithWcwidthOnStrings() throws {
    var random = SeededGenerator.announced()
    let pieces = [
      "a", "é", "e\u{301}", "漢", "カ", "ｶ", "한", "👍", "👍🏽", "👩‍👩‍👧", "🇦🇺", "❤️", "❤", "1️⃣", "☎️", "ไทย", "ß",
      "عربى", "עברית", "Ω", " ", "कि", "Ａ",
    ]
    var texts: [String] = []
    for _ in 0..<1000 {
      let count = Int.random(in: 0...8, using: &random)
      texts.append((0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
    }
    let output = try python(
      """
      import json, sys
      from wcwidth import wcswidth
      print(json.dumps([wcswidth(t) for t in json.load(sys.stdin)]))
      """,
      [UInt8](try JSONEncoder().encode(texts))
    )
    let widths = try JSONDecoder().decode([Int].self, from: Data(output.utf8))
    for (text, width) in zip(texts, widths) {
      #expect(CellWidth.of(text) == width, "\(text.debugDescription)")
    }
  }
}
