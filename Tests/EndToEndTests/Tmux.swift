import Foundation
import TestSupport
import Testing

/// A terminal that a test types into and reads: a window of tmux, with a server of its own.
final class Tmux {
  private let folder: TemporaryFolder
  private let program: Program
  private let server: Process

  /// Opens a window in which a shell runs.
  init(columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    program = Program(path: ExternalTool.path(of: "tmux") ?? "/usr/bin/tmux")
    // In the foreground: a server that goes into the background keeps what Foundation waits for.
    server = try program.start(
      ["-u", "-D", "-S", folder.file("tmux"), "-f", "/dev/null"],
      environment: Self.environment
    )
    let end = Date() + 20
    while !FileManager.default.fileExists(atPath: folder.file("tmux")), Date() < end {
      usleep(10_000)
    }
    let variables = environment.map { "\($0.key)='\($0.value)'" }.sorted().joined(separator: " ")
    try tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      "\(columns)",
      "-y",
      "\(rows)",
      "env \(variables) PS1='$ ' bash --norc --noprofile -i"
    )
  }

  deinit { if server.isRunning { kill(server.processIdentifier, SIGKILL) } }

  private static let environment = ["TERM": "xterm-256color", "TMUX": ""]

  /// Runs one command of tmux and returns what it prints.
  @discardableResult
  func tmux(_ arguments: String...) throws -> String {
    let result = try program.run(
      ["-u", "-S", folder.file("tmux")] + arguments,
      environment: Self.environment
    )
    guard result.status == 0 else { throw TmuxError.refused(result.errors) }
    return result.text
  }

  /// Presses keys, by tmux's names of them.
  func press(_ keys: String...) throws {
    for key in keys { try tmux("send-keys", key) }
  }

  /// Types a text.
  func type(_ text: String) throws { try tmux("send-keys", "-l", "--", text) }

  /// Types a line.
  func line(_ text: String) throws {
    try type(text)
    try press("Enter")
  }

  /// What the window shows.
  var screen: String { get throws { try tmux("capture-pane", "-p") } }

  /// Waits until a text stands on the screen.
  func shows(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await waits("shows \(text)", sourceLocation) { $0.contains(text) }
  }

  /// Waits until a text is gone from the screen.
  func hides(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await waits("hides \(text)", sourceLocation) { !$0.contains(text) }
  }

  private func waits(
    _ what: String,
    _ sourceLocation: SourceLocation,
    _ isReached: (String) -> Bool
  ) async throws {
    let end = Date() + 20
    while Date() < end {
      if isReached(try screen) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("never \(what):\n\(try screen)", sourceLocation: sourceLocation)
    throw TmuxError.waitedTooLong
  }
}

/// Why a terminal is of no use to a test.
enum TmuxError: Error {
  /// It refuses a command.
  case refused(String)

  /// What was waited for never came.
  case waitedTooLong
}
