import Foundation
import TestSupport
import Testing

/// One customer's life on the command line.
@Suite struct RecordJourney {
  /// A JSON object as Foundation reads it, without what the server sets.
  private func object(_ bytes: [UInt8]) throws -> NSDictionary {
    let value = try JSONSerialization.jsonObject(with: Data(bytes))
    let members = try #require(value as? [String: Any])
    let set = ["version", "createTime", "updateTime"]
    return members.filter { !set.contains($0.key) } as NSDictionary
  }

  @Test func theSampleObjectComesBackAsItWent() async throws {
    let daemon = try await Daemon()
    let sample = [UInt8](try Data(contentsOf: URL(fileURLWithPath: testData("sample-object.json"))))
    let created = try await daemon.ctl(["create", "-"], input: sample)
    #expect(created.status == 0, "\(created.errors)")
    let read = try await daemon.ctl("get", "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55", "-o", "json")
    #expect(read.status == 0, "\(read.errors)")
    #expect(try object(read.output) == object(sample))
    let members = try JSONSerialization.jsonObject(with: Data(read.output)) as? [String: Any]
    #expect(members?["version"] is String)
  }

  @Test func oneOfTwoUpdatesOfAVersionWins() async throws {
    let daemon = try await Daemon()
    let created = try await daemon.ctl("create", "firstName=Ann", "-o", "json")
    let id = try #require(object(created.output)["customerId"] as? String)
    let read = created.text
    let first = try await daemon.ctl(
      ["update", id, "-"],
      input: [UInt8](read.replacing("Ann", with: "Anna").utf8)
    )
    #expect(first.status == 0, "\(first.errors)")
    let second = try await daemon.ctl(
      ["update", id, "-"],
      input: [UInt8](read.replacing("Ann", with: "Anne").utf8)
    )
    #expect(second.status == 4)
    #expect(second.errors.contains("version 2"), "\(second.errors)")
    let now = try await daemon.ctl("get", id, "-o", "json")
    #expect(try object(now.output)["firstName"] as? String == "Anna")
    let before = try await daemon.ctl("get", "\(id)@1", "-o", "json")
    #expect(try object(before.output)["firstName"] as? String == "Ann")
  }

  @Test func aLocalNumberGetsItsInternationalOne() async throws {
    let daemon = try await Daemon()
    let created = try await daemon.ctl(
      "create",
      "firstName=Ann",
      "phones+=Mobile:AU:0491570006",
      "-o",
      "json"
    )
    #expect(created.text.contains(#""numberInternational": "+61491570006""#), "\(created.errors)")
    let imported = try await daemon.ctl(
      ["import", "-", "--format", "csv", "--set", "phones[0].country=AU"],
      input: [UInt8]("firstName,phones[0].numberLocal\nBob,0491 570 156\n".utf8)
    )
    #expect(imported.status == 0, "\(imported.errors)")
    let all = try await daemon.ctl("list", "-o", "ndjson")
    #expect(all.text.contains(#""numberInternational":"+61491570156""#), "\(all.text)")
  }

  @Test func whatIsDeletedIsGoneAndItsPastIsNot() async throws {
    let daemon = try await Daemon()
    let created = try await daemon.ctl("create", "firstName=Ann", "-o", "id")
    let id = created.text.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try await daemon.ctl("delete", id, "--yes").status == 0)
    let read = try await daemon.ctl("get", id)
    #expect(read.status == 3)
    #expect(read.errors.contains("deleted"), "\(read.errors)")
    #expect(try await daemon.ctl("get", "\(id)@1").status == 0)
  }

  @Test func everyBrokenRuleIsNamed() async throws {
    let daemon = try await Daemon()
    let result = try await daemon.ctl(
      ["create", "-"],
      input: [UInt8](#"{"emailAddress": "nobody", "phones": [{"country": "UK"}]}"#.utf8)
    )
    #expect(result.status == 5)
    #expect(result.errors.contains("emailAddress"))
    #expect(result.errors.contains("phones[0].country"))
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func theChangeLogNamesTheCaller() async throws {
    let daemon = try await Daemon()
    _ = try await daemon.ctl("create", "firstName=Ann")
    let author = try await daemon.sqlite("SELECT actor FROM change")
    #expect(author.hasPrefix("uid=\(getuid()) gid=\(getgid()) pid="), "\(author)")
    #expect(author.hasSuffix(" customerctl"), "\(author)")
  }
}
