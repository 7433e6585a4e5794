import Foundation
import TestSupport
import Testing

/// Starts that don't come to an end, and what they leave behind.
@Suite struct StartJourney {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.file(name))
  }

  @Test func aTakenSocketLeavesNoDatabaseBehind() async throws {
    let daemon = try await Daemon()
    let other = try await Program.built("customerd")
      .finish(["--socket", daemon.socket, "--database", folder.file("data/other.db")])
    #expect(other.status == 1)
    #expect(other.errors.contains("\(daemon.socket) is served by a running daemon"))
    #expect(!exists("data"))
    #expect(try await daemon.ctl("status").status == 0)
  }

  @Test func aDescriptorThatIsNoListenerLeavesNoDatabaseBehind() async throws {
    let line = #"export LISTEN_PID=$$ LISTEN_FDS=1; exec "$0" --database "$1" 3</dev/null"#
    let run = try await Program(path: "/bin/sh")
      .finish(["-c", line, Program.built("customerd").path, folder.file("other.db")])
    #expect(run.status == 1)
    #expect(!exists("other.db"))
  }

  @Test func aDatabaseThatCannotBeOpenedLeavesNoSocketBehind() async throws {
    _ = try folder.write(String(repeating: "not a database\n", count: 500), to: "text")
    let run = try await Program.built("customerd")
      .finish(["--socket", folder.file("s"), "--database", folder.file("text")])
    #expect(run.status == 1)
    #expect(!exists("s"))
  }

  /// Somebody has the database locked, so that opening it takes five seconds.
  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")), arguments: [SIGTERM, SIGINT])
  func aSignalWhileTheDatabaseIsOpenedEndsItAtOnce(_ signal: Int32) async throws {
    let first = try await Daemon(database: folder.file("db"))
    #expect(await first.stop() == 0)
    let pipe = Pipe()
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: ExternalTool.path(of: "sqlite3") ?? "")
    shell.arguments = [folder.file("db")]
    shell.standardInput = pipe
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    let lock = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT 1;\n"
    try pipe.fileHandleForWriting.write(contentsOf: Data(lock.utf8))
    try await Task.sleep(for: .milliseconds(500))

    let log = try folder.write("", to: "log")
    let daemon = try Program.built("customerd")
      .start(["--socket", folder.file("s"), "--database", folder.file("db")], errors: log)
    let end = Date() + 10
    while !exists("s"), Date() < end { try await Task.sleep(for: .milliseconds(5)) }
    try await Task.sleep(for: .milliseconds(300))
    let clock = ContinuousClock()
    let duration = await clock.measure {
      kill(daemon.processIdentifier, signal)
      await daemon.exited()
    }
    #expect(duration < .seconds(3))
    #expect(daemon.exitStatus == 0)
    let said = try String(contentsOfFile: log, encoding: .utf8)
    #expect(said.hasSuffix("signal \(signal) before it served: stopped\n"), "\(said)")
    #expect(!exists("s"))
    try pipe.fileHandleForWriting.close()
    await shell.exited()
  }

  // MARK: Descriptors

  /// Starts a daemon under a limit of open files.
  private func start(_ limits: String, _ options: String = "") throws -> Process {
    let line = "\(limits) && exec \"$0\" --socket \"$1/s\" --database \"$1/db\" \(options)"
    let log = try folder.write("", to: "log")
    return try Program(path: "/bin/sh")
      .start(["-c", line, Program.built("customerd").path, folder.path], errors: log)
  }

  private func ctl(_ arguments: String...) async throws -> Program.Result {
    try await Program.built("customerctl").finish(["--socket", folder.file("s")] + arguments)
  }

  private func awaitStart() async throws {
    let end = Date() + 20
    while try await ctl("status").status != 0, Date() < end {
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  private func log() throws -> String {
    try String(contentsOfFile: folder.file("log"), encoding: .utf8)
  }

  @Test func theLimitOfDescriptorsIsRaisedAsFarAsConnectionsNeedIt() async throws {
    let daemon = try start("ulimit -S -n 50 && ulimit -H -n 2000")
    try await awaitStart()
    let limits = try String(
      contentsOfFile: "/proc/\(daemon.processIdentifier)/limits",
      encoding: .utf8
    )
    // 1,024 connections, and 64 for everything else.
    #expect(try limits.contains(Regex(#"Max open files\s+1088\s+2000 "#)), "\(limits)")
    #expect(try !log().contains("may be open"))
    daemon.terminate()
    await daemon.exited()
    #expect(daemon.exitStatus == 0)
  }

  @Test func fewerDescriptorsAreFewerConnectionsAndALine() async throws {
    let daemon = try start("ulimit -n 100")
    try await awaitStart()
    let said = try log()
    #expect(
      said.contains(
        """
        100 files may be open, and 1024 connections need 1088: 36 are taken, more if the limit of \
        open files is raised (ulimit -n, or LimitNOFILE= of systemd)
        """
      ),
      "\(said)"
    )
    let clients = (0..<60).map { _ in RawClient(folder.file("s")) }
    #expect(clients.compactMap(\.self).count == 60)
    try await Task.sleep(for: .milliseconds(300))
    #expect(try log().contains("refused: 36 connections are open, which is the limit"))
    #expect(try !log().contains("no connections for a while"))
    daemon.terminate()
    await daemon.exited()
    #expect(daemon.exitStatus == 0)
    withExtendedLifetime(clients) {}
  }

  /// The limit is lowered under the daemon: its next connection takes the last descriptor, and what
  /// the call needs beside it can't be opened.
  @Test(
    .enabled(if: ExternalTool.isExpected("prlimit")),
    arguments: [["list"], ["backup", "copy"]]
  )
  func callsWithoutADescriptorAreToldToComeAgain(_ verb: [String]) async throws {
    let daemon = try start("true", "--log json")
    let end = Date() + 20
    while try !log().contains("listening"), Date() < end {
      try await Task.sleep(for: .milliseconds(20))
    }
    let number = daemon.processIdentifier
    // At the beginning it tidies up, with files of their own.
    var open: Set<Int> = []
    for _ in 0..<50 {
      let entries = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(number)/fd")
      let before = open
      open = Set(entries.compactMap { Int($0) })
      if open == before { break }
      try await Task.sleep(for: .milliseconds(200))
    }
    // The lowest number that is free is the next to be taken.
    let free = try #require((0...open.count).first { !open.contains($0) })
    let tool = Program(path: ExternalTool.path(of: "prlimit") ?? "/usr/bin/prlimit")
    _ = try tool.run(["--pid", "\(number)", "--nofile=\(free + 1):"])
    let arguments = verb.map { $0 == "copy" ? folder.file($0) : $0 }
    let refused = try await Program.built("customerctl")
      .finish(["--socket", folder.file("s")] + arguments)
    #expect(refused.status != 0)
    #expect(
      refused.errors.contains("the daemon has as many files open as it may: try again"),
      "\(refused.errors)"
    )
    let said = try log()
    let reports = said.split(separator: "\n").filter { $0.contains("handlerFailed") }
    #expect(reports.first?.contains("raise the limit of open files") == true, "\(said)")
    _ = try tool.run(["--pid", "\(number)", "--nofile=1000:"])
    let answered = try await Program.built("customerctl")
      .finish(["--socket", folder.file("s")] + arguments)
    #expect(answered.status == 0, "\(answered.errors)")
    daemon.terminate()
    await daemon.exited()
    #expect(daemon.exitStatus == 0)
  }
}
