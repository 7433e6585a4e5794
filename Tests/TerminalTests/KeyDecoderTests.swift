import TestSupport
import Testing

@testable import Terminal

/// A decoder behind a reference: expectations can't call what mutates.
private final class Decoding {
  private var decoder = KeyDecoder()

  var waitMilliseconds: Int? { decoder.waitMilliseconds }

  func feed(_ bytes: some Sequence<UInt8>) -> [KeyInput] { decoder.feed(bytes) }

  func timeOut(afterMilliseconds milliseconds: Int) -> [KeyInput] {
    decoder.timeOut(afterMilliseconds: milliseconds)
  }
}

/// What terminals send, from "XTerm Control Sequences" and console_codes(4).
@Suite struct KeyDecoderTests {
  private func keys(_ text: String) -> [KeyInput] {
    let decoder = Decoding()
    return decoder.feed(text.utf8)
  }

  @Test(arguments: [
    ("\r", Key(.enter)), ("\t", Key(.tab)), ("\u{7F}", Key(.backspace)),
    ("\u{13}", .control("s")), ("\u{1A}", .control("z")), ("\u{0}", .control(" ")),
    ("\u{1B}[A", Key(.up)), ("\u{1B}OB", Key(.down)), ("\u{1B}[1;5C", Key(.right, .control)),
    ("\u{1B}[1;2D", Key(.left, .shift)), ("\u{1B}[H", Key(.home)), ("\u{1B}[4~", Key(.end)),
    ("\u{1B}[5~", Key(.pageUp)), ("\u{1B}[6;3~", Key(.pageDown, .alt)),
    ("\u{1B}[Z", Key(.tab, .shift)),
    ("\u{1B}[3~", Key(.delete)), ("\u{1B}OP", Key(.function(1))), ("\u{1B}[[B", Key(.function(2))),
    ("\u{1B}[15~", Key(.function(5))), ("\u{1B}[24~", Key(.function(12))),
    ("\u{1B}x", Key(.character("x"), .alt)), ("\u{1B}\u{7F}", Key(.backspace, .alt)),
  ])
  func sequencesAreKeys(bytes: String, key: Key) {
    #expect(keys(bytes) == [.key(key)])
  }

