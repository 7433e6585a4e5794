import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// Takes customers from a file.
enum Import {
  static let file = Positional("FILE", .path, help: "what to read; - is standard input")
  static let format = Option(
    "format",
    ValueKind<ImportFormat>.choice,
    note: "by the file's name or beginning",
    help: "how the file is written"
  )
  static let map = Option(
    repeating: "map",
    .text.named("COLUMN=FIELD"),
    help: "what a column is; several make up one field; COLUMN= leaves it out"
  )
  static let set = Option(
    repeating: "set",
    .text.named("FIELD=VALUE"),
    help: "a value for rows that have none"
  )
  static let attributes = Option(
    flag: "attributes",
    help: "take unknown columns as attributes"
  )
  static let mode = Option(
    "mode",
    ValueKind<ImportMode>.choice,
    default: .upsert,
    help: "replace customers that are there, refuse them, or write nothing and say what would be"
  )
  static let match = Option(
    "match",
    .text.named("FIELD"),
    help: "finds the customer of a row that has no id, such as emailAddress"
  )
  static let force = Option(
    flag: "force",
    help: "write rows whose version is no longer the current one too"
  )
  static let rejects = Option(
    "rejects",
    .path.named("FILE"),
    help: "where rows that fail are written, with the reason"
  )

  static let command = Command(
    "import",
    summary: "takes customers from a file",
    examples: [
      .init("customerctl import people.csv --map Mail=emailAddress --set attributes.from=fair"),
      .init("customerctl import people.csv --attributes --match emailAddress --rejects bad.csv"),
      .init("customerctl export | customerctl --socket other.sock import -"),
    ],
    discussion: """
      A table's first line names its columns: by field (lastName, attributes.tier,
      phones[0].numberLocal) or by a usual name (First Name, given_name, surname,
      Zip). Cells are trimmed; an empty one leaves its field unset, while "" in
      quotes is an attribute with an empty value, unless all heads are in quotes
      too. What export and list write is read back exactly. One row that fails
      stops no other.

      Where the customer is there, the version that a row carries must still be
      the current one; where it is new, it keeps that version and its times.
      """,
    options: [
      format, map, set, attributes, mode, match, force, rejects, SharedOptions.dryRun,
      SharedOptions.noHints,
    ],
    positionals: [file]
  )
}

extension Session {
  /// `import FILE|-`.
  func importCustomers() async throws -> ExitStatus {
    let path = invocation[Import.file]
    let format = invocation[Import.format] ?? ImportFormat(path: path)
    let settings = try importSettings()
    if let format, !format.isTable, !settings.maps.isEmpty || settings.takesAttributes {
      throw Failure("--map and --attributes are for tables, not for \(format.rawValue)", .usage)
    }
    if invocation[SharedOptions.dryRun], invocation[Import.mode] == .create {
      throw Failure("--dry-run shows what --mode upsert would do, not what create would", .usage)
    }
    let input = path == "-" ? InputFile.standard : try InputFile(path: path)
    let interrupt = Interrupt()
    defer { extendLifetime(interrupt) }
    let match = try importMatch()
    let work = ImportWork(
      rows: ImportRows(format: format, settings: settings),
      input: input,
      rejects: try openRejects(input),
      match: match,
      streams: streams,
      isInterrupted: { Interrupt.hasCome }
    )
    // The first rows are read before the call begins: a wrong file troubles no daemon.
    let batch = try work.nextBatch()
    var tally = ImportTally()
    let written = ImportedRows()
    do {
      try await send(batch, of: work, match: match, countedBy: written, &tally)
    } catch {
      try work.finish()
      try printTally(tally)
      throw error
    }
    try work.finish()
    try printTally(tally)
    if importMode != .validate { try await tellHints(about: written) }
    if work.wasInterrupted {
      streams.tell("customerctl: interrupted; every row behind these is as it was")
      return .interrupted
    }
    return tally.failed == 0 ? .success : .failure
  }

