import Foundation
import TestSupport
import Testing

/// The verbs as a shell meets them: real processes, signals, terminals and completions.
@Suite struct VerbsJourney {
  @Test func whatWasDeletedOrChangedComesBack() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Ann")
    #expect(try await daemon.ctl("update", id, "firstName=Anna").status == 0)
    let dry = try await daemon.ctl("restore", id, "--dry-run", "-o", "tsv")
    #expect(dry.text == "field\told\tnew\nfirstName\tAnna\tAnn\n")
    let undone = try await daemon.ctl(
      "restore",
      id,
      "--fields",
      "firstName,version",
      "-o",
      "ndjson"
    )
    #expect(undone.text == #"{"firstName":"Ann","version":"3"}"# + "\n", "\(undone.errors)")
    #expect(try await daemon.ctl("delete", id).status == 0)
    let back = try await daemon.ctl("restore", id, "--fields", "firstName,version", "-o", "ndjson")
    #expect(back.text == #"{"firstName":"Ann","version":"5"}"# + "\n", "\(back.errors)")
    let named = try await daemon.ctl("restore", "\(id)@2", "--fields", "firstName", "-o", "ndjson")
    #expect(named.text == #"{"firstName":"Anna"}"# + "\n", "\(named.errors)")
  }

  @Test func aConflictTellsBothSides() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Ann")
    _ = try await daemon.ctl("update", id, "firstName=Anna")
    let conflict = try await daemon.ctl("update", "\(id)@1", "firstName=Anne")
    #expect(conflict.status == 4)
    #expect(
      conflict.errors.contains("firstName: yours Anne, theirs Anna, before Ann"),
      "\(conflict.errors)"
    )
  }

  @Test func anEditorChangesACustomer() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Ann", "lastName=Lee")
    let edited = try await Program.built("customerctl").finish(
      ["--socket", daemon.socket, "edit", id, "-o", "id"],
      environment: ["EDITOR": "sed -i s/Lee/Wong/", "VISUAL": ""]
    )
    #expect(edited.status == 0, "\(edited.errors)")
    let read = try await daemon.ctl("get", id, "--fields", "lastName", "-o", "ndjson")
    #expect(read.text == #"{"lastName":"Wong"}"# + "\n")
  }

  @Test func anyCallIsMadeByItsName() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Ann")
    let read = try await daemon.ctl("call", "GetCustomer", #"{"customerId": "\#(id)"}"#)
    let same = try await daemon.ctl("get", id, "-o", "json")
    #expect(read.output == same.output && read.status == 0)
    let exported = try await daemon.ctl("call", "ExportCustomers")
    #expect(exported.text.contains(id) && exported.text.contains("resumeToken"))
    let imported = try await daemon.ctl(
      "call",
      "ImportCustomers",
      input: #"{"customers": [{"firstName": "B"}]}"# + "\n" + #"{"customers": [{}]}"# + "\n"
    )
    let lines = imported.text.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("CREATED") && lines[1].contains("FAILED"))
    let missing = try await daemon.ctl(
      "call",
      "GetCustomer",
      #"{"customerId": "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"}"#
    )
    #expect(missing.status == 3)
  }

  @Test func whoeverIsInterruptedEndsWith130() async throws {
    let daemon = try await Daemon()
    let pipe = daemon.folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    // Both ends are held open: the program waits for input that never comes.
    let end = open(pipe, O_RDWR)
    defer { close(end) }
    let waiting = try Program.built("customerctl").start(
      ["--socket", daemon.socket, "create", "-"],
      input: pipe
    )
    try await Task.sleep(for: .milliseconds(500))
    kill(waiting.processIdentifier, SIGINT)
    let late = Task {
      try await Task.sleep(for: .seconds(10))
      kill(waiting.processIdentifier, SIGKILL)
    }
    await waiting.exited()
    late.cancel()
    #expect(waiting.exitStatus == 130)
  }

  @Test(.enabled(if: ExternalTool.isExpected("bash")))
  func whoeverReadsOnlyTheBeginningHearsNoComplaint() async throws {
    let daemon = try await Daemon()
    var rows = "firstName\n"
    for index in 0..<2000 { rows += "N\(index)\n" }
    let file = try daemon.folder.write(rows, to: "rows.csv")
    #expect(try await daemon.ctl("import", file, "--no-hints").status == 0)
    let program = try Program.built("customerctl").path
    for handling in ["", "trap '' PIPE; "] {
      let line = "\(handling)\(program) --socket \(daemon.socket) list --all -o json | head -n 1"
      let run = try await shell("bash").finish(["-c", line])
      #expect(run.status == 0)
      #expect(run.text == "[\n")
      #expect(run.errors.isEmpty)
    }
  }

  @Test(.enabled(if: ExternalTool.isExpected("script")))
  func aPagerShowsWhatDoesNotFitTheTerminal() async throws {
    let daemon = try await Daemon()
    for index in 0..<12 { _ = try await daemon.created("firstName=N\(index)") }
    let program = try Program.built("customerctl").path
    func shown(
      _ options: String,
      verb: String = "list",
      rows: Int = 10,
      pager: String = "sed s/^/PAGED-/"
    ) async throws -> String {
      let line = "\(program) --socket \(daemon.socket) \(verb) \(options)"
      let command = "stty rows \(rows) cols 120; \(line)"
      let run = try await shell("script").finish(
        ["-qec", command, "/dev/null"],
        environment: ["PAGER": pager, "NO_COLOR": "1", "TERM": "xterm"]
      )
      #expect(run.status == 0)
      return run.text
    }
    let long = try await shown("")
    #expect(long.components(separatedBy: "PAGED-").count == 1 + 13)
    #expect(!long.contains("\u{1B}"))
    #expect(!(try await shown("--limit 3").contains("PAGED-")))
    #expect(!(try await shown("--no-pager").contains("PAGED-")))
    // What is told stands behind what is shown, with a pager and without.
    let id = try await daemon.created("firstName=Ann")
    _ = try await daemon.ctl("update", id, "firstName=Anna")
    for rows in [10, 2] {
      let text = try await shown("\(id) --limit 1", verb: "history", rows: rows)
      let lines = text.split(whereSeparator: \.isNewline)
      #expect(lines.last == "the newest 1 of 2 changes; --limit N prints more")
      #expect(lines.first?.hasPrefix("PAGED-") == (rows == 2))
    }
    let ended = try await shown("", pager: "head -n 1")
    #expect(ended.split(whereSeparator: \.isNewline).count == 1)
  }

  // MARK: Completions

  /// What each shell makes of a command line, asked through its own machinery.
  private static let questions: [(shell: String, script: String)] = [
    (
      "bash",
      """
      source <(customerctl completions bash)
      COMP_LINE=$LINE_TO_COMPLETE COMP_POINT=${#LINE_TO_COMPLETE}
      read -r -a COMP_WORDS <<< "$COMP_LINE"
      [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _customerctl
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    ),
    (
      "zsh",
      """
      compdef() { : }
      source <(customerctl completions zsh)
      _files() { : }
      _describe() { print -rl -- "${(@)says%%:*}" }
      compadd() { print -rl -- "${(@)unfinished}" }
      words=(${(z)LINE_TO_COMPLETE})
      [[ $LINE_TO_COMPLETE == *' ' ]] && words+=('')
      CURRENT=${#words}
      _customerctl
      """
    ),
    (
      "fish",
      """
      customerctl completions fish | source
      complete -C "$LINE_TO_COMPLETE" | string split -f 1 \\t
      """
    ),
  ]

  static func completed(
    _ shellName: String,
    _ line: String,
    _ daemon: Daemon
  ) async throws
    -> [String]
  {
    let script = try #require(questions.first { $0.shell == shellName }?.script)
    let folder = URL(fileURLWithPath: try Program.built("customerctl").path)
      .deletingLastPathComponent().path
    let run = try await shell(shellName).finish(
      [shellName == "fish" ? "--no-config" : shellName == "zsh" ? "-f" : "--norc", "-c", script],
      environment: [
        "PATH": "\(folder):\(environment("PATH") ?? "")",
        "CUSTOMERS_SOCKET": daemon.socket,
        "LINE_TO_COMPLETE": line,
        "HOME": daemon.folder.path,
      ]
    )
    #expect(run.errors.isEmpty)
    return run.text.split(separator: "\n").map(String.init)
  }

  @Test(
    .enabled(if: ["bash", "zsh", "fish"].allSatisfy(ExternalTool.isExpected)),
    arguments: ["bash", "zsh", "fish"]
  )
  func shellsCompleteWordsAndIds(_ shell: String) async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Ann")
    for (line, expected) in [
      ("customerctl hist", ["history"]),
      ("customerctl list --output nd", ["ndjson"]),
      ("customerctl update x firstN", ["firstName="]),
      ("customerctl list --fields lastName,em", ["lastName,emailAddress"]),
      ("customerctl get ", [id]),
    ] {
      #expect(try await Self.completed(shell, line, daemon) == expected, "\(line)")
    }
  }
}

/// The verbs that search, filter, watch and erase.
@Suite struct VerbsOfChangesJourney {
  @Test func aSearchFindsWhatWasJustWritten() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Zoë", "lastName=Quartermaine")
    _ = try await daemon.created("firstName=Bob")
    for query in [["zoe"], ["quarter"], ["zoe", "quartermaine"]] {
      let found = try await daemon.ctl(["search"] + query + ["-o", "id"])
      #expect(found.text == "\(id)\n", "\(query): \(found.errors)")
    }
  }

  @Test func filtersAndOrdersReachListsAndExports() async throws {
    let daemon = try await Daemon()
    let ann = try await daemon.created("firstName=Ann", "lastName=Zed", "attributes.tier=gold")
    let bob = try await daemon.created("firstName=Bob", "lastName=Lee", "attributes.tier=gold")
    _ = try await daemon.created("firstName=Cy", "lastName=Abel")
    let filter = #"attributes.tier = "gold""#
    let list = try await daemon.ctl("list", "--filter", filter, "--sort", "lastName", "-o", "id")
    #expect(list.text == "\(bob)\n\(ann)\n", "\(list.errors)")
    let last = try await daemon.ctl("list", "--sort", "-lastName", "--limit", "1", "-o", "id")
    #expect(last.text == "\(ann)\n", "\(last.errors)")
    let exported = try await daemon.ctl("export", "--filter", filter, "-o", "id")
    #expect(exported.text.split(separator: "\n").map(String.init) == [ann, bob])
    let refused = try await daemon.ctl("list", "--filter", #"shoeSize = "42""#)
    #expect(refused.status == 5)
  }

  @Test func aBeginningOrAnAddressNamesACustomer() async throws {
    let daemon = try await Daemon()
    let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"
    _ = try await daemon.created("customerId=\(id)", "emailAddress=ann@example.com")
    for name in ["0193a5", "0193A5C07D", "ann@example.com", "ANN@EXAMPLE.COM"] {
      let read = try await daemon.ctl("get", name, "-o", "id")
      #expect(read.text == "\(id)\n", "\(name): \(read.errors)")
    }
    _ = try await daemon.created("firstName=Other", "emailAddress=ann@example.com")
    let several = try await daemon.ctl("get", "ann@example.com")
    #expect(several.status == 4)
    #expect(several.errors.contains("names 2 customers") && several.errors.contains(id))
    #expect(try await daemon.ctl("get", "nobody@example.com").status == 3)
  }

  @Test func othersWithTheSameAddressAreTold() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Ann", "emailAddress=ann@example.com")
    let second = try await daemon.ctl("create", "firstName=B", "emailAddress=Ann@example.com")
    #expect(second.status == 0)
    #expect(
      second.errors == "note: the e-mail address is also that of customer \(id) (Ann)\n"
    )
    let file = try daemon.folder.write(
      "emailAddress\nann@example.com\nnew@example.com\n",
      to: "rows.csv"
    )
    let imported = try await daemon.ctl("import", file)
    #expect(
      imported.errors.contains("note: 1 of the 2 customers created or updated"),
      "\(imported.errors)"
    )
  }

  @Test func whoHasAnAddressThatMustBeUniqueIsNamed() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Ann", "emailAddress=ann@example.com")
    #expect(try await daemon.ctl("settings", "unique-email=on").status == 0)
    let other = try await daemon.created("firstName=Bob")
    let verbs = [["create", "firstName=C"], ["update", other]]
    for verb in verbs {
      let refused = try await daemon.ctl(verb + ["emailAddress=ANN@example.com"])
      #expect(refused.status == 4)
      #expect(
        refused.errors.contains("it is that of customer \(id) (Ann)"),
        "\(refused.errors)"
      )
    }
  }

  @Test func aConflictNamesWhoWroteInBetween() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Ann")
    _ = try await daemon.ctl("update", id, "firstName=Anna")
    let conflict = try await daemon.ctl("update", "\(id)@1", "firstName=Anne")
    #expect(conflict.errors.contains("customerctl: version 2: updated 20"), "\(conflict.errors)")
    #expect(conflict.errors.contains("by uid=\(getuid()) pid="))
  }

  @Test func historyTellsWhatEachChangeChanged() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Ann")
    _ = try await daemon.ctl("update", id, "firstName=Anna", "attributes.tier=gold")
    _ = try await daemon.ctl("delete", id)
    _ = try await daemon.ctl("restore", id)
    let history = try await daemon.ctl("history", id, "-o", "json")
    #expect(history.status == 0, "\(history.errors)")
    let array = try JSONSerialization.jsonObject(with: Data(history.output)) as? [[String: Any]]
    let kinds = array?.compactMap { $0["kind"] as? String } ?? []
    #expect(kinds.count == 4 && kinds.last == "CREATED" && kinds[1] == "DELETED")
    let names = try await daemon.ctl("history", id, "-o", "id")
    #expect(names.text == [4, 3, 2, 1].map { "\(id)@\($0)\n" }.joined())
    let table = try await daemon.ctl("history", id, "-o", "table")
    #expect(table.text.contains("firstName: Ann → Anna"))
    #expect(table.text.contains("attributes.tier: (none) → gold"))
    #expect(table.text.contains("restored"))
    let described = try await daemon.ctl("describe", id)
    #expect(described.text.contains("latest changes"))
  }

  @Test func aWatchFollowsUntilItIsInterrupted() async throws {
    let daemon = try await Daemon()
    let file = try daemon.folder.write("", to: "changes")
    let watch = try Program.built("customerctl").start(
      ["--socket", daemon.socket, "watch", "--from-start"],
      output: file
    )
    func lines() throws -> [[String: Any]] {
      try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
    }
    let id = try await daemon.created("firstName=Ann")
    _ = try await daemon.ctl("update", id, "firstName=Anna")
    let end = Date() + 10
    while try lines().count < 2, Date() < end { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try lines().map { $0["kind"] as? String } == ["CREATED", "UPDATED"])
    kill(watch.processIdentifier, SIGINT)
    let late = Task {
      try await Task.sleep(for: .seconds(10))
      kill(watch.processIdentifier, SIGKILL)
    }
    await watch.exited()
    late.cancel()
    #expect(watch.exitStatus == 130)
    let token = try #require(try lines().first?["resumeToken"] as? String)
    let rest = try await daemon.ctl("watch", "--since", token, "--stop-at-end")
    #expect(rest.status == 0)
    #expect(rest.text.split(separator: "\n").count == 1 && rest.text.contains("UPDATED"))
    let ran = try await daemon.ctl(
      "watch",
      id,
      "--from-start",
      "--stop-at-end",
      "--exec",
      #"echo "$CUSTOMERS_KIND $CUSTOMERS_VERSION""#
    )
    #expect(ran.text == "CREATED 1\nUPDATED 2\n", "\(ran.errors)")
    let bad = try await daemon.ctl("watch", "--since", "nonsense", "--stop-at-end")
    #expect(bad.status == 1 || bad.status == 5)
  }

  @Test func whatIsErasedLeavesNoTrace() async throws {
    let daemon = try await Daemon()
    let id = try await daemon.created("firstName=Xylophonius")
    _ = try await daemon.ctl("update", id, "firstName=Quixotella")
    #expect(try await daemon.ctl("delete", id, "--erase").status == 2)
    let erased = try await daemon.ctl("delete", id, "--erase", "--yes")
    #expect(erased.status == 0, "\(erased.errors)")
    #expect(try await daemon.ctl("get", "\(id)@1").status == 3)
    await daemon.stop()
    for name in try FileManager.default.contentsOfDirectory(atPath: daemon.folder.path)
    where name.hasPrefix("customers.db") {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: daemon.folder.file(name)))
      for word in ["Xylophonius", "xylophonius", "Quixotella", "quixotella"] {
        #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word) is in \(name)")
      }
    }
  }

  @Test(
    .enabled(if: ["bash", "zsh", "fish"].allSatisfy(ExternalTool.isExpected)),
    arguments: ["bash", "zsh", "fish"]
  )
  func shellsCompleteAddressesAndBeginnings(_ shell: String) async throws {
    let daemon = try await Daemon()
    let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"
    _ = try await daemon.created("customerId=\(id)", "emailAddress=ann@example.com")
    _ = try await daemon.created("emailAddress=bob@example.com")
    for (line, expected) in [
      ("customerctl get ann@ex", ["ann@example.com"]),
      ("customerctl update bo", ["bob@example.com"]),
      ("customerctl history 0193a5", [id]),
    ] {
      #expect(try await VerbsJourney.completed(shell, line, daemon) == expected, "\(line)")
    }
  }
}

extension Daemon {
  /// Creates a customer and returns its id.
  fileprivate func created(_ assignments: String...) async throws -> String {
    let run = try await ctl(["create"] + assignments + ["-o", "id", "--no-hints"])
    try #require(run.status == 0, "\(run.errors)")
    return run.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// A program of this machine.
private func shell(_ name: String) -> Program {
  Program(path: ExternalTool.path(of: name) ?? "/usr/bin/\(name)")
}
