import Foundation
import TestSupport

/// A file system of a test's own that is soon full: in memory, mounted by root.
final class SmallDisk {
  /// Whether a test that needs one should run: where it can't be mounted it is skipped, but not in
  /// CI.
  static let isExpected = environment("CI") != nil || (try? SmallDisk(kibibytes: 64)) != nil

  /// Where it is mounted.
  let folder: TemporaryFolder

  init(kibibytes: Int) throws {
    folder = try TemporaryFolder()
    try Self.run("mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", folder.path)
  }

  deinit { try? Self.run("umount", "-l", folder.path) }

  /// Lets nobody write to it.
  func makeReadOnly() throws { try Self.run("mount", "-o", "remount,ro", folder.path) }

  /// Lets nobody write to one file, wherever it is, while a closure runs.
  static func withReadOnly<Result>(
    _ path: String,
    _ body: () async throws -> Result
  ) async throws -> Result {
    try run("mount", "--bind", path, path)
    defer { try? run("umount", "-l", path) }
    try run("mount", "-o", "remount,ro,bind", path)
    return try await body()
  }

  private static func run(_ name: String, _ arguments: String...) throws {
    let result = try Program(path: ExternalTool.path(of: name) ?? "/bin/\(name)").run(arguments)
    guard result.status == 0 else { throw DaemonError.noDisk(result.errors) }
  }
}
