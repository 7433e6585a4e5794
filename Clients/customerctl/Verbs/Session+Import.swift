import Arguments
import CustomerClient
import CustomerModel

extension Session {
  /// `import FILE|-`.
  func importCustomers() async throws -> ExitStatus {
    let path = invocation[Options.file]
    let format = invocation[Options.format] ?? ImportFormat(path: path)
    let settings = try importSettings()
    if let format, format != .csv, !settings.maps.isEmpty || settings.takesAttributes {
      throw Failure("--map and --attributes are for tables, not for \(format.rawValue)", .usage)
    }
    let input = path == "-" ? InputFile.standard : try InputFile(path: path)
    let interrupt = Interrupt()
    defer { extendLifetime(interrupt) }
    let work = ImportWork(
      rows: ImportRows(format: format, settings: settings),
      input: input,
      rejects: try openRejects(input),
      streams: streams,
      isInterrupted: { Interrupt.hasCome }
    )
    // The first rows are read before the call begins: a wrong file troubles no daemon.
    let batch = try work.nextBatch()
    var tally = ImportTally()
    let written = ImportedRows()
    do {
      try await send(batch, of: work, observedBy: written, &tally)
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
  ///   - written: Learns which rows were written.
  ///   - tally: What was acknowledged, however this ends.
  /// - Throws: ``CustomerError``, ``ImportError`` or ``StreamError``.
  private func send(
    _ first: [ImportRow],
    of work: ImportWork,
    observedBy written: ImportedRows,
    _ tally: inout ImportTally
  ) async throws {
    let call = try await calls.importCustomers(
      mode: importMode,
      match: invocation[Options.match] ?? ""
    )
    var run = ImportRun(written.observing(call))
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
      throw error
    } catch {
      // The file can't be read on: what was sent before the fault stands, and is counted.
      try await run.finish(settled: work.settle)
      throw error
    }
  }

  private func printTally(_ tally: ImportTally) throws {
    switch invocation[Options.output] {
    case .json, .ndjson: try streams.write(tally.json + "\n")
    case .csv, .tsv:
      let writer = CSVWriter(delimiter: invocation[Options.output] == .csv ? "," : "\t")
      try streams.write(writer.line(tally.numbers.map(\.name)))
      try streams.write(writer.line(tally.numbers.map { "\($0.count)" }))
    case .table, .id, .none: try streams.write(tally.line + "\n")
    }
  }

  private var importMode: ImportCustomersRequest.Mode {
    if invocation[Options.dryRun] { return .validate }
    return switch invocation[Options.mode] {
    case .upsert: .upsert
    case .create: .create
    case .validate: .validate
    }
  }

  private func openRejects(_ input: InputFile) throws -> OutputFile? {
    guard let path = invocation[Options.rejects] else { return nil }
    if input.isSame(as: path) { throw StreamError.sameFile(path) }
    return try OutputFile(path: path)
  }

  /// Reads `--map`, `--set` and `--attributes`.
  private func importSettings() throws -> ColumnMapping.Settings {
    var settings = ColumnMapping.Settings()
    settings.takesAttributes = invocation[Options.attributes]
    do throws(FieldError) {
      for text in invocation[Options.map] {
        let (column, field) = try Self.pair(text, text.lastIndex(of: "="), "--map", "COLUMN=FIELD")
        settings.maps.append((column, field.isEmpty ? nil : try FieldPath(field)))
      }
      for text in invocation[Options.set] {
        let (name, value) = try Self.pair(text, text.firstIndex(of: "="), "--set", "FIELD=VALUE")
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

  private static func pair(
    _ text: String,
    _ equals: String.Index?,
    _ option: String,
    _ form: String
  ) throws(FieldError) -> (String, String) {
    guard let equals, equals != text.startIndex else {
      throw FieldError(field: option, reason: "\(Words.quoted(text)) is not \(form)")
    }
    return (String(text[..<equals]), trimmed(text[equals...].dropFirst()))
  }
}
