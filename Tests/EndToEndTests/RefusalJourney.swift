import Foundation
import TestSupport
import Testing

/// What the command line says of what it can't do.
@Suite struct RefusalJourney {
  @Test func aDryCreationFailsWhereTheCreationWould() async throws {
    let daemon = try await Daemon()
    _ = try await daemon.ctl("settings", "unique-email=on")
    _ = try await daemon.ctl("create", "firstName=Ann", "emailAddress=ann@example.com")
    let create = ["create", "firstName=Bob", "emailAddress=ann@example.com"]
    let refused = try await daemon.ctl(create)
    #expect(refused.status == 4)
    let dry = try await daemon.ctl(create + ["--dry-run"])
    #expect(dry.status == 4)
    #expect(dry.errors == refused.errors)
    let other = ["create", "firstName=Bob", "emailAddress=bob@example.com", "--dry-run"]
    #expect(try await daemon.ctl(other).status == 0)
    _ = try await daemon.ctl("settings", "unique-email=off")
    #expect(try await daemon.ctl(create + ["--dry-run"]).status == 0)
    await daemon.stop()
  }

  @Test func aVersionThatIsNotThereIsToldFromACustomerThatIsNot() async throws {
    let daemon = try await Daemon()
    let created = try await daemon.ctl("create", "firstName=Ann", "-o", "id")
    let id = created.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let missing = try await daemon.ctl("get", "\(id)@99")
    #expect(missing.status == 3)
    #expect(missing.errors.contains("customer \(id) has no version 99: its newest is 1"))
    await daemon.stop()
  }

  @Test func anArgumentThatIsNoTextIsRefused() async throws {
    let daemon = try await Daemon()
    let program = try Program.built("customerctl").path
    let script = "'\(program)' --socket '\(daemon.socket)' create \"$(printf 'firstName=\\377')\""
    let refused = try await Program(path: "/bin/sh").finish(["-c", script])
    #expect(refused.status == 2)
    #expect(refused.errors.contains(#"argument 4 is no UTF-8: 'firstName=\xFF'"#))
    #expect(try await daemon.ctl("list", "-o", "id").output.isEmpty)
    await daemon.stop()
  }

  /// The daemon's socket is for its own user; root may do everything, so another must try.
  @Test(.enabled(if: getuid() == 0 && ExternalTool.isExpected("setpriv")))
  func aSocketOfSomebodyElseIsSaidToBe() async throws {
    let daemon = try await Daemon()
    let setpriv = Program(path: ExternalTool.path(of: "setpriv") ?? "/usr/bin/setpriv")
    let other = ["--reuid=65534", "--regid=65534", "--clear-groups"]
    let program = try Program.built("customerctl").path
    chmod(daemon.folder.path, 0o755)
    let status = [program, "--socket", daemon.socket, "status"]
    let refused = try await setpriv.finish(other + status)
    #expect(refused.status == 6)
    #expect(
      refused.errors == """
        customerctl: this user may not connect to \(daemon.socket): it is user 0's and group 0's, \
        with the mode 0600
        customerctl: ask who runs the daemon, or name another socket with --socket

        """
    )
    chmod(daemon.folder.path, 0o700)
    let closed = try await setpriv.finish(other + status)
    #expect(closed.status == 6)
    #expect(closed.errors.contains("permission denied, perhaps by a folder on the way"))
    await daemon.stop()
  }
}
