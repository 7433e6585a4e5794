import CustomerModel
import Locks
import ProtoWire
import SQLite
import TestSupport
import Testing

@testable import CustomerStore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct StoreOpeningTests {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func events(
    _ change: (inout StoreOptions) -> Void = { _ in }
  ) -> (options: StoreOptions, events: Events) {
    let events = Events()
    var options = folder.options()
    options.onEvent = { event in events.all.withLock { $0.append(event) } }
    change(&options)
    return (options, events)
  }

  final class Events: Sendable {
    let all = Lock<[StoreEvent]>([])
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func makesAFileForItsOwnerAlone() async throws {
    let (options, events) = events()
    let store = try SQLiteRepository(options)
    #expect(store.storeID == options.newStoreID)
    #expect(store.newestSequence == 0)
    #expect(events.all.withLock { $0 } == [.created(path: folder.database)])
    for suffix in ["", "-wal", ".lock"] {
      var facts = stat()
      #expect(stat(folder.database + suffix, &facts) == 0)
      #expect(facts.st_mode & 0o777 == 0o600)
    }
    await store.close()
    try expectIntegrity(folder.database)
  }

  @Test func refusesASecondOpener() async throws {
    let store = try SQLiteRepository(folder.options())
    await expectRefusal("database \(folder.database) is in use by process \(getpid())") {
      try SQLiteRepository(folder.options())
    }
    await store.close()
    try await SQLiteRepository(folder.options()).close()
  }

  @Test func refusesANewerSchema() async throws {
    try await SQLiteRepository(folder.options()).close()
    let newest = Schema.migrations.count
    try Database(path: folder.database, mode: .readWrite)
      .setPragma("user_version", to: "\(newest + 1)")
    await expectRefusal(
      "database \(folder.database) has schema version \(newest + 1), and this program knows \(newest)"
    ) { try SQLiteRepository(folder.options()) }
  }

  @Test func refusesAnotherProgramsDatabaseAndLeavesItAlone() async throws {
    try Database(path: folder.database, mode: .readWriteCreate).execute(
      "PRAGMA application_id = 7; CREATE TABLE mine (a)"
    )
    let before = try run(["md5sum", folder.database])
    await expectRefusal("\(folder.database) is no customer database: its application id is 7") {
      try SQLiteRepository(folder.options())
    }
    #expect(try run(["md5sum", folder.database]) == before)
  }

  /// A lock that stays would be another user's, where somebody else looked first.
  @Test func aRefusalLeavesNothingBehind() async throws {
    try Database(path: folder.database, mode: .readWriteCreate).execute(
      "PRAGMA application_id = 7; CREATE TABLE mine (a)"
    )
    for use in [
      { (options: StoreOptions) in _ = try SQLiteRepository(options) },
      { _ = try StoreMaintenance.check($0) },
      { _ = try StoreMaintenance.rebuild($0) },
    ] {
      #expect(throws: RepositoryError.self) { try use(folder.options()) }
      #expect(try run(["ls", folder.path]) == "customers.db\n")
    }
  }

  @Test func aStopLeavesTheDatabaseAlone() async throws {
    try await SQLiteRepository(folder.options()).close()
    #expect(try run(["ls", folder.path]) == "customers.db\n")
    _ = try StoreMaintenance.check(folder.options())
    #expect(try run(["ls", folder.path]) == "customers.db\n")
  }

  @Test func refusesAFileThatIsNoDatabase() async throws {
    try run(["sh", "-c", "seq 1 2000 > \(folder.database)"])
    await expectRefusal(
      "\(folder.database) is no customer database: file is not a database"
    ) { try SQLiteRepository(folder.options()) }
  }

  /// Whatever its length: SQLite takes a short file for an empty database.
  @Test(arguments: [1, 15, 16, 100, 511, 512, 4096, 5000])
  func refusesBytesThatAreNoDatabaseAndLeavesThem(_ count: Int) async throws {
    for source in ["/dev/urandom", "/dev/zero"] {
      try run(["sh", "-c", "head -c \(count) \(source) > \(folder.database)"])
      let before = try run(["md5sum", folder.database])
      let refusal = "\(folder.database) is no customer database: file is not a database"
      await expectRefusal(refusal) { try SQLiteRepository(folder.options()) }
      await expectRefusal(refusal) { try StoreMaintenance.check(folder.options()) }
      await expectRefusal(refusal) { try StoreMaintenance.rebuild(folder.options()) }
      #expect(try run(["md5sum", folder.database]) == before)
    }
  }

  /// A header, and then nothing, is no page of SQLite's.
  @Test func refusesABeginningWithoutARest() async throws {
    try run(["sh", "-c", "printf 'SQLite format 3\\0' > \(folder.database)"])
    await expectRefusal("\(folder.database) is no customer database: file is not a database") {
      try SQLiteRepository(folder.options())
    }
  }

  @Test func refusesAFolderThatIsNotThere() async throws {
    var options = folder.options()
    options.path = folder.path + "/nowhere/customers.db"
    await expectRefusal(
      """
      database \(options.path) can't be opened: \(options.path).lock: No such file or directory
      """
    ) { try SQLiteRepository(options) }
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func refusesAFolderItMayNotWriteTo() async throws {
    try run(["chmod", "500", folder.path])
    await expectRefusal(
      """
      database \(folder.database) can't be opened: \(folder.database).lock: Permission denied
      """
    ) { try SQLiteRepository(folder.options()) }
    try run(["chmod", "700", folder.path])
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func migratesAnOlderFileAfterACopyOfIt() async throws {
    try await SQLiteRepository(folder.options()).close()
    let newest = Schema.migrations.count
    let (options, events) = events()
    var opening = StoreOpening(options)
    opening.migrations.append("CREATE TABLE added (a TEXT) STRICT")
    let store = try SQLiteRepository(opening)
    #expect(try await store.status().schemaVersion == newest + 1)
    await store.close()
    let backup = folder.database + ".version-\(newest)"
    let migrating = StoreEvent.migrating(from: newest, to: newest + 1, backup: backup)
    #expect(events.all.withLock { $0 } == [migrating])
    #expect(
      try shell(backup, "PRAGMA user_version; SELECT count(*) FROM meta") == ["\(newest)", "3"]
    )
    #expect(try shell(folder.database, "SELECT count(*) FROM added") == ["0"])
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func aMigrationThatFailsLeavesTheFileAsItWas() async throws {
    try await SQLiteRepository(folder.options()).close()
    var opening = StoreOpening(folder.options())
    opening.migrations.append("CREATE TABLE half (a TEXT) STRICT; CREATE TABLE half (b TEXT)")
    do {
      _ = try SQLiteRepository(opening)
      Issue.record("opened")
    } catch {}
    #expect(
      try shell(
        folder.database,
        "PRAGMA user_version; SELECT count(*) FROM sqlite_schema WHERE name = 'half'"
      )
        == ["\(Schema.migrations.count)", "0"]
    )
  }

  /// What a crash leaves: the file and its log, copied while the store is open.
  private func copyOfAnOpenStore(_ customers: Int) async throws -> TestFolder {
    let store = try SQLiteRepository(folder.options())
    for number in 1...customers {
      _ = try await store.create(testCustomer(number), testStamp(number))
    }
    let crashed = try TestFolder()
    for suffix in ["", "-wal"] {
      try run(["cp", folder.database + suffix, crashed.database + suffix])
    }
    await store.close()
    return crashed
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func losesNothingWhenItWasNotClosed() async throws {
    let crashed = try await copyOfAnOpenStore(30)
    let events = Events()
    var options = crashed.options()
    options.onEvent = { event in events.all.withLock { $0.append(event) } }
    let store = try SQLiteRepository(options)
    #expect(
      events.all.withLock { $0 }
        == [.checking(path: crashed.database), .checked(path: crashed.database)]
    )
    #expect(try await store.status().customerCount == 30)
    #expect(store.newestSequence == 30)
    try await waitForIndex(store)
    await store.close()
    try expectIntegrity(crashed.database)
  }

  @Test func refusesADamagedFileAfterAnUncleanStop() async throws {
    let store = try SQLiteRepository(folder.options())
    for number in 1...200 { _ = try await store.create(testCustomer(number), testStamp(number)) }
    await store.close()
    // Pages 5 and following hold rows; overwritten with nonsense, they are no b-tree.
    try run([
      "dd", "if=/dev/urandom", "of=\(folder.database)", "bs=4096", "seek=20", "count=10",
      "conv=notrunc",
    ])
    let again = try await copyOfAnOpenLog()
    do {
      _ = try SQLiteRepository(again.options())
      Issue.record("opened")
    } catch {
      guard case .corrupt = error else { throw error }
      #expect("\(error)".hasPrefix("database \(again.database) is damaged: "))
    }
  }

  /// The damaged file beside a log that says it wasn't closed.
  private func copyOfAnOpenLog() async throws -> TestFolder {
    let crashed = try TestFolder()
    try run(["cp", folder.database, crashed.database])
    try run(["sh", "-c", "printf x > \(crashed.database)-wal"])
    return crashed
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func saysThatTheDiskIsFullAndGoesOnReading() async throws {
    let (options, _) = events { $0.pagesMax = 200 }
    let store = try SQLiteRepository(options)
    var written: [[UInt8]] = []
    var refusal: RepositoryError?
    for number in 1...5000 where refusal == nil {
      do throws(RepositoryError) {
        written.append(try await store.create(testCustomer(number), testStamp(number)).record)
      } catch { refusal = error }
    }
    guard case .storeFull = refusal else { throw TestFailure("\(String(describing: refusal))") }
    #expect(written.count > 100)
    let reader = try store.makeReader()
    for (index, record) in written.enumerated() {
      #expect(try reader.record(testID(index + 1)) == record)
    }
    #expect(try await store.status().customerCount == Int64(written.count))
    await store.close()
    // With room again all goes on, and what waits reaches the index.
    let again = try SQLiteRepository(folder.options())
    _ = try await again.create(testCustomer(9999), testStamp(9999))
    try await waitForIndex(again)
    await again.close()
    try expectIntegrity(folder.database)
  }

  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func showsItsColumnsInTheShell() async throws {
    let store = try SQLiteRepository(folder.options())
    _ = try await store.create(testCustomer(2), testStamp(1))
    await store.close()
    let line = try shell(
      folder.database,
      """
      SELECT customer_id, c.version, first_name, last_name, display_name, email_address, email_key,
        sort_key, phones, address, attributes ->> 'accountNumber', attributes ->> 'note',
        datetime(create_time / 1000000, 'unixepoch'), update_time, length(record), c.change_seq,
        h.kind, h.time, h.actor, h.before IS NULL
      FROM customer c JOIN change h ON h.rid = c.rid
      """
    )
    var record = testCustomer(2)
    record.version = 1
    record.createTime = .init(microseconds: testStamp(1).timeMicroseconds)
    record.updateTime = record.createTime
    #expect(
      line == [
        """
        \(testID(2))|1|Łukasz|Müller|Łukasz Müller|user.2@Example2.com|user.2@example2.com|\
        muller\tlukasz\tlukasz muller|+61410000002|2 High Street, Fortitude Valley, QLD, 4002, AU|\
        ACC-2|say "hi" \\ there|2026-01-01 00:00:00|1767225600000001|\(record.encoded().count)|1|\
        1|1767225600000001|uid=1000 gid=100 pid=42 test|1
        """
      ]
    )
  }
}