  @Test func lettersOfAllScriptsAreKeys() {
    #expect(
      keys("aé山🙂\u{301}") == ["a", "é", "山", "🙂", "\u{301}"].map { .key(.letter($0)) }
    )
  }

  @Test func whatComesInPiecesIsOneKey() {
    for text in ["山", "\u{1B}[1;5C", "\u{1B}[200~x y\u{1B}[201~"] {
      let decoder = Decoding()
      var inputs: [KeyInput] = []
      for byte in text.utf8 { inputs += decoder.feed([byte]) }
      #expect(inputs == keys(text))
      #expect(inputs.count == 1)
    }
  }

  @Test func escapeAloneIsAKeyAfterAWhile() {
    let decoder = Decoding()
    #expect(decoder.feed([0x1B]) == [])
    #expect(decoder.waitMilliseconds == KeyDecoder.escapeMilliseconds)
    #expect(decoder.timeOut(afterMilliseconds: KeyDecoder.escapeMilliseconds - 1) == [])
    #expect(
      decoder.timeOut(afterMilliseconds: KeyDecoder.escapeMilliseconds) == [.key(Key(.escape))]
    )
    #expect(decoder.waitMilliseconds == nil)
    #expect(decoder.feed(Array("[A".utf8)) == [.key(.letter("[")), .key(.letter("A"))])
  }

  /// A sequence that comes in pieces has more time than ESC alone, which may be the key.
  @Test func whatHasBegunForCertainIsWaitedForLonger() {
    for bytes: [UInt8] in [[0x1B, 0x5B], [0x1B, 0x4F], [0x1B, 0x5D], [0xC3]] {
      let decoder = Decoding()
      #expect(decoder.feed(bytes) == [])
      #expect(decoder.waitMilliseconds == KeyDecoder.pieceMilliseconds)
      #expect(decoder.timeOut(afterMilliseconds: KeyDecoder.pieceMilliseconds) == [])
      #expect(decoder.waitMilliseconds == nil)
    }
    #expect(KeyDecoder.escapeMilliseconds < KeyDecoder.pieceMilliseconds)
  }

  @Test func twoEscapesAreOneAndTheNext() {
    #expect(keys("\u{1B}\u{1B}[A") == [.key(Key(.escape)), .key(Key(.up))])
  }

  @Test func whatIsUnknownIsSwallowedWhole() {
    #expect(keys("\u{1B}[99~a") == [.key(.letter("a"))])
    #expect(keys("\u{1B}[?1;2ca") == [.key(.letter("a"))])
    #expect(keys("\u{1B}]11;rgb:0/0/0\u{7}a") == [.key(.letter("a"))])
    #expect(keys("\u{1B}P1$r0m\u{1B}\\a") == [.key(.letter("a"))])
  }

  @Test func brokenUTF8IsLeftOut() {
    let decoder = Decoding()
    #expect(decoder.feed([0xFF, 0x80, 0xC3, 0x61, 0xED, 0xA0, 0x80, 0x62]).count == 2)
  }

  @Test func aSequenceHasALongest() {
    let most = String(repeating: "1", count: KeyDecoder.sequenceBytesMax - 2)
    #expect(keys("\u{1B}[1;\(most)A") == [.key(Key(.up))])
    #expect(keys("\u{1B}[1;\(most)1Ax") == [.key(.letter("x"))])
  }

  @Test func aPasteIsOnePieceWithItsControls() {
    #expect(
      keys("\u{1B}[200~a\r\u{1B}[Ab\u{1B}[201~c") == [.paste("a\r\u{1B}[Ab"), .key(.letter("c"))]
    )
  }

  @Test func aPasteHasALongest() {
    let most = String(repeating: "x", count: KeyDecoder.pasteBytesMax)
    #expect(keys("\u{1B}[200~\(most)\u{1B}[201~") == [.paste(most)])
    #expect(keys("\u{1B}[200~\(most)y\u{1B}[201~z") == [.paste(most), .key(.letter("z"))])
  }

  @Test func aPasteWithoutAnEndIsOverAfterAWhile() {
    let decoder = Decoding()
    #expect(decoder.feed(Array("\u{1B}[200~abc\u{1B}[".utf8)) == [])
    #expect(decoder.timeOut(afterMilliseconds: KeyDecoder.escapeMilliseconds) == [])
    #expect(
      decoder.timeOut(afterMilliseconds: KeyDecoder.pasteMilliseconds) == [.paste("abc\u{1B}[")]
    )
    #expect(decoder.feed([0x61]) == [.key(.letter("a"))])
  }

  @Test func noiseNeitherTrapsNorStaysForEver() {
    var random = SeededGenerator.announced()
    let decoder = Decoding()
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        let likely: [UInt8] = [0x1B, 0x5B, 0x4F, 0x32, 0x30, 0x7E, 0x3B, 0xE5]
        return Bool.random(using: &random)
          ? likely.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
      }
      _ = decoder.feed(bytes)
    }
    _ = decoder.timeOut(afterMilliseconds: KeyDecoder.pasteMilliseconds)
    #expect(decoder.waitMilliseconds == nil)
    #expect(decoder.feed([0x61]) == [.key(.letter("a"))])
  }

  /// xterm's SGR form: button, column and row from 1; M is a press, m a release.
  @Test func pressesAndTheWheelAreRead() {
    var decoder = KeyDecoder()
    let inputs = decoder.feed("\u{1B}[<0;3;5M\u{1B}[<0;3;5m\u{1B}[<64;1;1M\u{1B}[<65;1;1M".utf8)
    #expect(
      inputs == [
        .click(GridPosition(row: 4, column: 2)), .wheel(up: true), .wheel(up: false),
      ]
    )
    let broken = decoder.feed("\u{1B}[<0;0;0M\u{1B}[<0;1M\u{1B}[<2;1;1M\u{1B}[<M".utf8)
    #expect(broken == [])
  }
}
