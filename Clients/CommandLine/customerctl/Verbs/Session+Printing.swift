import Arguments
import CustomerFormats
import CustomerModel
import ProtoWire
import Terminal

// What isn't a list of customers, on paper and on a terminal.

extension Session {
  /// Prints rows under headings, aligned and cut to the terminal.
  ///
  /// - Parameters:
  ///   - titles: A heading for each column.
  ///   - rows: The cells; not yet made safe.
  ///   - fixed: How many columns, from the left, are never cut.
  /// - Throws: ``StreamError``.
  func printTable(_ titles: [String], _ rows: [[String]], fixed: Int = 1) throws {
    let columns = titles.enumerated().map { index, title in
      TextTable.Column(title, mayShrink: index >= fixed)
    }
    let table = TextTable(columns: columns)
    let widths = table.widths(rows, fitting: streams.width)
    try streams.write(heading(table.heading(widths)) + "\n")
    for row in rows {
      try streams.write(table.line(row, widths, cutting: streams.width != nil) + "\n")
    }
  }

  /// A heading: bold where styles are used.
  func heading(_ text: String) -> String {
    streams.usesStyles ? "\u{1B}[1m\(text)\u{1B}[m" : text
  }

  /// Prints rows as CSV or TSV.
  func printRows(_ names: [String], _ rows: [[String]]) throws {
    let writer = CSVWriter(delimiter: format == .csv ? "," : "\t")
    for row in [names] + rows {
      let line = writer.line(row)
      try streams.write(streams.isOutputTerminal ? TerminalText.safeLines(line) : line)
    }
  }

  /// Prints JSON text.
  func writeJSON(_ text: String) throws {
    try streams.write(streams.isOutputTerminal ? TerminalText.safeJSON(text) : text)
  }

  /// Starts the pager for a table on a terminal, unless that isn't wanted.
  func startPager() {
    guard format == .table, streams.isOutputTerminal, !invocation[SharedOptions.noPager] else {
      return
    }
    let command = environment("PAGER") ?? Self.usualPager
    guard !["", "cat"].contains(trimmed(command)) else { return }
    streams.startPager(command)
  }

  /// `less` where there is one: quits at the end of a short text, keeps colours and the screen.
  static let usualPager = "if command -v less >/dev/null; then exec less -FRX; else exec cat; fi"

  /// Prints facts in the format asked for: names and texts, or the message as JSON.
  func printFacts(_ rows: [[String]], _ message: some WireMessage) throws {
    switch format {
    case .json: try streams.write(try CustomerJSON.pretty(message) + "\n")
    case .ndjson: try streams.write(try CustomerJSON.compact(message) + "\n")
    case .table, .id, .vcard:
      for line in TextTable.pairs(rows) { try streams.write(line + "\n") }
    case .csv, .tsv:
      let writer = CSVWriter(delimiter: format == .csv ? "," : "\t")
      try streams.write(writer.line(rows.map { $0[0] }))
      try streams.write(writer.line(rows.map { $0[1] }))
    }
  }
}
