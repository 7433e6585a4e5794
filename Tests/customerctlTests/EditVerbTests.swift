import CustomerClient
import CustomerModel
import Foundation
import ServiceInMemory
import TTRPC
import TestSupport
import Testing

@testable import CustomerFormats
@testable import customerctl

/// The editor is a shell script that is handed the file's path.
@Suite struct EditVerbTests {
  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  private func filled() async throws -> ServiceInMemory {
    let service = try ServiceInMemory()
    _ = try await TestRun(
      ["create", "customerId=\(id)", "firstName=Ann", "lastName=Lee"],
      service: service
    )
    return service
  }

  private func edit(_ script: String, _ service: ServiceInMemory) async throws -> TestRun {
    // The path comes behind the command: a function takes it.
    let editor = "e() { \(script)\n}; e"
    return try await TestRun(
      ["edit", id, "--no-hints", "-o", "id"],
      service: service,
      environment: ["EDITOR": editor]
    )
  }

  /// The file that the last line of the errors names.
  private func keptFile(_ run: TestRun) throws -> String {
    let line = try #require(run.errors.last)
    let path = try #require(line.split(separator: " ").last.map(String.init))
    #expect(line.hasPrefix("customerctl: your text is in /"))
    return path
  }

  @Test func whatWasChangedIsWritten() async throws {
    let service = try await filled()
    let run = try await edit(#"sed -i 's/"Ann"/"Anna"/' "$1""#, service)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output == "\(id)\n")
    let customer = try await service.get(id)
    #expect(customer.firstName == "Anna" && customer.lastName == "Lee")
    #expect(service.requests.last == "update first_name")
  }

  @Test func theFileIsTheUsersOnlyAndGoneAfterwards() async throws {
    let folder = try TemporaryFolder()
    let log = folder.file("log")
    let run = try await edit("stat -c '%a %n' \"$1\" > \(log); sed -i s/Ann/Bo/ \"$1\"", filled())
    #expect(run.status == 0)
    let words = try String(contentsOfFile: log, encoding: .utf8).split(separator: " ")
    #expect(words[0] == "600")
    let path = words[1].trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(path.hasSuffix(".json"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func whatIsLeftAloneIsSaidToBe() async throws {
    let service = try await filled()
    let run = try await edit("true", service)
    #expect(run.status == 0)
    #expect(run.errors == ["nothing changed"])
    #expect(service.requests == ["create", "get \(id) 0"])
    let spaced = try await edit(#"echo >> "$1""#, service)
    #expect(spaced.errors == ["nothing changed"])
  }

  @Test func visualComesBeforeEditor() async throws {
    let run = try await TestRun(
      ["edit", id],
      service: filled(),
      environment: ["VISUAL": "true", "EDITOR": "false"]
    )
    #expect(run.status == 0)
  }

  @Test func whatCantBeTakenComesBackWithTheReasons() async throws {
    let folder = try TemporaryFolder()
    let first = folder.file("first")
    // The first time the text is spoilt, the second time it is mended and the reasons are kept.
    let script = """
      if test -e \(first); then cp "$1" \(first); sed -i 's/firstNam"/firstName"/; s/Ann/Zoe/' "$1"
      else touch \(first); sed -i 's/firstName"/firstNam"/' "$1"; fi
      """
    let service = try await filled()
    let run = try await edit(script, service)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try await service.get(id).firstName == "Zoe")
    let seen = try String(contentsOfFile: first, encoding: .utf8)
    let lines = seen.split(separator: "\n").map(String.init)
    // The line that is named is the one in the file.
    #expect(lines[0].hasPrefix("// error: line 5, column 3: "))
    #expect(lines[4].contains("\"firstNam\""))
    #expect(lines[0].contains("did you mean firstName?"))
  }

  @Test func aRuleThatIsBrokenComesBackToo() async throws {
    let service = try await filled()
    let script = """
      if grep -q '^// error: emailAddress: has no @' "$1"
      then sed -i 's/nobody/a@example.com/' "$1"
      else sed -i 's/"emailAddress": ""/"emailAddress": "nobody"/' "$1"; fi
      """
    let run = try await edit(script, service)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try await service.get(id).emailAddress == "a@example.com")
  }

  @Test func theSameWrongTextTwiceEndsTheEditAndIsKept() async throws {
    let run = try await edit(#"echo '{"firstName": 1}' > "$1""#, filled())
    #expect(run.status == 5)
    let path = try keptFile(run)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(#"{"firstName": 1}"#))
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func whatTheDaemonSetsIsNotChangedInSilence() async throws {
    let run = try await edit(#"sed -i 's/"version": "1"/"version": "9"/' "$1""#, filled())
    #expect(run.status == 5)
    #expect(
      run.errors.first == "customerctl: version: is set by the daemon and can't be changed"
    )
    try FileManager.default.removeItem(atPath: try keptFile(run))
  }

  @Test func otherFieldsOfOthersStay() async throws {
    let service = try await filled()
    service.interfere(with: id) { $0.lastName = "Lee-Wong" }
    let run = try await edit("sed -i s/Ann/Anna/ \"$1\"", service)
    #expect(run.status == 0, "\(run.errors)")
    let customer = try await service.get(id)
    #expect(customer.firstName == "Anna" && customer.lastName == "Lee-Wong")
    #expect(customer.version == 3)
  }

  @Test func theSameFieldIsAConflictAndTheTextIsKept() async throws {
    let service = try await filled()
    service.interfere(with: id) { $0.firstName = "Annabel" }
    let run = try await edit("sed -i 's/\"Ann\"/\"Anna\"/' \"$1\"", service)
    #expect(run.status == 4)
    #expect(
      run.errors.contains("customerctl: firstName: yours Anna, theirs Annabel, before Ann")
    )
    let path = try keptFile(run)
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("\"Anna\""))
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func aDaemonThatGoesAwayCostsNoText() async throws {
    let service = try await filled()
    let gone = RPCError(.unavailable, "gone", outcome: .perhapsDone)
    service.channel.fail(.unary, "UpdateCustomer", with: gone)
    let run = try await edit("sed -i s/Ann/Anna/ \"$1\"", service)
    #expect(run.status == 6)
    try FileManager.default.removeItem(atPath: try keptFile(run))
  }

  @Test func anEditorThatFailsWritesNothing() async throws {
    let service = try await filled()
    let untouched = try await edit("return 3", service)
    #expect(untouched.status == 1)
    #expect(untouched.errors.count == 1)
    #expect(untouched.errors[0].hasSuffix("ended with status 3; nothing was written"))
    let changed = try await edit("sed -i s/Ann/Anna/ \"$1\"; return 3", service)
    #expect(changed.status == 1)
    try FileManager.default.removeItem(atPath: try keptFile(changed))
    #expect(try await service.get(id).firstName == "Ann")
  }

  @Test func aTextThatGrowsTooLongIsKept() async throws {
    let script = "head -c \(JSONElements.elementBytesMax + 1) /dev/zero | tr '\\0' ' ' >> \"$1\""
    let run = try await edit(script, filled())
    #expect(run.status == 5)
    try FileManager.default.removeItem(atPath: try keptFile(run))
  }
}
