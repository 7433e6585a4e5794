import CommandLineTestSupport
import CustomerClient
import CustomerModel
import Foundation
import ProtoWire
import TestSupport
import Testing

@testable import CustomerFormats
@testable import customerctl

@Suite struct RecordVerbTests {
  /// The document's sample object, as JSON and in a store.
  private func sample() throws -> (text: String, store: FakeStore) {
    let bytes = try testData("sample-object.json")
    let store = FakeStore()
    store.customers = [try CustomerJSON.customer(fromText: bytes).customer]
    return (String(decoding: bytes, as: UTF8.self), store)
  }

  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"
  private let nobody = "0193a5c0-7d1e-7c3a-9f00-000000000001"

  private func canonical(_ json: String) throws -> NSObject? {
    try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSObject
  }

  @Test func jsonIsTheDocumentsSampleObject() async throws {
    let (text, store) = try sample()
    let run = await TestRun(["get", id, "-o", "json"], store: store)
    #expect(run.status == 0)
    #expect(try canonical(run.output) == canonical(text))
    #expect(run.output == text)
  }

  @Test func severalAreAnArray() async throws {
    let (text, store) = try sample()
    let run = await TestRun(["-o", "json", "get", id, id], store: store)
    #expect(try canonical(run.output) == canonical("[\(text),\(text)]"))
  }

  @Test func printsOneCustomerInEveryFormat() async throws {
    let (_, store) = try sample()
    for format in ["table", "json", "ndjson", "csv", "tsv", "id"] {
      let run = await TestRun(["get", id, "-o", format], store: store)
      try expectGolden(String(run.output.dropLast()), "get.\(format)")
    }
  }

  @Test func printsATableOnATerminalAndTSVElsewhere() async throws {
    let (_, store) = try sample()
    let piped = await TestRun(["get", id], store: store)
    #expect(piped.output == (await TestRun(["get", id, "-o", "tsv"], store: store)).output)
    let shown = await TestRun(["get", id], store: store) { $0.isOutputTerminal = true }
    #expect(shown.output == (await TestRun(["get", id, "-o", "table"], store: store)).output)
  }

  @Test func readsAPastVersion() async throws {
    let (_, store) = try sample()
    _ = await TestRun(["update", id, "firstName=Jack"], store: store)
    let past = await TestRun(["get", "\(id)@3", "-o", "json"], store: store)
    #expect(past.output.contains(#""firstName": "John""#))
    let now = await TestRun(["get", id, "-o", "json"], store: store)
    #expect(now.output.contains(#""firstName": "Jack""#))
  }

  @Test func tellsWhichAreMissing() async throws {
    let (_, store) = try sample()
    let run = await TestRun(["get", id, nobody, "-o", "id"], store: store)
    #expect(run.status == 3)
    #expect(run.output == "\(id)\n")
    #expect(run.errors == ["customerctl: no customer \(nobody)"])
  }

  @Test func createsFromAssignments() async {
    let run = await TestRun([
      "create", "firstName=Ann", "phones+=Mobile:AU:0491570006", "attributes.tier=gold", "-o", "id",
    ])
    #expect(run.status == 0)
    #expect(run.output == "id-1\n")
    let customer = run.store.customers[0]
    #expect(customer.firstName == "Ann")
    #expect(customer.phones[0].type == .mobile && customer.phones[0].country == "AU")
    #expect(customer.attributes["tier"] == "gold")
  }

