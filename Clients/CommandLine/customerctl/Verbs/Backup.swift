import Arguments
import CustomerClient
import CustomerModel
import Terminal

/// Copies the database.
enum Backup {
  static let file = Positional(
    "FILE",
    .path,
    help: "where the copy goes; - is standard output"
  )
  static let force = Option(flag: "force", short: "f", help: "replace a file that is there")

  static let command = Command(
    "backup",
    summary: "copies the daemon's database as it is at one moment",
    examples: [
      .init("customerctl backup customers-monday.db"),
      .init("customerctl backup - | gzip > customers.db.gz"),
      .init("customerd --check --database customers-monday.db", "says whether it is whole"),
    ],
    discussion: """
      Others may go on writing meanwhile. The file gets its name when it is whole
      and on the disk. To go back to it, stop customerd, remove its database and the
      file beside that ends in -wal, and put the copy there; or start another
      customerd with --database.
      """,
    options: [force],
    positionals: [file]
  )
}

extension Session {
  /// `backup FILE|-`.
  func backUp() async throws -> ExitStatus {
    let path = invocation[Backup.file]
    let replaces = invocation[Backup.force]
    if path == "-" {
      guard !streams.isOutputTerminal else {
        throw usage("a backup is no text for a terminal: name a file")
      }
    } else {
      try NewFile.check(path, replaces: replaces)
    }
    var pieces = client.backUp().makeAsyncIterator()
    // Until the first piece comes there is nothing to clear away: Ctrl-C ends the program.
    var piece = try await pieces.next()
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
      piece = try await pieces.next()
    }
    try file?.finish()
    streams.tell("\(path == "-" ? "standard output" : path): \(progress.received) bytes")
    return .success
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
