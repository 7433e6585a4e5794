import CustomerModel

/// One row of an import, read and waiting for its turn.
package struct ImportRow {
  /// Its number; the first row of data is 1, whatever the format.
  package var number: Int

  /// The line of the file on which it begins.
  package var line: Int

  /// What stood there, for the file of rejected rows.
  var original: Original

  /// The customer, or why there is none.
  package var content: Result<Customer, FieldError>

  /// What a row was before it was read.
  enum Original: Equatable {
    /// The cells of a table, and the places of those that say they are empty.
    case cells([String], givenEmpty: [Int] = [])

    /// A JSON object, or what should have been one.
    case json([UInt8])
  }
}

/// How the file is written.
package enum ImportFormat: String, CaseIterable, Sendable {
  case csv
  case tsv
  case json
  case ndjson

  /// The format that a file's name tells.
  package init?(path: String) {
    switch path.lowercased().split(separator: ".").last {
    case "csv", "txt": self = .csv
    case "tsv": self = .tsv
    case "json": self = .json
    case "ndjson", "jsonl": self = .ndjson
    default: return nil
    }
  }

  /// Whether it has columns, which options can speak of.
  package var isTable: Bool { self == .csv || self == .tsv }

  /// The format that a file's beginning tells: JSON begins with a bracket, and where the first
  /// line is one whole object, every line is.
  init(beginning: [UInt8]) {
    let text = beginning.drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    switch text.first {
    case UInt8(ascii: "["): self = .json
    case UInt8(ascii: "{"):
      var elements = JSONElements()
      elements.append(text.prefix { $0 != UInt8(ascii: "\n") })
      // Nothing but this object stands on the line, and it is no export.
      guard (try? elements.next()) != nil, !elements.isInExport,
        (try? elements.next()) == .some(nil)
      else {
        self = .json
        return
      }
      self = .ndjson
    default: self = .csv
    }
  }
}

/// The rows of a file, whatever its format, as its bytes come in.
package struct ImportRows {
  /// How many bytes are looked at to tell format and delimiter, if there are so many.
  static let beginningBytesMax = 1 << 16

  private let settings: ColumnMapping.Settings
  private var format: ImportFormat?
  private var beginning: [UInt8] = []
  private var isFinished = false
  private var reader: Reader?
  private var count = 0

  /// Whether the file is one that spreadsheets open, whose cells are guarded.
  private var isForSpreadsheet = false

  /// The columns of a table, once they are read; empty for JSON.
  package private(set) var header: [String] = []

  /// Stands between the cells of a table.
  package private(set) var delimiter: Unicode.Scalar = ","

  private enum Reader {
    case csv(CSVReader, ColumnMapping?)
    case json(JSONElements)
    case ndjson(JSONLines)
  }

  /// Creates a reader; without a format the file's beginning tells it.
  package init(format: ImportFormat?, settings: ColumnMapping.Settings) {
    self.format = format
    self.settings = settings
  }

  /// Adds input behind what was added before.
  package mutating func append(_ bytes: [UInt8]) throws(ImportError) {
    switch reader {
    case .csv(var csv, let mapping):
      reader = nil
      csv.append(bytes)
      reader = .csv(csv, mapping)
    case .json(var json):
      reader = nil
      json.append(bytes)
      reader = .json(json)
    case .ndjson(var lines):
      reader = nil
      lines.append(bytes)
      reader = .ndjson(lines)
    case .none:
      beginning += bytes
      if beginning.contains(UInt8(ascii: "\n")) || beginning.count >= Self.beginningBytesMax {
        try begin()
      }
    }
  }

  /// Says that no more input comes.
  package mutating func finish() throws(ImportError) {
    isFinished = true
    if reader == nil { try begin() }
    switch reader {
    case .csv(var csv, let mapping):
      csv.finish()
      reader = .csv(csv, mapping)
    case .json(var json):
      json.finish()
      reader = .json(json)
    case .ndjson(var lines):
      lines.finish()
      reader = .ndjson(lines)
    case .none:
      break
    }
  }

  /// The next row; nil if more input is needed, or there is none.
  package mutating func next() throws(ImportError) -> ImportRow? {
    switch reader {
    case .csv(var csv, var mapping):
      reader = nil
      defer { reader = .csv(csv, mapping) }
      if mapping == nil { mapping = try readHeader(&csv) }
      guard let mapping, let record = csv.next() else { return nil }
      return row(record, mapping)
    case .json(var json):
      reader = nil
      defer { reader = .json(json) }
      return try json.next().map { row($0) }
    case .ndjson(var lines):
      reader = nil
      defer { reader = .ndjson(lines) }
      return lines.next().map { row($0) }
    case .none:
      return nil
    }
  }

  // MARK: The beginning

  private mutating func begin() throws(ImportError) {
    let mark = beginning.prefix(2)
    if mark.elementsEqual([0xFF, 0xFE]) || mark.elementsEqual([0xFE, 0xFF]) { throw .notUTF8 }
    isForSpreadsheet = beginning.starts(with: Array(CSVWriter.byteOrderMark.utf8))
    if isForSpreadsheet { beginning.removeFirst(CSVWriter.byteOrderMark.utf8.count) }
    let format = format ?? ImportFormat(beginning: beginning)
    switch format {
    case .csv, .tsv:
      delimiter = format == .tsv ? "\t" : TableDelimiter.found(in: beginning)
      var csv = CSVReader(delimiter: UInt8(ascii: delimiter))
      csv.append(beginning)
      reader = .csv(csv, nil)
    case .json:
      var json = JSONElements()
      json.append(beginning)
      reader = .json(json)
    case .ndjson:
      var lines = JSONLines()
      lines.append(beginning)
      reader = .ndjson(lines)
    }
    beginning = []
  }

  private mutating func readHeader(_ csv: inout CSVReader) throws(ImportError) -> ColumnMapping? {
    guard let record = csv.next() else {
      if isFinished { throw .noHeader }
      return nil
    }
    if let problem = record.problem { throw .badHeader("\(problem)") }
    let mapping = try ColumnMapping(
      header: isForSpreadsheet ? record.cells.map(SpreadsheetText.plain) : record.cells,
      settings: settings,
      quotesTell: record.quoted.count < record.cells.count
    )
    header = mapping.header
    return mapping
  }

  // MARK: Rows

  private mutating func row(_ record: CSVRecord, _ mapping: ColumnMapping) -> ImportRow {
    count += 1
    var cells = record.cells
    var givenEmpty = mapping.quotesTell ? record.quotedEmpty : []
    if isForSpreadsheet {
      givenEmpty += cells.indices.filter { cells[$0] == "'" }
      cells = cells.map(SpreadsheetText.plain)
    }
    let content: Result<Customer, FieldError>
    if let problem = record.problem {
      content = .failure(FieldError(field: "", reason: "\(problem)"))
    } else {
      content = Result { () throws(FieldError) in
        try mapping.customer(from: cells, givenEmpty: givenEmpty)
      }
    }
    return ImportRow(
      number: count,
      line: record.line,
      original: .cells(cells, givenEmpty: givenEmpty),
      content: content
    )
  }

  private mutating func row(_ element: JSONElement) -> ImportRow {
    count += 1
    let content = Result { () throws(FieldError) in
      if element.isTooLong {
        throw FieldError(
          field: "",
          reason: "over the limit of \(JSONElements.elementBytesMax) bytes"
        )
      }
      var customer = try CustomerJSON.customer(fromRow: element)
      try settings.fill(&customer)
      return customer
    }
    return ImportRow(
      number: count,
      line: element.line,
      original: .json(element.bytes),
      content: content
    )
  }
}
