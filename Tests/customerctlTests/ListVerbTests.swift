import CustomerModel
import Foundation
import ProtoWire
import ServiceInMemory
import TestSupport
import Testing

@testable import CustomerFormats
@testable import Terminal
@testable import customerctl

@Suite struct ListVerbTests {
  /// Customers with what is awkward in tables: wide text, controls, long and missing values.
  private func filled() async throws -> ServiceInMemory {
    var customers: [Customer] = []
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
      customers.append(customer)
    }
    let service = try ServiceInMemory()
    try await service.put(customers)
    return service
  }

  @Test func printsEveryFormat() async throws {
    for format in ["json", "ndjson", "csv", "tsv", "id"] {
      let run = try await TestRun(["list", "-o", format], service: filled())
      #expect(run.status == 0)
      try expectGolden(String(run.output.dropLast()), "list.\(format)")
    }
  }

  @Test func aTableIsAlignedByCellsAndCutToTheTerminal() async throws {
    let service = try await filled()
    // Columns are as wide as the first page needs.
    service.givePages(ofAtMost: 2)
    let whole = try await TestRun(["list", "-o", "table"], service: service)
    try expectGolden(String(whole.output.dropLast()), "list.table")
    let narrow = try await TestRun(["list"], service: service) {
      $0.isOutputTerminal = true
      $0.width = 90
    }
    try expectGolden(String(narrow.output.dropLast()), "list-90.table")
    for line in narrow.output.split(separator: "\n") { #expect(CellWidth.of(String(line)) <= 90) }
  }

  @Test func headingsAreBoldWhereStylesAreUsed() async throws {
    let run = try await TestRun(["list"], service: filled()) {
      $0.isOutputTerminal = true
      $0.usesStyles = true
    }
    #expect(run.output.hasPrefix("\u{1B}[1mCUSTOMER ID"))
  }

  @Test(arguments: ["json", "ndjson", "csv", "tsv", "table"])
  func controlsOfDataNeverReachATerminal(_ format: String) async throws {
    let run = try await TestRun(["list", "-o", format], service: filled()) {
      $0.isOutputTerminal = true
    }
    #expect(run.status == 0)
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test func pagesAreJoinedUpToTheLimit() async throws {
    let service = try await filled()
    service.givePages(ofAtMost: 2)
    let run = try await TestRun(["list", "--limit", "3", "-o", "id"], service: service)
    #expect(run.output.split(separator: "\n").count == 3)
    #expect(service.requests == ["list 3 '' ''", "list 1 '' ''"])
    service.forgetRequests()
    let all = try await TestRun(["list", "--all", "-o", "id"], service: service)
    #expect(all.output.split(separator: "\n").count == 5)
    #expect(service.requests.count == 3)
  }

  @Test func handsFilterAndOrderOn() async throws {
    let run = try await TestRun(
      ["list", "--filter", "lastName = \"smi*\"", "--sort", "lastName, -updateTime"])
    #expect(run.service.requests == ["list 100 'lastName = \"smi*\"' 'lastName, updateTime desc'"])
  }

  @Test func anEmptyStoreIsAnEmptyList() async throws {
    #expect(try await TestRun(["list", "-o", "json"]).output == "[]\n")
    #expect(
      try await TestRun(["list", "-o", "csv"]).output
        == "customerId,version,firstName,lastName,displayName,emailAddress,createTime,updateTime\n"
    )
    #expect(try await TestRun(["list", "-o", "table"]).output.isEmpty)
  }

  @Test func exportIsOneObjectWithAToken() async throws {
    let run = try await TestRun(["export"], service: filled())
    try expectGolden(String(run.output.dropLast()), "export.json")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect((object?["customers"] as? [Any])?.count == 5)
    // A token is of its store and of the change behind which a watch goes on.
    let token = "\(ServiceInMemory.storeID)."
    #expect((object?["resumeToken"] as? String)?.hasPrefix(token + "5.") == true)
    let lines = try await TestRun(["export", "-o", "ndjson"], service: filled())
    #expect(lines.output.split(separator: "\n").count == 5)
    let nobody = try await TestRun(["export"]).output
    #expect(nobody.hasPrefix("{\n\"customers\": [\n],\n\"resumeToken\": \"\(token)0."))
  }

  @Test func whatIsPrintedIsReadBack() async throws {
    let service = try await filled()
    let all = try await service.all()
    for format in ["json", "ndjson", "csv", "tsv"] {
      let printed = try await TestRun(["export", "-o", format], service: service).output
      var rows = ImportRows(format: nil, settings: ColumnMapping.Settings())
      try rows.append(Array(printed.utf8))
      try rows.finish()
      var customers: [Customer] = []
      while let row = try rows.next() { customers.append(try row.content.get()) }
      #expect(customers == all, "\(format)")
    }
  }

  @Test(arguments: ["table", "json", "ndjson", "csv", "tsv", "id"])
  func printsTheStatus(_ format: String) async throws {
    let service = try await filled()
    // What goes with the layout of the tables, or with work in the background.
    service.channel.changeAnswer(.unary, "GetStatus") { (status: inout StoreStatus) in
      status.databaseBytes = 4096
      status.schemaVersion = 1
      status.unindexedCount = 0
    }
    let run = try await TestRun(["status", "-o", format], service: service)
    #expect(run.status == 0)
    try expectGolden(String(run.output.dropLast()), "status.\(format)")
  }
}
