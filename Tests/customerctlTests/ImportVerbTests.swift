import CustomerClient
import CustomerModel
import Foundation
import ProtoWire
import ServiceInMemory
import TTRPC
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerFormats
@testable import customerctl

@Suite struct ImportVerbTests {
  /// What the daemon says of a country that is none.
  private static let noCountry = "'ZZ' is no country code (ISO 3166-1 alpha-2)"

  /// Imports a text from a file of a name.
  private func run(
    _ text: String,
    as name: String = "in.csv",
    _ arguments: [String] = [],
    in folder: TemporaryFolder
  ) async throws -> TestRun {
    try await TestRun(["import", try folder.write(text, to: name)] + arguments)
  }

  private func read(_ folder: TemporaryFolder, _ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  @Test func countsAddUp() async throws {
    let folder = try TemporaryFolder()
    let service = try ServiceInMemory()
    let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"
    try await service.put([Customer(customerID: id, firstName: "same", displayName: "same")])
    let file = try folder.write(
      """
      customerId,firstName,emailAddress,phones[0].country,version
      ,Ann,,,
      \(id),same,,,
      ,,x,ZZ,
      ,Bob,,,x
      ,Eve,,,

      """,
      to: "in.csv"
    )
    let run = try await TestRun(["import", file], service: service)
    #expect(run.status == 1)
    #expect(run.output == "5 rows: 2 created, 0 updated, 1 unchanged, 2 failed\n")
    #expect(
      run.errors == [
        "row 3, line 4: emailAddress: has no @",
        "row 3, line 4: phones[0].country: \(Self.noCountry)",
        "row 4, line 5: version: 'x' is not a version number",
      ]
    )
    #expect(service.requests == ["import", "send 0 '' 4", "finish"])
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
      "firstName, emailAddress, phones[0].country, note\n"
        + "Ann,,,n\n,x,ZZ,\"a, \"\"b\"\"\"\nBob\n",
      ["--attributes", "--rejects", rejects],
      in: folder
    )
    #expect(run.status == 1)
    #expect(
      try read(folder, "rejects.csv") == """
        firstName,emailAddress,phones[0].country,note,_row,_field,_reason
        ,x,ZZ,"a, ""b""\",2,emailAddress; phones[0].country,has no @; \(Self.noCountry)
        Bob,,,,3,,"the row has 1 cells, the header 4"

        """
    )
    // Corrected, the file goes in as it is.
    let corrected = try read(folder, "rejects.csv").replacing("\n,x,ZZ", with: "\nEve,,")
    let again = try await TestRun(
      ["import", try folder.write(corrected, to: "again.csv"), "--attributes"])
    #expect(again.output == "2 rows: 2 created, 0 updated, 0 unchanged, 0 failed\n")
    #expect(try await again.service.all().map(\.firstName) == ["Eve", "Bob"])
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
      lines[0] == #"{"_row":2,"_field":"displayName","_reason":"one of displayName, firstName, "#
        + #"lastName, emailAddress and a phone's number is needed","phones":[]}"#
    )
    #expect(lines[1].hasPrefix(#"{"_row":3,"_field":"","_reason":"line 3, column "#))
    #expect(lines.count == 2)
  }

  @Test func rowsGoInMessagesOfAFixedSize() async throws {
    let folder = try TemporaryFolder()
    let names = (1...1000).map { "p\($0)" }.joined(separator: "\n")
    let run = try await run("firstName\n\(names)\n", in: folder)
    #expect(
      run.service.requests == [
        "import", "send 0 '' 256", "send 0 '' 256", "send 0 '' 256", "send 0 '' 232", "finish",
      ]
    )
    #expect(try await run.service.all().map(\.firstName) == (1...1000).map { "p\($0)" })
  }

  @Test func messagesStayUnderTheirSize() async throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "x", count: 300_000)
    let run = try await run(
      "firstName\n" + (1...7).map { "\(long)\($0)\n" }.joined(),
      in: folder
    )
    #expect(
      run.service.requests == ["import", "send 0 '' 3", "send 0 '' 3", "send 0 '' 1", "finish"]
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
    #expect(run.service.requests == ["import", "finish"])
  }

  @Test func modeAndMatchAreHandedOn() async throws {
    let folder = try TemporaryFolder()
    let run = try await run(
      "firstName\nAnn\n",
      ["--mode", "validate", "--match", "emailAddress"],
      in: folder
    )
    #expect(run.service.requests == ["import", "send 2 'emailAddress' 1", "finish"])
    let create = try await self.run("firstName\nAnn\n", ["--mode=create"], in: folder)
    #expect(create.service.requests == ["import", "send 1 '' 1", "finish"])
  }

  @Test func aDaemonThatGoesAwayLeavesACount() async throws {
    let folder = try TemporaryFolder()
    let service = try ServiceInMemory()
    let gone = RPCError(.unavailable, "it is gone", outcome: .neverBegun)
    service.channel.fail(.sending, "ImportCustomers", number: 6, with: gone)
    let names = (1...1400).map { "p\($0)" }.joined(separator: "\n")
    let file = try folder.write("firstName\n\(names)\n", to: "in.csv")
    let run = try await TestRun(["import", file], service: service)
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
    #expect(unknown.status == 2 && unknown.service.requests.isEmpty)
    #expect(unknown.errors[0] == "customerctl: \(folder.file("in.csv")): unknown column 'zebra'")
    let empty = try await run("", in: folder)
    #expect(empty.status == 5)
    #expect(
      empty.errors == ["customerctl: \(folder.file("in.csv")): the first line names no columns"]
    )
    let missing = try await TestRun(["import", folder.file("nothing.csv")])
    #expect(missing.status == 1)
    #expect(
      missing.errors == ["customerctl: \(folder.file("nothing.csv")): No such file or directory"]
    )
    let folderItself = try await TestRun(["import", folder.path])
    #expect(folderItself.errors == ["customerctl: \(folder.path): is a folder"])
  }

  @Test func neverWritesRejectsOverItsInput() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("firstName\nAnn\n", to: "in.csv")
    let run = try await TestRun(["import", path, "--rejects", path])
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
