import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import ProtoWire
import Terminal

extension Session {
  /// `backup FILE|-`.
  func backUp() async throws -> ExitStatus {
    let path = invocation[Options.backup]
    let replaces = invocation[Options.replace]
    if path == "-" {
      guard !streams.isOutputTerminal else {
        throw UsageError(
          "a backup is no text for a terminal: name a file",
          command: "customerctl backup"
        )
      }
    } else {
      try NewFile.check(path, replaces: replaces)
    }
    let call = try await calls.backUp()
    // Until the first piece comes there is nothing to clear away: Ctrl-C ends the program.
    var piece = try await call.next()
    let interrupt = Interrupt()
    defer { extendLifetime(interrupt) }
    let file = path == "-" ? nil : try NewFile(path: path, replaces: replaces)
    var progress = BackupProgress()
    while let current = piece {
      guard !Interrupt.hasCome else {
        streams.tell("customerctl: interrupted; nothing was kept")
        return .interrupted
      }
      if let file {
        try file.write(current.data)
      } else {
        try NewFile.writeToStandardOutput(current.data)
      }
      streams.tellProgress(progress.line(adding: current))
      piece = try await call.next()
    }
    try file?.finish()
    streams.tell("\(path == "-" ? "standard output" : path): \(progress.received) bytes")
    return .success
  }

  /// `settings [NAME=VALUE]...`.
  func settings() async throws -> ExitStatus {
    let change = try SettingsChange(invocation[Options.settings])
    let settings =
      change.mask.isEmpty
      ? try await calls.settings()
      : try await calls.updateSettings(change.settings, mask: change.mask)
    try printFacts(SettingsChange.rows(settings), settings)
    return .success
  }

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

/// How far a backup is: `42 % · 12 of 30 MiB`.
struct BackupProgress {
  /// The bytes that came.
  private(set) var received: UInt64 = 0

  /// The line after one more piece.
  mutating func line(adding piece: BackUpStoreResponse) -> String {
    received += UInt64(piece.data.count)
    let total = max(piece.totalBytes, 1)
    let share = UInt64(100 * (Double(received) / Double(total)))
    return "\(share) % · \(received >> 20) of \(total >> 20) MiB"
  }
}
