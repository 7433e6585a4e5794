import Foundation
import TestSupport
import Testing

/// What leaves a store in a file comes into another one as it was, in every format.
@Suite struct FormatsJourney {
  /// The options of `export`, and what the file is called.
  private static let formats: [(options: [String], file: String)] = [
    (["-o", "json"], "all.json"), (["-o", "ndjson"], "all.ndjson"),
    (["-o", "csv"], "all.csv"), (["-o", "tsv"], "all.tsv"), (["--excel"], "excel.csv"),
  ]

  /// What texts are made of: marks of formats, formulas, zeros in front, other scripts.
  private static let pieces = [
    "\"", "\"\"", "'", ",", ";", "\\", "=1+1", "+61", "-", "@x", "0012", "1/2", "[", "}", "🙂",
    "👩‍👩‍👧", "שרה", "مریم", "山田", "\u{301}", "\u{2028}", "\u{FEFF}", " ", "Zoë", "a.b", "_row",
  ]

  /// Customers as lines of JSON, with versions, times and keys.
  private func nasty(_ count: Int) throws -> [UInt8] {
    var random = SeededGenerator.announced()
    func text(_ most: Int = 4) -> String {
      (0..<Int.random(in: 0...most, using: &random))
        .map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
    }
    var lines: [UInt8] = []
    for number in 1...count {
      var customer: [String: Any] = [
        "customerId": UUID().uuidString.lowercased(), "version": "\(number)",
        "firstName": "n" + text(), "lastName": text(),
        "createTime": "2026-01-31T12:00:00Z", "updateTime": "2026-02-01T00:00:00.123456Z",
      ]
      if number % 3 == 0 { customer["displayName"] = text() }
      if number % 2 == 0 { customer["emailAddress"] = "=n\(number)+x@example.com" }
      let phones = [0, 1, 3, 20].randomElement(using: &random) ?? 0
      customer["phones"] = (0..<phones).map { place in
        place % 2 == 0 ? ["numberLocal": "00" + text(2), "type": "Mobile"] : [:]
      }
      customer["addresses"] = (0..<number % 4).map { _ in
        ["address1": text(), "suburb": text(), "postcode": "0800", "country": "AU"]
      }
      customer["attributes"] = Dictionary(
        (0..<number % 5).map { place in ("\(place)" + text() + ".", text()) },
        uniquingKeysWith: { $1 }
      )
      lines += [UInt8](try JSONSerialization.data(withJSONObject: customer)) + [0x0A]
    }
    return lines
  }

  @Test func exportIntoAnEmptyStoreIsTheSameStore() async throws {
    let first = try await Daemon()
    let file = try first.folder.write(bytes: nasty(300), to: "nasty.ndjson")
    let taken = try await first.ctl("import", file)
    #expect(taken.text.hasPrefix("300 rows: 300 created"), "\(taken.text) \(taken.errors)")
    // Attributes without a value, and a display name that was taken away.
    let emptied = try await first.ctl("create", "-", "-o", "id", input: #"{"firstName": "Ann"}"#)
    let id = emptied.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let change = #"{"displayName": "", "attributes": {"a": "", "b,c": "\"\""}}"#
    #expect(try await first.ctl("update", id, "-", input: change).status == 0)
    let truth = try await first.ctl("export", "-o", "ndjson").output

    for format in Self.formats {
      let export = try await first.ctl(["export"] + format.options)
      #expect(export.status == 0, "\(export.errors)")
      let file = try first.folder.write(bytes: export.output, to: format.file)
      let second = try await Daemon()
      let result = try await second.ctl("import", file)
      #expect(result.text == "301 rows: 301 created, 0 updated, 0 unchanged, 0 failed\n")
      #expect(result.status == 0, "\(format.file): \(result.errors)")
      let again = try await second.ctl(["export"] + format.options)
      #expect(withoutToken(again.text) == withoutToken(export.text), "\(format.file)")
      #expect(try await second.ctl("export", "-o", "ndjson").output == truth, "\(format.file)")
      // And nothing changes where it came from.
      let home = try await first.ctl("import", file)
      #expect(home.text == "301 rows: 0 created, 0 updated, 301 unchanged, 0 failed\n")
    }
  }

  /// An export's JSON but for the line with the token, which names the store.
  private func withoutToken(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("\"resumeToken\"") }
  }

  @Test func everyCustomerIsACard() async throws {
    let daemon = try await Daemon()
    let file = try daemon.folder.write(bytes: nasty(50), to: "nasty.ndjson")
    _ = try await daemon.ctl("import", file)
    let cards = try await daemon.ctl("export", "-o", "vcard")
    let lines = cards.text.components(separatedBy: "\r\n")
    #expect(cards.status == 0 && !cards.text.replacing("\r\n", with: "").contains("\n"))
    #expect(lines.allSatisfy { $0.utf8.count <= 75 })
    for line in ["BEGIN:VCARD", "VERSION:4.0", "END:VCARD"] {
      #expect(lines.count { $0 == line } == 50)
    }
  }

