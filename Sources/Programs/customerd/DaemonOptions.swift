import Arguments
import CustomerAPI
import CustomerStore
import TTRPC
import TTRPCServer

/// The daemon's command line.
enum DaemonOptions {
  /// The program's version.
  static let version = "0.1.0"

  private static let limits = "limits"
  private static let upkeep = "upkeep, while no daemon serves the database"
  private static let defaults = ServerLimits()

  static let socket = Option(
    "socket",
    .path,
    environment: ServiceAddress.variable,
    note: "$XDG_RUNTIME_DIR/customers.sock, else in a folder of yours under the temporary folder",
    help: "where clients connect"
  )
  static let socketMode = Option(
    "socket-mode",
    .octalMode,
    default: 0o600,
    help: "the socket's permissions"
  )
  static let database = Option(
    "database",
    .path,
    environment: "CUSTOMERS_DATABASE",
    note: "$XDG_DATA_HOME/customers/customers.db, else below ~/.local/share",
    help: "the database; made if it isn't there"
  )
  static let durability = Option(
    "durability",
    .choice,
    default: Durability.full,
    help: "whether a write is on the disk (full) or handed to the system (normal) when answered"
  )
  static let log = Option("log", .choice, default: LogFormat.text, help: "how events are written")
  static let logCalls = Option(flag: "log-calls", help: "write an event for every call")
  static let grace = Option(
    "grace",
    .duration(.zero ... .seconds(3600)),
    default: .seconds(10),
    help: "how long open calls may take when the daemon is told to stop"
  )

  static let systemd = Option(
    "systemd",
    ValueKind<SystemdUnit.Kind>.choice,
    help: "print a user unit that starts this program with the other options given, and end"
  )

  static let rebuild = Option(
    flag: "rebuild",
    section: upkeep,
    help: "make columns and search indexes anew from the records, and end"
  )
  static let check = Option(
    flag: "check",
    section: upkeep,
    help: "read the whole database, say what is wrong in it, and end"
  )

  static let connections = Option(
    "connections-max",
    .integer(1...100_000),
    default: defaults.connectionCountMax,
    section: limits,
    help: "open connections"
  )
  static let connectionsPerUser = Option(
    "connections-per-user-max",
    .integer(1...100_000),
    default: defaults.connectionCountPerUserMax,
    section: limits,
    help: "open connections of one user"
  )
  static let calls = Option(
    "calls-max",
    .integer(1...1_000_000),
    default: defaults.callCountMax,
    section: limits,
    help: "calls at work"
  )
  static let callsPerUser = Option(
    "calls-per-user-max",
    .integer(1...1_000_000),
    default: defaults.callCountPerUserMax,
    section: limits,
    help: "calls at work for one user"
  )
  static let callsPerConnection = Option(
    "calls-per-connection-max",
    .integer(1...100_000),
    default: defaults.callCountPerConnectionMax,
    section: limits,
    help: "calls at work for one connection"
  )
  static let queuedInput = Option(
    "queued-input-max",
    .byteSize(1024...(1 << 30)),
    default: defaults.connection.queuedBytesMax,
    section: limits,
    help: "bytes of a stream that wait for its handler"
  )
  static let queuedInputInAll = Option(
    "queued-input-in-all-max",
    .byteSize(1024...(1 << 30)),
    default: defaults.connection.queuedBytesInAllMax,
    section: limits,
    help: "bytes of all of a connection's streams that wait for their handlers"
  )
  static let queuedOutput = Option(
    "queued-output-max",
    .byteSize(1024...(1 << 30)),
    default: defaults.queuedOutputBytesMax,
    section: limits,
    help: "bytes of a connection that wait to be read by its client"
  )
  static let memory = Option(
    "memory-max",
    .byteSize((1 << 20)...(1 << 40)),
    default: defaults.memoryBytesMax,
    section: limits,
    help: "bytes that wait for or of all clients"
  )
  static let memoryPerUser = Option(
    "memory-per-user-max",
    .byteSize((1 << 20)...(1 << 40)),
    default: defaults.memoryBytesPerUserMax,
    section: limits,
    help: "bytes that wait for or of one user"
  )
  static let metadataCount = Option(
    "metadata-items-max",
    .integer(0...10_000),
    default: defaults.connection.metadataCountMax,
    section: limits,
    help: "items of metadata of a call"
  )
  static let metadataBytes = Option(
    "metadata-bytes-max",
    .byteSize(0...(1 << 20)),
    default: defaults.connection.metadataBytesMax,
    section: limits,
    help: "bytes of metadata of a call"
  )
  static let firstByte = Option(
    "first-byte-timeout",
    .duration(.milliseconds(10) ... .seconds(3600)),
    default: defaults.firstByteTimeout,
    section: limits,
    help: "how long a connection may say nothing at first"
  )
  static let frame = Option(
    "frame-timeout",
    .duration(.milliseconds(10) ... .seconds(3600)),
    default: defaults.frameTimeout,
    section: limits,
    help: "how long a frame may take from its first byte to its last"
  )
  static let unread = Option(
    "unread-timeout",
    .duration(.milliseconds(10) ... .seconds(86_400)),
    default: defaults.unreadTimeout,
    section: limits,
    help: "how long a client may take nothing of the answers that wait for it"
  )
  static let idle = Option(
    "idle-timeout",
    .duration(.milliseconds(10) ... .seconds(86_400)),
    default: defaults.idleTimeout,
    section: limits,
    help: "how long a connection may be open without a call"
  )
  static let deadline = Option(
    "deadline-max",
    .duration(.milliseconds(10) ... .seconds(86_400)),
    default: defaults.unaryTimeoutMax,
    section: limits,
    help: "how long a unary call may take, whatever its caller allows"
  )

