import Arguments

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A unit of systemd that runs this daemon for its user.
///
/// Source: systemd.unit(5), systemd.service(5), systemd.socket(5), systemd.exec(5).
struct SystemdUnit {
  /// Which unit it is.
  enum Kind: String, CaseIterable, Sendable {
    /// How the daemon runs.
    case service

    /// Where systemd listens for it, and starts it when somebody connects.
    case socket
  }

  /// The daemon's own path.
  let program: String

  /// What else stands on the daemon's command line.
  let arguments: [String]

  /// Creates a unit that starts a program with some arguments.
  init(program: String, arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  /// The unit that a command line asks for, as text; `nil` if it asks for none.
  ///
  /// The other options of the line become the service's own.
  static func text(for invocation: Invocation) throws(UsageError) -> String? {
    guard let kind = invocation[DaemonOptions.systemd] else { return nil }
    if invocation[DaemonOptions.check] || invocation[DaemonOptions.rebuild] {
      throw UsageError("a unit serves: --check and --rebuild can't be in it", command: "customerd")
    }
    let socket = invocation[DaemonOptions.socket]
    try checkPath(socket, of: "--socket")
    try checkPath(invocation[DaemonOptions.database], of: "--database")
    switch kind {
    case .service:
      return SystemdUnit(program: ownPath, arguments: ownArguments).service
    case .socket:
      let mode = ValueKind.octalMode.write(invocation[DaemonOptions.socketMode])
      return Self.socket(path: socket.map(specified) ?? "%t/customers.sock", mode: mode)
    }
  }

  /// Says what a unit can't have as a path: it is read in another folder, a line at a time.
  private static func checkPath(_ path: String?, of option: String) throws(UsageError) {
    guard let path else { return }
    if path.hasPrefix("/"), !path.unicodeScalars.contains(where: { $0.value < 0x20 }) { return }
    throw UsageError(
      "\(option): \(Words.quoted(path)) is no absolute path in one line, as a unit needs it",
      command: "customerd"
    )
  }

  /// The service's unit.
  ///
  /// What needs a namespace of its own is left out: in it the kernel would no longer tell the daemon
  /// which user calls.
  private var service: String {
    """
    [Unit]
    Description=Customer records for this user's programs
    Documentation=man:customerd(1)
    Wants=customers.socket
    After=customers.socket

    [Service]
    Type=notify
    ExecStart=\(commandLine)
    Restart=on-failure
    RestartSec=1
    # A command line that can't be understood doesn't get better.
    RestartPreventExitStatus=2
    # A database that wasn't closed properly is read through before it is served.
    TimeoutStartSec=infinity
    WatchdogSec=60
    # 1024 connections, and the database's files.
    LimitNOFILE=2048
    UMask=0077
    NoNewPrivileges=yes
    LockPersonality=yes
    MemoryDenyWriteExecute=yes
    RestrictAddressFamilies=AF_UNIX
    RestrictNamespaces=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    SystemCallArchitectures=native
    SystemCallFilter=@system-service
    SystemCallErrorNumber=EPERM

    [Install]
    WantedBy=default.target
    """
  }

  private static func socket(path: String, mode: String) -> String {
    """
    [Unit]
    Description=Where customerd's clients connect
    Documentation=man:customerd(1)

    [Socket]
    ListenStream=\(path)
    SocketMode=\(mode)

    [Install]
    WantedBy=sockets.target
    """
  }

  // MARK: Words

  /// The command line as a unit has it.
  private var commandLine: String {
    // Variables are put in for arguments, not for the program.
    let arguments = arguments.map { $0.split(separator: "$", omittingEmptySubsequences: false) }
      .map { Self.quoted($0.joined(separator: "$$")) }
    return ([Self.quoted(program)] + arguments).joined(separator: " ")
  }

  /// A text in which systemd finds no specifiers, such as `%t`.
  private static func specified(_ text: String) -> String {
    text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }

  /// One word of a command line.
  private static func quoted(_ word: String) -> String {
    var result = ""
    var isPlain = !word.isEmpty
    for scalar in specified(word).unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "-", "_", "=", ":", ",", "+", "@", "%", "$":
        result.unicodeScalars.append(scalar)
      case "\"", "\\":
        isPlain = false
        result += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        isPlain = false
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.count < 2 ? "0" : "") + digits
      default:
        isPlain = false
        result.unicodeScalars.append(scalar)
      }
    }
    return isPlain ? result : "\"\(result)\""
  }

  // MARK: This process

  /// The path of the program that runs.
  private static var ownPath: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let name = CommandLine.arguments.first ?? "customerd"
    guard realpath("/proc/self/exe", &path) != nil || realpath(name, &path) != nil else {
      return name
    }
    return String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// This command line without what asks for the unit.
  private static var ownArguments: [String] {
    var arguments: [String] = []
    var rest = CommandLine.arguments.dropFirst()
    while let word = rest.popFirst() {
      if word == "--systemd" {
        rest = rest.dropFirst()
      } else if !word.hasPrefix("--systemd=") {
        arguments.append(word)
      }
    }
    return arguments
  }
}
