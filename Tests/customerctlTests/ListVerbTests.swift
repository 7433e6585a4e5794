import CommandLineTestSupport
import CustomerModel
import Foundation
import ProtoWire
import TestSupport
import Testing

@testable import CustomerFormats
@testable import Terminal
@testable import customerctl

@Suite struct ListVerbTests {
  /// Customers with what is awkward in tables: wide text, controls, long and missing values.
  private func store() -> FakeStore {
    let store = FakeStore()
    let rows: [(String, String, String, String)] = [
      ("Ann", "Lee", "ann@example.com", "+61491570006"),
      ("山田", "太郎", "taro@例え.jp", ""),
      ("Zoë\u{1B}[31m", "O'Brien, \"Z\"", "", "07 3211 0000"),
      ("👩‍👩‍👧 Family", "", "f@example.com", ""),
      (
        "Maximiliane Alexandra Theodora", "von Hohenstein-Waldburg zu Wolfegg", "max@example.org",
        ""
      ),
    ]
    for (index, row) in rows.enumerated() {
      var customer = Customer()
      customer.customerID = "00000000-0000-7000-8000-00000000000\(index + 1)"
      customer.version = UInt64(index * 7 + 1)
      customer.firstName = row.0
      customer.lastName = row.1
      customer.emailAddress = row.2
      if !row.3.isEmpty {
        var phone = PhoneNumber()
        if row.3.hasPrefix("+") {
          phone.numberInternational = row.3
        } else {
          phone.numberLocal = row.3
        }
        customer.phones = [phone]
      }
      customer.attributes["n o\(index % 2)"] = "\(index)"
      store.customers.append(customer)
    }
    return store
  }

  @Test func printsEveryFormat() async throws {
    for format in ["json", "ndjson", "csv", "tsv", "id"] {
      let run = await TestRun(["list", "-o", format], store: store())
      #expect(run.status == 0)
      try expectGolden(String(run.output.dropLast()), "list.\(format)")
    }
  }

  @Test func aTableIsAlignedByCellsAndCutToTheTerminal() async throws {
    let whole = await TestRun(["list", "-o", "table"], store: store())
    try expectGolden(String(whole.output.dropLast()), "list.table")
    let narrow = await TestRun(["list"], store: store()) {
      $0.isOutputTerminal = true
      $0.width = 90
    }
    try expectGolden(String(narrow.output.dropLast()), "list-90.table")
    for line in narrow.output.split(separator: "\n") { #expect(CellWidth.of(String(line)) <= 90) }
  }

  @Test func headingsAreBoldWhereStylesAreUsed() async {
    let run = await TestRun(["list"], store: store()) {
      $0.isOutputTerminal = true
      $0.usesStyles = true
    }
    #expect(run.output.hasPrefix("\u{1B}[1mCUSTOMER ID"))
  }

  @Test(arguments: ["json", "ndjson", "csv", "tsv", "table"])
  func controlsOfDataNeverReachATerminal(_ format: String) async {
    let run = await TestRun(["list", "-o", format], store: store()) { $0.isOutputTerminal = true }
    #expect(run.status == 0)
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test func pagesAreJoinedUpToTheLimit() async {
    let run = await TestRun(["list", "--limit", "3", "-o", "id"], store: store())
    #expect(run.output.split(separator: "\n").count == 3)
    #expect(run.store.requests == ["list 3 '' ''", "list 1 '' ''"])
    let all = await TestRun(["list", "--all", "-o", "id"], store: store())
    #expect(all.output.split(separator: "\n").count == 5)
    #expect(all.store.requests.count == 3)
  }

  @Test func handsFilterAndOrderOn() async {
    let run = await TestRun(
      ["list", "--filter", "lastName = \"smi*\"", "--sort", "lastName, -updateTime"])
    #expect(run.store.requests == ["list 100 'lastName = \"smi*\"' 'lastName, updateTime desc'"])
  }

  @Test func anEmptyStoreIsAnEmptyList() async {
    #expect(await TestRun(["list", "-o", "json"]).output == "[]\n")
    #expect(
      await TestRun(["list", "-o", "csv"]).output
        == "customerId,version,firstName,lastName,displayName,emailAddress,createTime,updateTime\n"
    )
    #expect(await TestRun(["list", "-o", "table"]).output.isEmpty)
  }

  @Test func exportIsOneObjectWithAToken() async throws {
    let run = await TestRun(["export"], store: store())
    try expectGolden(String(run.output.dropLast()), "export.json")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect((object?["customers"] as? [Any])?.count == 5)
    #expect(object?["resumeToken"] as? String == "t0k3n")
    let lines = await TestRun(["export", "-o", "ndjson"], store: store())
    #expect(lines.output.split(separator: "\n").count == 5)
    #expect(
      await TestRun(["export"]).output == "{\n\"customers\": [\n],\n\"resumeToken\": \"t0k3n\"\n}\n"
    )
  }

  @Test func whatIsPrintedIsReadBack() async throws {
    for format in ["json", "ndjson", "csv", "tsv"] {
      let printed = await TestRun(["export", "-o", format], store: store()).output
      var rows = ImportRows(format: nil, settings: ColumnMapping.Settings())
      try rows.append(Array(printed.utf8))
      try rows.finish()
      var customers: [Customer] = []
      while let row = try rows.next() { customers.append(try row.content.get()) }
      #expect(customers == store().customers, "\(format)")
    }
  }

  @Test(arguments: ["table", "json", "ndjson", "csv", "tsv", "id"])
  func printsTheStatus(_ format: String) async throws {
    let run = await TestRun(["status", "-o", format], store: store())
    #expect(run.status == 0)
    try expectGolden(String(run.output.dropLast()), "status.\(format)")
  }
}
