import SQLite
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The facts are SQLite's own: `sqlite.org/rescode.html`, `sqlite.org/c3ref`.
@Suite struct DatabaseTests {
  private func memory() throws -> Database { try Database(path: ":memory:", mode: .readWrite) }

  private func error(_ body: () throws(SQLiteError) -> Void) -> SQLiteError? {
    do {
      try body()
      return nil
    } catch { return error }
  }

  @Test func carriesValuesThere() throws {
    let database = try memory()
    let statement = try database.prepare(
      "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, typeof(?5), typeof(?4)"
    )
    let text: [UInt8] = Array("grüß dich".utf8)
    let run = statement.bind(Int64.min).bind("a\u{0}é🦆").bind([0, 1, 255]).bind([] as [UInt8])
      .bind("").bind(nil as Int64?).bind(utf8: text.span)
    let row = try #require(
      try run.first { row in
        #expect(row.integer(at: 0) == .min)
        #expect(row.text(at: 1) == "a\u{0}é🦆")
        #expect(row.bytes(at: 2) == [0, 1, 255])
        #expect(row.bytes(at: 3) == [])
        #expect(!row.isNull(at: 3))
        #expect(row.text(at: 4) == "")
        #expect(row.isNull(at: 5))
        #expect(row.text(at: 6) == "grüß dich")
        #expect(row.byteCount(at: 6) == text.count)
        var all: [UInt8] = [9]
        row.append(bytesAt: 2, to: &all)
        #expect(all == [9, 0, 1, 255])
        #expect(row.withBytes(at: 2) { $0[2] } == 255)
        return row.text(at: 7) + row.text(at: 8)
      }
    )
    #expect(row == "textblob")
  }

  @Test func isResetHoweverItEnds() throws {
    let database = try memory()
    try database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
    let insert = try database.prepare("INSERT INTO t VALUES (?1)")
    try insert.bind(1 as Int64).run()
    #expect(throws: SQLiteError.self) { try insert.bind(1 as Int64).run() }
    try insert.bind(2 as Int64).run()
    // Unbound again: the key is made by SQLite.
    try insert.run()
    let count = try database.prepare("SELECT count(*), max(a) FROM t WHERE a >= ?1")
    for _ in 0..<2 {
      let found = try count.bind(0 as Int64).first { ($0.integer(at: 0), $0.integer(at: 1)) }
      #expect(try #require(found) == (3, 3))
    }
    #expect(try count.first { $0.integer(at: 0) } == 0)
  }

  /// A run may be left between any two lines: before its first step, and between two rows.
  @Test func leavesNoValueAndNoRowWhenItIsLeft() throws {
    let database = try memory()
    try database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)")
    let statement = try database.prepare("SELECT a, ?1, ?2 FROM t")
    do { _ = statement.bind(7 as Int64).bind("x") }
    do {
      let run = statement.bind([1, 2])
      #expect(try run.step())
    }
    let oversized = [UInt8](repeating: 0, count: 10)
    database.setLimit(.valueLength, to: 5)
    #expect(throws: SQLiteError.self) { try statement.bind(oversized).run() }
    database.setLimit(.valueLength, to: 1_000_000)
    // Nothing of the runs before: the first value is the first parameter's, the rows begin anew.
    let found = try statement.bind(9 as Int64).first { row in
      (row.integer(at: 0), row.integer(at: 1), row.isNull(at: 2))
    }
    #expect(try #require(found) == (1, 9, true))
    try database.execute("DROP TABLE t")
  }

  @Test(arguments: ["x", "a text of more than fifteen bytes", "", "é\u{0}"])
  func bindsATextWithoutACopy(_ text: String) throws {
    let statement = try memory().prepare("SELECT hex(?1), ?1 IS NULL")
    for _ in 0..<2 {
      var hexadecimal = ""
      let hasRow = try statement.firstRow(lending: text) { row in
        #expect(row.integer(at: 1) == 0)
        hexadecimal = row.text(at: 0)
      }
      #expect(hasRow)
      let expected = text.utf8.map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
      #expect(hexadecimal == expected.joined())
    }
    #expect(try statement.first { $0.integer(at: 1) } == 1)
  }

  @Test func errorsNameTheStatementAndNoValue() throws {
    let database = try memory()
    try database.execute("CREATE TABLE person (name TEXT UNIQUE) STRICT")
    let insert = try database.prepare("INSERT INTO person VALUES (?1)")
    try insert.bind("Secret").run()
    let duplicate = try #require(
      error { () throws(SQLiteError) in try insert.bind("Secret").run() }
    )
    #expect(duplicate.code == .constraintUnique)
    #expect(
      "\(duplicate)"
        == "sqlite error 2067: UNIQUE constraint failed: person.name, in: INSERT INTO person VALUES (?1)"
    )
    let missing = try #require(
      error { () throws(SQLiteError) in _ = try database.prepare("SELECT * FROM nowhere") }
    )
    #expect("\(missing)" == "sqlite error 1: no such table: nowhere, in: SELECT * FROM nowhere")
  }

  /// FTS5's own message quotes the query, which is a bound value.
  @Test func errorsOfAQueryDoNotQuoteIt() throws {
    let database = try memory()
    try database.execute("CREATE VIRTUAL TABLE f USING fts5(a)")
    let match = try database.prepare("SELECT * FROM f WHERE f MATCH ?1")
    let syntax = try #require(error { () throws(SQLiteError) in try match.bind("\"Secret").run() })
    #expect("\(syntax)" == "sqlite error 1: SQL logic error, in: SELECT * FROM f WHERE f MATCH ?1")
  }

  @Test func codesMatchTheirFamily() {
    #expect(ResultCode.constraint ~= ResultCode.constraintUnique)
    #expect(!(ResultCode.constraintUnique ~= ResultCode.constraint))
    #expect(!(ResultCode.full ~= ResultCode.constraintUnique))
    #expect(ResultCode(rawValue: 10 | 4 << 8).primary == .inputOutput)
  }

  @Test func refusesAMissingFile() throws {
    let missing = try #require(
      error { () throws(SQLiteError) in
        _ = try Database(path: "/nowhere/at/all.db", mode: .readOnly)
      }
    )
    #expect(missing.code.primary == .cannotOpen)
  }

  @Test func aPartThatFailsTakesBackItsOwnWritesOnly() throws {
    struct Refusal: Error {}
    let database = try memory()
    try database.execute("CREATE TABLE t (a)")
    let transactions = try TransactionControl(database)
    try transactions.beginWriting()
    try database.execute("INSERT INTO t VALUES (1)")
    #expect(throws: Refusal.self) {
      try transactions.part(
        {
          try database.execute("INSERT INTO t VALUES (2)")
          throw Refusal()
        },
        mapping: { $0 as any Error }
      )
    }
    try transactions.part(
      { () throws(SQLiteError) in try database.execute("INSERT INTO t VALUES (3)") },
      mapping: { $0 }
    )
    try transactions.commit()
    #expect(try database.prepare("SELECT group_concat(a) FROM t").first { $0.text(at: 0) } == "1,3")
    #expect(database.isAutocommit)
    transactions.rollback()
  }

  @Test func stopsAStatementThatIsInterrupted() throws {
    let database = try memory()
    let endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    var asked = 0
    database.setProgressHandler(every: 1000) {
      asked += 1
      return asked == 5
    }
    let stopped = try #require(
      error { () throws(SQLiteError) in try database.prepare(endless).run() }
    )
    #expect(stopped.code == .interrupted)
    #expect(asked == 5)
    database.setProgressHandler(every: 1000) {
      database.interrupter.interrupt()
      return false
    }
    let transactions = try TransactionControl(database)
    let interrupted = try #require(
      error { () throws(SQLiteError) in
        try transactions.reading({ () throws(SQLiteError) in try database.prepare(endless).run() })
        {
          $0
        }
      }
    )
    #expect(interrupted.code == .interrupted)
    database.setProgressHandler(every: 0, nil)
    #expect(database.whatIsOpen == nil)
    #expect(try database.pragma("user_version") == 0)
  }

  /// An interrupt at every instruction there is, those of BEGIN and ROLLBACK among them.
  @Test func interruptsLeaveTransactionsAlone() throws {
    let database = try memory()
    try database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)")
    let transactions = try TransactionControl(database)
    let sum = try database.prepare("SELECT sum(a) FROM t")
    func read() throws(SQLiteError) -> Int64? {
      try transactions.reading(
        { () throws(SQLiteError) in try sum.first { $0.integer(at: 0) } },
        mapping: { $0 }
      )
    }
    var outcomes: Set<String> = []
    for wanted in 1... {
      var instruction = 0
      database.setProgressHandler(every: 1) {
        instruction += 1
        if instruction == wanted { database.interrupter.interrupt() }
        return false
      }
      do throws(SQLiteError) { outcomes.insert("\(try read() ?? 0)") } catch {
        #expect(error.code == .interrupted)
        outcomes.insert("stopped")
      }
      #expect(database.whatIsOpen == nil, "after an interrupt at instruction \(wanted)")
      database.setProgressHandler(every: 0, nil)
      database.interrupter.reset()
      #expect(try read() == 6)
      if instruction < wanted { break }
    }
    #expect(outcomes == ["6", "stopped"])
  }

  @Test func whoAsksBeforeTheWorkStopsIt() throws {
    let database = try memory()
    let transactions = try TransactionControl(database)
    database.interrupter.interrupt()
    // What is no work isn't stopped.
    #expect(try database.pragma("user_version") == 0)
    let refused = error { () throws(SQLiteError) in
      try transactions.reading({ () throws(SQLiteError) in }) { $0 }
    }
    #expect(refused?.code == .interrupted)
    database.interrupter.reset()
    try transactions.reading({ () throws(SQLiteError) in }, mapping: { $0 })
  }

  @Test func saysWhatIsLeftOpen() throws {
    let database = try memory()
    #expect(database.whatIsOpen == nil)
    let statement = try database.prepare("SELECT 1 UNION SELECT 2")
    do {
      let run = statement.begin()
      #expect(try run.step())
      #expect(database.whatIsOpen == "a statement still runs: SELECT 1 UNION SELECT 2")
    }
    #expect(database.whatIsOpen == nil)
    try database.execute("BEGIN")
    #expect(database.whatIsOpen == "its transaction is open")
  }

  @Test func interruptingAClosedConnectionDoesNothing() throws {
    let interrupter = try memory().interrupter
    interrupter.interrupt()
  }

  @Test func boundsWhatItIsToldToBound() throws {
    let database = try memory()
    database.setLimit(.valueLength, to: 1000)
    let statement = try database.prepare("SELECT length(?1)")
    #expect(
      try statement.bind([UInt8](repeating: 1, count: 1000)).first { $0.integer(at: 0) } == 1000
    )
    let large = try #require(
      error { () throws(SQLiteError) in
        try statement.bind([UInt8](repeating: 1, count: 1001)).run()
      }
    )
    #expect(large.code == .tooBig)
  }
}

