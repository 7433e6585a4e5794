import CommandLineTestSupport
import CustomerClient
import CustomerModel
import Foundation
import ProtoWire
import TestSupport
import Testing

@testable import CustomerFormats
@testable import customerctl

@Suite struct HabitTests {
  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  /// The document's sample object, in a store that knows how it came about.
  private func store() throws -> FakeStore {
    let store = FakeStore()
    let customer = try CustomerJSON.customer(fromText: testData("sample-object.json")).customer
    store.customers = [customer]
    var before = customer
    before.version = 2
    before.attributes["tier"] = nil
    let author = Author(userID: 1000, processID: 42, program: "test")
    store.changes = [
      Change(resumeToken: "t1", kind: .updated, customer: before, author: author),
      Change(resumeToken: "t2", kind: .updated, customer: customer, author: author),
    ]
    return store
  }

  private func canonical(_ json: String) throws -> NSObject? {
    try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSObject
  }

  // MARK: Dry runs

  @Test func aDryCreationShowsTheCustomerAndWritesNothing() async throws {
    let run = await TestRun(
      ["create", "firstName= Ann ", "lastName=Lee", "--dry-run", "-o", "json"],
      store: try store()
    )
    #expect(run.status == 0)
    #expect(run.errors == ["dry run: nothing was written"])
    #expect(run.store.requests == ["import 2 ''", "send 1", "finish"])
    // Trimmed, and with the display name that the daemon makes: DESIGN's rules for customers.
    #expect(run.output.contains(#""firstName": "Ann""#))
    #expect(run.output.contains(#""displayName": "Ann Lee""#))
  }

  @Test func aDryCreationKeepsTheRules() async throws {
    let run = await TestRun(["create", "emailAddress=nobody", "--dry-run"])
    #expect(run.status == 5)
    #expect(run.errors[0].hasPrefix("customerctl: emailAddress: "))
    let taken = await TestRun(
      ["create", "customerId=\(id)", "firstName=A", "--dry-run"],
      store: try store()
    )
    #expect(taken.status == 4)
    #expect(taken.errors == ["customerctl: customer \(id) is there already"])
  }

  /// Whether addresses must be unique is a setting: only the daemon knows, and says it in these words.
  @Test func aDryWriteOfAnAddressThatIsTakenFailsAsTheWriteWould() async throws {
    let store = try store()
    store.emailHolders = ["ann@example.com": id]
    let name = "Jack Black"
    let lines = [
      "customerctl: the e-mail address is customer \(id)'s",
      "customerctl: it is that of customer \(id) (\(name))",
    ]
    store.customers[0].displayName = name
    let create = ["create", "firstName=Bob", "emailAddress=ann@example.com", "--dry-run"]
    let creation = await TestRun(create, store: store)
    #expect(creation.status == 4)
    #expect(creation.errors == lines)
    #expect(creation.output.isEmpty)
    let update = ["update", id, "emailAddress=ann@example.com", "--dry-run"]
    let updated = await TestRun(update, store: store)
    #expect(updated.status == 4)
    #expect(updated.errors == lines)
    #expect(store.customers.count == 1)
  }

  @Test(arguments: ["table", "json", "ndjson", "csv", "tsv", "id"])
  func aDryUpdateShowsTheFieldsThatWouldChange(_ format: String) async throws {
    let store = try store()
    let run = await TestRun(
      [
        "update", id, "firstName=Jack", "attributes.tier=", "attributes.vip=\"yes\"", "--dry-run",
        "-o", format,
      ],
      store: store
    )
    #expect(run.status == 0)
    #expect(run.errors == ["dry run: nothing was written"])
    #expect(store.requests == ["get \(id) 0", "import 2 ''", "send 1", "finish"])
    try expectGolden(String(run.output.dropLast()), "dry-update.\(format)")
  }

  @Test func aDryUpdateThatChangesNothingSaysSo() async throws {
    let run = await TestRun(["update", id, "firstName=John", "--dry-run"], store: try store())
    #expect(run.status == 0)
    #expect(run.errors == ["nothing would change; dry run: nothing was written"])
  }

  @Test func aDryUpdateKeepsTheRulesAndFindsNobodyLikeTheRealOne() async throws {
    let wrong = await TestRun(["update", id, "emailAddress=x", "--dry-run"], store: try store())
    #expect(wrong.status == 5)
    let missing = await TestRun(["update", id, "firstName=x", "--dry-run"])
    #expect(missing.status == 3)
    let allowed = await TestRun(["update", id, "firstName=x", "--allow-missing", "--dry-run"])
    #expect(allowed.status == 0)
    #expect(allowed.store.customers.isEmpty)
  }

