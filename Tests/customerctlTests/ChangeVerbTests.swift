import CustomerClient
import CustomerModel
import Foundation
import ProtoWire
import ServiceInMemory
import TTRPC
import TestSupport
import Testing

@testable import CustomerFormats
@testable import customerctl

@Suite struct ChangeVerbTests {
  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  /// A customer that was created, changed twice, deleted and brought back.
  private func filled() async throws -> ServiceInMemory {
    let service = try ServiceInMemory()
    let key = "6f1c2b0e-6a3d-4c59-8f4e-0a1d2c3b4e5f"
    _ = try await service.client.create(
      Customer(
        customerID: id,
        firstName: "Ann",
        phones: [PhoneNumber(key: key, type: .mobile, country: "AU", numberLocal: "0491570006")],
        attributes: ["tier": "gold"]
      )
    )
    for line in [
      "update \(id) firstName=Anna attributes.tier=",
      "update \(id) emailAddress=anna@example.com",
      "delete \(id)",
      "restore \(id)@1",
    ] {
      let run = try await TestRun(line.split(separator: " ").map(String.init), service: service)
      #expect(run.status == 0, "\(run.errors)")
    }
    service.forgetRequests()
    return service
  }

  private func objects(_ lines: String) throws -> [[String: Any]] {
    try lines.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  // MARK: Search and lists

  @Test func searchJoinsWordsAndKeepsTheDaemonsOrder() async throws {
    let service = try await filled()
    let run = try await TestRun(
      ["search", "Ann", "Lee", "--limit", "7", "-o", "id"],
      service: service
    )
    #expect(run.status == 0)
    #expect(service.requests == ["search 'Ann Lee' 7"])
    #expect(run.output.isEmpty && run.errors.isEmpty)
    try await service.other.update(id) { $0.displayName = "Ann Lee" }
    #expect(
      try await TestRun(["search", "ann le", "-o", "id"], service: service).output == "\(id)\n"
    )
  }

  @Test func aSearchInVainSaysSoOnATerminal() async throws {
    let run = try await TestRun(["search", "zebra"]) { $0.isErrorTerminal = true }
    #expect(run.status == 0)
    #expect(run.errors == ["nothing found for 'zebra'"])
  }

  @Test func aSearchHasNoMoreThanTheDaemonGives() async throws {
    #expect(try await TestRun(["search", "x", "--limit", "100"]).status == 0)
    let run = try await TestRun(["search", "x", "--limit", "101"])
    #expect(run.status == 2)
    #expect(run.errors[0].contains("--limit: 101 is over the maximum of 100"))
  }

  @Test func emptyPagesDontEndAList() async throws {
    let service = try ServiceInMemory()
    for index in 1...5 {
      _ = try await TestRun(["create", "firstName=A\(index)"], service: service)
    }
    service.giveEmptyPages()
    let run = try await TestRun(["list", "--all", "-o", "id"], service: service)
    #expect(run.output.split(separator: "\n").count == 5)
  }

  @Test func aListThatEndsEarlySaysOfHowMany() async throws {
    let service = try ServiceInMemory()
    try await service.put((1...101).map { Customer(firstName: "A\($0)") })
    let exact = try await TestRun(["list"], service: service) { $0.isErrorTerminal = true }
    #expect(exact.errors == ["100 of 101 customers; --all prints all, --limit N more"])
    service.channel.changeAnswer(.unary, "ListCustomers") { (page: inout ListCustomersResponse) in
      page.totalSizeIsMinimum = true
    }
    let vague = try await TestRun(["list"], service: service) { $0.isErrorTerminal = true }
    #expect(vague.errors == ["100 of 101 or more customers; --all prints all, --limit N more"])
    let all = try await TestRun(["list", "--all"], service: service) { $0.isErrorTerminal = true }
    #expect(all.errors.isEmpty)
  }

  // MARK: Watch

