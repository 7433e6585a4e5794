import Foundation
import TestSupport
import Testing

/// The console as a user has it: the real program, in a terminal, on a real daemon.
@Suite(.enabled(if: ExternalTool.isExpected("tmux"))) struct ConsoleJourney {
  /// A terminal in which the console has begun.
  private func console(_ daemon: Daemon, columns: Int = 80, rows: Int = 24) async throws -> Tmux {
    let terminal = try Tmux(
      columns: columns,
      rows: rows,
      environment: [
        "CUSTOMERS_SOCKET": daemon.socket, "FOLDER": daemon.folder.path,
        // Else Swift's own handler asks what to show of a crash, and waits.
        "SWIFT_BACKTRACE": "enable=no",
      ]
    )
    try await terminal.shows("$")
    // The shell writes down how the terminal is, before and after, and what the program ended with.
    let program = try Program.built("customerctl").path
    try terminal.line("stty -g > $FOLDER/before; \(program) console")
    try await terminal.shows("All Customers")
    try await terminal.shows("●")
    return terminal
  }

  /// The customers as the daemon has them.
  private func customers(_ daemon: Daemon) async throws -> [[String: Any]] {
    let result = try await daemon.ctl("list", "-o", "json")
    let json = try JSONSerialization.jsonObject(with: Data(result.output))
    return try #require(json as? [[String: Any]])
  }

  /// What the shell wrote into a file of the daemon's folder.
  private func file(_ name: String, of daemon: Daemon) async throws -> String {
    let end = Date() + 20
    while Date() < end {
      if let text = try? String(contentsOfFile: daemon.folder.file(name), encoding: .utf8),
        text.hasSuffix("\n")
      {
        return text
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("there is no \(name)")
    throw TmuxError.waitedTooLong
  }

  /// Asserts that the terminal is as it was before the console.
  private func expectGivenBack(_ terminal: Tmux, _ daemon: Daemon) async throws {
    try await terminal.hides("All Customers")
    try terminal.line("echo $? > $FOLDER/status; stty -g > $FOLDER/after")
    #expect(try await file("after", of: daemon) == file("before", of: daemon))
    #expect(try terminal.tmux("display", "-p", "#{alternate_on} #{cursor_flag}") == "0 1\n")
  }

  @Test func theDocumentsWholeFlow() async throws {
    let daemon = try await Daemon()
    let terminal = try await console(daemon)
    try await terminal.shows("There are no customers yet")

    try terminal.type("a")
    try await terminal.shows("First Name")
    try terminal.type("Ann")
    try terminal.press("Tab")
    try terminal.type("Lee")
    try await terminal.shows("Display Name      Ann Lee")
    try terminal.press("Tab", "Tab")
    try terminal.type("ann@example.com")
    try terminal.press("Tab")
    try await terminal.shows("[ Submit ]")
    try terminal.press("Enter")
    try await terminal.shows("Ann Lee is created")

    try terminal.press("Enter")
    try await terminal.shows("DETAILS")
    try terminal.press("Tab", "Tab")
    try terminal.type("-Wong")
    try await terminal.shows("changed, not saved")
    try terminal.press("C-s")
    try await terminal.shows("Saved as version 2")
    #expect(try await customers(daemon).map { $0["lastName"] as? String } == ["Lee-Wong"])

    try terminal.press("Escape")
    try await terminal.shows("All Customers")
    try terminal.type("d")
    try await terminal.shows("Delete Ann Lee?")
    try terminal.press("Enter")
    try await terminal.shows("Ann Lee is deleted; u undoes it")
    #expect(try await customers(daemon).isEmpty)

    try terminal.type("u")
    try await terminal.shows("Ann Lee is back")
    let back = try await customers(daemon)
    #expect(back.map { $0["lastName"] as? String } == ["Lee-Wong"])
    #expect(back.map { $0["version"] as? String } == ["4"])

    try terminal.press("Enter")
    try await terminal.shows("DETAILS")
    try terminal.press("Right")
    try await terminal.shows("deleted")
    #expect(try terminal.screen.contains("Last Name"))
    try terminal.press("End")
    try terminal.type("r")
    try await terminal.shows("Make version 1 the latest?")
    try terminal.press("Enter")
    try await terminal.shows("Version 1 is the latest again, as version 5")
    #expect(try await customers(daemon).map { $0["lastName"] as? String } == ["Lee"])
    try terminal.press("Escape")
    try await terminal.shows("All Customers")
    try terminal.type("q")
    try await expectGivenBack(terminal, daemon)
    #expect(try await file("status", of: daemon) == "0\n")
  }

  @Test func whatOthersWriteIsShownAsTheyWriteIt() async throws {
    let daemon = try await Daemon()
    let created = try await daemon.ctl("create", "firstName=Ann", "lastName=Lee", "-o", "id")
    let id = created.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let terminal = try await console(daemon)
    try await terminal.shows("● live")
    _ = try await daemon.ctl("create", "firstName=Nina")
    try await terminal.shows("+ Nina")
    _ = try await daemon.ctl("update", id, "displayName=Ann Wong")
    try await terminal.shows("● Ann Wong")
    try terminal.type("2")
    try await terminal.shows("updated  Ann Wong")
    try terminal.type("1/win")
    try await terminal.shows("Nobody is found")
    try terminal.press("C-u")
    try terminal.type("won")
    try await terminal.shows("1 found, the best match first")
    try terminal.press("Enter")
    try await terminal.shows("DETAILS")
    _ = try await daemon.ctl("update", id, "lastName=Wong")
    try await terminal.shows("customerctl changed Last Name")
  }

  @Test func aConflictIsShownWithWhoAndWhenAndSettled() async throws {
    let daemon = try await Daemon()
    let created = try await daemon.ctl("create", "firstName=Ann", "lastName=Lee", "-o", "id")
    let id = created.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let terminal = try await console(daemon)
    try await terminal.shows("● live")
    try terminal.press("Enter")
    try await terminal.shows("DETAILS")
    try terminal.press("Tab", "Tab")
    try terminal.type("-Wong")
    _ = try await daemon.ctl("update", id, "lastName=Smith", "attributes.tier=gold")
    try await terminal.shows("customerctl changed Last Name too: saving will ask")
    try terminal.press("C-s")
    try await terminal.shows("Ann Lee was changed by two")
    for text in ["Yours   Lee-Wong", "Theirs  Smith", "Before  Lee", "by customerctl (user"] {
      try await terminal.shows(text)
    }
    try terminal.press("C-s")
    try await terminal.shows("Saved as version 3")
    let customer = try #require(try await customers(daemon).first)
    #expect(customer["lastName"] as? String == "Lee-Wong")
    #expect(customer["attributes"] as? [String: String] == ["tier": "gold"])
  }

  /// SIGSEGV stands for a crash.
  @Test(arguments: [SIGTERM, SIGHUP, SIGSEGV])
  func aSignalLeavesTheTerminalAsItWas(signal: Int32) async throws {
    let daemon = try await Daemon()
    let terminal = try await console(daemon)
    let shell = try terminal.tmux("display", "-p", "#{pane_pid}")
    let process = try #require(try child(of: shell))
    kill(process, signal)
    try await expectGivenBack(terminal, daemon)
    #expect(try await file("status", of: daemon) == "\(128 + signal)\n")
  }

  /// The process that a shell started.
  private func child(of shell: String) throws -> Int32? {
    let id = shell.trimmingCharacters(in: .whitespacesAndNewlines)
    let path = "/proc/\(id)/task/\(id)/children"
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: " ").first
      .flatMap { Int32($0) }
  }

  @Test func controlZStopsAndFgGoesOn() async throws {
    let daemon = try await Daemon()
    let terminal = try await console(daemon)
    try terminal.press("C-z")
    try await terminal.shows("Stopped")
    try terminal.line("stty -g > $FOLDER/stopped")
    #expect(try await file("stopped", of: daemon) == file("before", of: daemon))
    // In the background it stops again instead of drawing over the shell.
    try terminal.line("clear; bg")
    try terminal.line("clear; until jobs | grep Stopped; do sleep 0.1; done")
    try await terminal.shows("Stopped")
    try terminal.line("fg")
    try await terminal.shows("All Customers")
    try terminal.type("q")
    try await expectGivenBack(terminal, daemon)
  }

  @Test func everySizeHasItsScreen() async throws {
    let daemon = try await Daemon()
    _ = try await daemon.ctl("create", "firstName=山田", "emailAddress=yamada@example.com")
    let terminal = try await console(daemon)
    try terminal.tmux("resize-window", "-x", "120", "-y", "40")
    try await terminal.shows("q quit")
    try await waitForColumns(120, terminal)
    try terminal.tmux("resize-window", "-x", "50", "-y", "12")
    try await terminal.shows("needs 60×20, has 50×12")
    try terminal.tmux("resize-window", "-x", "60", "-y", "20")
    try await terminal.shows("yamada@example")
    try await waitForColumns(60, terminal)
  }

  private func waitForColumns(_ columns: Int, _ terminal: Tmux) async throws {
    try await terminal.shows(String(repeating: "─", count: columns))
  }

  @Test func aDaemonThatIsRestartedIsFoundAgain() async throws {
    let daemon = try await Daemon()
    _ = try await daemon.ctl("create", "firstName=Ann")
    let terminal = try await console(daemon)
    await daemon.stop()
    try await terminal.shows("○ no daemon")
    try terminal.type("?")
    try await terminal.shows("Keys")
    try terminal.press("Escape")
    try await daemon.start()
    try await terminal.shows("The daemon answers again")
    _ = try await daemon.ctl("create", "firstName=Nina")
    try await terminal.shows("Nina")
    try terminal.type("q")
    try await expectGivenBack(terminal, daemon)
  }

  @Test func aDaemonThatStandsStillHoldsUpNoKey() async throws {
    let daemon = try await Daemon()
    _ = try await daemon.ctl("create", "firstName=Ann", "emailAddress=ann@example.com")
    _ = try await daemon.ctl("create", "firstName=Nina")
    let terminal = try await console(daemon)
    try await terminal.shows("› ")
    try await daemon.standStill()
    defer { daemon.goOn() }
    try terminal.press("Down")
    try await terminal.shows("›  Nina")
    try terminal.type("/ann")
    try await terminal.shows("Search  ann")
    #expect(try terminal.screen.contains("Nina"))
    daemon.goOn()
    try await terminal.shows("1 found, the best match first")
    try await terminal.hides("Nina")
  }

  @Test func whatIsPastedIsTextNotKeys() async throws {
    let daemon = try await Daemon()
    let terminal = try await console(daemon)
    try terminal.type("a")
    try await terminal.shows("First Name")
    try terminal.tmux("set-buffer", "Ann\nq")
    try terminal.tmux("paste-buffer", "-p")
    try await terminal.shows("First Name        Ann q")
  }

  @Test func aDumbTerminalHasLines() async throws {
    let daemon = try await Daemon()
    let result = try await Program.built("customerctl").finish(
      ["--socket", daemon.socket, "console"],
      input: Array("a\nAnn\nLee\n\n\ns\nq\n".utf8),
      environment: ["TERM": "dumb"]
    )
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.text.contains("Ann Lee is created."))
    #expect(try await customers(daemon).count == 1)
  }

  /// The daemon is stopped for longer than a call may take, and then goes on.
  @Test(.timeLimit(.minutes(2))) func aSaveToAStoppedDaemonIsFoundOut() async throws {
    let daemon = try await Daemon()
    let created = try await daemon.ctl("create", "firstName=Ann", "lastName=Lee", "-o", "id")
    let id = created.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let terminal = try await console(daemon)
    try await terminal.shows("● live")
    try terminal.press("Enter")
    try await terminal.shows("DETAILS")
    try terminal.press("Tab", "Tab")
    try terminal.type("-Wong")
    try await terminal.shows("Lee-Wong")
    try await daemon.standStill()
    try terminal.press("C-s")
    try await terminal.shows("○ no answer for")
    #expect(try !terminal.screen.contains("● live"))
    try await terminal.shows("no answer: perhaps saved")
    #expect(try !terminal.screen.contains("Not saved"))
    daemon.goOn()
    try await terminal.shows("Saved as version 2 after all")
    try await terminal.shows("● live")
    #expect(try !terminal.screen.contains("another program"))
    #expect(try await daemon.ctl("get", id, "-o", "json").text.contains(#""version": "2""#))
    // What is written now rests on it: nobody is in the way.
    try terminal.type("-Smith")
    try terminal.press("C-s")
    try await terminal.shows("Saved as version 3")
    #expect(try !terminal.screen.contains("another program"))
    await daemon.stop()
  }
}
