/// Comma separated values read as they come, in memory bounded by one record.
///
/// RFC 4180, and what is found in the wild beside it: line ends may be CRLF, LF or CR; a byte
/// order mark is skipped; a quote inside an unquoted cell is a character like any other; spaces
/// may stand before an opening quote and after a closing one. Empty lines are no records. Bytes go
/// in with ``append(_:)`` and ``finish()``, records come out of ``next()``.
///
/// A fault spoils the record it stands in and no other: the record carries it as its
/// ``CSVRecord/problem``.
struct CSVReader {
  /// The largest record, in bytes of its cells: 1 MiB, sixteen times the largest customer.
  static let recordBytesMax = 1 << 20

  /// The most cells in a record.
  static let cellsMax = 1_000

  private let delimiter: UInt8
  private var input: [UInt8] = []
  private var position = 0
  private var isFinished = false

  private var state = State.start
  private var line = 1
  private var lineOfRecord = 1
  private var cell: [UInt8] = []
  private var cells: [String] = []
  private var problem: CSVProblem?
  private var recordBytes = 0
  private var quoted: [Int] = []
  private var wasCarriageReturn = false

  /// Creates a reader of cells that end with a delimiter: a comma, a semicolon or a tab.
  init(delimiter: UInt8 = UInt8(ascii: ",")) {
    self.delimiter = delimiter
  }

  /// Where in a record the next byte stands.
  private enum State {
    /// Before the first byte of a cell that is not a space.
    case start
    /// In a cell without quotes.
    case plain
    /// Between an opening quote and its end.
    case quoted
    /// Behind a quote in a quoted cell: the end of it, or half of a doubled one.
    case quote
    /// Behind the closing quote.
    case closed
  }

  /// Adds input behind what was added before.
  mutating func append(_ bytes: some Collection<UInt8>) {
    if position > 0 {
      input.removeFirst(position)
      position = 0
    }
    input += bytes
  }

  /// Says that no more input comes: what is left without a line end is the last record.
  mutating func finish() { isFinished = true }

  /// The next whole record; nil if more input is needed, or there is none.
  mutating func next() -> CSVRecord? {
    while position < input.count {
      let byte = input[position]
      position += 1
      if let record = take(byte) { return record }
    }
    guard isFinished, state != .start || !cells.isEmpty || !cell.isEmpty else { return nil }
    if state == .quoted { note(.unclosedQuote) }
    return endRecord()
  }

  private mutating func take(_ byte: UInt8) -> CSVRecord? {
    let followsCarriageReturn = wasCarriageReturn
    wasCarriageReturn = byte == UInt8(ascii: "\r")
    if byte == UInt8(ascii: "\n") || wasCarriageReturn {
      if byte == UInt8(ascii: "\n"), followsCarriageReturn {
        if state == .quoted { keep(byte) } else { lineOfRecord = line }
        return nil
      }
      line += 1
      guard state != .quoted else {
        keep(byte)
        return nil
      }
      return endRecord()
    }
    if byte == delimiter, state != .quoted {
      endCell()
      return nil
    }
    takeInCell(byte)
    return nil
  }

  private mutating func takeInCell(_ byte: UInt8) {
    let isQuote = byte == UInt8(ascii: "\"")
    let isSpace = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    switch state {
    case .start:
      if isQuote {
        state = .quoted
        if cells.count < Self.cellsMax { quoted.append(cells.count) }
        cell.removeAll(keepingCapacity: true)
      } else {
        if !isSpace { state = .plain }
        keep(byte)
      }
    case .plain:
      keep(byte)
    case .quoted:
      if isQuote { state = .quote } else { keep(byte) }
    case .quote:
      if isQuote {
        state = .quoted
        keep(byte)
      } else {
        state = .closed
        if !isSpace { note(.textBehindQuote) }
      }
    case .closed:
      if !isSpace { note(.textBehindQuote) }
    }
  }

  /// Keeps a byte of a cell unless the record is too large; then it is counted only.
  private mutating func keep(_ byte: UInt8) {
    recordBytes += 1
    guard recordBytes <= Self.recordBytesMax else {
      note(.tooLong)
      return
    }
    cell.append(byte)
  }

  private mutating func note(_ kind: CSVProblem.Kind) {
    if problem == nil { problem = CSVProblem(kind: kind, column: cells.count + 1) }
  }

  private mutating func endCell() {
    if cells.count == Self.cellsMax {
      note(.tooManyCells)
    } else if let text = String(validating: cell, as: UTF8.self) {
      cells.append(text)
    } else {
      note(.notUTF8)
      cells.append(String(decoding: cell, as: UTF8.self))
    }
    cell.removeAll(keepingCapacity: true)
    state = .start
  }

  /// Ends a record; nil if it was an empty line.
  private mutating func endRecord() -> CSVRecord? {
    endCell()
    let isBlank =
      cells.count == 1 && quoted.isEmpty && cells[0].allSatisfy { $0 == " " || $0 == "\t" }
    let record = CSVRecord(cells: cells, line: lineOfRecord, problem: problem, quoted: quoted)
    cells.removeAll(keepingCapacity: true)
    problem = nil
    recordBytes = 0
    quoted.removeAll(keepingCapacity: true)
    lineOfRecord = line
    return isBlank && record.problem == nil ? nil : record
  }
}

/// One line of a table, or several where a quoted cell holds line ends.
struct CSVRecord: Equatable {
  /// The cells without their quotes, otherwise as they stand.
  var cells: [String]

  /// The line of the file on which the record begins; the first is 1.
  var line: Int

  /// Why the record can't be trusted.
  var problem: CSVProblem?

  /// The places of the cells that stood in quotes, ascending.
  var quoted: [Int] = []

  /// The places of the cells of which only the quotes stood there, ascending.
  var quotedEmpty: [Int] { quoted.filter { $0 < cells.count && cells[$0].isEmpty } }
}

/// What is wrong with a record's form.
struct CSVProblem: Error, Equatable {
  /// The faults there are.
  enum Kind: Equatable {
    /// A quote is opened and never closed.
    case unclosedQuote
    /// A quoted cell goes on behind its closing quote.
    case textBehindQuote
    /// The record is larger than ``CSVReader/recordBytesMax``.
    case tooLong
    /// The record has more cells than ``CSVReader/cellsMax``.
    case tooManyCells
    /// A cell's bytes are no text.
    case notUTF8
  }

  /// What it is.
  var kind: Kind

  /// The cell it stands in; the first is 1.
  var column: Int
}

extension CSVProblem: CustomStringConvertible {
  var description: String {
    switch kind {
    case .unclosedQuote: "column \(column): the quote is never closed"
    case .textBehindQuote:
      "column \(column): text behind the closing quote; a quote inside a cell is written twice"
    case .tooLong: "the row is over the limit of \(CSVReader.recordBytesMax) bytes"
    case .tooManyCells: "the row is over the limit of \(CSVReader.cellsMax) cells"
    case .notUTF8: "column \(column) is not UTF-8 text"
    }
  }
}
