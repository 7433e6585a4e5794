import Arguments
import CustomerAPI

/// The benchmark's command line.
enum BenchOptions {
  /// What a load is made of.
  enum Call: String, CaseIterable, Sendable {
    /// A customer by its id, at random.
    case get

    /// A new customer, durable before it is answered.
    case create

    /// All customers in one stream.
    case export
  }

  static let database = Option<String?>(
    "database",
    .path,
    help: "the file; made if it isn't there"
  )
  static let count = Option(
    "count",
    .integer(1...10_000_000),
    default: 100_000,
    help: "how many customers"
  )
  static let seedNumber = Option(
    "seed",
    .integer(0...Int.max),
    default: 1,
    help: "the same seed makes the same customers"
  )

  static let socket = Option<String?>(
    "socket",
    .path,
    environment: ServiceAddress.variable,
    help: "the daemon's socket"
  )
  static let call = Option("call", .choice, default: Call.get, help: "what is called")
  static let connections = Option(
    "connections",
    .integer(1...10_000),
    default: 1,
    help: "how many connections"
  )
  static let inFlight = Option(
    "in-flight",
    .integer(1...10_000),
    default: 1,
    help: "calls at a time on each connection"
  )
  static let seconds = Option(
    "seconds",
    secondsKind(0.01...86_400),
    default: 2,
    help: "how long it is measured"
  )
  static let warmup = Option(
    "warmup",
    secondsKind(0...86_400),
    default: 1,
    help: "how many seconds before that don't count"
  )

  static let queries = Option(
    repeating: "query",
    .text,
    help: "what is looked for; without any, words that many, few and no customers have"
  )
  static let batch = Option(
    "batch",
    .integer(1...10_000),
    default: 500,
    help: "customers in a message, which is a transaction"
  )

  static let works = Option(
    repeating: "work",
    ValueKind<Beside.Work>.choice,
    help: "what is done meanwhile; without any, one after the other"
  )
  static let phaseSeconds = Option(
    "seconds",
    secondsKind(0.01...86_400),
    default: 10,
    help: "how long it is measured beside each work"
  )

  static let beside = Command(
    "beside",
    summary: "creates customers one by one while a daemon does what takes long",
    examples: [
      Command.Example("customerbench beside --socket /tmp/s"),
      Command.Example("customerbench beside --socket /tmp/s --work import-10000 --seconds 30"),
    ],
    options: [socket, works, phaseSeconds]
  )
  static let search = Command(
    "search",
    summary: "searches a daemon's store, one query after the other",
    examples: [
      Command.Example("customerbench search --socket /tmp/s"),
      Command.Example("customerbench search --socket /tmp/s --query smith --query 345678"),
    ],
    options: [socket, queries, seconds, warmup]
  )
  static let importing = Command(
    "import",
    summary: "imports new customers through a daemon in one call",
    examples: [Command.Example("customerbench import --socket /tmp/s --count 100000")],
    options: [socket, count, seedNumber, batch]
  )

  static let seed = Command(
    "seed",
    summary: "fills a database with customers of 450 to 500 bytes",
    examples: [Command.Example("customerbench seed --database /tmp/c.db --count 100000 --seed 1")],
    options: [database, count, seedNumber]
  )
  static let codec = Command(
    "codec",
    summary: "encodes and decodes customers in memory",
    examples: [Command.Example("customerbench codec --seconds 2")],
    options: [seconds]
  )
  static let load = Command(
    "load",
    summary: "calls a daemon as fast as it answers",
    examples: [
      Command.Example(
        "customerbench load --socket /tmp/s --call get --connections 1 --in-flight 64"
      )
    ],
    options: [socket, call, connections, inFlight, seconds, warmup]
  )

  /// The program as a whole.
  static let command = Command(
    "customerbench",
    summary: "measures this product: codec, calls over the socket",
    version: "0.1.0",
    discussion: """
      Each run prints one line of JSON (codec one for each direction, search one for each query): ops, total_ops, ops_s, p50_us,
      p99_us, p999_us, and for export mb_s. Beside prints one for each work, with max_us, the longest
      wait of a create, and how much of the work was done. Load is closed-loop: each of the calls in flight is made
      again when it was answered.
      """,
    verbs: [seed, codec, load, search, importing, beside]
  )

  /// A number of seconds, such as `2` or `1.5`.
  private static func secondsKind(_ range: ClosedRange<Double>) -> ValueKind<Double> {
    ValueKind(
      placeholder: "SECONDS",
      read: { text throws(ValueError) in
        guard let seconds = Double(text), range.contains(seconds) else {
          let bounds = "\(range.lowerBound) to \(range.upperBound)"
          throw ValueError("\(Words.quoted(text)) is no number of seconds from \(bounds)")
        }
        return seconds
      },
      write: { "\($0)" }
    )
  }
}
