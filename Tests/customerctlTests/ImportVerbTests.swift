import CommandLineTestSupport
import CustomerClient
import CustomerModel
import Foundation
import ProtoWire
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerFormats
@testable import customerctl

@Suite struct ImportVerbTests {
  /// Imports a text from a file of a name.
  private func run(
    _ text: String,
    as name: String = "in.csv",
    _ arguments: [String] = [],
    in folder: TemporaryFolder
  ) async throws -> TestRun {
    await TestRun(["import", try folder.write(text, to: name)] + arguments)
  }

  private func read(_ folder: TemporaryFolder, _ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  @Test func countsAddUp() async throws {
    let folder = try TemporaryFolder()
    let run = try await run(
      "firstName,emailAddress,version\nAnn,,\nsame,,\n,x,\nBob,,x\nEve,,\n",
      in: folder
    )
    #expect(run.status == 1)
    #expect(run.output == "5 rows: 2 created, 0 updated, 1 unchanged, 2 failed\n")
    #expect(
      run.errors == [
        "row 3, line 4: customer: has no name", "row 3, line 4: emailAddress: has no @",
        "row 4, line 5: version: 'x' is not a version number",
      ]
    )
    #expect(run.store.requests == ["import 0 ''", "send 4", "finish"])
  }

  @Test func countsInJSONAreAnObject() async throws {
    let folder = try TemporaryFolder()
    let run = try await run("firstName\nAnn\n", ["-o", "json"], in: folder)
    #expect(run.status == 0)
    #expect(
      run.output
        == "{\"rows\": 1, \"created\": 1, \"updated\": 0, \"unchanged\": 0, \"failed\": 0}\n"
    )
  }

  @Test func rejectsHaveTheSameColumnsAndTheReason() async throws {
    let folder = try TemporaryFolder()
    let rejects = folder.file("rejects.csv")
    let run = try await run(
      "firstName, emailAddress, note\nAnn,,n\n,x,\"a, \"\"b\"\"\"\nBob\n",
      ["--attributes", "--rejects", rejects],
      in: folder
    )
    #expect(run.status == 1)
    #expect(
      try read(folder, "rejects.csv") == """
        firstName,emailAddress,note,_row,_field,_reason
        ,x,"a, ""b""\",2,customer; emailAddress,has no name; has no @
        Bob,,,3,,"the row has 1 cells, the header 3"

        """
    )
    // Corrected, the file goes in as it is.
    let corrected = try read(folder, "rejects.csv").replacing("\n,x", with: "\nEve,x")
    let again = await TestRun(
      ["import", try folder.write(corrected, to: "again.csv"), "--attributes"])
    #expect(again.output == "2 rows: 2 created, 0 updated, 0 unchanged, 0 failed\n")
    #expect(again.store.customers.map(\.firstName) == ["Eve", "Bob"])
  }

  @Test func rejectsOfJSONAreObjectsWithTheReason() async throws {
    let folder = try TemporaryFolder()
    let run = try await run(
      "{\"firstName\":\"Ann\"}\n{\"phones\":[]}\n{\"first\":1}\n",
      as: "in.ndjson",
      ["--rejects", folder.file("r")],
      in: folder
    )
    #expect(run.output == "3 rows: 1 created, 0 updated, 0 unchanged, 2 failed\n")
    let lines = try read(folder, "r").split(separator: "\n")
    #expect(
      lines[0] == #"{"_row":2,"_field":"customer; emailAddress","_reason":"has no name; has no @","#
        + #""phones":[]}"#
    )
    #expect(lines[1].hasPrefix(#"{"_row":3,"_field":"","_reason":"line 3, column "#))
    #expect(lines.count == 2)
  }

  @Test func rowsGoInMessagesOfAFixedSize() async throws {
    let folder = try TemporaryFolder()
    let names = (1...1000).map { "p\($0)" }.joined(separator: "\n")
    let run = try await run("firstName\n\(names)\n", in: folder)
    #expect(
      run.store.requests == [
        "import 0 ''", "send 256", "send 256", "send 256", "send 232", "finish",
      ]
    )
    #expect(run.store.customers.map(\.firstName) == (1...1000).map { "p\($0)" })
  }

  @Test func messagesStayUnderTheirSize() async throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "x", count: 300_000)
    let run = try await run(
      "firstName\n" + (1...7).map { "\(long)\($0)\n" }.joined(),
      in: folder
    )
    #expect(
      run.store.requests == ["import 0 ''", "send 3", "send 3", "send 1", "finish"]
    )
  }

  @Test func manyFailuresAreToldOnceAndCounted() async throws {
    let folder = try TemporaryFolder()
    let run = try await run(
      "firstName,version\n" + String(repeating: "x,y\n", count: 600),
      in: folder
    )
    #expect(run.output == "600 rows: 0 created, 0 updated, 0 unchanged, 600 failed\n")
    #expect(run.errors.count == ImportWork.toldMax + 1)
    #expect(run.errors.last == "580 more rows failed; --rejects FILE writes them all down")
    #expect(run.store.requests == ["import 0 ''", "finish"])
  }

  @Test func modeAndMatchAreHandedOn() async throws {
    let folder = try TemporaryFolder()
    let run = try await run(
      "firstName\nAnn\n",
      ["--mode", "validate", "--match", "emailAddress"],
      in: folder
    )
    #expect(run.store.requests.first == "import 2 'emailAddress'")
    let create = try await self.run("firstName\nAnn\n", ["--mode=create"], in: folder)
    #expect(create.store.requests.first == "import 1 ''")
  }

  @Test func aDaemonThatGoesAwayLeavesACount() async throws {
    let folder = try TemporaryFolder()
    let names = (1...1400).map { $0 == 1390 ? "gone" : "p\($0)" }.joined(separator: "\n")
    let run = try await run("firstName\n\(names)\n", in: folder)
    #expect(run.status == 6)
    #expect(run.output == "512 rows: 512 created, 0 updated, 0 unchanged, 0 failed\n")
    #expect(
      run.errors == [
        "the daemon said nothing of 888 more rows that were sent: none of them is written",
        "customerctl: no daemon answers at /run/customers.sock: it is gone",
        "customerctl: start one with: customerd --socket /run/customers.sock",
      ]
    )
  }

  @Test func jsonThatBreaksKeepsWhatCameBefore() async throws {
    let folder = try TemporaryFolder()
    let run = try await run(
      "[{\"firstName\":\"Ann\"},\n{\"firstName\":\"Bob\"} oops",
      as: "in.json",
      in: folder
    )
    #expect(run.status == 5)
    #expect(run.output == "2 rows: 2 created, 0 updated, 0 unchanged, 0 failed\n")
    #expect(
      run.errors == [
        "customerctl: \(folder.file("in.json")): line 2, column 21: "
          + "expected a comma or the end of the array"
      ]
    )
  }

  @Test func aWrongFileTroublesNoDaemon() async throws {
    let folder = try TemporaryFolder()
    let unknown = try await run("first,zebra\nAnn,x\n", in: folder)
    #expect(unknown.status == 2 && unknown.store.requests.isEmpty)
    #expect(unknown.errors[0] == "customerctl: \(folder.file("in.csv")): unknown column 'zebra'")
    let empty = try await run("", in: folder)
    #expect(empty.status == 5)
    #expect(
      empty.errors == ["customerctl: \(folder.file("in.csv")): the first line names no columns"]
    )
    let missing = await TestRun(["import", folder.file("nothing.csv")])
    #expect(missing.status == 1)
    #expect(
      missing.errors == ["customerctl: \(folder.file("nothing.csv")): No such file or directory"]
    )
    let folderItself = await TestRun(["import", folder.path])
    #expect(folderItself.errors == ["customerctl: \(folder.path): is a folder"])
  }

  @Test func neverWritesRejectsOverItsInput() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("firstName\nAnn\n", to: "in.csv")
    let run = await TestRun(["import", path, "--rejects", path])
    #expect(run.status == 1)
    #expect(run.errors == ["customerctl: \(path): is the file that is imported"])
    #expect(try read(folder, "in.csv") == "firstName\nAnn\n")
  }

  @Test func stopsBetweenMessagesWhenAskedTo() async throws {
    let folder = try TemporaryFolder()
    let names = (1...1000).map { "p\($0)\n" }.joined()
    var isAskedToStop = false
    let work = ImportWork(
      rows: ImportRows(format: .csv, settings: ColumnMapping.Settings()),
      input: try InputFile(path: try folder.write("firstName\n\(names)", to: "in.csv")),
      rejects: nil,
      streams: TestStreams(),
      isInterrupted: { isAskedToStop }
    )
    #expect(try work.nextBatch().count == 256)
    isAskedToStop = true
    #expect(try work.nextBatch().isEmpty)
    #expect(work.wasInterrupted)
  }

  @Test func aRefusedRowNamesEveryBrokenRule() {
    let violations = ["emailAddress", "phones[0].country"].map {
      Violation(field: $0, description: "is wrong")
    }
    let error = CustomerError.invalid(message: "the customer is invalid", violations: violations)
    #expect(
      RowFailure.refused(error).problems(match: "") == [
        FieldError(field: "emailAddress", reason: "is wrong"),
        FieldError(field: "phones[0].country", reason: "is wrong"),
      ]
    )
  }

  @Test func progressTellsRateAndRest() {
    let progress = ImportProgress(bytesTotal: 1000)
    #expect(
      progress.line(rows: 2100, bytesRead: 420, elapsed: .seconds(2))
        == "42 % · 2100 rows · 1050 rows/s · 0:02 left"
    )
    #expect(
      ImportProgress(bytesTotal: nil).line(rows: 10, bytesRead: 5, elapsed: .seconds(5))
        == "10 rows · 2 rows/s"
    )
    #expect(
      progress.line(rows: 0, bytesRead: 0, elapsed: .zero) == "0 % · 0 rows"
    )
  }
}
