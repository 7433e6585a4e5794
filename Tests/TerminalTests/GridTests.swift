import CommandLineTestSupport
import TestSupport
import Testing

@testable import Terminal

@Suite struct GridTests {
  private let size = GridSize(columns: 20, rows: 5)

  @Test func textIsCutToItsRoomByCells() {
    var grid = Grid(size)
    #expect(grid.put("山田太郎", row: 0, column: 0, width: 6) == 5)
    #expect(grid.text(ofRow: 0) == "山田…")
    grid.put("12", row: 1, column: 0, width: 6, edge: .right)
    #expect(grid.text(ofRow: 1) == "    12")
    grid.put("0123456789012345678901", row: 2, column: 0)
    #expect(grid.text(ofRow: 2) == "0123456789012345678…")
  }

  @Test func controlsOfDataNeverBecomeCells() {
    var grid = Grid(size)
    grid.put("a\u{1B}[31mb\u{202E}", row: 0, column: 0)
    #expect(grid.text(ofRow: 0) == #"a\u{1B}[31mb\u{202E}"#)
  }

  @Test func halfOfAWideLetterNeverStays() {
    var grid = Grid(size)
    grid.put("山山", row: 0, column: 0)
    grid.put("x", row: 0, column: 1)
    grid.put("y", row: 0, column: 2)
    #expect(grid.text(ofRow: 0) == " xy")
    grid.put("山", row: 1, column: 1)
    grid.put("田", row: 1, column: 0)
    #expect(grid.text(ofRow: 1) == "田")
  }

  @Test func whatIsOutsideIsLeftOut() {
    var grid = Grid(size)
    grid.put("x", row: 5, column: 0)
    grid.put("x", row: 0, column: 20)
    grid.put("山", row: 0, column: 19)
    #expect(grid.text(ofRow: 0) == String(repeating: " ", count: 19) + "…")
    #expect(Grid(GridSize(columns: 0, rows: -3)).size == GridSize(columns: 1, rows: 1))
    let most = GridSize(columns: GridSize.columnsMax, rows: GridSize.rowsMax)
    #expect(most.limited == most)
    #expect(GridSize(columns: most.columns + 1, rows: most.rows + 1).limited == most)
  }

  @Test func aCellHasALimitOfMarks() {
    var grid = Grid(size)
    let marks = String(repeating: "\u{301}", count: Cell.scalarsMax - 1)
    grid.put("a" + marks, row: 0, column: 0)
    #expect(grid[0, 0].text.unicodeScalars.count == Cell.scalarsMax)
    grid.put("a" + marks + "\u{301}", row: 0, column: 0)
    #expect(grid[0, 0].text.unicodeScalars.count == Cell.scalarsMax)
  }

  @Test func whatIsTheSameIsNotWritten() {
    var grid = Grid(size)
    grid.put("Ann", row: 1, column: 2, style: .bold)
    #expect(GridUpdate.bytes(from: grid, to: grid) == [])
    var next = grid
    next.put("e", row: 1, column: 5)
    let text = String(decoding: GridUpdate.bytes(from: grid, to: next), as: UTF8.self)
    #expect(text == "\u{1B}[?25l\u{1B}[2;6H\u{1B}[0me\u{1B}[0m")
  }

  @Test func aFewCellsBetweenAreWrittenAgain() {
    var grid = Grid(size)
    grid.put("Ann Lee é Lee", row: 1, column: 2)
    func text(_ row: String) -> String {
      var next = grid
      next.put(row, row: 1, column: 2)
      return String(decoding: GridUpdate.bytes(from: grid, to: next), as: UTF8.self)
    }
    let begin = "\u{1B}[?25l\u{1B}[2;3H\u{1B}[0m"
    // Six cells as they are, then seven; the cursor's way is six bytes and more.
    #expect(text("Bnn LeeXé Lee") == begin + "Bnn LeeX\u{1B}[0m")
    #expect(text("Bnn Lee X Lee") == begin + "B\u{1B}[2;11HX\u{1B}[0m")
    // Of other letters than ASCII's nobody knows for certain how wide a terminal draws them.
    #expect(text("Bnn Lee é Xee") == begin + "B\u{1B}[2;13HX\u{1B}[0m")
    #expect(text("Ann LeeXé Xee") == "\u{1B}[?25l\u{1B}[2;10H\u{1B}[0mX\u{1B}[2;13HX\u{1B}[0m")
  }

  @Test func coloursCanBeLeftOut() {
    var grid = Grid(size)
    grid.put("x", row: 0, column: 0, style: .accent)
    let text = String(
      decoding: GridUpdate.bytes(from: Grid(size), to: grid, usesColors: false),
      as: UTF8.self
    )
    #expect(text.contains("\u{1B}[0;1m"))
    #expect(!text.contains("36"))
  }

  /// A terminal that takes the updates in shows the screens, one after the other.
  @Test func updatesLeadFromAnyScreenToAnyOther() {
    var random = SeededGenerator.announced()
    let words = ["Ann", "山田", "é", "e\u{301}", "🙂", "👩‍👩‍👧", "─", " ", "x\u{1B}", "한국"]
    let styles: [Style] = [
      .plain, .bold, .dim, .selected, .bad, Style(color: .green, traits: .struck),
    ]
    var terminal = TerminalModel(size)
    var shown: Grid?
    for _ in 0..<500 {
      var next = Bool.random(using: &random) ? shown ?? Grid(size) : Grid(size)
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        next.put(
          words.randomElement(using: &random) ?? "",
          row: Int.random(in: 0..<5, using: &random),
          column: Int.random(in: 0..<20, using: &random),
          style: styles.randomElement(using: &random) ?? .plain
        )
      }
      next.cursor =
        Bool.random(using: &random)
        ? GridPosition(row: Int.random(in: 0..<5, using: &random), column: 3) : nil
      terminal.take(GridUpdate.bytes(from: shown, to: next))
      #expect(terminal.screen == next)
      #expect(terminal.unknown == [])
      shown = next
    }
  }
}
