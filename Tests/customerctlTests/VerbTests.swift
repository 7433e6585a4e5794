import Arguments
import TestSupport
import Testing

@testable import customerctl

/// A verb is a case, and everything else about it follows.
@Suite struct VerbTests {
  private static let shown = Verb.allCases.filter { !$0.command.isHidden }

  @Test(arguments: Verb.allCases)
  func everyVerbIsFoundByItsWord(_ verb: Verb) {
    #expect(verb.command.name == verb.rawValue)
  }

  @Test(arguments: shown)
  func helpIsAPageOfItsOwn(_ verb: Verb) async throws {
    let run = try await TestRun([verb.rawValue, "--help"])
    #expect(run.status == 0)
    try expectGolden(String(run.output.dropLast()), "help-\(verb.rawValue).txt")
  }

  @Test func theProgramsPageNamesEveryVerbForPeople() async throws {
    let run = try await TestRun(["--help"])
    #expect(run.status == 0)
    try expectGolden(String(run.output.dropLast()), "help.txt")
    for verb in Verb.allCases {
      #expect(run.output.contains("\n  \(verb.rawValue) ") == Self.shown.contains(verb), "\(verb)")
    }
  }
}