  @Test func watchPrintsALineOfJSONAChange() async throws {
    let service = try await filled()
    let run = try await TestRun(["watch", "--from-start", "--stop-at-end"], service: service)
    #expect(run.status == 0)
    #expect(service.requests == ["watch oldest '' stop"])
    let changes = try objects(run.output)
    #expect(
      changes.map { $0["kind"] as? String }
        == ["CREATED", "UPDATED", "UPDATED", "DELETED", "CREATED"]
    )
    let tokens = try await service.changes().map(\.resumeToken)
    #expect(changes.map { $0["resumeToken"] as? String } == tokens)
    #expect(changes[0]["changeTime"] as? String == "2026-01-01T00:00:00Z")
    let author = changes[0]["author"] as? NSDictionary
    #expect(
      author == ["userId": 1000, "groupId": 1000, "processId": 42, "program": "test"]
    )
    #expect((changes[1]["customer"] as? [String: Any])?["firstName"] as? String == "Anna")
    // Whoever reads the other end of a pipe has each line at once.
    #expect(run.streams.flushCount == 5)
  }

  @Test(arguments: [
    (["watch"], "watch now ''"),
    (["watch", "--since", "t2"], "watch token t2 ''"),
    (
      ["watch", "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55", "--stop-at-end"],
      "watch now '0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55' stop"
    ),
  ])
  func watchBeginsWhereItIsTold(_ arguments: [String], _ request: String) async throws {
    let service = try ServiceInMemory()
    service.channel.stage(.receiving, "WatchCustomers") { (_, _) async throws(RPCError) in nil }
    #expect(try await TestRun(arguments, service: service).status == 0)
    #expect(service.requests == [request])
  }

  @Test func heartbeatsArePrintedOnDemand() async throws {
    let service = try ServiceInMemory()
    // One comes before the end of each of the two.
    for number in [1, 3] {
      service.channel.stage(.receiving, "WatchCustomers", number: number) {
        (_, _) async throws(RPCError) in
        Change(resumeToken: "t9").encoded()
      }
    }
    #expect(try await TestRun(["watch", "--stop-at-end"], service: service).output.isEmpty)
    let run = try await TestRun(["watch", "--stop-at-end", "--heartbeats"], service: service)
    #expect(try objects(run.output).map { $0["kind"] as? String } == ["NONE"])
    #expect(try objects(run.output).map { $0["resumeToken"] as? String } == ["t9"])
  }

  @Test func commandsRunOneAChangeWithItsFacts() async throws {
    let service = try await filled()
    let tokens = try await service.changes().map(\.resumeToken)
    let folder = try TemporaryFolder()
    let file = folder.file("log")
    let facts = "$CUSTOMERS_KIND $CUSTOMERS_ID $CUSTOMERS_VERSION $CUSTOMERS_TIME"
    let author = "$CUSTOMERS_USER_ID $CUSTOMERS_PROCESS_ID $CUSTOMERS_PROGRAM"
    let rest = "\(author)|$CUSTOMERS_RESUME_TOKEN|$CUSTOMERS_SOCKET"
    let run = try await TestRun(
      ["watch", "--from-start", "--stop-at-end", "--exec", "echo \"\(facts) \(rest)\" >> \(file)"],
      service: service
    )
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 5)
    #expect(
      lines[1] == """
        UPDATED \(id) 2 2026-01-01T00:00:01Z 1000 42 test|\(tokens[1])|/run/customers.sock
        """
    )
    // A deletion is a version of its own.
    #expect(lines[3].hasPrefix("DELETED \(id) 4 "))
    _ = try await TestRun(
      ["watch", "--from-start", "--stop-at-end", "--exec", "cat > \(file)"],
      service: service
    )
    let last = try objects(try String(contentsOfFile: file, encoding: .utf8))
    #expect(last.map { $0["resumeToken"] as? String } == [tokens[4]])
  }

  @Test func aCommandThatFailsEndsTheWatchUnlessToldOtherwise() async throws {
    let service = try await filled()
    let tokens = try await service.changes().map(\.resumeToken)
    let command = "test $CUSTOMERS_KIND = CREATED"
    let run = try await TestRun(
      ["watch", "--from-start", "--stop-at-end", "--exec", command],
      service: service
    )
    #expect(run.status == 1)
    #expect(
      run.errors == [
        "customerctl: \(command): ended with status 1 for version 2 of customer \(id)",
        "customerctl: the change comes again with --since \(tokens[0])",
      ]
    )
    let all = try await TestRun(
      ["watch", "--from-start", "--stop-at-end", "--keep-going", "--exec", command],
      service: service
    )
    #expect(all.status == 1)
    #expect(all.errors.count == 3)
    let killed = try await TestRun(
      ["watch", "--from-start", "--stop-at-end", "--exec", "kill -9 $$"],
      service: service
    )
    #expect(killed.errors[0].contains("ended with status 137"))
  }

  @Test func aTokenThatIsTooOldComesWithAdvice() async throws {
    // A token of what this store was before it was put back to an older copy.
    let token = try #require(try await filled().changes().last).resumeToken
    let run = try await TestRun(["watch", "--since", token])
    #expect(run.status == 1)
    #expect(
      run.errors.last
        == "customerctl: begin again behind the end of an export, or with --from-start"
    )
  }

  // MARK: History

  @Test(arguments: ["table", "json", "ndjson", "csv", "tsv", "id"])
  func historyIsNewestFirst(_ format: String) async throws {
    let run = try await TestRun(["history", id, "-o", format], service: filled())
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    try expectGolden(String(run.output.dropLast()), "history.\(format)")
  }

  @Test func historyAsJSONIsTheArrayOfChanges() async throws {
    let service = try await filled()
    let run = try await TestRun(["history", id, "-o", "json"], service: service)
    #expect(service.requests == ["watch oldest '\(id)' stop"])
    let array = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
    #expect(
      array?.map { $0["kind"] as? String } == [
        "CREATED", "DELETED", "UPDATED", "UPDATED", "CREATED",
      ]
    )
  }

  @Test func aLongHistoryIsCutAndSaysSo() async throws {
    let service = try await filled()
    let run = try await TestRun(["history", id, "--limit", "2", "-o", "id"], service: service)
    #expect(run.output == "\(id)@5\n\(id)@4\n")
    #expect(run.errors == ["the newest 2 of 5 changes; --limit N prints more"])
    let most = "\(Session.historyMax)"
    #expect(try await TestRun(["history", id, "--limit", most], service: service).status == 0)
    let past = "\(Session.historyMax + 1)"
    #expect(try await TestRun(["history", id, "--limit", past], service: service).status == 2)
  }

  @Test func aHistoryThatBeginsLaterSaysSo() async throws {
    let service = try await filled()
    service.channel.stage(.receiving, "WatchCustomers", number: 1) {
      (passage, proceed) async throws(RPCError) in
      _ = try await proceed(passage.message)
      return try await proceed(passage.message)
    }
    let run = try await TestRun(["history", id, "-o", "tsv"], service: service)
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

  @Test func restoreUndoesTheLastChange() async throws {
    let service = try await filled()
    _ = try await TestRun(["update", id, "firstName=Zoë"], service: service)
    service.forgetRequests()
    let run = try await TestRun(["restore", id, "--no-hints", "-o", "id"], service: service)
    #expect(run.status == 0)
    #expect(service.requests == ["get \(id) 0", "get \(id) 5", "update * allow-missing"])
    let customer = try await service.get(id)
    #expect(customer.firstName == "Ann" && customer.version == 7)
  }

  @Test func restoreUndoesADeletion() async throws {
    let service = try await filled()
    _ = try await TestRun(["delete", id], service: service)
    let run = try await TestRun(["restore", id], service: service)
    #expect(run.status == 0)
    let customers = try await service.all()
    #expect(customers.map(\.firstName) == ["Ann"])
    #expect(customers.map(\.version) == [7])
  }

  @Test func restoreTakesTheVersionThatIsNamed() async throws {
    let service = try await filled()
    let run = try await TestRun(["restore", "\(id)@3"], service: service)
    #expect(run.status == 0)
    let customer = try await service.get(id)
    #expect(customer.emailAddress == "anna@example.com" && customer.version == 6)
  }

  @Test func restorePassesOverADeletion() async throws {
    let service = try await filled()
    // Version 5 was brought back from a deletion, which is version 4.
    let run = try await TestRun(["restore", id], service: service)
    #expect(run.status == 0)
    #expect(try await service.get(id).emailAddress == "anna@example.com")
  }

  @Test func whatHasNoPastIsNotRestored() async throws {
    let service = try ServiceInMemory()
    _ = try await TestRun(["create", "customerId=\(id)", "firstName=A"], service: service)
    let run = try await TestRun(["restore", id], service: service)
    #expect(run.status == 3)
    #expect(run.errors == ["customerctl: customer \(id) is at version 1: there is none before it"])
    let missing = try await TestRun(["restore", "\(id)@7"], service: service)
    #expect(missing.status == 3)
  }

  // MARK: Erase

  @Test func erasingAsksForAWord() async throws {
    let service = try await filled()
    for (answer, isErased) in [("yes", false), ("", false), (nil, false), ("erase", true)] {
      let run = try await TestRun(["delete", id, "--erase"], service: service) {
        $0.isInputTerminal = true
        $0.answer = answer
      }
      #expect(run.status == 0)
      #expect(
        run.streams.questions == [
          "erase customer \(id) with all that it ever was, for good? Type 'erase' to do it: "
        ]
      )
      #expect(try await service.all().isEmpty == isErased)
      if !isErased { #expect(run.errors == ["nothing was erased"]) }
    }
  }

  @Test func erasingWithoutATerminalNeedsYes() async throws {
    let run = try await TestRun(["delete", id, "--erase"], service: filled())
    #expect(run.status == 2)
    #expect(
      run.errors == [
        "customerctl: --erase is for good: without a terminal to ask on it needs --yes"
      ]
    )
    #expect(run.service.requests.isEmpty)
  }

  @Test func erasingWaitsUntilTheTracesAreOverwritten() async throws {
    let service = try await filled()
    for number in 1...4 {
      service.channel.changeAnswer(.unary, "GetStatus", number: number) {
        (status: inout StoreStatus) in
        status.erasing = number < 4
      }
    }
    let run = try await TestRun(
      ["delete", id, "--erase", "--yes", "-o", "table"],
      service: service
    )
    #expect(run.status == 0)
    #expect(run.output == "erased \(id) (version 6)\n")
    #expect(service.requests == ["delete \(id) 0 erase", "status", "status", "status", "status"])
  }
}
