import Testing

@testable import Terminal

@Suite struct TextFieldTests {
  private func press(_ key: Key, _ field: inout TextField) {
    let isTaken = field.handle(key)
    #expect(isTaken)
  }

  @Test func editsAtTheCursor() {
    var field = TextField("Ann")
    for key in [Key(.left), Key(.left), .letter("x"), Key(.end), .letter("!")] {
      press(key, &field)
    }
    #expect(field.text == "Axnn!")
    press(Key(.home), &field)
    press(Key(.delete), &field)
    #expect(field.text == "xnn!")
    #expect(field.cursor == 0)
    press(Key(.backspace), &field)
    #expect(field.text == "xnn!")
  }

  @Test func wordsAndLinesAreRemoved() {
    var field = TextField("Ann van Lee")
    press(.control("w"), &field)
    #expect(field.text == "Ann van ")
    press(Key(.left, .control), &field)
    press(.control("k"), &field)
    #expect(field.text == "Ann ")
    press(.control("u"), &field)
    #expect(field.text == "")
  }

  @Test func aMarkJoinsTheLetterBefore() {
    var field = TextField("e")
    press(.letter("\u{301}"), &field)
    #expect(field.cursor == 1)
    press(Key(.backspace), &field)
    #expect(field.text == "")
  }

  @Test func pastedControlsStayOutside() {
    var field = TextField()
    field.insert("a\r\nb\tc\u{1B}[31m\u{7}d")
    #expect(field.text == "a b c[31md")
  }

  @Test func aFieldHasALongestText() {
    var field = TextField()
    field.insert(String(repeating: "é", count: TextField.scalarsMax))
    #expect(field.text.unicodeScalars.count == TextField.scalarsMax)
    field.insert("x")
    #expect(field.text.unicodeScalars.count == TextField.scalarsMax)
  }

  @Test func theWindowFollowsTheCursorByCells() {
    var field = TextField("山田太郎")
    #expect(field.window(width: 9).text == "山田太郎")
    #expect(field.window(width: 9).cursor == 8)
    // The cursor needs a cell of its own: one wide letter goes.
    #expect(field.window(width: 8).text == "田太郎")
    #expect(field.window(width: 8).cursor == 6)
    press(Key(.home), &field)
    #expect(field.window(width: 5).text == "山田")
    #expect(field.window(width: 5).cursor == 0)
  }

  @Test func commandsAreNotText() {
    var field = TextField("a")
    for key in [Key.control("s"), Key(.tab), Key(.up), Key(.escape), Key(.character("x"), .alt)] {
      let isTaken = field.handle(key)
      #expect(!isTaken)
    }
    #expect(field.text == "a")
  }
}
