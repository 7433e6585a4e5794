/// Cells written so that ``CSVReader``, spreadsheets and `cut` read them back.
///
/// A cell is quoted only if it must be: it holds the delimiter, a line end or a quote at its
/// beginning, begins or ends with a space, or is the only one and empty. Lines end with a line
/// feed alone.
struct CSVWriter {
  /// Stands between cells: a comma or a tab.
  var delimiter: Unicode.Scalar = ","

  /// One record with its line end.
  func line(_ cells: [String]) -> String {
    if cells.count == 1, cells[0].isEmpty { return "\"\"\n" }
    var text = ""
    for (index, cell) in cells.enumerated() {
      if index > 0 { text.unicodeScalars.append(delimiter) }
      append(cell, to: &text)
    }
    return text + "\n"
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
    guard let first = scalars.first, let last = scalars.last else { return false }
    if isSpace(first) || isSpace(last) { return true }
    // RFC 4180 wants every cell with a quote in it quoted; a tab-separated one is left readable.
    if delimiter == "," ? scalars.contains("\"") : first == "\"" { return true }
    return scalars.contains { $0 == delimiter || $0 == "\n" || $0 == "\r" }
  }

  private func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}
