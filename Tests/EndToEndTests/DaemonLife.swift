import Foundation
import TestSupport
import Testing

/// How the daemon starts, ends, and shares its files with others.
@Suite struct DaemonLife {
  @Test func noDaemonIsExitStatusSix() async throws {
    let folder = try TemporaryFolder()
    let result = try await Program.built("customerctl")
      .finish(["--socket", folder.file("none"), "status"])
    #expect(result.status == 6)
    #expect(result.errors.contains(folder.file("none")), "\(result.errors)")
    #expect(result.errors.contains("customerd"), "\(result.errors)")
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")), arguments: [SIGTERM, SIGINT])
  func aSignalEndsItWell(signal: Int32) async throws {
    let daemon = try await Daemon()
    _ = try await daemon.ctl("create", "firstName=Ann")
    #expect(await daemon.stop(signal) == 0)
    #expect(!FileManager.default.fileExists(atPath: daemon.socket))
    // All of the log is in the database.
    let log = try? FileManager.default.attributesOfItem(atPath: daemon.database + "-wal")
    #expect((log?[.size] as? Int ?? 0) == 0)
    #expect(try await daemon.sqlite("SELECT count(*) FROM customer") == "1")
  }

  @Test func aStaleSocketIsReplaced() async throws {
    let daemon = try await Daemon()
    _ = try await daemon.ctl("create", "firstName=Ann")
    await daemon.stop(SIGKILL)
    #expect(FileManager.default.fileExists(atPath: daemon.socket))
    try await daemon.start()
    #expect(try await daemon.ctl("list", "-o", "id").text.split(separator: "\n").count == 1)
  }

  @Test func aLiveSocketIsNeverStolen() async throws {
    let daemon = try await Daemon()
    let other = try await Program.built("customerd")
      .finish(["--socket", daemon.socket, "--database", daemon.folder.file("other.db")])
    #expect(other.status != 0)
    #expect(other.errors.contains(daemon.socket), "\(other.errors)")
    #expect(try await daemon.ctl("status").status == 0)
  }

  @Test func aDatabaseHasOneDaemon() async throws {
    let daemon = try await Daemon()
    let other = try await Program.built("customerd")
      .finish(["--socket", daemon.folder.file("t"), "--database", daemon.database])
    #expect(other.status != 0)
    #expect(other.errors.contains("in use"), "\(other.errors)")
    #expect(try await daemon.ctl("status").status == 0)
  }

  @Test func filesAreThisUsersAlone() async throws {
    let daemon = try await Daemon()
    for path in [daemon.socket, daemon.database] {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }

  @Test func helpAndUsage() async throws {
    let daemon = try Program.built("customerd")
    let help = try await daemon.finish(["--help"])
    #expect(help.status == 0)
    #expect(help.text.contains("--database"))
    let wrong = try await daemon.finish(["--databse", "x"])
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("did you mean --database?"), "\(wrong.errors)")
  }
}