  @Test func createsFromJSON() async throws {
    let (text, _) = try sample()
    let run = await TestRun(["create", "-", "-o", "json"]) { $0.input = Array(text.utf8) }
    #expect(run.status == 0)
    #expect(
      try canonical(run.output)
        == canonical(text.replacing(#""version": "3""#, with: #""version": "1""#))
    )
  }

  @Test(arguments: [
    ("{\"firstNam\": 1}", "line 1, column 2", "did you mean firstName?"),
    ("{\n  \"phones\": [{\"type\": \"Fax\"}]}", "phones[0].type: line 2, column 23", "Fax"),
    ("", "line 1, column 1", "text ends"),
  ])
  func badJSONNamesThePlace(_ text: String, _ place: String, _ reason: String) async {
    let run = await TestRun(["create", "-"]) { $0.input = Array(text.utf8) }
    #expect(run.status == 5)
    #expect(run.errors.count == 1)
    #expect(run.errors[0].hasPrefix("customerctl: \(place)"))
    #expect(run.errors[0].contains(reason))
  }

  @Test func refusesJSONOverTheLimit() async {
    let run = await TestRun(["create", "-"]) {
      $0.input = [UInt8](repeating: 0x20, count: JSONElements.elementBytesMax + 1)
    }
    #expect(run.status == 5)
    #expect(run.errors == ["customerctl: standard input: over the limit of 1048576 bytes"])
  }

  @Test func updatesFieldsWithoutReading() async throws {
    let (_, store) = try sample()
    let run = await TestRun(
      ["update", id, "firstName=Jack", "attributes.tier=", "attributes.vip=yes"],
      store: store
    )
    #expect(run.status == 0)
    #expect(store.requests == ["update first_name,attributes.tier,attributes.vip"])
    #expect(store.customers[0].firstName == "Jack")
    #expect(store.customers[0].attributes.keys == ["vip"])
    #expect(store.customers[0].lastName == "Smith")
  }

  @Test func addsToAListThatIsReadFirst() async throws {
    let (_, store) = try sample()
    _ = await TestRun(["update", id, "phones+=Phone:AU:0732110000", "--no-hints"], store: store)
    #expect(store.requests == ["get \(id) 0", "update phones"])
    #expect(store.customers[0].phones.map(\.numberLocal) == ["0491 570 006", "0732110000"])
  }

  @Test func whatSomebodyWroteInBetweenStays() async throws {
    let (_, store) = try sample()
    store.interference = {
      store.customers[0].version += 1
      store.customers[0].phones.append(PhoneNumber(key: "k", numberLocal: "1"))
    }
    let run = await TestRun(["update", id, "phones+=0732110000", "--no-hints"], store: store)
    #expect(run.status == 0)
    #expect(
      store.customers[0].phones.map(\.numberLocal) == ["0491 570 006", "1", "0732110000"]
    )
  }