  /// The program as a whole.
  static let command = Command(
    "customerd",
    summary: "keeps customer records and serves them to this host's programs",
    version: version,
    examples: [
      Command.Example("customerd", "serves the usual socket from the usual database"),
      Command.Example("customerd --socket /run/customers/s --database /var/lib/customers.db"),
      Command.Example("customerctl status", "asks it how it is"),
      Command.Example("customerd --check --database copy.db", "says whether a backup is whole"),
    ],
    discussion: """
      It runs until it gets SIGTERM or SIGINT: then it takes no more calls, finishes
      those that are open, and ends with exit status 0. A second signal ends it at
      once, and so does the first before it serves, with exit status 0. Nothing that
      was acknowledged is lost either way.

      It raises its limit of open files as --connections-max needs it; where the
      system doesn't let it, it takes fewer connections and says so.

      Sockets that were handed over (LISTEN_FDS) are served instead of --socket, and
      stay when it ends. Whoever started it is told when it serves and when it stops,
      and that it is alive if that is asked for (NOTIFY_SOCKET, WATCHDOG_USEC).

      --check ends with 0 if it finds nothing. --rebuild may be broken off: the next
      start goes on with it.
      """,
    options: [
      socket, socketMode, database, durability, log, logCalls, grace, systemd, rebuild, check,
      connections, connectionsPerUser, calls, callsPerUser, callsPerConnection,
      queuedInput, queuedInputInAll, queuedOutput, memory, memoryPerUser,
      metadataCount, metadataBytes, firstByte, frame, unread, idle, deadline,
    ]
  )

  /// The limits that a command line asks for.
  static func limits(_ invocation: Invocation) -> ServerLimits {
    var limits = ServerLimits()
    limits.connectionCountMax = invocation[connections]
    limits.connectionCountPerUserMax = invocation[connectionsPerUser]
    limits.callCountMax = invocation[calls]
    limits.callCountPerUserMax = invocation[callsPerUser]
    limits.callCountPerConnectionMax = invocation[callsPerConnection]
    limits.connection.queuedBytesMax = invocation[queuedInput]
    limits.connection.queuedBytesInAllMax = invocation[queuedInputInAll]
    limits.connection.metadataCountMax = invocation[metadataCount]
    limits.connection.metadataBytesMax = invocation[metadataBytes]
    limits.queuedOutputBytesMax = invocation[queuedOutput]
    limits.memoryBytesMax = invocation[memory]
    limits.memoryBytesPerUserMax = invocation[memoryPerUser]
    limits.frameTimeout = invocation[frame]
    limits.unreadTimeout = invocation[unread]
    limits.firstByteTimeout = invocation[firstByte]
    limits.idleTimeout = invocation[idle]
    limits.unaryTimeoutMax = invocation[deadline]
    return limits
  }
}

/// How events are written.
enum LogFormat: String, CaseIterable, Sendable {
  /// A line for people.
  case text

  /// An object of JSON a line.
  case json
}

/// When a write counts as done.
enum Durability: String, CaseIterable, Sendable {
  /// When it is on the disk: it survives a loss of power.
  case full

  /// When the system has it: it survives the daemon's end, not the machine's.
  case normal
}
