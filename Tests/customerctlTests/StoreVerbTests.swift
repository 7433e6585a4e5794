import CustomerClient
import CustomerFormats
import CustomerModel
import ServiceInMemory
import TTRPC
import TestSupport
import Testing
import WellKnownTypes

@testable import customerctl

/// `backup` and `settings`.
@Suite struct StoreVerbTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var file: String { folder.file("copy.db") }

  /// A store whose copy comes in several pieces.
  private func filled() async throws -> ServiceInMemory {
    let service = try ServiceInMemory()
    let long = String(repeating: "x", count: 60_000)
    try await service.put((0..<30).map { _ in Customer(firstName: "A", attributes: ["a": long]) })
    return service
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    try Program(path: "/bin/cat").run([path]).output
  }

  /// What every database begins with: "Database File Format", 1.3.1.
  private static let magic = Array("SQLite format 3\0".utf8)

  private func names() throws -> String { try Program(path: "/bin/ls").run([folder.path]).text }

  @Test func aBackupIsAllPiecesInAFileOfOnesOwn() async throws {
    let run = try await TestRun(["backup", file], service: filled())
    #expect(run.status == 0)
    #expect(run.output == "")
    let copy = try bytes(file)
    #expect(run.errors == ["\(file): \(copy.count) bytes"])
    #expect(copy.starts(with: Self.magic) && copy.count > 1_800_000)
    // A piece has 1 MiB at most, and the end comes behind the last.
    #expect(run.service.channel.passages.count { $0.exchange == .receiving } >= 3)
    #expect(try Program(path: "/bin/ls").run(["-l", file]).text.hasPrefix("-rw-------"))
    #expect(try names() == "copy.db\n")
  }

  @Test func aFileThatIsThereStaysUnlessForced() async throws {
    _ = try folder.write("mine", to: "copy.db")
    let refused = try await TestRun(["backup", file], service: filled())
    #expect(refused.status == 1)
    #expect(refused.errors == ["customerctl: \(file): is there already; --force replaces it"])
    #expect(refused.service.requests == [], "the daemon was troubled")
    #expect(try bytes(file) == Array("mine".utf8))
    let forced = try await TestRun(["backup", "--force", file], service: filled())
    #expect(forced.status == 0)
    #expect(try bytes(file).starts(with: Self.magic))
  }

  @Test func whatIsNoFileIsNeverReplaced() async throws {
    for path in ["/dev/null", folder.path] {
      let run = try await TestRun(["backup", "--force", path], service: filled())
      #expect(run.status == 1)
      #expect(run.errors == ["customerctl: \(path): is there, and no regular file"])
    }
  }

  @Test func aBackupThatFailsLeavesNothing() async throws {
    let service = try await filled()
    let gone = RPCError(.unavailable, "it is gone", outcome: .neverBegun)
    service.channel.fail(.receiving, "BackUpStore", number: 2, with: gone)
    let run = try await TestRun(["backup", file], service: service)
    #expect(run.status == 6)
    #expect(try names() == "")
    let nowhere = folder.file("no/copy.db")
    let wrong = try await TestRun(["backup", nowhere], service: filled())
    #expect(wrong.status == 1)
    #expect(wrong.errors == ["customerctl: \(nowhere): No such file or directory"])
  }

  @Test func aTerminalGetsNoBackup() async throws {
    let run = try await TestRun(["backup", "-"], service: filled()) { $0.isOutputTerminal = true }
    #expect(run.status == 2)
    #expect(run.errors.first?.contains("a backup is no text for a terminal") ?? false)
  }

  @Test func progressTellsTheShare() {
    var progress = BackupProgress()
    var piece = BackUpStoreResponse()
    piece.data = [UInt8](repeating: 0, count: 1 << 20)
    piece.totalBytes = 3 << 20
    #expect(progress.line(adding: piece) == "33 % · 1 of 3 MiB")
    #expect(progress.line(adding: piece) == "66 % · 2 of 3 MiB")
    #expect(progress.line(adding: piece) == "100 % · 3 of 3 MiB")
  }

  @Test func settingsArePrintedAndSet() async throws {
    let service = try ServiceInMemory()
    let first = try await TestRun(["settings"], service: service)
    #expect(first.output == "unique-email\thistory-retention\noff\tforever\n")
    #expect(service.requests == ["settings"])
    let set = try await TestRun(
      ["settings", "unique-email=on", "history-retention=90d"],
      service: service
    )
    #expect(set.status == 0)
    #expect(set.output == "unique-email\thistory-retention\non\t90d\n")
    #expect(service.requests.last == "set unique_email,history_retention")
    let json = try await TestRun(["settings", "-o", "ndjson"], service: service)
    #expect(json.output == #"{"uniqueEmail":true,"historyRetention":"7776000s"}"# + "\n")
    let table = try await TestRun(
      ["settings", "-o", "table", "history-retention=forever"],
      service: service
    )
    #expect(table.output == "unique-email       on\nhistory-retention  forever\n")
    #expect(service.requests.last == "set history_retention")
  }

  @Test(arguments: [
    ("36h", "36h"), ("52w", "364d"), ("90m", "90m"), ("3601s", "3601s"), ("24h", "1d"),
    ("3652500d", "3652500d"),
  ])
  func timesAreReadAndWritten(_ given: String, _ shown: String) async throws {
    let run = try await TestRun(["settings", "history-retention=\(given)", "-o", "tsv"])
    #expect(run.output == "unique-email\thistory-retention\noff\t\(shown)\n")
  }

  @Test func longTimesAreReadAndOnlyTheDaemonRefusesThem() async throws {
    let change = try SettingsChange(["history-retention=999999999w"])
    #expect(SettingsChange.rows(change.settings)[1] == ["history-retention", "6999999993d"])
    let run = try await TestRun(["settings", "history-retention=999999999w"])
    #expect(run.status == 5)
    #expect(run.errors.first?.hasPrefix("customerctl: settings.historyRetention: ") == true)
  }

  @Test(arguments: [
    ("unique-email", "'unique-email' is not NAME=VALUE, such as unique-email=on"),
    ("unique-email=yes", "unique-email=yes is neither on nor off"),
    ("uniqe-email=on", "there is no setting 'uniqe-email', did you mean unique-email?"),
    (
      "history-retention=",
      "history-retention= is neither a time such as 36h, 90d or 52w, nor forever"
    ),
    (
      "history-retention=90",
      "history-retention=90 is neither a time such as 36h, 90d or 52w, nor forever"
    ),
    (
      "history-retention=-1d",
      "history-retention=-1d is neither a time such as 36h, 90d or 52w, nor forever"
    ),
    (
      "history-retention=1234567890d",
      "history-retention=1234567890d is neither a time such as 36h, 90d or 52w, nor forever"
    ),
  ])
  func refusesWhatIsNoSetting(_ word: String, _ reason: String) async throws {
    let run = try await TestRun(["settings", word])
    #expect(run.status == 2)
    #expect(run.errors.first?.contains(reason) ?? false, "\(run.errors)")
    #expect(run.service.requests == [])
  }
}