  @Test func aVersionSaidIsNeverTriedAgain() async throws {
    let (_, store) = try sample()
    for arguments in [["\(id)@2", "firstName=X"], [id, "version=2", "firstName=X"]] {
      let run = await TestRun(["update"] + arguments, store: store)
      #expect(run.status == 4)
      #expect(
        run.errors == [
          "customerctl: customer \(id) has changed",
          "customerctl: firstName: yours X, theirs John",
          "customerctl: nothing was written: it is at version 3 now; make the change again on that,"
            + " or leave it",
        ]
      )
    }
  }

  @Test func jsonWritesTheMembersThatStandThere() async throws {
    let (_, store) = try sample()
    let run = await TestRun(["update", id, "-", "--no-hints"], store: store) {
      $0.input = Array(
        #"{"version": "3", "lastName": "Lee", "emailAddress": null, "phones": []}"#.utf8
      )
    }
    #expect(run.status == 0)
    #expect(store.requests == ["update last_name,email_address,phones"])
    let customer = store.customers[0]
    #expect(customer.firstName == "John" && customer.lastName == "Lee")
    #expect(customer.emailAddress.isEmpty && customer.phones.isEmpty)
    #expect(customer.addresses.count == 1)
  }

  @Test func aMemberWithEscapesInItsNameIsNotLostInSilence() async throws {
    let (_, store) = try sample()
    let run = await TestRun(["update", id, "-"], store: store) {
      $0.input = Array(#"{"firstN\u0061me": "Ann"}"#.utf8)
    }
    #expect(run.status == 5)
    #expect(run.errors == [#"customerctl: firstN\u0061me: is to be written without escapes"#])
  }

  @Test func aMissingCustomerIsCreatedIfAllowed() async throws {
    let refused = await TestRun(["update", id, "phones+=0732110000"])
    #expect(refused.status == 3)
    let run = await TestRun(["update", id, "phones+=0732110000", "--allow-missing"])
    #expect(run.status == 0)
    #expect(run.store.customers.map(\.customerID) == [id])
    #expect(run.store.customers[0].phones.map(\.numberLocal) == ["0732110000"])
  }

  @Test func jsonOfAnotherCustomerIsRefused() async throws {
    let (text, store) = try sample()
    let run = await TestRun(["update", nobody, "-"], store: store) { $0.input = Array(text.utf8) }
    #expect(run.status == 5)
    #expect(run.errors == ["customerctl: customerId: the JSON is of \(id), not of \(nobody)"])
  }

  @Test func deletesAndAsksOnATerminalOnly() async throws {
    let (_, store) = try sample()
    let no = await TestRun(["delete", id], store: store) {
      $0.isInputTerminal = true
      $0.answer = ""
    }
    #expect(no.status == 0 && store.requests.isEmpty)
    #expect(no.streams.questions == ["delete customer \(id)? [y/N] "])
    let yes = await TestRun(["delete", "\(id)@3", "--yes", "--erase", "-o", "json"], store: store) {
      $0.isInputTerminal = true
    }
    #expect(yes.streams.questions.isEmpty)
    #expect(store.requests == ["delete \(id) 3 erase", "status"])
    #expect(yes.output == "{\"customerId\": \"\(id)\", \"version\": \"4\"}\n")
  }

  @Test func whatWasDeletedBeforeTheDaemonWentAwayIsTold() async throws {
    let (_, store) = try sample()
    store.deletionsUntilGone = 1
    let run = await TestRun(["delete", id, nobody, "-o", "id"], store: store)
    #expect(run.status == 6)
    #expect(run.output == "\(id)\n")
  }

  @Test func oneThatIsMissingStopsNoOtherDeletion() async throws {
    let (_, store) = try sample()
    let run = await TestRun(["delete", nobody, id, "-o", "table"], store: store)
    #expect(run.status == 3)
    #expect(run.errors == ["customerctl: no customer \(nobody)"])
    #expect(run.output == "deleted \(id) (version 4)\n")
  }

  struct Case: Sendable {
    var error: CustomerError
    var status: Int32
    var lines: [String]

    /// What is said of a write that failed so, where that isn't plain.
    var outcome: String?
  }

  @Test(arguments: [
    Case(
      error: .notFound(message: "no customer x", deletedAtVersion: nil),
      status: 3,
      lines: ["no customer x"]
    ),
    Case(
      error: .alreadyExists(message: "customer x is there", customerID: ""),
      status: 4,
      lines: ["customer x is there"]
    ),
    Case(error: .conflict(message: "it changed", current: nil), status: 4, lines: ["it changed"]),
    Case(
      error: .invalid(
        message: "bad",
        violations: [
          Violation(field: "phones[0].numberInternational", description: "has 3 digits"),
          Violation(field: "emailAddress", description: "has no @"),
        ]
      ),
      status: 5,
      lines: ["phones[0].numberInternational: has 3 digits", "emailAddress: has no @"]
    ),
    Case(
      error: .invalid(message: "page_size: -1", violations: []),
      status: 5,
      lines: ["page_size: -1"]
    ),
    Case(
      error: .unavailable(message: "connection refused", outcome: .neverBegun),
      status: 6,
      lines: [
        "no daemon answers at /run/customers.sock: connection refused",
        "start one with: customerd --socket /run/customers.sock",
      ],
      outcome: "nothing was written: it never began"
    ),
    Case(
      error: .unavailable(message: "it closed the connection", outcome: .perhapsDone),
      status: 6,
      lines: ["the daemon at /run/customers.sock went away: it closed the connection"],
      outcome: "no answer came: perhaps it was done; look before you ask again"
    ),
    Case(
      error: .deadlineExceeded(message: "no answer within 10 seconds", outcome: .perhapsDone),
      status: 6,
      lines: ["the daemon at /run/customers.sock gives no answer: no answer within 10 seconds"],
      outcome: "no answer came: perhaps it was done; look before you ask again"
    ),
    Case(
      error: .permissionDenied(message: "this user may not connect to /run/customers.sock: it is"),
      status: 6,
      lines: [
        "this user may not connect to /run/customers.sock: it is",
        "ask who runs the daemon, or name another socket with --socket",
      ],
      outcome: "nothing was written: it never began"
    ),
    Case(
      error: .unimplemented(message: "order by zebra"),
      status: 1,
      lines: ["the daemon can't do this: order by zebra"],
      outcome: "nothing was written: it never began"
    ),
    Case(
      error: .failed(code: "INTERNAL", reason: nil, message: "disk full"),
      status: 1,
      lines: ["disk full"],
      outcome: "nothing was written: what was begun is undone"
    ),
    Case(
      error: .failed(code: "INTERNAL", reason: nil, message: "a\u{1B}[2Jb"),
      status: 1,
      lines: [#"a\u{1B}[2Jb"#],
      outcome: "nothing was written: what was begun is undone"
    ),
  ])
  func everyErrorHasItsStatusAndAWriteItsOutcome(_ wrong: Case) async {
    for arguments in [["get", id], ["create", "firstName=A"], ["list"], ["export"], ["status"]] {
      let store = FakeStore()
      store.failure = wrong.error
      let run = await TestRun(arguments, store: store)
      #expect(run.status == wrong.status)
      let outcome = arguments[0] == "create" ? wrong.outcome : nil
      let lines = wrong.lines + [outcome].compactMap { $0 }
      #expect(run.errors == lines.map { "customerctl: \($0)" })
      #expect(run.output.isEmpty)
    }
  }

  @Test(arguments: [
    (["create"], "FIELD=VALUE is missing"),
    (
      ["create", "firstNam=x"],
      "firstNam: no field of a customer is called so, did you mean firstName?"
    ),
    (
      ["get", "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55@y"],
      "'0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55@y' is no id: behind @ stands a version"
    ),
    (["get", "x@0"], "'x@0' is no id: behind @ stands a version"),
    (["update", "x", "customerId=y"], "customerId: names the customer and can't be changed"),
    (["list", "--all", "--limit", "3"], "--limit and --all don't go together"),
    (["list", "--limit", "0"], "--limit: 0 is under the minimum of 1"),
    (["import", "x.json", "--attributes"], "--map and --attributes are for tables, not for json"),
    (
      ["import", "x.csv", "--mode", "create", "--dry-run"],
      "--dry-run shows what --mode upsert would do, not what create would"
    ),
    (
      ["get", "x", "-o", "vcard", "--fields", "lastName"],
      "-o vcard has fields of its own: it doesn't go together with --fields"
    ),
    (["import", "x.csv", "--set", "x"], "--set: 'x' is not FIELD=VALUE"),
    (["import", "x.csv", "--map", "a=zebra"], "zebra: no field of a customer is called so"),
  ])
  func usageErrorsEndWithTwo(_ arguments: [String], _ message: String) async {
    let run = await TestRun(arguments)
    #expect(run.status == 2)
    #expect(
      run.errors.first?.split(separator: "\n").first.map(String.init) == "customerctl: \(message)"
    )
    #expect(run.store.requests.isEmpty)
  }

  @Test func theSocketIsTakenOnBothSidesAndFromTheEnvironment() async {
    for arguments in [["--socket", "/s", "get", id], ["get", id, "--socket=/s"]] {
      let store = FakeStore()
      store.failure = .unavailable(message: "gone", outcome: .neverBegun)
      let run = await TestRun(arguments, store: store, environment: ["CUSTOMERS_SOCKET": "/e"])
      #expect(run.errors.last == "customerctl: start one with: customerd --socket /s")
    }
    let store = FakeStore()
    store.failure = .unavailable(message: "gone", outcome: .neverBegun)
    let run = await TestRun(["get", id], store: store, environment: ["CUSTOMERS_SOCKET": "/e"])
    #expect(run.errors.last == "customerctl: start one with: customerd --socket /e")
  }
}
