import CommandLineTestSupport
import CustomerClient
import CustomerModel
import Foundation
import ProtoWire
import TestSupport
import Testing

@testable import CustomerFormats
@testable import customerctl

@Suite struct ChangeVerbTests {
  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  /// A customer that was created, changed twice, deleted and brought back.
  private func store() async -> FakeStore {
    let store = FakeStore()
    for line in [
      "create customerId=\(id) firstName=Ann phones+=Mobile:AU:0491570006 attributes.tier=gold",
      "update \(id) firstName=Anna attributes.tier=",
      "update \(id) emailAddress=anna@example.com",
      "delete \(id)",
      "restore \(id)@1",
    ] {
      let run = await TestRun(line.split(separator: " ").map(String.init), store: store)
      #expect(run.status == 0, "\(run.errors)")
    }
    store.requests = []
    return store
  }

  private func objects(_ lines: String) throws -> [[String: Any]] {
    try lines.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  // MARK: Search and lists

  @Test func searchJoinsWordsAndKeepsTheDaemonsOrder() async {
    let store = await store()
    let run = await TestRun(["search", "Ann", "Lee", "--limit", "7", "-o", "id"], store: store)
    #expect(run.status == 0)
    #expect(store.requests == ["search 'Ann Lee' 7"])
    #expect(run.output.isEmpty && run.errors.isEmpty)
    store.customers[0].displayName = "Ann Lee"
    #expect(await TestRun(["search", "n L", "-o", "id"], store: store).output == "\(id)\n")
  }

  @Test func aSearchInVainSaysSoOnATerminal() async {
    let run = await TestRun(["search", "zebra"]) { $0.isErrorTerminal = true }
    #expect(run.status == 0)
    #expect(run.errors == ["nothing found for 'zebra'"])
  }

  @Test func aSearchHasNoMoreThanTheDaemonGives() async {
    #expect(await TestRun(["search", "x", "--limit", "100"]).status == 0)
    let run = await TestRun(["search", "x", "--limit", "101"])
    #expect(run.status == 2)
    #expect(run.errors[0].contains("--limit: 101 is over the maximum of 100"))
  }

  @Test func emptyPagesDontEndAList() async {
    let store = FakeStore()
    for index in 1...5 {
      _ = await TestRun(["create", "firstName=A\(index)"], store: store)
    }
    store.hasEmptyPages = true
    let run = await TestRun(["list", "--all", "-o", "id"], store: store)
    #expect(run.output.split(separator: "\n").count == 5)
  }

  @Test func aListThatEndsEarlySaysOfHowMany() async {
    let store = FakeStore()
    store.pageSizeMax = 1000
    for index in 1...101 { store.customers.append(Customer(firstName: "A\(index)")) }
    let exact = await TestRun(["list"], store: store) { $0.isErrorTerminal = true }
    #expect(exact.errors == ["100 of 101 customers; --all prints all, --limit N more"])
    store.isTotalMinimum = true
    let vague = await TestRun(["list"], store: store) { $0.isErrorTerminal = true }
    #expect(vague.errors == ["100 of 101 or more customers; --all prints all, --limit N more"])
    let all = await TestRun(["list", "--all"], store: store) { $0.isErrorTerminal = true }
    #expect(all.errors.isEmpty)
  }

  // MARK: Watch

  @Test func watchPrintsALineOfJSONAChange() async throws {
    let store = await store()
    let run = await TestRun(["watch", "--from-start", "--stop-at-end"], store: store)
    #expect(run.status == 0)
    #expect(store.requests == ["watch oldest '' stop"])
    let changes = try objects(run.output)
    #expect(
      changes.map { $0["kind"] as? String }
        == ["CREATED", "UPDATED", "UPDATED", "DELETED", "CREATED"]
    )
    #expect(changes.map { $0["resumeToken"] as? String } == ["t1", "t2", "t3", "t4", "t5"])
    #expect(changes[0]["changeTime"] as? String == "2026-01-01T00:00:00Z")
    let author = changes[0]["author"] as? NSDictionary
    #expect(author == ["userId": 1000, "processId": 42, "program": "test"])
    #expect((changes[1]["customer"] as? [String: Any])?["firstName"] as? String == "Anna")
    // Whoever reads the other end of a pipe has each line at once.
    #expect(run.streams.flushCount == 5)
  }

