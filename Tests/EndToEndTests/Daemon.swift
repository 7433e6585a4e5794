import Foundation
import TestSupport
import Testing

/// A daemon of a test's own: its socket and its database lie in a temporary folder.
final class Daemon {
  /// The folder with everything the daemon has.
  let folder: TemporaryFolder

  private var process: Process?

  /// The socket's path.
  var socket: String { folder.file("s") }

  /// The database's path.
  let database: String

  /// What the daemon said.
  var log: String { (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? "" }

  /// The daemon's process id, while it runs.
  var processID: Int32 { process?.processIdentifier ?? 0 }

  /// Stops it where it stands, until ``goOn()``; all of its threads have stopped when this returns.
  func standStill() async throws {
    kill(processID, SIGSTOP)
    for _ in 0..<1000 {
      let text = try String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8)
      // The state stands behind the name in brackets (proc(5)).
      if text.split(separator: ")").last?.hasPrefix(" T") == true { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("the daemon doesn't stop")
  }

  /// Has it go on.
  func goOn() { kill(processID, SIGCONT) }

  /// Where it says something, if not to ``log``.
  private let errors: String?

  /// Starts a daemon and waits until it answers; its database may lie elsewhere, and so may the file
  /// that its events go to.
  init(_ options: [String] = [], database: String? = nil, errors: String? = nil) async throws {
    folder = try TemporaryFolder()
    self.database = database ?? folder.file("customers.db")
    self.errors = errors
    try await start(options)
  }

  deinit { if let process, process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// Starts the daemon again on the same files.
  func start(_ options: [String] = []) async throws {
    let program = try Program.built("customerd")
    let log = folder.file("log")
    if !FileManager.default.fileExists(atPath: log) { _ = try folder.write("", to: "log") }
    process = try program.start(
      ["--socket", socket, "--database", database] + options,
      output: "/dev/null",
      errors: errors ?? log
    )
    let end = Date() + 60
    while Date() < end {
      if try await ctl("status").status == 0 { return }
      guard process?.isRunning == true else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw DaemonError.didNotStart(log: self.log)
  }

  /// Ends the daemon by a signal and returns its exit status; minus the signal if that ended it.
  @discardableResult
  func stop(_ signal: Int32 = SIGTERM) async -> Int32 {
    guard let process else { return 0 }
    kill(process.processIdentifier, signal)
    await process.exited()
    self.process = nil
    return process.exitStatus
  }

  /// Runs `customerctl` against the daemon.
  func ctl(_ arguments: String..., input: String = "") async throws -> Program.Result {
    try await ctl(arguments, input: [UInt8](input.utf8))
  }

  /// Runs `customerctl` against the daemon.
  func ctl(_ arguments: [String], input: [UInt8] = []) async throws -> Program.Result {
    try await Program.built("customerctl").finish(["--socket", socket] + arguments, input: input)
  }

  /// Asks the `sqlite3` shell, which is not of this package, about the database.
  func sqlite(_ statement: String) async throws -> String {
    let shell = Program(path: ExternalTool.path(of: "sqlite3") ?? "/usr/bin/sqlite3")
    return try await shell.finish([database, statement]).text
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Why a daemon is of no use to a test.
enum DaemonError: Error {
  /// It ended, or didn't answer in time.
  case didNotStart(log: String)

  /// The file system that it needs can't be mounted.
  case noDisk(String)
}

/// A file that the tests bring along.
func testData(_ name: String) throws -> String {
  guard let path = Bundle.module.path(forResource: "Data/\(name)", ofType: nil) else {
    throw CocoaError(.fileNoSuchFile)
  }
  return path
}
