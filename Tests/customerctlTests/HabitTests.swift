import CustomerClient
import CustomerModel
import Foundation
import ProtoWire
import ServiceInMemory
import TestSupport
import Testing

@testable import CustomerFormats
@testable import customerctl

@Suite struct HabitTests {
  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  /// The document's sample object, in a store that knows how it came about.
  private func filled() async throws -> ServiceInMemory {
    let service = try ServiceInMemory()
    var before = try CustomerJSON.customer(fromText: testData("sample-object.json")).customer
    before.version = 2
    let tier = before.attributes["tier"] ?? ""
    before.attributes["tier"] = nil
    try await service.put([before])
    try await service.client.update(id) { $0.attributes["tier"] = tier }
    service.forgetRequests()
    return service
  }

  private func canonical(_ json: String) throws -> NSObject? {
    try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSObject
  }

  // MARK: Dry runs

  @Test func aDryCreationShowsTheCustomerAndWritesNothing() async throws {
    let run = try await TestRun(
      ["create", "firstName= Ann ", "lastName=Lee", "--dry-run", "-o", "json"],
      service: filled()
    )
    #expect(run.status == 0)
    #expect(run.errors == ["dry run: nothing was written"])
    #expect(run.service.requests == ["import", "send 2 '' 1", "finish"])
    // Trimmed, and with the display name that the daemon makes: DESIGN's rules for customers.
    #expect(run.output.contains(#""firstName": "Ann""#))
    #expect(run.output.contains(#""displayName": "Ann Lee""#))
  }

  @Test func aDryCreationKeepsTheRules() async throws {
    let run = try await TestRun(["create", "emailAddress=nobody", "--dry-run"])
    #expect(run.status == 5)
    #expect(run.errors[0].hasPrefix("customerctl: emailAddress: "))
    let taken = try await TestRun(
      ["create", "customerId=\(id)", "firstName=A", "--dry-run"],
      service: filled()
    )
    #expect(taken.status == 4)
    #expect(taken.errors == ["customerctl: customer \(id) is there already"])
  }

  /// Whether addresses must be unique is a setting: only the daemon knows, and says it in these words.
  @Test func aDryWriteOfAnAddressThatIsTakenFailsAsTheWriteWould() async throws {
    let service = try await filled()
    let other = "0193a5c0-7d1e-7c3a-9f00-000000000002"
    try await service.put([Customer(customerID: other, firstName: "Bob")])
    _ = try await TestRun(["settings", "unique-email=on"], service: service)
    let lines = [
      "customerctl: the e-mail address is customer \(id)'s",
      "customerctl: it is that of customer \(id) (John Smith)",
    ]
    let address = "emailAddress=john.smith@simplestore.io"
    let create = ["create", "firstName=Bob", address, "--dry-run"]
    let creation = try await TestRun(create, service: service)
    #expect(creation.status == 4)
    #expect(creation.errors == lines)
    #expect(creation.output.isEmpty)
    let update = ["update", other, address, "--dry-run"]
    let updated = try await TestRun(update, service: service)
    #expect(updated.status == 4)
    #expect(updated.errors == lines)
    #expect(try await service.all().map(\.version) == [3, 1])
  }

  @Test(arguments: ["table", "json", "ndjson", "csv", "tsv", "id"])
  func aDryUpdateShowsTheFieldsThatWouldChange(_ format: String) async throws {
    let service = try await filled()
    let run = try await TestRun(
      [
        "update", id, "firstName=Jack", "attributes.tier=", "attributes.vip=\"yes\"", "--dry-run",
        "-o", format,
      ],
      service: service
    )
    #expect(run.status == 0)
    #expect(run.errors == ["dry run: nothing was written"])
    #expect(service.requests == ["get \(id) 0", "import", "send 2 '' 1", "finish"])
    try expectGolden(String(run.output.dropLast()), "dry-update.\(format)")
  }

  @Test func aDryUpdateThatChangesNothingSaysSo() async throws {
    let run = try await TestRun(["update", id, "firstName=John", "--dry-run"], service: filled())
    #expect(run.status == 0)
    #expect(run.errors == ["nothing would change; dry run: nothing was written"])
  }

  @Test func aDryUpdateKeepsTheRulesAndFindsNobodyLikeTheRealOne() async throws {
    let wrong = try await TestRun(["update", id, "emailAddress=x", "--dry-run"], service: filled())
    #expect(wrong.status == 5)
    let missing = try await TestRun(["update", id, "firstName=x", "--dry-run"])
    #expect(missing.status == 3)
    let allowed = try await TestRun(["update", id, "firstName=x", "--allow-missing", "--dry-run"])
    #expect(allowed.status == 0)
    #expect(try await allowed.service.all().isEmpty)
  }