  /// Sends rows until there are no more.
  ///
  /// - Parameters:
  ///   - first: The rows that were read already.
  ///   - work: Where the others come from.
  ///   - match: The field that finds the customers of rows without an id.
  ///   - written: Learns which rows were written.
  ///   - tally: What was acknowledged, however this ends.
  /// - Throws: ``CustomerError``, ``ImportError`` or ``StreamError``.
  private func send(
    _ first: [ImportRow],
    of work: ImportWork,
    match: String,
    countedBy written: ImportedRows,
    _ tally: inout ImportTally
  ) async throws {
    let call = try await client.importCustomers(mode: importMode, match: match)
    var run = ImportRun(
      call,
      overrulesVersions: invocation[Import.force],
      written: written
    )
    defer { tally = run.tally }
    var batch = first
    do {
      while !batch.isEmpty {
        try await run.take(batch, settled: work.settle)
        work.showProgress(run.tally)
        batch = try work.nextBatch()
      }
      try await run.finish(settled: work.settle)
    } catch let error as CustomerError {
      work.rowsWithoutAnswer = run.rowsInFlight
      work.outcomeWithoutAnswer = error.outcome
      throw error
    } catch {
      // The file can't be read on: what was sent before the fault stands, and is counted.
      try await run.finish(settled: work.settle)
      throw error
    }
  }

  private func printTally(_ tally: ImportTally) throws {
    switch invocation[SharedOptions.output] {
    case .json, .ndjson: try streams.write(tally.json + "\n")
    case .csv, .tsv:
      let writer = CSVWriter(delimiter: invocation[SharedOptions.output] == .csv ? "," : "\t")
      try streams.write(writer.line(tally.numbers.map(\.name)))
      try streams.write(writer.line(tally.numbers.map { "\($0.count)" }))
    case .table, .id, .vcard, .none: try streams.write(tally.line + "\n")
    }
  }

  private var importMode: ImportCustomersRequest.Mode {
    if invocation[SharedOptions.dryRun] { return .validate }
    return switch invocation[Import.mode] {
    case .upsert: .upsert
    case .create: .create
    case .validate: .validate
    }
  }

  /// Reads `--match`: an e-mail address or an attribute, which is what the daemon can find by.
  private func importMatch() throws -> String {
    guard let text = invocation[Import.match] else { return "" }
    do throws(FieldError) {
      let field = try FieldPath(text)
      switch field {
      case .field(.emailAddress), .attribute: return field.text
      default:
        throw FieldError(
          field: field.text,
          reason: "finds no customers; emailAddress and attributes.NAME do"
        )
      }
    } catch {
      throw Failure("--match: \(error)", .usage)
    }
  }

  private func openRejects(_ input: InputFile) throws -> OutputFile? {
    guard let path = invocation[Import.rejects] else { return nil }
    if input.isSame(as: path) { throw StreamError.sameFile(path) }
    return try OutputFile(path: path)
  }

  /// Reads `--map`, `--set` and `--attributes`.
  private func importSettings() throws -> ColumnMapping.Settings {
    var settings = ColumnMapping.Settings()
    settings.takesAttributes = invocation[Import.attributes]
    do throws(FieldError) {
      for text in invocation[Import.map] {
        let (column, field) = try Self.pair(text, "--map", "COLUMN=FIELD", atLast: true)
        settings.maps.append((column, field.isEmpty ? nil : try FieldPath(field)))
      }
      for text in invocation[Import.set] {
        let (name, value) = try Self.pair(text, "--set", "FIELD=VALUE", atLast: false)
        let field = try FieldPath(name)
        var scratch = Customer()
        try field.set(value, in: &scratch)
        settings.sets.append((field, value))
      }
    } catch {
      throw Failure(error, .usage)
    }
    return settings
  }

  /// Takes an option's value apart at its first or last equals sign.
  private static func pair(
    _ text: String,
    _ option: String,
    _ form: String,
    atLast isAtLast: Bool
  ) throws(FieldError) -> (String, String) {
    let scalars = text.unicodeScalars
    let equals = isAtLast ? scalars.lastIndex(of: "=") : scalars.firstIndex(of: "=")
    guard let equals, equals != text.startIndex else {
      throw FieldError(field: option, reason: "\(Words.quoted(text)) is not \(form)")
    }
    return (String(scalars[..<equals]), trimmed(String(scalars[scalars.index(after: equals)...])))
  }
}

/// What an import does with a row whose customer is there.
enum ImportMode: String, CaseIterable, Sendable {
  case upsert
  case create
  case validate
}
