import CustomerFormats
import CustomerModel
import ProtoWire
import Terminal

/// Prints customers one after another, in any format.
///
/// Call ``begin()``, ``add(_:)`` for each page or message, then ``end()``. CSV and TSV need to see
/// all customers before the first line, for the columns: several wait in a file without a name.
struct CustomerPrinter {
  /// What JSON stands around the customers.
  enum Frame {
    /// The object alone: one customer was asked for.
    case single

    /// An array.
    case array

    /// An export's object, whose resume token comes with the end.
    case export
  }

  /// Whether a spreadsheet is to open the CSV, see ``CSVWriter``.
  var isForSpreadsheet = false

  private let format: OutputFormat
  private let frame: Frame
  private let selection: FieldSelection?
  private let streams: any Streams
  private var count = 0
  private var columns = CustomerColumns()
  private var spool: CustomerSpool?
  private var widths: [Int]?

  /// Creates a printer.
  ///
  /// - Parameters:
  ///   - format: How customers are printed.
  ///   - frame: What JSON stands around them.
  ///   - fields: What of them is printed; nil is what the format usually has.
  ///   - streams: Where to.
  init(
    _ format: OutputFormat,
    frame: Frame,
    fields: FieldSelection? = nil,
    to streams: any Streams
  ) {
    self.format = format
    self.frame = frame
    selection = fields
    columns.selection = fields
    self.streams = streams
  }

  /// Prints what stands before the first customer.
  mutating func begin() throws {
    guard format == .json else { return }
    switch frame {
    case .single: break
    case .array: try write("[")
    case .export: try write("{\n\"customers\": [")
    }
  }

  /// Prints customers, or keeps them for the end.
  mutating func add(_ customers: [Customer]) throws {
    switch format {
    case .table: try addTable(customers)
    case .json: for customer in customers { try addJSON(customer) }
    case .ndjson:
      for customer in customers { try writeJSON(compact(customer) + "\n") }
    case .id:
      for customer in customers { try write(TerminalText.safe(customer.customerID) + "\n") }
    case .vcard:
      for line in customers.flatMap({ VCard($0).lines }) { try writeLine(line.folded) }
    case .csv, .tsv:
      for customer in customers { columns.include(customer) }
      if frame == .single {
        var rest = customers.makeIterator()
        try printRecords { rest.next() }
      } else {
        if spool == nil { spool = try CustomerSpool() }
        for customer in customers { try spool?.append(customer) }
      }
    }
    count += customers.count
  }

  /// Prints what stands behind the last customer.
  mutating func end(resumeToken: String = "") throws {
    switch format {
    case .json:
      switch frame {
      case .single: try write("\n")
      case .array: try write(count == 0 ? "]\n" : "\n]\n")
      case .export:
        try writeJSON("\n],\n\"resumeToken\": " + JSONString.quoted(resumeToken) + "\n}\n")
      }
    case .csv, .tsv:
      guard frame != .single else { break }
      try spool?.rewind()
      try printRecords { try spool?.next() }
    case .table, .ndjson, .id, .vcard: break
    }
  }

  // MARK: Formats

  private mutating func addTable(_ customers: [Customer]) throws {
    guard frame != .single else {
      for customer in customers {
        let lines = selection?.lines(customer) ?? CustomerSummary.lines(customer)
        for line in lines { try write(line + "\n") }
      }
      return
    }
    let table = TextTable(columns: selection?.columns ?? CustomerSummary.columns)
    let rows = customers.map { selection?.cells($0) ?? CustomerSummary.cells($0) }
    // Later pages keep the widths of the first: one table, however long.
    if widths == nil, !rows.isEmpty {
      let fitting = table.widths(rows, fitting: streams.width)
      let heading = table.heading(fitting)
      try write((streams.usesStyles ? "\u{1B}[1m\(heading)\u{1B}[m" : heading) + "\n")
      widths = fitting
    }
    guard let widths else { return }
    for row in rows {
      try write(table.line(row, widths, cutting: streams.width != nil) + "\n")
    }
  }

  private mutating func addJSON(_ customer: Customer) throws {
    switch frame {
    case .single:
      try writeJSON(pretty(customer))
    case .array:
      // Line feeds stand between JSON's values only, never in them.
      let lines = try pretty(customer).split(separator: "\n").map { "  " + $0 }
      try writeJSON((hasBegun ? ",\n" : "\n") + lines.joined(separator: "\n"))
    case .export:
      try writeJSON((hasBegun ? ",\n" : "\n") + compact(customer))
    }
    hasBegun = true
  }

  private func compact(_ customer: Customer) throws -> String {
    try selection?.json(customer).compact ?? CustomerJSON.compact(customer)
  }

  private func pretty(_ customer: Customer) throws -> String {
    try selection?.json(customer).pretty ?? CustomerJSON.pretty(customer)
  }

  private var hasBegun = false

  private func printRecords(_ next: () throws -> Customer?) throws {
    let writer = CSVWriter(
      delimiter: format == .csv ? "," : "\t",
      isForSpreadsheet: isForSpreadsheet
    )
    let fields = columns.fields
    if isForSpreadsheet { try streams.write(CSVWriter.byteOrderMark) }
    try writeLine(writer.line(columns.heads))
    while let customer = try next() {
      try writeLine(writer.record(columns.cells(of: customer, fields)))
    }
  }

  // MARK: Writing

  private func write(_ text: String) throws { try streams.write(text) }

  private func writeJSON(_ text: String) throws {
    try streams.write(streams.isOutputTerminal ? TerminalText.safeJSON(text) : text)
  }

  /// Writes a record of a table or a line of a vCard; its end is no data that could harm.
  private func writeLine(_ text: String) throws {
    guard streams.isOutputTerminal else { return try streams.write(text) }
    let line = text.hasSuffix("\r\n") ? String(text.dropLast()) + "\n" : text
    try streams.write(TerminalText.safeLines(line))
  }
}