  @Test func aDryDeletionShowsWhom() async throws {
    let store = try store()
    let run = await TestRun(
      ["delete", id, "0193a5c0-7d1e-7c3a-9f00-000000000001", "--dry-run", "-o", "id"],
      store: store
    )
    #expect(run.status == 3)
    #expect(run.output == "\(id)\n")
    #expect(
      run.errors == [
        "customerctl: no customer 0193a5c0-7d1e-7c3a-9f00-000000000001",
        "1 would be deleted; dry run: nothing was written",
      ]
    )
    #expect(store.customers.count == 1)
    let stale = await TestRun(["delete", "\(id)@1", "--dry-run"], store: store)
    #expect(stale.status == 4)
  }

  @Test func aDryRestorationShowsTheFields() async throws {
    let store = try store()
    _ = await TestRun(["update", id, "firstName=Jack"], store: store)
    let run = await TestRun(["restore", id, "--dry-run", "-o", "tsv"], store: store)
    #expect(run.status == 0)
    #expect(run.output == "field\told\tnew\nfirstName\tJack\tJohn\n")
    #expect(store.customers[0].firstName == "Jack")
  }

  // MARK: Fields

  private let fields = "lastName,phones,attributes.tier,addresses[0].suburb"

  @Test(arguments: ["table", "json", "ndjson", "csv", "tsv"])
  func fieldsChooseWhatIsPrinted(_ format: String) async throws {
    let run = await TestRun(
      ["list", "--fields", fields, "-o", format],
      store: try store()
    )
    #expect(run.status == 0)
    try expectGolden(String(run.output.dropLast()), "fields.\(format)")
  }

  @Test func fieldsOfOneCustomer() async throws {
    let json = await TestRun(["get", id, "--fields", fields, "-o", "json"], store: try store())
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
    let table = await TestRun(
      ["get", id, "--fields", "lastName,attributes", "-o", "table"],
      store: try store()
    )
    #expect(table.output == "lastName    Smith\nattributes  tier=gold\n")
  }

  /// All fields by name are what there is without a choice, in the codec's own form.
  @Test(arguments: ["json", "ndjson"])
  func allFieldsByNameAreTheWholeCustomer(_ format: String) async throws {
    let store = try store()
    let all =
      "customerId,version,firstName,lastName,displayName,emailAddress,phones,addresses,attributes,"
      + "createTime,updateTime"
    for customer in [store.customers[0], Customer(firstName: "\u{1F600} \"\\\n")] {
      store.customers = [customer]
      let whole = await TestRun(["list", "-o", format], store: store)
      let chosen = await TestRun(["list", "-o", format, "--fields", all], store: store)
      #expect(chosen.output == whole.output)
    }
  }

  @Test(arguments: [
    ("lastNam", "lastNam: no field of a customer is called so, did you mean lastName?"),
    (",", "--fields: names no field"),
    ("phones[20]", "phones[20]: place 20 is over the maximum of 19"),
  ])
  func wrongFieldsAreUsageErrors(_ fields: String, _ message: String) async {
    let run = await TestRun(["list", "--fields", fields])
    #expect(run.status == 2)
    #expect(run.errors == ["customerctl: \(message)"])
  }

  /// Attributes past those that have a column of their own go with all attributes only.
  @Test func fieldsOfManyAttributes() async throws {
    let store = FakeStore()
    for index in 0...CustomerColumns.attributesMax {
      var customer = Customer(firstName: "A")
      customer.attributes["n\(1000 + index)"] = "x"
      store.customers.append(customer)
    }
    store.pageSizeMax = 1000
    func heads(_ fields: String) async -> [Substring] {
      let run = await TestRun(["list", "--all", "-o", "csv", "--fields", fields], store: store)
      return run.output.split(separator: "\n")[0].split(separator: ",")
    }
    #expect(await heads("firstName") == ["firstName"])
    #expect(await heads("attributes.n1000,firstName") == ["attributes.n1000", "firstName"])
    let all = await heads("firstName,attributes")
    #expect(all.count == 1 + CustomerColumns.attributesMax + 1)
    #expect(all.last == "attributes")
  }

  @Test func fieldsForASpreadsheet() async throws {
    let run = await TestRun(["list", "--excel", "--fields", "lastName"], store: try store())
    #expect(run.output == "\u{FEFF}lastName\r\nSmith\r\n")
  }

  @Test func wrongFieldsAreFoundBeforeAnythingIsWritten() async {
    let run = await TestRun(["create", "firstName=Ann", "--fields", "zebra"])
    #expect(run.status == 2)
    #expect(run.store.requests.isEmpty)
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
    let store = try store()
    var other = Customer(displayName: "Joe", emailAddress: "john.smith@simplestore.io")
    other.customerID = "0193a5c0-7d1e-7c3a-9f00-000000000001"
    store.customers.append(other)
    let run = await TestRun(["describe", id, "-o", format], store: store)
    #expect(run.status == 0)
    try expectGolden(String(run.output.dropLast()), "describe.\(format)")
    if format == "json" { #expect(try canonical(run.output) != nil) }
  }

  @Test func aDescriptionIsATableOrJSON() async {
    let run = await TestRun(["describe", id, "-o", "csv"])
    #expect(run.status == 2)
  }

  // MARK: Calls

  @Test func anyMethodIsCalledByName() async throws {
    let store = try store()
    store.responses = [store.customers[0].encoded()]
    for name in [
      "GetCustomer", "CustomerService/GetCustomer", "customers.v1.CustomerService/GetCustomer",
    ] {
      store.requests = []
      let run = await TestRun(
        ["call", name, #"{"customerId": "abc", "version": "2"}"#],
        store: store
      )
      #expect(run.status == 0, "\(run.errors)")
      // Field 1, three bytes of text; field 2, a varint: protobuf's encoding guide.
      #expect(store.requests == ["call customers.v1.CustomerService/GetCustomer [7]"])
      #expect(run.output == String(decoding: try testData("sample-object.json"), as: UTF8.self))
    }
  }

  @Test func aStreamOfAnswersIsALineEach() async throws {
    let store = FakeStore()
    store.responses = [Change(resumeToken: "a").encoded(), Change(resumeToken: "b").encoded()]
    let run = await TestRun(["call", "WatchCustomers"], store: store)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[1].contains(#""resumeToken":"b""#))
    #expect(store.requests == ["call customers.v1.CustomerService/WatchCustomers [0]"])
  }

  @Test func aStreamOfRequestsIsALineEach() async {
    let run = await TestRun(["call", "ImportCustomers"]) {
      $0.input = Array("{}\n\n{\"mode\": \"CREATE\"}\n".utf8)
    }
    #expect(run.store.requests == ["call customers.v1.CustomerService/ImportCustomers [0, 2]"])
  }

  @Test(arguments: [
    (
      ["call", "GetCustomr"], 2,
      "no method GetCustomr, did you mean GetCustomer?; 'customerctl call' lists all"
    ),
    (["call", "a/b/c"], 2, "no method a/b/c; 'customerctl call' lists all"),
    (["call", "GetCustomer", "{\"customerID\": 1}"], 5, "line 1, column 2"),
  ])
  func wrongCallsSayWhatIsWrong(_ arguments: [String], _ status: Int32, _ message: String) async {
    let run = await TestRun(arguments)
    #expect(run.status == status)
    #expect(run.errors.first?.contains(message) == true, "\(run.errors)")
    #expect(run.store.requests.isEmpty)
  }

  @Test func requestsHaveALimit() async {
    var text = Array("{}".utf8)
    text += [UInt8](repeating: 0x20, count: Session.requestsBytesMax - text.count)
    let most = await TestRun(["call", "GetStatus", "-"]) { $0.input = text }
    #expect(most.status == 0)
    let more = await TestRun(["call", "GetStatus", "-"]) { $0.input = text + [0x20] }
    #expect(more.status == 5)
    #expect(more.errors == ["customerctl: standard input: over the limit of 16777216 bytes"])
  }

  @Test(arguments: ["table", "json", "tsv", "id"])
  func methodsAreListed(_ format: String) async throws {
    let run = await TestRun(["call", "-o", format])
    try expectGolden(String(run.output.dropLast()), "methods.\(format)")
  }

  // MARK: Terminal

  @Test func longTablesGoThroughAPagerOnATerminalOnly() async throws {
    let environment = ["PAGER": "more"]
    for verb in [["list"], ["search", "x"], ["history", id], ["describe", id]] {
      func pager(_ more: [String], terminal: Bool = true) async throws -> String? {
        let run = await TestRun(verb + more, store: try store(), environment: environment) {
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
      let run = await TestRun(["list"], environment: ["PAGER": quiet]) {
        $0.isOutputTerminal = true
      }
      #expect(run.streams.pager == nil)
    }
    let usual = await TestRun(["list"]) { $0.isOutputTerminal = true }
    #expect(usual.streams.pager?.contains("less -FRX") == true)
  }

  @Test(arguments: [
    ["history", "ID"], ["history", "ID", "-o", "json"], ["history", "ID", "-o", "tsv"],
    ["describe", "ID"], ["describe", "ID", "-o", "json"], ["watch"],
    ["get", "ID", "--fields", "firstName"],
    ["list", "--fields", "firstName,attributes", "-o", "json"], ["search", "J"],
    ["delete", "ID", "--dry-run"],
    ["call", "GetCustomer"],
  ])
  func controlsOfDataNeverReachATerminal(_ arguments: [String]) async throws {
    let store = try store()
    store.customers[0].firstName = "J\u{1B}[2J\u{202E}"
    store.customers[0].attributes["a\u{9B}b"] = "\u{7}"
    store.changes[1].customer = store.customers[0]
    store.changes[1].author = Author(program: "a\u{1B}[31m")
    store.responses = [store.customers[0].encoded()]
    let run = await TestRun(arguments.map { $0 == "ID" ? id : $0 }, store: store) {
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
  func slipsAreUnderstood(_ arguments: [String], _ message: String) async {
    let run = await TestRun(arguments)
    #expect(run.status == 2)
    #expect(run.errors.first?.contains(message) == true, "\(run.errors)")
  }
}
