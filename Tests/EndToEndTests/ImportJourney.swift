import Foundation
import TestSupport
import Testing

/// 5,000 people of the FEBRL data go in through the socket, and come out again.
@Suite(.enabled(if: ExternalTool.isExpected("sqlite3"))) struct ImportJourney {
  /// README's command for this data.
  static func importArguments(rejects: String) throws -> [String] {
    [
      "import", try testData("febrl-dataset2.csv"),
      "--map", "street_number=addresses[0].address1", "--map", "address_1=addresses[0].address1",
      "--map", "address_2=addresses[0].address2", "--set", "addresses[0].country=AU",
      "--attributes", "--rejects", rejects,
    ]
  }

  /// Of the file's 5,000 rows one has neither a given name nor a surname (counted by Python's csv
  /// module), which no other field of this data makes up for.
  @Test func rowsThatBreakARuleComeBack() async throws {
    let daemon = try await Daemon()
    let rejects = daemon.folder.file("rejects.csv")
    let result = try await daemon.ctl(Self.importArguments(rejects: rejects))
    #expect(result.status == 1, "\(result.errors)")
    let lines = (result.text + result.errors).split(separator: "\n")
    #expect(
      lines.contains("5000 rows: 4999 created, 0 updated, 0 unchanged, 1 failed"),
      "\(lines)"
    )
    let rejected = try String(contentsOfFile: rejects, encoding: .utf8).split(separator: "\r\n")
      .flatMap { $0.split(separator: "\n") }
    #expect(rejected.count == 2)
    #expect(rejected[0].hasPrefix("rec_id,given_name,surname,") && rejected[0].hasSuffix("_reason"))
    #expect(rejected[1].hasPrefix("rec-3688-org,"))
    #expect(try await daemon.sqlite("SELECT count(*) FROM customer") == "4999")
    #expect(
      try await daemon.sqlite(
        "SELECT first_name||'|'||last_name||'|'||(attributes->>'rec_id') FROM customer "
          + "WHERE attributes->>'rec_id' = 'rec-2778-org'"
      ) == "sarah|bruhn|rec-2778-org"
    )
    #expect(try await daemon.sqlite("PRAGMA integrity_check") == "ok")
  }

  @Test func exportIntoAnEmptyStoreIsTheSameStore() async throws {
    let first = try await Daemon()
    _ = try await first.ctl(Self.importArguments(rejects: first.folder.file("rejects.csv")))
    let export = try await first.ctl("export", "-o", "ndjson")
    #expect(export.status == 0, "\(export.errors)")
    #expect(export.text.split(separator: "\n").count == 4999)
    let file = try first.folder.write(bytes: export.output, to: "all.ndjson")

    let second = try await Daemon()
    let result = try await second.ctl("import", file)
    #expect(result.status == 0, "\(result.errors)")
    let again = try await second.ctl("export", "-o", "ndjson")
    #expect(again.output == export.output)

    let third = try await first.ctl("import", file)
    #expect(
      (third.text + third.errors).contains(
        "4999 rows: 0 created, 0 updated, 4999 unchanged, 0 failed"
      ),
      "\(third.text)"
    )
  }
}
