import Dispatch
import Foundation

/// A program that a test runs to its end.
package struct Program: Sendable {
  /// The program's path.
  package let path: String

  /// Names a program by its path.
  package init(path: String) { self.path = path }

  /// Names one of this package's programs, built beside the tests.
  package static func built(_ name: String) throws -> Program {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = URL(fileURLWithPath: tests).deletingLastPathComponent().path
    return Program(path: "\(folder)/\(name)")
  }

  /// How a run of a program ended.
  package struct Result: Sendable {
    /// The exit status; minus the signal's number if a signal ended it.
    package var status: Int32

    /// What it wrote to standard output.
    package var output: [UInt8]

    /// What it wrote to standard error.
    package var errors: String

    /// Standard output as text.
    package var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Runs the program with arguments and standard input, and waits for its end.
  ///
  /// The thread waits with it: for tools that take a moment. `environment` holds variables that are
  /// set beside those of the test.
  package func run(
    _ arguments: [String] = [],
    input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> Result {
    let run = try Run(of: self, arguments, input: input, environment: environment)
    run.process.waitUntilExit()
    return try run.result()
  }

  /// The same for programs that take longer: other tests have the thread meanwhile.
  package func finish(
    _ arguments: [String] = [],
    input: [UInt8] = [],
    environment: [String: String] = [:]
  ) async throws -> Result {
    let run = try Run(of: self, arguments, input: input, environment: environment)
    await run.process.exited()
    return try run.result()
  }

  /// Starts the program and returns at once.
  package func start(
    _ arguments: [String],
    environment: [String: String] = [:],
    input: String = "/dev/null",
    output: String = "/dev/null",
    errors: String = "/dev/null"
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle(forReadingAtPath: input)
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    return process
  }
}

/// A run of a program whose input and output are files of its own.
private struct Run {
  let process: Process
  private let folder: TemporaryFolder

  init(
    of program: Program,
    _ arguments: [String],
    input: [UInt8],
    environment: [String: String]
  ) throws {
    folder = try TemporaryFolder()
    process = try program.start(
      arguments,
      environment: environment,
      input: folder.write(bytes: input, to: "in"),
      output: folder.write(bytes: [], to: "out"),
      errors: folder.write(bytes: [], to: "err")
    )
  }

  /// What it came to, once the process has ended.
  func result() throws -> Program.Result {
    let output = try Data(contentsOf: URL(fileURLWithPath: folder.file("out")))
    let errors = try Data(contentsOf: URL(fileURLWithPath: folder.file("err")))
    return Program.Result(
      status: process.exitStatus,
      output: [UInt8](output),
      errors: String(decoding: errors, as: UTF8.self)
    )
  }
}

extension Process {
  /// Waits for the end without keeping a thread.
  package func exited() async {
    while isRunning { try? await Task.sleep(for: .milliseconds(5)) }
    waitUntilExit()
  }

  /// The exit status; minus the signal's number if a signal ended the process.
  package var exitStatus: Int32 {
    terminationReason == .uncaughtSignal ? -terminationStatus : terminationStatus
  }
}

extension TemporaryFolder {
  /// Writes a file in the folder and returns its path.
  package func write(bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}
