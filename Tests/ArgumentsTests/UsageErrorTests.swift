import Arguments
import Testing

@Suite struct UsageErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var line: String
    var message: String
    var environment: [String: String] = [:]

    var testDescription: String { line }
  }

  @Test(arguments: [
    Case(line: "", message: "a command is missing: list, copy, drop"),
    Case(line: "lsit", message: "unknown command 'lsit', did you mean 'list'?"),
    Case(line: "elephant", message: "unknown command 'elephant'"),
    Case(line: "help nonsense", message: "unknown command 'nonsense'"),
    Case(line: "list --lmit 5", message: "unknown option --lmit, did you mean --limit?"),
    Case(line: "list --verb", message: "unknown option --verb, did you mean --verbose?"),
    Case(line: "list --hlep", message: "unknown option --hlep, did you mean --help?"),
    Case(line: "list --zebra", message: "unknown option --zebra"),
    Case(line: "list -x", message: "unknown option -x"),
    Case(line: "--limit 5 list", message: "--limit belongs to 'list': it stands after the command"),
    Case(line: "list --limit", message: "--limit needs a value: --limit N"),
    Case(line: "list -n", message: "-n needs a value: -n N"),
    Case(line: "list --limit -- 5", message: "--limit needs a value: --limit N"),
    Case(line: "list --all=yes", message: "--all takes no value"),
    Case(line: "list --limit=abc", message: "--limit: 'abc' is not a whole number"),
    Case(line: "list --limit=", message: "--limit: '' is not a whole number"),
    Case(line: "list --limit 0", message: "--limit: 0 is under the minimum of 1"),
    Case(line: "list -n1001", message: "-n: 1001 is over the maximum of 1000"),
    Case(
      line: "list --limit 99999999999999999999",
      message: "--limit: '99999999999999999999' is not a whole number"
    ),
    Case(
      line: "list -o jsn",
      message: "-o: 'jsn' is not one of table, json, csv, did you mean json?"
    ),
    Case(line: "list -o xml", message: "-o: 'xml' is not one of table, json, csv"),
    Case(line: "list --socket=", message: "--socket: a path may not be empty"),
    Case(line: "list extra", message: "unexpected argument 'extra'"),
    Case(line: "copy", message: "FILE is missing"),
    Case(line: "copy a b c", message: "unexpected argument 'c'"),
    Case(line: "drop", message: "ID is missing"),
    Case(
      line: "copy a --grace 10",
      message: "--grace: '10' is not a time such as 500ms, 10s or 5m"
    ),
    Case(line: "copy a --grace 2h", message: "--grace: 2h is over the maximum of 1h"),
    Case(
      line: "copy a --message-size 4mb",
      message: "--message-size: '4mb' is not a size such as 4096, 64KiB or 4MiB"
    ),
    Case(
      line: "copy a --message-size 1B",
      message: "--message-size: 1 is under the minimum of 1KiB"
    ),
    Case(
      line: "copy a --message-size 17MiB",
      message: "--message-size: 17MiB is over the maximum of 16MiB"
    ),
    Case(line: "copy a --mode 0888", message: "--mode: '0888' is not an octal mode such as 0600"),
    Case(
      line: "copy a",
      message: "$SAMPLE_MODE: 'rw' is not an octal mode such as 0600",
      environment: ["SAMPLE_MODE": "rw"]
    ),
  ])
  func saysWhatIsWrong(_ wrong: Case) {
    let arguments = wrong.line.split(separator: " ").map(String.init)
    let error = #expect(throws: UsageError.self) {
      _ = try Sample.program.parse(arguments) { wrong.environment[$0] }
    }
    #expect(error?.message == wrong.message)
  }

  @Test func aFlagTakesNoValueBehindItsLetter() {
    let error = #expect(throws: UsageError.self) { try Sample.parse("list", "-aq") }
    #expect(error?.message == "unknown option -q")
  }

  @Test func namesTheCommandWhoseHelpToRead() {
    let error = #expect(throws: UsageError.self) { try Sample.parse("list", "--lmit") }
    #expect(
      error.map { "\($0)" } == """
        sample: unknown option --lmit, did you mean --limit?
        'sample list --help' shows what it takes
        """
    )
  }

  @Test func controlCharactersNeverReachTheTerminal() {
    let error = #expect(throws: UsageError.self) { try Sample.parse("list", "a\u{1B}[2J\u{202E}b") }
    #expect(error?.message == #"unexpected argument 'a\u{1B}[2J\u{202E}b'"#)
    let option = #expect(throws: UsageError.self) { try Sample.parse("list", "--a\u{7}") }
    #expect(option?.message == #"unknown option --a\u{07}"#)
  }

  @Test func repeatsAtMostAHundredCodePointsOfWhatIsWrong() {
    let fits = String(repeating: "x", count: 100)
    let error = #expect(throws: UsageError.self) { try Sample.parse("list", fits) }
    #expect(error?.message == "unexpected argument '\(fits)'")
    let longer = #expect(throws: UsageError.self) { try Sample.parse("list", fits + "y") }
    #expect(longer?.message == "unexpected argument '\(fits)…'")
  }
}
