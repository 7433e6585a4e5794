/// Cells written so that ``CSVReader``, spreadsheets and `cut` read them back.
///
/// A cell is quoted only if it must be: it holds the delimiter, a line end or a quote at its
/// beginning, begins or ends with a space, or is empty and says so. Lines end with a line feed
/// alone.
///
/// For Excel a file begins with ``byteOrderMark``, lines end as RFC 4180 has it, and cells are
/// guarded as ``SpreadsheetText`` tells.
package struct CSVWriter {
  /// What tells Excel that a file is UTF-8, at its very beginning.
  package static let byteOrderMark = "\u{FEFF}"

  /// Stands between cells: a comma or a tab.
  let delimiter: Unicode.Scalar

  /// Whether a spreadsheet is to open the file by itself.
  let isForSpreadsheet: Bool

  /// Creates a writer.
  package init(delimiter: Unicode.Scalar = ",", isForSpreadsheet: Bool = false) {
    self.delimiter = delimiter
    self.isForSpreadsheet = isForSpreadsheet
  }

  /// One record with its line end, in which an empty text is a cell with nothing in it.
  package func line(_ cells: [String]) -> String {
    record(cells.map { $0.isEmpty ? nil : $0 })
  }

  /// One record with its line end.
  ///
  /// - Parameter cells: The texts. Where there is none nothing is written, and for an empty one a
  ///   pair of quotes: the two are not the same, as in PostgreSQL's CSV.
  /// - Returns: The line.
  package func record(_ cells: [String?]) -> String {
    let end = isForSpreadsheet ? "\r\n" : "\n"
    // Nothing at all would be an empty line, which is no record.
    if cells.count == 1, cells[0] == nil { return "\"\"" + end }
    var text = ""
    for (index, cell) in cells.enumerated() {
      if index > 0 { text.unicodeScalars.append(delimiter) }
      guard let cell else { continue }
      append(isForSpreadsheet ? SpreadsheetText.guarded(cell) : cell, to: &text)
    }
    return text + end
  }

  private func append(_ cell: String, to text: inout String) {
    guard mustQuote(cell) else {
      text += cell
      return
    }
    text += "\""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { text += "\"" }
      text.unicodeScalars.append(scalar)
    }
    text += "\""
  }

  private func mustQuote(_ cell: String) -> Bool {
    let scalars = cell.unicodeScalars
    guard let first = scalars.first, let last = scalars.last else { return true }
    if isSpace(first) || isSpace(last) { return true }
    // RFC 4180 wants every cell with a quote in it quoted; a tab-separated one is left readable.
    if delimiter == "," ? scalars.contains("\"") : first == "\"" { return true }
    return scalars.contains { scalar in
      scalar == delimiter || scalar == "\n" || scalar == "\r"
        || isForSpreadsheet && (scalar == ";" || scalar == "\t")
    }
  }

  private func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}
