import Foundation
import TestSupport
import Testing

/// What the daemon says of a database that it can't serve; whole texts, and the exit status 1.
@Suite(.enabled(if: ExternalTool.isExpected("sqlite3"))) struct UnusableDatabases {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var database: String { folder.file("customers.db") }

  /// A database of a few customers, closed.
  private func makeDatabase(_ count: Int = 3) async throws {
    let daemon = try await Daemon(database: database)
    let rows = (1...count).map { "{\"firstName\": \"Customer \($0)\"}\n" }
    let file = try folder.write(rows.joined(), to: "rows.ndjson")
    #expect(try await daemon.ctl("import", file).status == 0)
    #expect(await daemon.stop() == 0)
  }

  /// Starts a daemon, which ends at once; what it says.
  private func refusal(_ path: String, _ options: String...) async throws -> String {
    let result = try await Program.built("customerd")
      .finish(["--socket", folder.file("s"), "--database", path] + options)
    #expect(result.status == 1)
    #expect(result.text == "")
    return result.errors
  }

  private func check() async throws -> Program.Result {
    try await Program.built("customerd").finish(["--check", "--database", database])
  }

  private func sqlite(_ statement: String) throws -> String {
    try Program(path: ExternalTool.path(of: "sqlite3") ?? "/usr/bin/sqlite3")
      .run([database, statement]).text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Overwrites a part of the database.
  private func damage(at offset: Int, _ bytes: [UInt8]) throws {
    let file = try #require(FileHandle(forUpdatingAtPath: database))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: Data(bytes))
    try file.close()
  }

  @Test func aDamagedHeader() async throws {
    try await makeDatabase()
    try damage(at: 0, Array("no header at all".utf8))
    #expect(
      try await refusal(database) == """
        customerd: \(database) is no customer database: file is not a database
        customerd: name another file with --database

        """
    )
  }

  @Test func aDamagedTable() async throws {
    try await makeDatabase()
    let page = try #require(
      Int(try sqlite("SELECT rootpage FROM sqlite_schema WHERE name = 'customer'"))
    )
    try damage(at: (page - 1) * 4096, [UInt8](repeating: 0, count: 4096))
    #expect(
      try await refusal(database) == """
        customerd: database \(database) is damaged: database disk image is malformed
        customerd: customerd --check says where; a copy made by customerctl backup can replace it

        """
    )
    let check = try await check()
    #expect(check.status == 1)
    #expect(check.text.hasSuffix("database \(database) is not whole: 1 finding\n"), "\(check.text)")
  }

  /// Damage that nothing reads at the start shows when it is read, and in a check.
  @Test func aDamagedPageInTheMiddle() async throws {
    try await makeDatabase(3000)
    let leaves = try sqlite(
      "SELECT pageno FROM dbstat WHERE name = 'customer' AND pagetype = 'leaf' ORDER BY path"
    ).split(separator: "\n").compactMap { Int($0) }
    // The last one is read at the start, for the newest row.
    for page in leaves.dropFirst(leaves.count / 4).prefix(leaves.count / 2) {
      try damage(at: (page - 1) * 4096, [UInt8](repeating: 0xA5, count: 4096))
    }
    let check = try await check()
    #expect(check.status == 1)
    #expect(check.text.contains("database \(database) is not whole: "), "\(check.text)")
    let daemon = try await Daemon(database: database)
    let list = try await daemon.ctl("list", "--all", "-o", "id")
    #expect(list.status == 1)
    #expect(
      list.errors == "customerctl: the database is damaged: ask who runs the daemon\n"
    )
    await daemon.stop()
  }

  @Test func anotherProgramsFileAndNoneAtAll() async throws {
    let text = try folder.write(String(repeating: "not a database\n", count: 500), to: "text")
    #expect(
      try await refusal(text) == """
        customerd: \(text) is no customer database: file is not a database
        customerd: name another file with --database

        """
    )
    let other = Program(path: ExternalTool.path(of: "sqlite3") ?? "/usr/bin/sqlite3")
    _ = try other.run([database, "CREATE TABLE mine (a)"])
    #expect(
      try await refusal(database) == """
        customerd: \(database) is no customer database: its application id is 0
        customerd: name another file with --database

        """
    )
    #expect(
      try await refusal(folder.path) == """
        customerd: database \(folder.path) can't be opened: unable to open database file: \
        Is a directory

        """
    )
    let missing = folder.file("no/customers.db")
    #expect(
      try await refusal(missing, "--check") == """
        customerd: database \(missing) can't be opened: there is no such file

        """
    )
  }

  @Test func aNewerSchema() async throws {
    try await makeDatabase()
    let known = try sqlite("PRAGMA user_version")
    _ = try sqlite("PRAGMA user_version = 99")
    #expect(
      try await refusal(database) == """
        customerd: database \(database) has schema version 99, and this program knows \(known)
        customerd: start a customerd as new as the one that wrote it

        """
    )
  }

  @Test(arguments: [[], ["--check"], ["--rebuild"]])
  func aDatabaseThatIsServed(_ options: [String]) async throws {
    let daemon = try await Daemon(database: database)
    let result = try await Program.built("customerd")
      .finish(["--socket", folder.file("s"), "--database", database] + options)
    #expect(result.status == 1)
    #expect(
      result.errors == """
        customerd: database \(database) is in use by process \(daemon.processID)
        customerd: stop that one first, or name another file with --database

        """
    )
    await daemon.stop()
  }

  @Test func aDatabaseThatSomebodyLocks() async throws {
    try await makeDatabase()
    let pipe = Pipe()
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: ExternalTool.path(of: "sqlite3") ?? "")
    shell.arguments = [database]
    shell.standardInput = pipe
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    let lock = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT 1;\n"
    try pipe.fileHandleForWriting.write(contentsOf: Data(lock.utf8))
    try await Task.sleep(for: .milliseconds(300))
    #expect(
      try await refusal(database) == """
        customerd: database \(database) is locked by another program
        customerd: end the program that has it open, such as an sqlite3 shell

        """
    )
    try pipe.fileHandleForWriting.close()
    await shell.exited()
  }

  @Test(.enabled(if: SmallDisk.isExpected)) func aReadOnlyFile() async throws {
    try await makeDatabase()
    let expected = """
      customerd: database \(database) can only be read
      customerd: the file, its folder and its disk must be writable for this user

      """
    let said = try await SmallDisk.withReadOnly(database) { try await refusal(database) }
    #expect(said == expected)
    let daemon = try await Daemon(database: database)
    #expect(await daemon.stop() == 0)
  }

  @Test(.enabled(if: SmallDisk.isExpected)) func aReadOnlyDisk() async throws {
    try await makeDatabase()
    let disk = try SmallDisk(kibibytes: 4096)
    let path = disk.folder.file("customers.db")
    try FileManager.default.copyItem(atPath: database, toPath: path)
    try disk.makeReadOnly()
    #expect(
      try await refusal(path) == """
        customerd: database \(path) can only be read
        customerd: the file, its folder and its disk must be writable for this user

        """
    )
  }

  @Test(.enabled(if: SmallDisk.isExpected)) func aDiskThatIsFullAtTheStart() async throws {
    let disk = try SmallDisk(kibibytes: 64)
    let path = disk.folder.file("customers.db")
    #expect(
      try await refusal(path) == """
        customerd: database \(path): the disk is full
        customerd: free some space on its disk

        """
    )
  }
}
