import Foundation
import TestSupport
import Testing

/// Backups, rebuilds, checks and settings, as an operator has them.
@Suite(.enabled(if: ExternalTool.isExpected("sqlite3"))) struct UpkeepJourney {
  /// Runs `customerd` to its end.
  private func customerd(_ arguments: String...) async throws -> Program.Result {
    try await Program.built("customerd").finish(arguments)
  }

  private func rows(_ count: Int) -> String {
    (0..<count).map { row in
      """
      {"firstName": "Person \(row)", "lastName": "Smith", "emailAddress": "p\(row)@example.com", \
      "attributes": {"n": "\(row)"}}

      """
    }.joined()
  }

  @Test func aBackupIsWholeWhileOthersWrite() async throws {
    let daemon = try await Daemon()
    let file = try daemon.folder.write(rows(30_000), to: "rows.ndjson")
    let writing = try Program.built("customerctl")
      .start(["--socket", daemon.socket, "import", file])
    var copies: [String] = []
    while writing.isRunning, copies.count < 5 {
      let copy = daemon.folder.file("copy\(copies.count).db")
      let backup = try await daemon.ctl("backup", copy)
      #expect(backup.status == 0, "\(backup.errors)")
      copies.append(copy)
    }
    #expect(copies.count > 1, "the import was over too soon")
    await writing.exited()
    for copy in copies {
      let check = try await customerd("--check", "--database", copy)
      #expect(check.status == 0, "\(check.text)")
      let shell = Program(path: ExternalTool.path(of: "sqlite3") ?? "/usr/bin/sqlite3")
      #expect(try shell.run([copy, "PRAGMA integrity_check"]).text == "ok\n")
    }

    let last = daemon.folder.file("last.db")
    #expect(try await daemon.ctl("backup", last).status == 0)
    let again = try await daemon.ctl("backup", last)
    #expect(again.status == 1)
    #expect(again.errors.contains("--force"), "\(again.errors)")
    let piped = try await daemon.ctl("backup", "-")
    #expect(piped.status == 0)
    #expect(try piped.output == [UInt8](Data(contentsOf: URL(fileURLWithPath: last))))

    let restored = try await Daemon(database: last)
    let exported = try await daemon.ctl("export", "-o", "ndjson")
    #expect(try await restored.ctl("export", "-o", "ndjson").output == exported.output)
    await restored.stop()
    await daemon.stop()
  }

  @Test func aRebuildThatIsKilledGoesOn() async throws {
    var random = SeededGenerator.announced()
    let daemon = try await Daemon()
    let file = try daemon.folder.write(rows(6000), to: "rows.ndjson")
    #expect(try await daemon.ctl("import", file).status == 0)
    await daemon.stop()
    _ = try await daemon.sqlite(
      "UPDATE customer SET sort_key = 'x', email_key = 'x'; DELETE FROM search_pending"
    )
    var killed = 0
    for _ in 0..<6 {
      let process = try Program.built("customerd")
        .start(["--rebuild", "--database", daemon.database])
      try await Task.sleep(for: .milliseconds(Int.random(in: 20...400, using: &random)))
      if process.isRunning { killed += 1 }
      kill(process.processIdentifier, SIGKILL)
      await process.exited()
    }
    print("killed \(killed) rebuilds")
    let rebuilt = try await customerd("--rebuild", "--database", daemon.database)
    #expect(rebuilt.status == 0, "\(rebuilt.errors)")
    #expect(
      rebuilt.text
        == "database \(daemon.database): derived data of all customers was made anew: 6000\n"
    )
    let check = try await customerd("--check", "--database", daemon.database)
    #expect(
      check.text == "database \(daemon.database) is whole: 6000 customers, 6000 changes\n"
    )
    #expect(check.status == 0)
  }

  @Test func aStoreOfOlderRulesIsRebuiltAtTheStart() async throws {
    let daemon = try await Daemon()
    #expect(try await daemon.ctl("create", "firstName=Ann").status == 0)
    await daemon.stop()
    _ = try await daemon.sqlite("UPDATE meta SET value = '0' WHERE name = 'folding_version'")
    try await daemon.start()
    #expect(
      daemon.log.contains("derived data of all customers was made anew: 1\n"),
      "\(daemon.log)"
    )
    await daemon.stop()
    #expect(try await customerd("--check", "--database", daemon.database).status == 0)
  }

  @Test func settingsStayWithTheStore() async throws {
    let daemon = try await Daemon()
    let set = try await daemon.ctl("settings", "unique-email=on", "history-retention=90d")
    #expect(set.status == 0, "\(set.errors)")
    #expect(set.text == "unique-email\thistory-retention\non\t90d\n")
    await daemon.stop()
    try await daemon.start()
    #expect(try await daemon.ctl("settings").text == set.text)
    #expect(try await daemon.ctl("create", "emailAddress=ann@example.com").status == 0)
    let twin = try await daemon.ctl("create", "emailAddress=Ann@Example.com")
    #expect(twin.status == 4)
    let short = try await daemon.ctl("settings", "history-retention=59m")
    #expect(short.status == 5)
    #expect(
      short.errors.contains("settings.historyRetention: 3540 seconds is less than 3600"),
      "\(short.errors)"
    )
    await daemon.stop()
  }
}
