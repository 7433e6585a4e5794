import CustomerClient
import CustomerModel
import Foundation
import ProtoWire
import ServiceInMemory
import TTRPC
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerFormats
@testable import customerctl

@Suite struct RecordVerbTests {
  /// The document's sample object, as JSON with the times that a store gives it, and in a store.
  private func sample() async throws -> (text: String, service: ServiceInMemory) {
    let bytes = try testData("sample-object.json")
    let service = try ServiceInMemory()
    try await service.put([try CustomerJSON.customer(fromText: bytes).customer])
    let text = String(decoding: bytes, as: UTF8.self)
    let time = "2026-01-01T00:00:00Z"
    let times = ",\n  \"createTime\": \"\(time)\",\n  \"updateTime\": \"\(time)\"\n}\n"
    return (String(text.dropLast(3)) + times, service)
  }

  /// The only customer of a store.
  private func only(_ service: ServiceInMemory) async throws -> Customer {
    let customers = try await service.all()
    #expect(customers.count == 1)
    return try #require(customers.first)
  }

  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"
  private let nobody = "0193a5c0-7d1e-7c3a-9f00-000000000001"

  private func canonical(_ json: String) throws -> NSObject? {
    try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSObject
  }

  @Test func jsonIsTheDocumentsSampleObject() async throws {
    let (text, service) = try await sample()
    let run = try await TestRun(["get", id, "-o", "json"], service: service)
    #expect(run.status == 0)
    #expect(try canonical(run.output) == canonical(text))
    #expect(run.output == text)
  }

  @Test func severalAreAnArray() async throws {
    let (text, service) = try await sample()
    let run = try await TestRun(["-o", "json", "get", id, id], service: service)
    #expect(try canonical(run.output) == canonical("[\(text),\(text)]"))
  }

  @Test func printsOneCustomerInEveryFormat() async throws {
    let (_, service) = try await sample()
    for format in ["table", "json", "ndjson", "csv", "tsv", "id"] {
      let run = try await TestRun(["get", id, "-o", format], service: service)
      try expectGolden(String(run.output.dropLast()), "get.\(format)")
    }
  }

