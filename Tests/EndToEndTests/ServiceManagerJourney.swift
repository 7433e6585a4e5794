import Foundation
import TestSupport
import Testing

/// The daemon under a service manager that speaks as systemd does.
@Suite struct ServiceManagerJourney {
  @Test(.enabled(if: ExternalTool.isExpected("python3")))
  func isStartedBySockets() async throws {
    let manager = try await SmallManager()
    #expect(manager.said.isEmpty)
    // Nobody serves yet; the first connection starts the daemon, and is answered.
    let created = try await manager.ctl("first", "create", "firstName=Ann", "-o", "id")
    #expect(created.status == 0, "\(created.errors)")
    let id = created.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let path = manager.folder.path
    try await manager.says("READY=1\nSTATUS=serving at \(path)/first, \(path)/second\n")
    try await manager.says("WATCHDOG=1\nWATCHDOG=1\n")
    let status = try await manager.ctl("second", "status")
    #expect(status.status == 0, "\(status.errors)")

    try manager.stopDaemon()
    try await manager.says("STOPPING=1\nSTATUS=letting open calls end\n")
    try await manager.says("exit 0\n")
    #expect(FileManager.default.fileExists(atPath: manager.folder.file("first")))
    #expect(FileManager.default.fileExists(atPath: manager.folder.file("second")))

    // The sockets are as good as before: the other one starts the next daemon.
    let read = try await manager.ctl("second", "get", id, "-o", "json")
    #expect(read.status == 0, "\(read.errors)")
    #expect(read.text.contains("Ann"))
    #expect(manager.said.components(separatedBy: "start ").count == 3, "\(manager.said)")
  }

  @Test(.enabled(if: ExternalTool.isExpected("systemd-socket-activate")))
  func isStartedBySystemdsOwnTool() async throws {
    let folder = try TemporaryFolder()
    // The tool becomes the daemon, in the same process, when customerctl connects. A shell starts it
    // because it closes the descriptor by which Foundation would notice its end.
    let script = """
      systemd-socket-activate --listen "$1/s" "$2" --database "$1/customers.db" 2>/dev/null &
      for try in $(seq 100); do
        if "$3" --socket "$1/s" status; then break; fi
        sleep 0.1
      done
      kill "$!"
      wait "$!"
      """
    let run = try await Program(path: "/bin/sh").finish([
      "-c", script, "sh", folder.path, Program.built("customerd").path,
      Program.built("customerctl").path,
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("customerCount"))
    #expect(FileManager.default.fileExists(atPath: folder.file("s")))
  }

  @Test func aDescriptorThatIsNoListenerIsNamed() async throws {
    let folder = try TemporaryFolder()
    let shell = Program(path: "/bin/sh")
    let daemon = try Program.built("customerd").path
    let line = #"export LISTEN_PID=$$ LISTEN_FDS=1; exec "$0" --database "$1" 3</dev/null"#
    let run = try await shell.finish(["-c", line, daemon, folder.file("customers.db")])
    #expect(run.status == 1)
    #expect(run.errors.contains("descriptor 3 is no listening Unix socket"), "\(run.errors)")
  }
}

/// `Data/service-manager.py` with a daemon whose files lie in a folder of the test's own.
private final class SmallManager {
  let folder: TemporaryFolder
  private let process: Process

  /// What the manager did and the daemon told it.
  var said: String { (try? String(contentsOfFile: folder.file("said"), encoding: .utf8)) ?? "" }

  init() async throws {
    folder = try TemporaryFolder()
    let python = Program(path: ExternalTool.path(of: "python3") ?? "/usr/bin/python3")
    process = try python.start([
      testData("service-manager.py"), folder.path, Program.built("customerd").path, "--database",
      folder.file("customers.db"),
    ])
    let end = Date() + 20
    while !FileManager.default.fileExists(atPath: folder.file("said")), Date() < end {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  deinit {
    try? stopDaemon(SIGKILL)
    kill(process.processIdentifier, SIGKILL)
  }

  /// Runs `customerctl` at one of the sockets.
  func ctl(_ socket: String, _ arguments: String...) async throws -> Program.Result {
    try await Program.built("customerctl")
      .finish(["--socket", folder.file(socket)] + arguments)
  }

  /// Sends a signal to the daemon that was started last.
  func stopDaemon(_ signal: Int32 = SIGTERM) throws {
    let starts = said.split(separator: "\n").filter { $0.hasPrefix("start ") }
    let number = try #require(starts.last.flatMap { Int32($0.dropFirst(6)) })
    kill(number, signal)
  }

  /// Waits until something was said.
  func says(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let end = Date() + 20
    while Date() < end {
      if said.contains(text) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("never said \(text): \(said)", sourceLocation: sourceLocation)
  }
}
