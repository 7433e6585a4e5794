import Arguments
import Testing

@Suite struct HiddenVerbTests {
  private let program = Command(
    "p",
    summary: "is a program",
    verbs: [
      Command("complete", summary: "is for shells", isHidden: true),
      Command("copy", summary: "copies"),
    ]
  )

  @Test func itWorks() throws {
    guard case .run(let invocation) = try program.parse(["complete"], environment: { _ in nil })
    else {
      Issue.record("no call")
      return
    }
    #expect(invocation.verb == "complete")
  }

  @Test func noPageAndNoErrorNamesIt() throws {
    guard case .help(let page) = try program.parse(["--help"], environment: { _ in nil }) else {
      Issue.record("no page")
      return
    }
    #expect(page.contains("copy") && !page.contains("complete"))
    #expect(throws: UsageError("unknown command 'complet'", command: "p")) {
      try program.parse(["complet"], environment: { _ in nil })
    }
    #expect(throws: UsageError("a command is missing: copy", command: "p")) {
      try program.parse([], environment: { _ in nil })
    }
  }
}
