import CommandLineTestSupport
import CustomerClient
import CustomerModel
import TestSupport
import Testing
import WellKnownTypes

@testable import customerctl

/// `backup` and `settings`.
@Suite struct StoreVerbTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var file: String { folder.file("copy.db") }

  /// A store whose copy comes in two pieces.
  private func store() -> FakeStore {
    let store = FakeStore()
    store.backup = [Array("first ".utf8), Array("second".utf8)]
    return store
  }

  private func text(_ path: String) throws -> String {
    try Program(path: "/bin/cat").run([path]).text
  }

  private func names() throws -> String { try Program(path: "/bin/ls").run([folder.path]).text }

  @Test func aBackupIsAllPiecesInAFileOfOnesOwn() async throws {
    let run = await TestRun(["backup", file], store: store())
    #expect(run.status == 0)
    #expect(run.output == "")
    #expect(run.errors == ["\(file): 12 bytes"])
    #expect(try text(file) == "first second")
    #expect(try Program(path: "/bin/ls").run(["-l", file]).text.hasPrefix("-rw-------"))
    #expect(try names() == "copy.db\n")
  }

  @Test func aFileThatIsThereStaysUnlessForced() async throws {
    _ = try folder.write("mine", to: "copy.db")
    let refused = await TestRun(["backup", file], store: store())
    #expect(refused.status == 1)
    #expect(refused.errors == ["customerctl: \(file): is there already; --force replaces it"])
    #expect(refused.store.requests == [], "the daemon was troubled")
    #expect(try text(file) == "mine")
    let forced = await TestRun(["backup", "--force", file], store: store())
    #expect(forced.status == 0)
    #expect(try text(file) == "first second")
  }

  @Test func whatIsNoFileIsNeverReplaced() async throws {
    for path in ["/dev/null", folder.path] {
      let run = await TestRun(["backup", "--force", path], store: store())
      #expect(run.status == 1)
      #expect(run.errors == ["customerctl: \(path): is there, and no regular file"])
    }
  }

  @Test func aBackupThatFailsLeavesNothing() async throws {
    let store = store()
    store.backupFailure = .unavailable(message: "it is gone", outcome: .neverBegun)
    let run = await TestRun(["backup", file], store: store)
    #expect(run.status == 6)
    #expect(try names() == "")
    let nowhere = folder.file("no/copy.db")
    let wrong = await TestRun(["backup", nowhere], store: self.store())
    #expect(wrong.status == 1)
    #expect(wrong.errors == ["customerctl: \(nowhere): No such file or directory"])
  }

  @Test func aTerminalGetsNoBackup() async throws {
    let run = await TestRun(["backup", "-"], store: store()) { $0.isOutputTerminal = true }
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
    let store = FakeStore()
    let first = await TestRun(["settings"], store: store)
    #expect(first.output == "unique-email\thistory-retention\noff\tforever\n")
    #expect(store.requests == ["settings"])
    let set = await TestRun(["settings", "unique-email=on", "history-retention=90d"], store: store)
    #expect(set.status == 0)
    #expect(set.output == "unique-email\thistory-retention\non\t90d\n")
    #expect(store.requests.last == "set unique_email,history_retention")
    let json = await TestRun(["settings", "-o", "ndjson"], store: store)
    #expect(json.output == #"{"uniqueEmail":true,"historyRetention":"7776000s"}"# + "\n")
    let table = await TestRun(
      ["settings", "-o", "table", "history-retention=forever"],
      store: store
    )
    #expect(table.output == "unique-email       on\nhistory-retention  forever\n")
    #expect(store.requests.last == "set history_retention")
  }

  @Test(arguments: [
    ("36h", "36h"), ("52w", "364d"), ("90m", "90m"), ("3601s", "3601s"), ("24h", "1d"),
    ("999999999w", "6999999993d"),
  ])
  func timesAreReadAndWritten(_ given: String, _ shown: String) async throws {
    let run = await TestRun(["settings", "history-retention=\(given)", "-o", "tsv"])
    #expect(run.output == "unique-email\thistory-retention\noff\t\(shown)\n")
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
  func refusesWhatIsNoSetting(_ word: String, _ reason: String) async {
    let run = await TestRun(["settings", word])
    #expect(run.status == 2)
    #expect(run.errors.first?.contains(reason) ?? false, "\(run.errors)")
    #expect(run.store.requests == [])
  }
}
