import Arguments
import TestSupport
import Testing

@Suite struct CommandTests {
  @Test func takesSharedOptionsOnBothSidesOfTheVerb() throws {
    let before = try Sample.parse("--socket", "/a", "list")
    let after = try Sample.parse("list", "--socket", "/a")
    #expect(before[Sample.socket] == "/a")
    #expect(after[Sample.socket] == "/a")
    #expect(before.verb == "list" && after.verb == "list")
  }

  @Test func theLastOfSeveralCounts() throws {
    #expect(try Sample.parse("-s", "/a", "list", "--socket=/b")[Sample.socket] == "/b")
  }

  @Test(arguments: [
    ["-n", "7"], ["-n7"], ["--limit", "7"], ["--limit=7"], ["-an7"], ["-van", "7"],
  ])
  func takesAValueInEveryForm(_ form: [String]) throws {
    guard case .run(let invocation) = try Sample.program.parse(["list"] + form) else {
      Issue.record("no call")
      return
    }
    #expect(invocation[Sample.limit] == 7)
  }

  @Test func aValueMayBeEmptyOrHoldAnEqualsSignOrStartWithADash() throws {
    let invocation = try Sample.parse("copy", "f", "--map=", "--map", "a=b=c", "--map", "-x")
    #expect(invocation[Sample.map] == ["", "a=b=c", "-x"])
  }

  @Test func defaultsHoldWhereNothingIsSaid() throws {
    let invocation = try Sample.parse("copy", "f")
    #expect(invocation[Sample.socket] == nil)
    #expect(invocation[Sample.format] == .table)
    #expect(!invocation[Sample.verbose])
    #expect(invocation[Sample.grace] == .seconds(10))
    #expect(invocation[Sample.size] == 4_194_304)
    #expect(invocation[Sample.mode] == 0o600)
    #expect(invocation[Sample.map].isEmpty)
    #expect(invocation[Sample.file] == "f")
    #expect(invocation[Sample.target] == nil)
  }

  @Test func theEnvironmentStandsBetweenDefaultAndCommandLine() throws {
    let environment = ["SAMPLE_SOCKET": "/e", "SAMPLE_MODE": "0660"]
    let quiet = try Sample.parse("copy", "f", environment: environment)
    #expect(quiet[Sample.socket] == "/e")
    #expect(quiet[Sample.mode] == 0o660)
    let spoken = try Sample.parse("copy", "f", "--socket", "/a", environment: environment)
    #expect(spoken[Sample.socket] == "/a")
  }

  @Test func anEmptyVariableCountsAsAbsent() throws {
    #expect(try Sample.parse("list", environment: ["SAMPLE_SOCKET": ""])[Sample.socket] == nil)
  }

  @Test func twoDashesEndTheOptions() throws {
    let invocation = try Sample.parse("copy", "--", "--map", "-v")
    #expect(invocation[Sample.file] == "--map")
    #expect(invocation[Sample.target] == "-v")
    #expect(!invocation[Sample.verbose])
  }

  @Test func aDashIsAnArgument() throws {
    #expect(try Sample.parse("copy", "-")[Sample.file] == "-")
  }

  @Test func repeatingArgumentsTakeTheRest() throws {
    #expect(try Sample.parse("drop", "a", "-v", "b", "c")[Sample.ids] == ["a", "b", "c"])
  }

  @Test func aProgramNeedsNoVerbs() throws {
    guard case .run(let invocation) = try Sample.plain.parse(["a", "help"]) else {
      Issue.record("no call")
      return
    }
    let files = Positional(repeating: "FILE", .path)
    #expect(invocation[files] == ["a", "help"])
    #expect(invocation.verb.isEmpty)
  }

  @Test(arguments: [
    ["--help"], ["-h"], ["help"], ["-v", "--help"], ["help", "--verbose"], ["-vh"],
  ])
  func helpShowsTheProgramsPage(_ line: [String]) throws {
    guard case .help(let page) = try Sample.program.parse(line) else {
      Issue.record("no page")
      return
    }
    try expectGolden(page, "help.txt")
  }

  @Test(arguments: [["copy", "--help"], ["help", "copy"], ["copy", "-h", "--nonsense"]])
  func helpShowsAVerbsPage(_ line: [String]) throws {
    guard case .help(let page) = try Sample.program.parse(line) else {
      Issue.record("no page")
      return
    }
    try expectGolden(page, "help-copy.txt")
  }

  @Test func helpOfAProgramWithoutVerbs() throws {
    guard case .help(let page) = try Sample.plain.parse(["--help"]) else {
      Issue.record("no page")
      return
    }
    try expectGolden(page, "help-plain.txt")
  }

  @Test func showsTheVersion() throws {
    guard case .version(let line) = try Sample.program.parse(["--version"]) else {
      Issue.record("no version")
      return
    }
    #expect(line == "sample 1.2.3")
  }
}