  @Test(arguments: [
    (["watch"], "watch now ''"),
    (["watch", "--since", "t2"], "watch token(\"t2\") ''"),
    (
      ["watch", "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55", "--stop-at-end"],
      "watch now '0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55' stop"
    ),
  ])
  func watchBeginsWhereItIsTold(_ arguments: [String], _ request: String) async {
    #expect(await TestRun(arguments).store.requests == [request])
  }

  @Test func heartbeatsArePrintedOnDemand() async throws {
    let store = FakeStore()
    store.changes = [Change(resumeToken: "t9")]
    #expect(await TestRun(["watch", "--stop-at-end"], store: store).output.isEmpty)
    let run = await TestRun(["watch", "--stop-at-end", "--heartbeats"], store: store)
    #expect(try objects(run.output).map { $0["kind"] as? String } == ["NONE"])
    #expect(try objects(run.output).map { $0["resumeToken"] as? String } == ["t9"])
  }

  @Test func commandsRunOneAChangeWithItsFacts() async throws {
    let store = await store()
    let folder = try TemporaryFolder()
    let file = folder.file("log")
    let facts = "$CUSTOMERS_KIND $CUSTOMERS_ID $CUSTOMERS_VERSION $CUSTOMERS_TIME"
    let author = "$CUSTOMERS_USER_ID $CUSTOMERS_PROCESS_ID $CUSTOMERS_PROGRAM"
    let rest = "\(author)|$CUSTOMERS_RESUME_TOKEN|$CUSTOMERS_SOCKET"
    let run = await TestRun(
      ["watch", "--from-start", "--stop-at-end", "--exec", "echo \"\(facts) \(rest)\" >> \(file)"],
      store: store
    )
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 5)
    #expect(
      lines[1] == """
        UPDATED \(id) 2 2026-01-01T00:00:01Z 1000 42 test|t2|/run/customers.sock
        """
    )
    // A deletion is a version of its own.
    #expect(lines[3].hasPrefix("DELETED \(id) 4 "))
    _ = await TestRun(
      ["watch", "--from-start", "--stop-at-end", "--exec", "cat > \(file)"],
      store: store
    )
    let last = try objects(try String(contentsOfFile: file, encoding: .utf8))
    #expect(last.map { $0["resumeToken"] as? String } == ["t5"])
  }

  @Test func aCommandThatFailsEndsTheWatchUnlessToldOtherwise() async throws {
    let store = await store()
    let command = "test $CUSTOMERS_KIND = CREATED"
    let run = await TestRun(
      ["watch", "--from-start", "--stop-at-end", "--exec", command],
      store: store
    )
    #expect(run.status == 1)
    #expect(
      run.errors == [
        "customerctl: \(command): ended with status 1 for version 2 of customer \(id)",
        "customerctl: the change comes again with --since t1",
      ]
    )
    let all = await TestRun(
      ["watch", "--from-start", "--stop-at-end", "--keep-going", "--exec", command],
      store: store
    )
    #expect(all.status == 1)
    #expect(all.errors.count == 3)
    let killed = await TestRun(["watch", "--stop-at-end", "--exec", "kill -9 $$"], store: store)
    #expect(killed.errors[0].contains("ended with status 137"))
  }

  @Test func aTokenThatIsTooOldComesWithAdvice() async {
    let store = FakeStore()
    store.failure = .failed(
      code: "OUT_OF_RANGE",
      reason: .resumeTokenExpired,
      message: "token is older than what is kept"
    )
    let run = await TestRun(["watch", "--since", "x"], store: store)
    #expect(run.status == 1)
    #expect(
      run.errors.last
        == "customerctl: begin again behind the end of an export, or with --from-start"
    )
  }

  // MARK: History

  @Test(arguments: ["table", "json", "ndjson", "csv", "tsv", "id"])
  func historyIsNewestFirst(_ format: String) async throws {
    let run = await TestRun(["history", id, "-o", format], store: await store())
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    try expectGolden(String(run.output.dropLast()), "history.\(format)")
  }

  @Test func historyAsJSONIsTheArrayOfChanges() async throws {
    let store = await store()
    let run = await TestRun(["history", id, "-o", "json"], store: store)
    #expect(store.requests == ["watch oldest '\(id)' stop"])
    let array = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
    #expect(
      array?.map { $0["kind"] as? String } == [
        "CREATED", "DELETED", "UPDATED", "UPDATED", "CREATED",
      ]
    )
  }

  @Test func aLongHistoryIsCutAndSaysSo() async {
    let store = await store()
    let run = await TestRun(["history", id, "--limit", "2", "-o", "id"], store: store)
    #expect(run.output == "\(id)@5\n\(id)@4\n")
    #expect(run.errors == ["the newest 2 of 5 changes; --limit N prints more"])
    let most = "\(Session.historyMax)"
    #expect(await TestRun(["history", id, "--limit", most], store: store).status == 0)
    let past = "\(Session.historyMax + 1)"
    #expect(await TestRun(["history", id, "--limit", past], store: store).status == 2)
  }

  @Test func aHistoryThatBeginsLaterSaysSo() async {
    let store = await store()
    store.changes.removeFirst()
    let run = await TestRun(["history", id, "-o", "tsv"], store: store)
    #expect(run.errors == ["note: changes before these aren't kept"])
  }

  @Test func theTailOfManyChangesIsTheNewest() {
    for count in [0, 1, 9, 10, 11, 19, 20, 21, 1234] {
      var tail = ChangeTail(keeping: 10)
      for index in 0..<count {
        tail.append(Change(resumeToken: "\(index)", kind: .updated))
        tail.append(Change(resumeToken: "heartbeat"))
      }
      let expected = (0..<count).suffix(10).reversed().map { "\($0)" }
      #expect(tail.newestFirst.map(\.change.resumeToken) == expected)
      #expect(tail.count == count)
    }
  }

  // MARK: Restore

  @Test func restoreUndoesTheLastChange() async {
    let store = await store()
    _ = await TestRun(["update", id, "firstName=Zoë"], store: store)
    store.requests = []
    let run = await TestRun(["restore", id, "--no-hints", "-o", "id"], store: store)
    #expect(run.status == 0)
    #expect(store.requests == ["get \(id) 0", "get \(id) 5", "update * allow-missing"])
    #expect(store.customers[0].firstName == "Ann" && store.customers[0].version == 7)
  }

  @Test func restoreUndoesADeletion() async {
    let store = await store()
    _ = await TestRun(["delete", id], store: store)
    let run = await TestRun(["restore", id], store: store)
    #expect(run.status == 0)
    #expect(store.customers.map(\.firstName) == ["Ann"])
    #expect(store.customers.map(\.version) == [7])
  }

  @Test func restoreTakesTheVersionThatIsNamed() async {
    let store = await store()
    let run = await TestRun(["restore", "\(id)@3"], store: store)
    #expect(run.status == 0)
    #expect(store.customers[0].emailAddress == "anna@example.com")
    #expect(store.customers[0].version == 6)
  }

  @Test func restorePassesOverADeletion() async {
    let store = await store()
    // Version 5 was brought back from a deletion, which is version 4.
    let run = await TestRun(["restore", id], store: store)
    #expect(run.status == 0)
    #expect(store.customers[0].emailAddress == "anna@example.com")
  }

  @Test func whatHasNoPastIsNotRestored() async {
    let store = FakeStore()
    _ = await TestRun(["create", "customerId=\(id)", "firstName=A"], store: store)
    let run = await TestRun(["restore", id], store: store)
    #expect(run.status == 3)
    #expect(run.errors == ["customerctl: customer \(id) is at version 1: there is none before it"])
    let missing = await TestRun(["restore", "\(id)@7"], store: store)
    #expect(missing.status == 3)
  }

  // MARK: Erase

  @Test func erasingAsksForAWord() async {
    let store = await store()
    for (answer, isErased) in [("yes", false), ("", false), (nil, false), ("erase", true)] {
      let run = await TestRun(["delete", id, "--erase"], store: store) {
        $0.isInputTerminal = true
        $0.answer = answer
      }
      #expect(run.status == 0)
      #expect(
        run.streams.questions == [
          "erase customer \(id) with all that it ever was, for good? Type 'erase' to do it: "
        ]
      )
      #expect(store.customers.isEmpty == isErased)
      if !isErased { #expect(run.errors == ["nothing was erased"]) }
    }
  }

  @Test func erasingWithoutATerminalNeedsYes() async {
    let run = await TestRun(["delete", id, "--erase"], store: await store())
    #expect(run.status == 2)
    #expect(
      run.errors == [
        "customerctl: --erase is for good: without a terminal to ask on it needs --yes"
      ]
    )
    #expect(run.store.requests.isEmpty)
  }

  @Test func erasingWaitsUntilTheTracesAreOverwritten() async {
    let store = await store()
    store.erasingCount = 3
    let run = await TestRun(["delete", id, "--erase", "--yes", "-o", "table"], store: store)
    #expect(run.status == 0)
    #expect(run.output == "erased \(id) (version 6)\n")
    #expect(store.requests == ["delete \(id) 0 erase", "status", "status", "status", "status"])
  }
}
