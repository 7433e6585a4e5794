import Foundation
import TestSupport
import Testing

/// The benchmark's lines are what a program can read, with figures that can be true.
@Suite(.enabled(if: ExternalTool.isExpected("sqlite3"))) struct BenchJourney {
  private func lines(_ result: Program.Result) throws -> [[String: Any]] {
    #expect(result.status == 0, "\(result.errors)")
    return try result.text.split(separator: "\n").map { line in
      let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(value as? [String: Any])
    }
  }

  private func number(_ line: [String: Any], _ name: String) throws -> Double {
    try #require(line[name] as? NSNumber).doubleValue
  }

  @Test func seedsCustomersOfTheSizePromised() async throws {
    let folder = try TemporaryFolder()
    let result = try await Program.built("customerbench")
      .finish(["seed", "--database", folder.file("c.db"), "--count", "2000", "--seed", "7"])
    let line = try #require(lines(result).first)
    #expect(try number(line, "ops") == 2000)
    let shell = Program(path: ExternalTool.path(of: "sqlite3") ?? "/usr/bin/sqlite3")
    let facts = try await shell.finish([
      folder.file("c.db"),
      "SELECT count(*), avg(length(record)) BETWEEN 450 AND 500 FROM customer",
    ])
    #expect(facts.text == "2000|1\n")
  }

  @Test func measuresTheCodec() async throws {
    let result = try await Program.built("customerbench").finish(["codec", "--seconds", "1"])
    let lines = try lines(result)
    #expect(lines.count == 2)
    for line in lines {
      #expect(try number(line, "ns") > 10)
      #expect(try number(line, "bytes") > 400)
    }
  }

  @Test(arguments: ["get", "create", "export"])
  func measuresCalls(call: String) async throws {
    let daemon = try await Daemon()
    let file = try daemon.folder.write("{\"firstName\": \"Ann\"}\n", to: "one.ndjson")
    #expect(try await daemon.ctl("import", file).status == 0)
    let result = try await Program.built("customerbench").finish([
      "load", "--socket", daemon.socket, "--call", call, "--connections", "2", "--in-flight", "4",
      "--seconds", "2", "--warmup", "0",
    ])
    let line = try #require(lines(result).first)
    #expect(try number(line, "ops") > 0)
    #expect(try number(line, "total_ops") >= number(line, "ops"))
    #expect(try number(line, "ops_s") == number(line, "ops") / 2)
    #expect(try number(line, "p50_us") > 0)
    #expect(try number(line, "p999_us") >= number(line, "p50_us"))
    if call == "export" { #expect(try number(line, "mb_s") > 0) }
    if call == "create" {
      let count = try await daemon.sqlite("SELECT count(*) FROM customer")
      let stored = try #require(Double(count))
      #expect(try stored == number(line, "total_ops") + 1)
    }
  }

  @Test func measuresCreatesBesideWhatTakesLong() async throws {
    let daemon = try await Daemon()
    let works = [
      "nothing", "import-500", "import-10000", "import-matching", "import-validating", "backup",
      "unique-email", "erase",
    ]
    let result = try await Program.built("customerbench").finish([
      "beside", "--socket", daemon.socket, "--seconds", "0.5",
    ])
    let lines = try lines(result)
    #expect(lines.map { $0["name"] as? String } == works.map { "create beside \($0)" })
    for line in lines {
      #expect(try number(line, "ops") > 0)
      #expect(try number(line, "max_us") >= number(line, "p99_us"))
      let isWork = line["name"] as? String != "create beside nothing"
      #expect(try (number(line, "beside") > 0) == isWork)
    }
  }

  @Test func measuresImportsAndSearches() async throws {
    let daemon = try await Daemon()
    let bench = try Program.built("customerbench")
    let imported = try await bench.finish([
      "import", "--socket", daemon.socket, "--count", "1200", "--batch", "500",
    ])
    let line = try #require(lines(imported).first)
    #expect(try number(line, "ops") == 1200)
    #expect(try number(line, "ops_s") > 0)
    #expect(try await daemon.sqlite("SELECT count(*) FROM customer") == "1200")
    let searched = try await bench.finish([
      "search", "--socket", daemon.socket, "--seconds", "0.2", "--warmup", "0",
      "--query", "zzqxj", "--query", "customer.1.1199@example.com", "--query", "parramatta",
    ])
    let found = try lines(searched).map { try number($0, "found") }
    #expect(found == [0, 1, 20])
    for line in try lines(searched) { #expect(try number(line, "p50_us") > 0) }
  }
}
