import Foundation

/// The value of an environment variable; `nil` if it isn't set or empty.
package func environment(_ name: String) -> String? {
  guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else { return nil }
  return value
}

/// Programs of other people that tests compare with.
package enum ExternalTool {
  /// Whether a test that needs a program should run.
  ///
  /// Where it is missing the test is skipped, but not in CI (`CI=true`): there it runs, and fails.
  package static func isExpected(_ name: String) -> Bool {
    environment("CI") != nil || path(of: name) != nil
  }

  /// Whether a test that needs a module of Python should run; see ``isExpected(_:)``.
  package static func isPythonExpected(with module: String) -> Bool {
    if environment("CI") != nil { return true }
    guard let python = path(of: "python3") else { return false }
    let run = try? Program(path: python).run(["-c", "import \(module)"])
    return run?.status == 0
  }

  /// Where a program stands on the search path.
  package static func path(of name: String) -> String? {
    for folder in (environment("PATH") ?? "").split(separator: ":") {
      let path = "\(folder)/\(name)"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    return nil
  }
}
