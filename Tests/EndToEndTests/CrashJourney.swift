import Foundation
import TestSupport
import Testing

/// What was acknowledged is there after the daemon was killed, at whatever moment.
@Suite(.enabled(if: ExternalTool.isExpected("sqlite3"))) struct CrashJourney {
  /// How often the daemon is killed in one run of the test.
  private static let rounds = 12

  /// The rows of each round's import: more than it gets done.
  private static let rowCount = 50_000

  @Test func noAcknowledgedRowOfAnImportIsLost() async throws {
    var random = SeededGenerator.announced()
    let daemon = try await Daemon()
    var acknowledged = 0
    for round in 0..<Self.rounds {
      let rows = (0..<Self.rowCount).map { row in
        "{\"customerId\": \"\(Self.id(round, row))\", \"firstName\": \"r\(round)-\(row)\"}\n"
      }
      let file = try daemon.folder.write(rows.joined(), to: "rows.ndjson")
      let output = try daemon.folder.write("", to: "output")
      let process = try Program.built("customerctl")
        .start(["--socket", daemon.socket, "import", file], output: output, errors: output)
      try await Task.sleep(for: .milliseconds(Int.random(in: 30...600, using: &random)))
      await daemon.stop(SIGKILL)
      await process.exited()
      try await daemon.start()

      let answered = try Self.answeredRows(String(contentsOfFile: output, encoding: .utf8))
      acknowledged += answered
      let stored = Set(
        try await daemon.sqlite("SELECT customer_id FROM customer").split(separator: "\n").map(
          String.init
        )
      )
      // Results come in the order of the rows: those answered for are the first ones.
      let lost = (0..<answered).filter { !stored.contains(Self.id(round, $0)) }
      #expect(lost.isEmpty, "round \(round): of \(answered) rows \(lost.count) are lost")
    }
    print("\(acknowledged) rows were acknowledged in \(Self.rounds) rounds")
    #expect(acknowledged > 0)
    #expect(try await daemon.sqlite("PRAGMA integrity_check") == "ok")
    let changes = try await daemon.sqlite("SELECT count(*) FROM change")
    #expect(try await daemon.sqlite("SELECT count(*) FROM customer") == changes)
  }

  private static func id(_ round: Int, _ row: Int) -> String {
    String(format: "0193a5c0-0000-7000-8000-%04x%08x", round + 1, row + 1)
  }

  /// The created rows that an import counts in its last line, however it ended.
  private static func answeredRows(_ output: String) throws -> Int {
    let count = try #require(output.firstMatch(of: /(\d+) created/), "\(output)")
    return try #require(Int(count.1))
  }
}
