import Foundation
import TestSupport
import Testing

@testable import CustomerFormats

@Suite struct CSVReaderTests {
  /// All records of a text that arrives in pieces of a size.
  private func records(
    _ bytes: [UInt8],
    delimiter: UInt8 = UInt8(ascii: ","),
    pieces: Int = .max
  ) -> [CSVRecord] {
    var reader = CSVReader(delimiter: delimiter)
    var records: [CSVRecord] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(pieces)
      rest = rest.dropFirst(piece.count)
      reader.append(piece)
      while let record = reader.next() { records.append(record) }
    }
    reader.finish()
    while let record = reader.next() { records.append(record) }
    return records
  }

  private func cells(_ text: String) -> [[String]] { records(Array(text.utf8)).map(\.cells) }

  @Test func readsPlainCells() {
    #expect(cells("a,b,c\r\n1,,3\r\n") == [["a", "b", "c"], ["1", "", "3"]])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func linesEndInThreeWays(_ end: String) {
    #expect(cells("a,b\(end)1,2\(end)") == [["a", "b"], ["1", "2"]])
  }

  @Test func theLastLineNeedsNoEnd() {
    #expect(cells("a\n1") == [["a"], ["1"]])
  }

  @Test func quotedCellsHoldDelimitersQuotesAndLineEnds() {
    #expect(cells("\"a,b\",\"c\"\"d\",\"e\r\nf\"\n") == [["a,b", "c\"d", "e\r\nf"]])
  }

  @Test func aQuoteInsideAPlainCellIsACharacter() {
    #expect(cells("5\" pipe,a\"b\"\n") == [["5\" pipe", "a\"b\""]])
  }

  @Test func spacesMayStandAroundQuotes() {
    #expect(cells("1, \"a, b\" , c\n") == [["1", "a, b", " c"]])
  }

  @Test func emptyLinesAreNoRecords() {
    #expect(cells("\n\na\n  \n\"\"\n") == [["a"], [""]])
  }

  @Test func recordsKnowTheirLines() {
    let lines = records(Array("a\n\"b\nc\"\r\n\nd\r\re\n".utf8)).map(\.line)
    #expect(lines == [1, 2, 5, 7])
  }

  @Test func anUnclosedQuoteIsAProblemOfItsRecord() {
    let last = records(Array("a,b\n1,\"x\ny\n".utf8)).last
    #expect(last?.problem == CSVProblem(kind: .unclosedQuote, column: 2))
    #expect(last?.problem.map { "\($0)" } == "column 2: the quote is never closed")
  }

  @Test func textBehindAQuoteSpoilsOneRecordOnly() {
    let all = records(Array("\"a\"b,c\nd,e\n".utf8))
    #expect(
      all[0].problem.map { "\($0)" }
        == "column 1: text behind the closing quote; a quote inside a cell is written twice"
    )
    #expect(all[1] == CSVRecord(cells: ["d", "e"], line: 2, problem: nil))
  }

  @Test func bytesThatAreNoTextSpoilOneRecordOnly() {
    let all = records([0x61, 0x2C, 0xFF, 0x0A, 0x62, 0x0A])
    #expect(all[0].problem.map { "\($0)" } == "column 2 is not UTF-8 text")
    #expect(all[1].cells == ["b"] && all[1].problem == nil)
  }

  @Test func takesARecordAtTheLimitAndNoneOver() {
    let fits = [UInt8](repeating: 0x61, count: CSVReader.recordBytesMax)
    let all = records(fits + [0x0A] + fits + [0x61, 0x0A, 0x62, 0x0A], pieces: 65_536)
    #expect(all.map(\.problem?.kind) == [nil, .tooLong, nil])
    #expect(all[0].cells[0].utf8.count == CSVReader.recordBytesMax)
    #expect(all[1].problem.map { "\($0)" } == "the row is over the limit of 1048576 bytes")
  }

  @Test func takesAsManyCellsAsTheLimitAndNoneOver() {
    let fits = String(repeating: ",", count: CSVReader.cellsMax - 1)
    let all = records(Array("\(fits)\n\(fits),\n".utf8))
    #expect(all.map(\.problem?.kind) == [nil, .tooManyCells])
    #expect(all[0].cells.count == 1000)
    #expect(all[1].problem.map { "\($0)" } == "the row is over the limit of 1000 cells")
  }

  @Test func knowsWhichCellsStoodInQuotes() throws {
    let record = try #require(records(Array("a,\"\",\"b\",,\" \"\n".utf8)).first)
    #expect(record.quoted == [1, 2, 4] && record.quotedEmpty == [1])
    // What is kept of a line without end has an end.
    let endless = String(repeating: "\"\",", count: CSVReader.cellsMax + 500)
    let cut = try #require(records(Array(endless.utf8)).first)
    #expect(cut.quoted.count == CSVReader.cellsMax && cut.problem?.kind == .tooManyCells)
  }

  /// Python's csv module is the judge, on text made of what is difficult.
  @Test(.enabled(if: ExternalTool.isExpected("python3")))
  func readsWhatPythonReads() throws {
    var random = SeededGenerator.announced()
    let tokens = [
      "\"", "\"", "\"\"", ",", ",", "\n", "\r\n", "\r", "a", "é", " b", "0", "\t", "漢", "\"x\"",
      ";",
    ]
    var texts: [String] = []
    for _ in 0..<2000 {
      let count = Int.random(in: 0...20, using: &random)
      texts.append(
        (0..<count).map { _ in tokens.randomElement(using: &random) ?? "" }.joined()
      )
    }
    let input = [UInt8](try JSONEncoder().encode(texts))
    let output = try python(
      """
      import csv, io, json, sys
      def read(text):
          try: return list(csv.reader(io.StringIO(text, newline=''), strict=True))
          except csv.Error: return None
      print(json.dumps([read(t) for t in json.load(sys.stdin)]))
      """,
      input
    )
    let expected = try JSONDecoder().decode([[[String]]?].self, from: Data(output.utf8))
    var compared = 0
    for (text, rows) in zip(texts, expected) {
      // Python refuses what this reader forgives, and takes a line of spaces for a record.
      guard let rows, !hasSpacesAroundQuotes(text) else { continue }
      let wanted = rows.filter { row in
        !(row.isEmpty || row.count == 1 && row[0].allSatisfy { $0 == " " || $0 == "\t" })
      }
      let pieces = Int.random(in: 1...8, using: &random)
      let found = records(Array(text.utf8), pieces: pieces)
      #expect(found.map(\.cells).filter { $0 != [""] } == wanted, "\(text.debugDescription)")
      #expect(found.allSatisfy { $0.problem == nil }, "\(text.debugDescription)")
      compared += 1
    }
    #expect(compared > 500)
  }

  /// Python takes a space before a quote for the beginning of a plain cell.
  private func hasSpacesAroundQuotes(_ text: String) -> Bool {
    ["\t\"", "\"\t", "\" "].contains { text.contains($0) }
  }

  /// What this writer writes, Python reads; and so does this reader.
  @Test(
    .enabled(if: ExternalTool.isExpected("python3")),
    arguments: [",", "\t"] as [Unicode.Scalar]
  )
  func writesWhatPythonReads(_ delimiter: Unicode.Scalar) throws {
    var random = SeededGenerator.announced()
    let pieces = [
      "", "a", "é b", "\"", "\"\"", ",", "\t", "\n", "\r\n", " ", "'", ";", "漢字", "0012",
    ]
    var rows: [[String]] = []
    for _ in 0..<500 {
      let count = Int.random(in: 1...6, using: &random)
      rows.append(
        (0..<count).map { _ in
          (0..<Int.random(in: 0...3, using: &random))
            .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        }
      )
    }
    let writer = CSVWriter(delimiter: delimiter)
    let text = rows.map { writer.line($0) }.joined()
    let output = try python(
      """
      import csv, io, json, sys
      text = sys.stdin.buffer.read().decode()
      rows = csv.reader(io.StringIO(text, newline=''), delimiter='\(delimiter == "," ? "," : "\\t")')
      print(json.dumps(list(rows)))
      """,
      Array(text.utf8)
    )
    #expect(try JSONDecoder().decode([[String]].self, from: Data(output.utf8)) == rows)
    #expect(
      records(Array(text.utf8), delimiter: UInt8(ascii: delimiter)).map(\.cells) == rows
    )
  }

  @Test func quotesOnlyWhatMustBe() {
    #expect(CSVWriter().line(["a", "b c", "5\"", ",", " x"]) == "a,b c,\"5\"\"\",\",\",\" x\"\n")
    #expect(CSVWriter(delimiter: "\t").line(["a,b", "5\"", "\"x"]) == "a,b\t5\"\t\"\"\"x\"\n")
  }

  /// No store holds line ends in texts, but other programs' tables do.
  @Test(arguments: [",", "\t"] as [Unicode.Scalar])
  func lineEndsStayInTheirCells(_ delimiter: Unicode.Scalar) {
    let cells = ["a\nb", "\r\n", "\r", "c\r\n\"d\"\n", ""]
    for isForSpreadsheet in [false, true] {
      let writer = CSVWriter(delimiter: delimiter, isForSpreadsheet: isForSpreadsheet)
      var reader = CSVReader(delimiter: UInt8(ascii: delimiter))
      reader.append(Array(writer.line(cells).utf8))
      reader.finish()
      let found = reader.next()?.cells ?? []
      #expect(isForSpreadsheet ? found.map(SpreadsheetText.plain) == cells : found == cells)
    }
  }
}
