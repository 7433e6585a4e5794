import CustomerModel
import Foundation
import ProtoWire
import ServiceInMemory
import TestSupport
import Testing

@testable import customerctl

/// `--excel`, and what it leaves alone.
@Suite struct SpreadsheetVerbTests {
  @Test func theFileIsWhatExcelWants() async throws {
    var customer = Customer(customerID: "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55", version: 3)
    customer.firstName = "=cmd|' /C calc'!A0"
    customer.lastName = "Müller; \"Ann\""
    customer.attributes["zip"] = "0800"
    customer.attributes["none"] = ""
    let service = try ServiceInMemory()
    try await service.put([customer])
    for verb in ["export", "list"] {
      let run = try await TestRun([verb, "--excel"], service: service)
      #expect(
        run.output == "\u{FEFF}customerId,version,firstName,lastName,displayName,emailAddress,"
          + "attributes.none,attributes.zip,createTime,updateTime\r\n"
          + "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55,3,'=cmd|' /C calc'!A0,\"Müller; \"\"Ann\"\"\",,,',"
          + "'0800,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\r\n"
      )
    }
    let terminal = try await TestRun(["list", "--excel"], service: service) {
      $0.isOutputTerminal = true
    }
    #expect(!terminal.output.unicodeScalars.contains("\r"))
    let csv = try await TestRun(["export", "--excel", "-o", "csv"], service: service)
    #expect(csv.status == 0)
    let json = try await TestRun(["export", "--excel", "-o", "json"], service: service)
    #expect(json.status == 2 && json.service.requests.count == 4)
    #expect(json.errors.first?.contains("--excel writes csv, not json") == true)
  }

  /// A rejects file is no file for spreadsheets, and is imported as it is.
  @Test func rejectedRowsAreNotGuarded() async throws {
    let folder = try TemporaryFolder()
    let text = "\u{FEFF}firstName,attributes.a,attributes.b,version\r\n'=x,'0412,',x\r\n"
    let file = try folder.write(text, to: "in.csv")
    let rejects = folder.file("rejects.csv")
    let run = try await TestRun(["import", file, "--rejects", rejects])
    #expect(run.output == "1 rows: 0 created, 0 updated, 0 unchanged, 1 failed\n")
    #expect(
      try String(contentsOfFile: rejects, encoding: .utf8)
        == "firstName,attributes.a,attributes.b,version,_row,_field,_reason\n"
        + "=x,0412,\"\",x,1,version,'x' is not a version number\n"
    )
  }
}
