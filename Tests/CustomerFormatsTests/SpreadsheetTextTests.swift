import CommandLineTestSupport
import CustomerModel
import Foundation
import ProtoWire
import TestSupport
import Testing

@testable import CustomerFormats

@Suite struct SpreadsheetTextTests {
  /// The beginnings of formulas are OWASP's ("CSV Injection").
  @Test(arguments: [
    "=1+1", "+61491570006", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＋1", "－1", "＠1",
    "0412", "00", "123456789012", "12345678901234567890", "1.5", "1,5", "1/2", "1-2", "2026-01-31",
    "10:30", "10:30 pm", "1E5", "12e10", "MAR1", "1 May 2026", "Sept 2", "50%", "$5", "(5)", "€ 5",
    "1 000", "٠١٢", "TRUE", "false",
  ])
  func whatWouldBeChangedIsGuarded(_ text: String) {
    #expect(SpreadsheetText.guarded(text) == "'" + text)
    #expect(SpreadsheetText.plain("'" + text) == text)
  }

  @Test(arguments: [
    "Ann", "O'Brien", "'t Hooft", "4000", "0", "12345678901", "1 Queen Street", "Level 2", "a=b",
    "ann@example.com", "2026-01-31T12:00:00Z", "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55", "B-52s",
    "a;b",
    "Truex", "山田", "x;'y",
  ])
  func otherTextStaysAsItIs(_ text: String) {
    #expect(SpreadsheetText.guarded(text) == text)
    #expect(SpreadsheetText.plain(text) == text)
  }

  /// Where semicolons separate lists, these are cells of their own.
  @Test(arguments: [
    ("a;=1+1", "a;'=1+1"), ("=1;+2", "'=1;'+2"), ("a; @x", "a;' @x"), (";;-", ";;'-"),
    ("a;'=x", "a;''=x"),
  ])
  func partsBehindSemicolonsAreGuarded(_ text: String, _ cell: String) {
    #expect(SpreadsheetText.guarded(text) == cell)
    #expect(SpreadsheetText.plain(cell) == text)
  }

  @Test(arguments: [("", "'"), ("'", "''"), ("''", "'''"), ("'=1", "''=1"), ("'0412", "''0412")])
  func apostrophesStayApart(_ text: String, _ cell: String) {
    #expect(SpreadsheetText.guarded(text) == cell)
    #expect(SpreadsheetText.plain(cell) == text)
  }

  @Test func everyTextComesBack() {
    var customers = NastyCustomers(using: SeededGenerator.announced())
    for _ in 0..<20_000 {
      let text = customers.text()
      #expect(SpreadsheetText.plain(SpreadsheetText.guarded(text)).utf8.elementsEqual(text.utf8))
    }
  }

  /// Whichever of comma and semicolon a spreadsheet cuts at, no cell begins as a formula.
  @Test func noCellIsAFormulaWhereverItIsCut() throws {
    var customers = NastyCustomers(using: SeededGenerator.announced())
    let writer = CSVWriter(isForSpreadsheet: true)
    for _ in 0..<2_000 {
      let line = writer.line([customers.text(), customers.text(), customers.text()])
      for delimiter in [",", ";"] as [Unicode.Scalar] {
        var reader = CSVReader(delimiter: UInt8(ascii: delimiter))
        reader.append(Array(line.utf8.dropLast(2)))
        reader.finish()
        for cell in reader.next()?.cells ?? [] {
          let first = cell.unicodeScalars.first { $0 != " " }
          #expect(!"=+-@\t\r＝＋－＠".unicodeScalars.contains(first ?? "x"), "\(line.debugDescription)")
        }
      }
    }
  }

  /// Only a file with a byte order mark is one for spreadsheets: elsewhere an apostrophe is one.
  @Test func onlyAMarkedFileIsRead() throws {
    let table = "firstName,attributes.a,attributes.b\n'=x,',\n"
    for (mark, name, keys) in [("\u{FEFF}", "=x", ["a"]), ("", "'=x", ["a"])] {
      var rows = ImportRows(format: nil, settings: .init())
      try rows.append(Array((mark + table).utf8))
      try rows.finish()
      let customer = try #require(try rows.next()).content.get()
      #expect(customer.firstName == name && customer.attributes.keys == keys)
      #expect(customer.attributes["a"] == (mark.isEmpty ? "'" : ""))
    }
  }
}
