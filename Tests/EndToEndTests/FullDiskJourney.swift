import Foundation
import TestSupport
import Testing

/// A disk fills up under the daemon: nothing acknowledged is lost, and with room again all goes on.
@Suite(.enabled(if: SmallDisk.isExpected)) struct FullDiskJourney {
  private static func rows(_ round: Int) -> String {
    let filler = String(repeating: "x", count: 400)
    return (0..<200).map { row in
      "{\"firstName\": \"r\(round)-\(row)\", \"attributes\": {\"filler\": \"\(filler)\"}}\n"
    }.joined()
  }

  @Test func writesGoOnWhenThereIsRoomAgain() async throws {
    let disk = try SmallDisk(kibibytes: 6 << 10)
    let filler = try disk.folder.write(bytes: [UInt8](repeating: 1, count: 2 << 20), to: "filler")
    let daemon = try await Daemon(database: disk.folder.file("customers.db"))
    var acknowledged = 0
    var refusal = ""
    for round in 0..<100 where refusal.isEmpty {
      let file = try daemon.folder.write(Self.rows(round), to: "rows.ndjson")
      let result = try await daemon.ctl("import", file)
      let count = try #require(result.text.firstMatch(of: /(\d+) created/), "\(result.text)")
      acknowledged += try #require(Int(count.1))
      if result.status != 0 { refusal = result.errors }
    }
    #expect(
      refusal.contains("the disk is full: free some space and try again"),
      "\(refusal) after \(acknowledged) rows"
    )
    #expect(acknowledged > 200)
    let ids = try await daemon.ctl("list", "--all", "-o", "id")
    #expect(ids.text.split(separator: "\n").count == acknowledged)
    let backup = try await daemon.ctl("backup", daemon.folder.file("copy.db"))
    #expect(backup.status == 1)
    #expect(backup.errors.contains("free some space and try again"), "\(backup.errors)")

    try FileManager.default.removeItem(atPath: filler)
    let created = try await daemon.ctl("create", "firstName=Again")
    #expect(created.status == 0, "\(created.errors)")
    #expect(await daemon.stop() == 0)
    let check = try await Program.built("customerd")
      .finish(["--check", "--database", daemon.database])
    #expect(check.status == 0, "\(check.text)")
    #expect(check.text.contains("whole: \(acknowledged + 1) customers"), "\(check.text)")
  }
}
