import Arguments

/// A program that has one of everything.
enum Sample {
  enum Format: String, CaseIterable, Sendable {
    case table
    case json
    case csv
  }

  static let socket = Option(
    "socket",
    short: "s",
    .path,
    environment: "SAMPLE_SOCKET",
    note: "/run/sample.sock",
    help: "where the daemon listens"
  )
  static let format = Option(
    "output",
    short: "o",
    .choice,
    default: Format.table,
    help: "how records are printed"
  )
  static let verbose = Option(flag: "verbose", short: "v", help: "tells more")
  static let limit = Option("limit", short: "n", .integer(1...1000), default: 100, help: "at most")
  static let all = Option(flag: "all", short: "a", help: "has no limit")
  static let grace = Option(
    "grace",
    .duration(.zero ... .seconds(3600)),
    default: .seconds(10),
    section: "limits",
    help: "how long open calls may take to finish before they are cut off in the middle"
  )
  static let size = Option(
    "message-size",
    .byteSize(1024...(16 << 20)),
    default: 4 << 20,
    section: "limits",
    help: "the largest message"
  )
  static let mode = Option(
    "mode",
    .octalMode,
    default: 0o600,
    environment: "SAMPLE_MODE",
    help: "permissions"
  )
  static let map = Option(
    repeating: "map",
    .text.named("COLUMN=FIELD"),
    help: "what a column is"
  )
  static let file = Positional("FILE", .path, help: "what to read; - is standard input")
  static let target = Positional(optional: "TARGET", .path)
  static let ids = Positional(repeating: "ID", .text, help: "which records")

  static let program = Command(
    "sample",
    summary: "keeps samples",
    version: "1.2.3",
    examples: [
      .init("sample list --limit 5", "the first five"),
      .init("sample copy a.csv"),
    ],
    options: [socket, format, verbose],
    verbs: [
      Command("list", summary: "lists what is there", options: [limit, all]),
      Command(
        "copy",
        summary: "copies a file",
        examples: [.init("sample copy a.csv b.csv", "copies a.csv to b.csv")],
        discussion: "What is there already is kept.",
        options: [map, grace, size, mode],
        positionals: [file, target]
      ),
      Command("drop", summary: "drops records", positionals: [ids]),
    ]
  )

  /// A program without verbs.
  static let plain = Command(
    "plain",
    summary: "prints files",
    options: [verbose],
    positionals: [Positional(repeating: "FILE", .path, minimum: 0)]
  )

  static func parse(
    _ arguments: String...,
    environment: [String: String] = [:]
  ) throws(UsageError) -> Invocation {
    let outcome = try program.parse(arguments) { environment[$0] }
    guard case .run(let invocation) = outcome else {
      throw UsageError("not a call to do something", command: "test")
    }
    return invocation
  }
}