  @Test func printsATableOnATerminalAndTSVElsewhere() async throws {
    let (_, service) = try await sample()
    let piped = try await TestRun(["get", id], service: service)
    #expect(piped.output == (try await TestRun(["get", id, "-o", "tsv"], service: service)).output)
    let shown = try await TestRun(["get", id], service: service) { $0.isOutputTerminal = true }
    #expect(
      shown.output == (try await TestRun(["get", id, "-o", "table"], service: service)).output
    )
  }

  @Test func readsAPastVersion() async throws {
    let (_, service) = try await sample()
    _ = try await TestRun(["update", id, "firstName=Jack"], service: service)
    let past = try await TestRun(["get", "\(id)@3", "-o", "json"], service: service)
    #expect(past.output.contains(#""firstName": "John""#))
    let now = try await TestRun(["get", id, "-o", "json"], service: service)
    #expect(now.output.contains(#""firstName": "Jack""#))
  }

  @Test func tellsWhichAreMissing() async throws {
    let (_, service) = try await sample()
    let run = try await TestRun(["get", id, nobody, "-o", "id"], service: service)
    #expect(run.status == 3)
    #expect(run.output == "\(id)\n")
    #expect(run.errors == ["customerctl: no customer \(nobody)"])
  }

  @Test func createsFromAssignments() async throws {
    let run = try await TestRun([
      "create", "firstName=Ann", "phones+=Mobile:AU:0491570006", "attributes.tier=gold", "-o", "id",
    ])
    #expect(run.status == 0)
    let customer = try await only(run.service)
    #expect(run.output == "\(customer.customerID)\n")
    #expect(customer.firstName == "Ann")
    #expect(customer.phones[0].type == .mobile && customer.phones[0].country == "AU")
    #expect(customer.attributes["tier"] == "gold")
  }

  @Test func createsFromJSON() async throws {
    let (text, _) = try await sample()
    let run = try await TestRun(["create", "-", "-o", "json"]) { $0.input = Array(text.utf8) }
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
  func badJSONNamesThePlace(_ text: String, _ place: String, _ reason: String) async throws {
    let run = try await TestRun(["create", "-"]) { $0.input = Array(text.utf8) }
    #expect(run.status == 5)
    #expect(run.errors.count == 1)
    #expect(run.errors[0].hasPrefix("customerctl: \(place)"))
    #expect(run.errors[0].contains(reason))
  }

  @Test func refusesJSONOverTheLimit() async throws {
    let run = try await TestRun(["create", "-"]) {
      $0.input = [UInt8](repeating: 0x20, count: JSONElements.elementBytesMax + 1)
    }
    #expect(run.status == 5)
    #expect(run.errors == ["customerctl: standard input: over the limit of 1048576 bytes"])
  }

  @Test func updatesFieldsWithoutReading() async throws {
    let (_, service) = try await sample()
    let run = try await TestRun(
      ["update", id, "firstName=Jack", "attributes.tier=", "attributes.vip=yes"],
      service: service
    )
    #expect(run.status == 0)
    #expect(service.requests == ["update first_name,attributes.tier,attributes.vip"])
    let customer = try await only(service)
    #expect(customer.firstName == "Jack" && customer.lastName == "Smith")
    #expect(customer.attributes.keys == ["vip"])
  }

  @Test func addsToAListThatIsReadFirst() async throws {
    let (_, service) = try await sample()
    _ = try await TestRun(
      ["update", id, "phones+=Phone:AU:0732110000", "--no-hints"],
      service: service
    )
    #expect(service.requests == ["get \(id) 0", "update phones"])
    let phones = try await only(service).phones
    #expect(phones.map(\.numberLocal) == ["0491 570 006", "0732110000"])
  }

  @Test func whatSomebodyWroteInBetweenStays() async throws {
    let (_, service) = try await sample()
    service.interfere(with: id) { $0.phones.append(PhoneNumber(numberLocal: "1")) }
    let run = try await TestRun(
      ["update", id, "phones+=0732110000", "--no-hints"],
      service: service
    )
    #expect(run.status == 0)
    let customer = try await only(service)
    #expect(customer.phones.map(\.numberLocal) == ["0491 570 006", "1", "0732110000"])
    #expect(customer.version == 5)
  }

  @Test func aVersionSaidIsNeverTriedAgain() async throws {
    let (_, service) = try await sample()
    for arguments in [["\(id)@2", "firstName=X"], [id, "version=2", "firstName=X"]] {
      let run = try await TestRun(["update"] + arguments, service: service)
      #expect(run.status == 4)
      #expect(
        run.errors == [
          "customerctl: customer \(id) is at version 3: read it again",
          "customerctl: version 3: created 2026-01-01T00:00:00Z by uid=1000 pid=42 test",
          "customerctl: firstName: yours X, theirs John",
          "customerctl: nothing was written: it is at version 3 now; make the change again on that,"
            + " or leave it",
        ]
      )
    }
  }

  @Test func jsonWritesTheMembersThatStandThere() async throws {
    let (_, service) = try await sample()
    let run = try await TestRun(["update", id, "-", "--no-hints"], service: service) {
      $0.input = Array(
        #"{"version": "3", "lastName": "Lee", "emailAddress": null, "phones": []}"#.utf8
      )
    }
    #expect(run.status == 0)
    #expect(service.requests == ["update last_name,email_address,phones"])
    let customer = try await only(service)
    #expect(customer.firstName == "John" && customer.lastName == "Lee")
    #expect(customer.emailAddress.isEmpty && customer.phones.isEmpty)
    #expect(customer.addresses.count == 1)
  }

  @Test func aMemberWithEscapesInItsNameIsNotLostInSilence() async throws {
    let (_, service) = try await sample()
    let run = try await TestRun(["update", id, "-"], service: service) {
      $0.input = Array(#"{"firstN\u0061me": "Ann"}"#.utf8)
    }
    #expect(run.status == 5)
    #expect(run.errors == [#"customerctl: firstN\u0061me: is to be written without escapes"#])
  }

  @Test func aMissingCustomerIsCreatedIfAllowed() async throws {
    let refused = try await TestRun(["update", id, "phones+=0732110000"])
    #expect(refused.status == 3)
    let run = try await TestRun(["update", id, "phones+=0732110000", "--allow-missing"])
    #expect(run.status == 0)
    let customer = try await only(run.service)
    #expect(customer.customerID == id)
    #expect(customer.phones.map(\.numberLocal) == ["0732110000"])
  }

  @Test func jsonOfAnotherCustomerIsRefused() async throws {
    let (text, service) = try await sample()
    let run = try await TestRun(["update", nobody, "-"], service: service) {
      $0.input = Array(text.utf8)
    }
    #expect(run.status == 5)
    #expect(run.errors == ["customerctl: customerId: the JSON is of \(id), not of \(nobody)"])
  }

  @Test func deletesAndAsksOnATerminalOnly() async throws {
    let (_, service) = try await sample()
    let no = try await TestRun(["delete", id], service: service) {
      $0.isInputTerminal = true
      $0.answer = ""
    }
    #expect(no.status == 0 && service.requests.isEmpty)
    #expect(no.streams.questions == ["delete customer \(id)? [y/N] "])
    let yes = try await TestRun(
      ["delete", "\(id)@3", "--yes", "--erase", "-o", "json"],
      service: service
    ) {
      $0.isInputTerminal = true
    }
    #expect(yes.streams.questions.isEmpty)
    #expect(service.requests.prefix(2) == ["delete \(id) 3 erase", "status"])
    #expect(yes.output == "{\"customerId\": \"\(id)\", \"version\": \"4\"}\n")
  }

  @Test func whatWasDeletedBeforeTheDaemonWentAwayIsTold() async throws {
    let (_, service) = try await sample()
    let gone = RPCError(.unavailable, "it is gone", outcome: .neverBegun)
    service.channel.fail(.unary, "DeleteCustomer", number: 2, with: gone)
    let run = try await TestRun(["delete", id, nobody, "-o", "id"], service: service)
    #expect(run.status == 6)
    #expect(run.output == "\(id)\n")
  }

  @Test func oneThatIsMissingStopsNoOtherDeletion() async throws {
    let (_, service) = try await sample()
    let run = try await TestRun(["delete", nobody, id, "-o", "table"], service: service)
    #expect(run.status == 3)
    #expect(run.errors == ["customerctl: no customer \(nobody)"])
    #expect(run.output == "deleted \(id) (version 4)\n")
  }

  /// A call that failed, and what is said of it.
  struct Case: Sendable {
    var error: RPCError
    var status: Int32
    var lines: [String]

    /// What is said where the call only reads, if that is something else.
    var linesOfReading: [String]?

    /// What is said of a write that failed so, where that isn't plain.
    var outcome: String?
  }

  private static let violations: RPCError = {
    var request = BadRequest()
    for (field, description) in [
      ("phones[0].numberInternational", "has 3 digits"), ("emailAddress", "has no @"),
    ] {
      var violation = BadRequest.FieldViolation()
      violation.field = field
      violation.description = description
      request.fieldViolations.append(violation)
    }
    var error = RPCError(.invalidArgument, "bad")
    error.attach(request)
    return error
  }()

  private static let noDaemon = "no daemon answers at /run/customers.sock: "
  private static let startOne = "start one with: customerd --socket /run/customers.sock"
  private static let perhaps = "no answer came: perhaps it was done; look before you ask again"
  private static let undone = "nothing was written: what was begun is undone"
  private static let neverBegun = "nothing was written: it never began"

  static let cases = [
    Case(error: RPCError(.notFound, "no customer x"), status: 3, lines: ["no customer x"]),
    Case(
      error: RPCError(.alreadyExists, "customer x is there"),
      status: 4,
      lines: ["customer x is there"]
    ),
    Case(error: RPCError(.aborted, "it changed"), status: 4, lines: ["it changed"]),
    Case(
      error: violations,
      status: 5,
      lines: ["phones[0].numberInternational: has 3 digits", "emailAddress: has no @"]
    ),
    Case(
      error: RPCError(.invalidArgument, "page_size: -1"),
      status: 5,
      lines: ["page_size: -1"]
    ),
    Case(
      error: RPCError(.unavailable, "connection refused", outcome: .neverBegun),
      status: 6,
      lines: [noDaemon + "connection refused", startOne],
      outcome: neverBegun
    ),
    Case(
      error: RPCError(.unavailable, "it closed the connection", outcome: .perhapsDone),
      status: 6,
      lines: ["the daemon at /run/customers.sock went away: it closed the connection"],
      linesOfReading: [noDaemon + "it closed the connection", startOne],
      outcome: perhaps
    ),
    Case(
      error: RPCError(.deadlineExceeded, "no answer within 10 seconds", outcome: .perhapsDone),
      status: 6,
      lines: ["the daemon at /run/customers.sock gives no answer: no answer within 10 seconds"],
      outcome: perhaps
    ),
    Case(
      error: RPCError(
        .permissionDenied,
        "this user may not connect to /run/customers.sock: it is",
        outcome: .neverBegun
      ),
      status: 6,
      lines: [
        "this user may not connect to /run/customers.sock: it is",
        "ask who runs the daemon, or name another socket with --socket",
      ],
      outcome: neverBegun
    ),
    Case(
      error: RPCError(.unimplemented, "order by zebra", outcome: .neverBegun),
      status: 1,
      lines: ["the daemon can't do this: order by zebra"],
      outcome: neverBegun
    ),
    Case(
      error: RPCError(.internal, "disk full"),
      status: 1,
      lines: ["disk full"],
      outcome: undone
    ),
    Case(
      error: RPCError(.internal, "a\u{1B}[2Jb"),
      status: 1,
      lines: [#"a\u{1B}[2Jb"#],
      outcome: undone
    ),
  ]

  @Test(arguments: cases)
  func everyErrorHasItsStatusAndAWriteItsOutcome(_ wrong: Case) async throws {
    for arguments in [["get", id], ["create", "firstName=A"], ["list"], ["export"], ["status"]] {
      let service = try ServiceInMemory()
      service.channel.fail(with: wrong.error)
      let run = try await TestRun(arguments, service: service)
      #expect(run.status == wrong.status)
      let isWriting = arguments[0] == "create"
      let lines = isWriting ? wrong.lines : wrong.linesOfReading ?? wrong.lines
      let outcome = isWriting ? [wrong.outcome].compactMap { $0 } : []
      #expect(run.errors == (lines + outcome).map { "customerctl: \($0)" })
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
  func usageErrorsEndWithTwo(_ arguments: [String], _ message: String) async throws {
    let run = try await TestRun(arguments)
    #expect(run.status == 2)
    #expect(
      run.errors.first?.split(separator: "\n").first.map(String.init) == "customerctl: \(message)"
    )
    #expect(run.service.requests.isEmpty)
  }

  @Test func theSocketIsTakenOnBothSidesAndFromTheEnvironment() async throws {
    for arguments in [["--socket", "/s", "get", id], ["get", id, "--socket=/s"]] {
      let service = try ServiceInMemory()
      service.channel.fail(with: RPCError(.unavailable, "gone", outcome: .neverBegun))
      let run = try await TestRun(
        arguments,
        service: service,
        environment: ["CUSTOMERS_SOCKET": "/e"]
      )
      #expect(run.errors.last == "customerctl: start one with: customerd --socket /s")
    }
    let service = try ServiceInMemory()
    service.channel.fail(with: RPCError(.unavailable, "gone", outcome: .neverBegun))
    let run = try await TestRun(
      ["get", id],
      service: service,
      environment: ["CUSTOMERS_SOCKET": "/e"]
    )
    #expect(run.errors.last == "customerctl: start one with: customerd --socket /e")
  }
}
