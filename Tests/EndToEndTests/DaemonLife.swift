import Foundation
import TestSupport
import Testing

/// How the daemon starts, ends, and shares its files with others.
@Suite struct DaemonLife {
  @Test func noDaemonIsExitStatusSix() throws {
    let folder = try TemporaryFolder()
    let result = try Program.built("customerctl")
      .run(["--socket", folder.file("none"), "status"])
    #expect(result.status == 6)
    #expect(result.errors.contains(folder.file("none")), "\(result.errors)")
    #expect(result.errors.contains("customerd"), "\(result.errors)")
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func aSignalEndsItWell(signal: Int32) throws {
    let daemon = try Daemon()
    _ = try daemon.ctl("create", "firstName=Ann")
    #expect(daemon.stop(signal) == 0)
    #expect(!FileManager.default.fileExists(atPath: daemon.socket))
    // The log was checkpointed: nothing is left beside the database.
    #expect(!FileManager.default.fileExists(atPath: daemon.database + "-wal"))
    #expect(try daemon.sqlite("SELECT count(*) FROM customer") == "1")
  }

  @Test func aStaleSocketIsReplaced() throws {
    let daemon = try Daemon()
    _ = try daemon.ctl("create", "firstName=Ann")
    daemon.stop(SIGKILL)
    #expect(FileManager.default.fileExists(atPath: daemon.socket))
    try daemon.start()
    #expect(try daemon.ctl("list", "-o", "id").text.split(separator: "\n").count == 1)
  }

  @Test func aLiveSocketIsNeverStolen() throws {
    let daemon = try Daemon()
    let other = try Program.built("customerd")
      .run(["--socket", daemon.socket, "--database", daemon.folder.file("other.db")])
    #expect(other.status != 0)
    #expect(other.errors.contains(daemon.socket), "\(other.errors)")
    #expect(try daemon.ctl("status").status == 0)
  }

  @Test func aDatabaseHasOneDaemon() throws {
    let daemon = try Daemon()
    let other = try Program.built("customerd")
      .run(["--socket", daemon.folder.file("t"), "--database", daemon.database])
    #expect(other.status != 0)
    #expect(other.errors.contains("in use"), "\(other.errors)")
    #expect(try daemon.ctl("status").status == 0)
  }

  @Test func filesAreThisUsersAlone() throws {
    let daemon = try Daemon()
    for path in [daemon.socket, daemon.database] {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }

  @Test func helpAndUsage() throws {
    let daemon = try Program.built("customerd")
    let help = try daemon.run(["--help"])
    #expect(help.status == 0)
    #expect(help.text.contains("--database"))
    let wrong = try daemon.run(["--databse", "x"])
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("did you mean --database?"), "\(wrong.errors)")
  }
}