  @Test func aDryDeletionShowsWhom() async throws {
    let service = try await filled()
    let run = try await TestRun(
      ["delete", id, "0193a5c0-7d1e-7c3a-9f00-000000000001", "--dry-run", "-o", "id"],
      service: service
    )
    #expect(run.status == 3)
    #expect(run.output == "\(id)\n")
    #expect(
      run.errors == [
        "customerctl: no customer 0193a5c0-7d1e-7c3a-9f00-000000000001",
        "1 would be deleted; dry run: nothing was written",
      ]
    )
    #expect(try await service.all().count == 1)
    let stale = try await TestRun(["delete", "\(id)@1", "--dry-run"], service: service)
    #expect(stale.status == 4)
  }

  @Test func aDryRestorationShowsTheFields() async throws {
    let service = try await filled()
    _ = try await TestRun(["update", id, "firstName=Jack"], service: service)
    let run = try await TestRun(["restore", id, "--dry-run", "-o", "tsv"], service: service)
    #expect(run.status == 0)
    #expect(run.output == "field\told\tnew\nfirstName\tJack\tJohn\n")
    #expect(try await service.get(id).firstName == "Jack")
  }

  // MARK: Fields

  private let fields = "lastName,phones,attributes.tier,addresses[0].suburb"

  @Test(arguments: ["table", "json", "ndjson", "csv", "tsv"])
  func fieldsChooseWhatIsPrinted(_ format: String) async throws {
    let run = try await TestRun(
      ["list", "--fields", fields, "-o", format],
      service: filled()
    )
    #expect(run.status == 0)
    try expectGolden(String(run.output.dropLast()), "fields.\(format)")
  }

  @Test func fieldsOfOneCustomer() async throws {
    let json = try await TestRun(["get", id, "--fields", fields, "-o", "json"], service: filled())
    #expect(
      try canonical(json.output)
        == canonical(
          """
          {"lastName": "Smith",
           "phones": [{"key": "6f1c2b0e-6a3d-4c59-8f4e-0a1d2c3b4e5f", "type": "Mobile",
             "country": "AU", "numberLocal": "0491 570 006",
             "numberInternational": "+61491570006"}],
           "attributes": {"tier": "gold"}, "addresses": [{"suburb": "Brisbane City"}]}
          """
        )
    )
    let table = try await TestRun(
      ["get", id, "--fields", "lastName,attributes", "-o", "table"],
      service: filled()
    )
    #expect(table.output == "lastName    Smith\nattributes  tier=gold\n")
  }

  /// All fields by name are what there is without a choice, in the codec's own form.
  @Test(arguments: ["json", "ndjson"])
  func allFieldsByNameAreTheWholeCustomer(_ format: String) async throws {
    let all =
      "customerId,version,firstName,lastName,displayName,emailAddress,phones,addresses,attributes,"
      + "createTime,updateTime"
    let sample = try await filled().get(id)
    for customer in [sample, Customer(firstName: "\u{1F600} \"\\\n")] {
      let service = try ServiceInMemory()
      try await service.put([customer])
      let whole = try await TestRun(["list", "-o", format], service: service)
      let chosen = try await TestRun(["list", "-o", format, "--fields", all], service: service)
      #expect(chosen.output == whole.output)
    }
  }

  @Test(arguments: [
    ("lastNam", "lastNam: no field of a customer is called so, did you mean lastName?"),
    (",", "--fields: names no field"),
    ("phones[20]", "phones[20]: place 20 is over the maximum of 19"),
  ])
  func wrongFieldsAreUsageErrors(_ fields: String, _ message: String) async throws {
    let run = try await TestRun(["list", "--fields", fields])
    #expect(run.status == 2)
    #expect(run.errors == ["customerctl: \(message)"])
  }

  /// Attributes past those that have a column of their own go with all attributes only.
  @Test func fieldsOfManyAttributes() async throws {
    let service = try ServiceInMemory()
    try await service.put(
      (0...CustomerColumns.attributesMax).map { index in
        var customer = Customer(firstName: "A")
        customer.attributes["n\(1000 + index)"] = "x"
        return customer
      }
    )
    func heads(_ fields: String) async throws -> [Substring] {
      let run = try await TestRun(
        ["list", "--all", "-o", "csv", "--fields", fields],
        service: service
      )
      return run.output.split(separator: "\n")[0].split(separator: ",")
    }
    #expect(try await heads("firstName") == ["firstName"])
    #expect(try await heads("attributes.n1000,firstName") == ["attributes.n1000", "firstName"])
    let all = try await heads("firstName,attributes")
    #expect(all.count == 1 + CustomerColumns.attributesMax + 1)
    #expect(all.last == "attributes")
  }

  @Test func fieldsForASpreadsheet() async throws {
    let run = try await TestRun(["list", "--excel", "--fields", "lastName"], service: filled())
    #expect(run.output == "\u{FEFF}lastName\r\nSmith\r\n")
  }

  @Test func wrongFieldsAreFoundBeforeAnythingIsWritten() async throws {
    let run = try await TestRun(["create", "firstName=Ann", "--fields", "zebra"])
    #expect(run.status == 2)
    #expect(run.service.requests.isEmpty)
  }

  @Test func fieldsHaveALimit() throws {
    let most = Array(repeating: "lastName", count: FieldSelection.itemsMax)
    #expect(try FieldSelection(most.joined(separator: ",")).items.count == 100)
    #expect(
      throws: FieldError(field: "--fields", reason: "101 fields is over the limit of 100")
    ) { try FieldSelection((most + ["lastName"]).joined(separator: ",")) }
  }

  // MARK: Describe

  @Test(arguments: ["table", "json"])
  func aDescriptionHasAllOfACustomer(_ format: String) async throws {
    let service = try await filled()
    var other = Customer(displayName: "Joe", emailAddress: "john.smith@simplestore.io")
    other.customerID = "0193a5c0-7d1e-7c3a-9f00-000000000001"
    try await service.put([other])
    let run = try await TestRun(["describe", id, "-o", format], service: service)
    #expect(run.status == 0)
    try expectGolden(String(run.output.dropLast()), "describe.\(format)")
    if format == "json" { #expect(try canonical(run.output) != nil) }
  }

  @Test func aDescriptionIsATableOrJSON() async throws {
    let run = try await TestRun(["describe", id, "-o", "csv"])
    #expect(run.status == 2)
  }

  // MARK: Calls

  @Test func anyMethodIsCalledByName() async throws {
    let service = try await filled()
    let customer = try await TestRun(["get", id, "-o", "json"], service: service).output
    for name in [
      "GetCustomer", "CustomerService/GetCustomer", "customers.v1.CustomerService/GetCustomer",
    ] {
      service.forgetRequests()
      let run = try await TestRun(
        ["call", name, #"{"customerId": "\#(id)", "version": "3"}"#],
        service: service
      )
      #expect(run.status == 0, "\(run.errors)")
      #expect(service.requests == ["get \(id) 3"])
      // Field 1, 36 bytes of text; field 2, a varint: protobuf's encoding guide.
      #expect(service.channel.passages[0].message == [10, 36] + Array(id.utf8) + [16, 3])
      #expect(run.output == customer)
    }
  }

  @Test func aStreamOfAnswersIsALineEach() async throws {
    let service = try await filled()
    let token = try #require(try await service.changes().last).resumeToken
    let run = try await TestRun(
      ["call", "WatchCustomers", #"{"fromStart": true, "stopAtEnd": true}"#],
      service: service
    )
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[1].contains(#""resumeToken":"\#(token)""#))
    #expect(service.requests == ["watch oldest '' stop"])
  }

  @Test func aStreamOfRequestsIsALineEach() async throws {
    let run = try await TestRun(["call", "ImportCustomers"]) {
      $0.input = Array("{}\n\n{\"mode\": \"CREATE\"}\n".utf8)
    }
    #expect(run.service.requests == ["import", "send 0 '' 0", "send 1 '' 0", "finish"])
  }

  @Test(arguments: [
    (
      ["call", "GetCustomr"], 2,
      "no method GetCustomr, did you mean GetCustomer?; 'customerctl call' lists all"
    ),
    (["call", "a/b/c"], 2, "no method a/b/c; 'customerctl call' lists all"),
    (["call", "GetCustomer", "{\"customerID\": 1}"], 5, "line 1, column 2"),
  ])
  func wrongCallsSayWhatIsWrong(
    _ arguments: [String],
    _ status: Int32,
    _ message: String
  ) async throws {
    let run = try await TestRun(arguments)
    #expect(run.status == status)
    #expect(run.errors.first?.contains(message) == true, "\(run.errors)")
    #expect(run.service.requests.isEmpty)
  }

  @Test func requestsHaveALimit() async throws {
    var text = Array("{}".utf8)
    text += [UInt8](repeating: 0x20, count: Session.requestsBytesMax - text.count)
    let most = try await TestRun(["call", "GetStatus", "-"]) { $0.input = text }
    #expect(most.status == 0)
    let more = try await TestRun(["call", "GetStatus", "-"]) { $0.input = text + [0x20] }
    #expect(more.status == 5)
    #expect(more.errors == ["customerctl: standard input: over the limit of 16777216 bytes"])
  }

  @Test(arguments: ["table", "json", "tsv", "id"])
  func methodsAreListed(_ format: String) async throws {
    let run = try await TestRun(["call", "-o", format])
    try expectGolden(String(run.output.dropLast()), "methods.\(format)")
  }

  // MARK: Terminal

  @Test func longTablesGoThroughAPagerOnATerminalOnly() async throws {
    let environment = ["PAGER": "more"]
    for verb in [["list"], ["search", "x"], ["history", id], ["describe", id]] {
      func pager(_ more: [String], terminal: Bool = true) async throws -> String? {
        let run = try await TestRun(verb + more, service: filled(), environment: environment) {
          $0.isOutputTerminal = terminal
        }
        return run.streams.pager
      }
      #expect(try await pager([]) == "more")
      #expect(try await pager(["--no-pager"]) == nil)
      #expect(try await pager(["-o", "json"]) == (nil as String?))
      #expect(try await pager([], terminal: false) == nil)
      #expect(try await pager(["-o", "table"], terminal: false) == nil)
    }
    for quiet in ["", "cat", " "] {
      let run = try await TestRun(["list"], environment: ["PAGER": quiet]) {
        $0.isOutputTerminal = true
      }
      #expect(run.streams.pager == nil)
    }
    let usual = try await TestRun(["list"]) { $0.isOutputTerminal = true }
    #expect(usual.streams.pager?.contains("less -FRX") == true)
  }

  @Test(arguments: [
    ["history", "ID"], ["history", "ID", "-o", "json"], ["history", "ID", "-o", "tsv"],
    ["describe", "ID"], ["describe", "ID", "-o", "json"],
    ["watch", "--from-start", "--stop-at-end"],
    ["get", "ID", "--fields", "firstName"],
    ["list", "--fields", "firstName,attributes", "-o", "json"], ["search", "J"],
    ["delete", "ID", "--dry-run"],
    ["call", "GetCustomer", #"{"customerId": "ID"}"#],
  ])
  func controlsOfDataNeverReachATerminal(_ arguments: [String]) async throws {
    var customer = try await filled().get(id)
    customer.firstName = "J\u{1B}[2J\u{202E}"
    customer.attributes["a\u{9B}b"] = "\u{7}"
    let service = try ServiceInMemory()
    try await service.put([customer])
    service.channel.changeAnswer(.receiving, "WatchCustomers") { (change: inout Change) in
      change.author = Author(program: "a\u{1B}[31m")
    }
    let words = arguments.map { $0.replacing("ID", with: id) }
    let run = try await TestRun(words, service: service) {
      $0.isOutputTerminal = true
      $0.width = 80
    }
    #expect(run.status == 0, "\(run.errors)")
    let shown = run.output + run.errors.joined()
    for control: Unicode.Scalar in ["\u{1B}", "\u{7}", "\u{9B}", "\u{202E}"] {
      #expect(!shown.unicodeScalars.contains(control))
    }
  }

  @Test(arguments: [
    (["histry", "x"], "unknown command 'histry', did you mean 'history'?"),
    (["complet"], "unknown command 'complet', did you mean 'completions'?"),
    (["list", "--feilds", "a"], "unknown option --feilds, did you mean --fields?"),
    (["list", "-o", "jsn"], "did you mean json?"),
    (["watch", "--since", "a", "--from-start"], "--since and --from-start don't go together"),
    (["watch", "-o", "csv"], "a change is printed as a line of JSON, not as csv"),
    (["watch", "--keep-going"], "--keep-going is for --exec"),
    (["completions", "zhs"], "did you mean zsh?"),
  ])
  func slipsAreUnderstood(_ arguments: [String], _ message: String) async throws {
    let run = try await TestRun(arguments)
    #expect(run.status == 2)
    #expect(run.errors.first?.contains(message) == true, "\(run.errors)")
  }
}
