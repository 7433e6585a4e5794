import CustomerClient
import CustomerFormats
import CustomerModel
import ProtoWire
import Terminal

/// Everything around an import that touches files and the terminal: rows are read, refused rows
/// are written down and told, progress is shown.
final class ImportWork {
  /// How many refused rows are told on standard error; all of them go to the file of rejects.
  static let toldMax = 20

  private var rows: ImportRows
  private let input: InputFile
  private let rejects: OutputFile?
  private let match: String
  private let streams: any Streams
  private let isInterrupted: () -> Bool

  private var rejected: RejectedRows?
  private var pending: ImportRow?
  private var isAtEnd = false
  private var bytesRead = 0
  private var told = 0
  private var failed = 0
  private var stale = 0
  private let start = ContinuousClock.now
  private var lastProgress = ContinuousClock.now

  /// Creates the work on a file, whose rows without an id are found by the field `match`.
  init(
    rows: ImportRows,
    input: InputFile,
    rejects: OutputFile?,
    match: String = "",
    streams: any Streams,
    isInterrupted: @escaping () -> Bool
  ) {
    self.rows = rows
    self.input = input
    self.rejects = rejects
    self.match = match
    self.streams = streams
    self.isInterrupted = isInterrupted
  }

  /// Rows that were sent and not answered for when the daemon went away.
  var rowsWithoutAnswer = 0

  /// Whether those may have been written.
  var outcomeWithoutAnswer = CallOutcome.perhapsDone

  /// Whether the user asked to stop.
  var wasInterrupted: Bool { isInterrupted() }

  /// The next rows, a message's worth; none at the end of the file, or when the user stops it.
  ///
  /// - Throws: ``ImportError`` or ``StreamError``; the rows before the fault came out before.
  func nextBatch() throws -> [ImportRow] {
    var batch: [ImportRow] = []
    var bytes = 0
    while batch.count < ImportRun.rowsPerMessageMax, !isInterrupted() {
      guard let row = try nextRow(isFirst: batch.isEmpty) else { break }
      let size = (try? row.content.get().wireSize) ?? 0
      if !batch.isEmpty, bytes + size > ImportRun.messageBytesMax {
        pending = row
        break
      }
      bytes += size
      batch.append(row)
    }
    return batch
  }

  /// Why the file can't be read on, kept until the rows before it are sent.
  private var fault: (any Error)?

  private func nextRow(isFirst: Bool) throws -> ImportRow? {
    if let row = pending {
      pending = nil
      return row
    }
    do {
      if let fault { throw fault }
      while true {
        if let row = try rows.next() { return row }
        if isAtEnd { return nil }
        let bytes = try input.read(unless: isInterrupted)
        if isInterrupted() { return nil }
        bytesRead += bytes.count
        if bytes.isEmpty {
          isAtEnd = true
          try rows.finish()
        } else {
          try rows.append(bytes)
        }
      }
    } catch {
      guard !isFirst else { throw error }
      fault = error
      return nil
    }
  }

  /// Writes down a row whose fate is known.
  func settle(_ row: ImportRow, _ outcome: RowOutcome) throws {
    guard case .failure(let failure) = outcome else { return }
    failed += 1
    if failure.isStale { stale += 1 }
    let problems = failure.problems(match: match)
    if let rejects {
      var text = rejected ?? RejectedRows(header: rows.header, delimiter: rows.delimiter)
      try rejects.write(text.lines(for: row, problems: problems))
      rejected = text
    }
    guard told < Self.toldMax else { return }
    told += 1
    for problem in problems {
      let what = problem.field.isEmpty ? problem.reason : "\(problem)"
      streams.tell("row \(row.number), line \(row.line): \(TerminalText.safe(what))")
    }
  }

  /// Shows how far it is, not too often.
  func showProgress(_ tally: ImportTally) {
    guard streams.isErrorTerminal else { return }
    let now = ContinuousClock.now
    guard now - lastProgress >= ImportProgress.interval else { return }
    lastProgress = now
    let progress = ImportProgress(bytesTotal: input.size)
    streams.tellProgress(
      progress.line(rows: tally.rows, bytesRead: bytesRead, elapsed: now - start)
    )
  }

  /// Ends the work: what is buffered is written, what wasn't told is counted.
  func finish() throws {
    streams.tellProgress("")
    if failed > told {
      let rest = "\(failed - told) more rows failed"
      streams.tell(rejects == nil ? rest + "; --rejects FILE writes them all down" : rest)
    }
    if stale > 0 {
      let what = stale == 1 ? "1 customer has" : "\(stale) customers have"
      streams.tell("\(what) changed since the row's version; --force writes all the same")
    }
    if rowsWithoutAnswer > 0 {
      let isOpen = outcomeWithoutAnswer == .perhapsDone
      streams.tell(
        "the daemon said nothing of \(rowsWithoutAnswer) more rows that were sent: "
          + (isOpen ? "perhaps they are written" : "none of them is written")
      )
    }
    try rejects?.flush()
  }
}