/// Files: locks, backups and the log.
@Suite struct FileTests {
  private let scratch: ScratchFolder
  private var folder: String { scratch.path }

  init() throws { scratch = try ScratchFolder() }

  @Test func makesFilesForTheirOwnerAlone() throws {
    let path = folder + "/a.db"
    let before = umask(0)
    defer { umask(before) }
    try Database(path: path, mode: .readWriteCreate).execute("PRAGMA journal_mode = WAL")
    var facts = stat()
    #expect(stat(path, &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o600)
  }

  @Test func aBackupIsTheSameDatabase() throws {
    let source = try Database(path: folder + "/a.db", mode: .readWriteCreate)
    try source.execute(
      """
      PRAGMA journal_mode = WAL; CREATE TABLE t (a);
      INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50000)
        SELECT i FROM n
      """
    )
    try source.backUp(to: folder + "/b.db")
    let copy = try Database(path: folder + "/b.db", mode: .readOnly)
    #expect(try copy.prepare("SELECT sum(a) FROM t").first { $0.integer(at: 0) } == 1_250_025_000)
    #expect(try copy.pragmaLines("integrity_check") == ["ok"])
  }

  @Test func followsTheLogAndEmptiesIt() throws {
    let database = try Database(path: folder + "/a.db", mode: .readWriteCreate)
    try database.setPragma("journal_mode", to: "WAL")
    database.noteLogPages()
    try database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (randomblob(20000))")
    // Two pages for the table, then six or seven for the row.
    let pages = database.logPages
    #expect((7...12).contains(pages))
    #expect(fileSize(folder + "/a.db-wal").map { $0 > pages * 4096 } == true)
    #expect(try database.checkpoint(.passive) == (pages, pages))
    try database.checkpoint(.truncate)
    #expect(fileSize(folder + "/a.db-wal") == 0)
    #expect(fileSize(folder + "/none") == nil)
  }
}

/// A folder that goes with its files when the test does.
private final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/sqlite-tests-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  deinit { _ = system("rm -rf '\(path)'") }
}