  @Test func staleRowsAreRefusedUnlessForced() async throws {
    let daemon = try await Daemon()
    let created = try await daemon.ctl("create", "firstName=Ann", "-o", "id")
    let id = created.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let old = try await daemon.ctl("export", "-o", "csv").text
    _ = try await daemon.ctl("update", id, "firstName=Anna")
    let new = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55,7,Bob,,Bob,,,\n"
    let file = try daemon.folder.write(old + new, to: "old.csv")
    let refused = try await daemon.ctl("import", file, "--mode", "upsert")
    #expect(refused.status == 1)
    #expect(refused.text == "2 rows: 1 created, 0 updated, 0 unchanged, 1 failed\n")
    #expect(
      refused.errors == """
        row 1, line 2: version: customer \(id) is at version 2: read it again
        1 customer has changed since the row's version; --force writes all the same

        """
    )
    let forced = try await daemon.ctl("import", file, "--force")
    #expect(forced.text == "2 rows: 0 created, 1 updated, 1 unchanged, 0 failed\n")
    let now = try await daemon.ctl("list", "-o", "csv").text.split(separator: "\n")
    #expect(now.dropFirst().map { $0.split(separator: ",")[1] }.sorted() == ["3", "7"])
    #expect(now.contains { $0.hasPrefix("\(id),3,Ann,") })
  }

  @Test func aMatchMustBeOne() async throws {
    let daemon = try await Daemon()
    for name in ["Ann", "Anne"] {
      _ = try await daemon.ctl("create", "firstName=\(name)", "emailAddress=ann@example.com")
    }
    let file = try daemon.folder.write("name,email\nAnna,ANN@example.com\nBo,\n", to: "in.csv")
    let rejects = daemon.folder.file("rejects.csv")
    let result = try await daemon.ctl(
      "import",
      file,
      "--match",
      "emailAddress",
      "--rejects",
      rejects
    )
    #expect(result.text == "2 rows: 1 created, 0 updated, 0 unchanged, 1 failed\n")
    #expect(
      try String(contentsOfFile: rejects, encoding: .utf8) == """
        name,email,_row,_field,_reason
        Anna,ANN@example.com,1,emailAddress,2 customers match where one may

        """
    )
  }

  /// `customerctl` needs no more memory for four times the customers.
  @Test(.enabled(if: ExternalTool.isExpected("python3")))
  func memoryDoesNotGrowWithTheStore() async throws {
    let small = try await peaks(5_000)
    let large = try await peaks(20_000)
    for (work, peak) in large {
      #expect(try peak < #require(small[work]) + Self.growthMax, "\(work): \(small) \(large)")
    }
  }

  /// The most memory in KiB that may come and go by chance: 15,000 customers are three times that.
  private static let growthMax = 8 << 10

  /// The most memory that exports, and the import of one, take of a store of a size, in KiB.
  private func peaks(_ count: Int) async throws -> [String: Int] {
    let folder = try TemporaryFolder()
    let database = folder.file("c.db")
    let seeded = try await Program.built("customerbench")
      .finish(["seed", "--database", database, "--count", "\(count)", "--seed", "7"])
    #expect(seeded.status == 0, "\(seeded.errors)")
    let daemon = try await Daemon(["--database", database])
    var peaks: [String: Int] = [:]
    for format in ["json", "csv", "vcard"] {
      peaks[format] = try await peak(
        daemon,
        ["export", "-o", format],
        output: folder.file("all." + format)
      )
    }
    let arguments = ["import", folder.file("all.csv"), "--mode", "validate"]
    peaks["import"] = try await peak(daemon, arguments, output: "/dev/null")
    return peaks
  }

  /// The most memory that a run of `customerctl` takes, in KiB, as the kernel counts it.
  private func peak(
    _ daemon: Daemon,
    _ arguments: [String],
    output: String
  ) async throws -> Int {
    let measure = """
      import resource, subprocess, sys
      with open(sys.argv[1], 'wb') as output:
          subprocess.run(sys.argv[2:], stdout=output, check=True)
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      """
    let python = Program(path: ExternalTool.path(of: "python3") ?? "/usr/bin/python3")
    let program = try Program.built("customerctl").path
    let result = try await python.finish(
      ["-c", measure, output, program, "--socket", daemon.socket] + arguments
    )
    return try #require(Int(result.text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }
}
