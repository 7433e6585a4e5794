import Arguments
import TestSupport
import Testing

@Suite struct ManPageTests {
  @Test(arguments: [["--man"], ["help", "--man"], ["--man", "nonsense"]])
  func aProgramsPageHoldsItsVerbs(_ line: [String]) throws {
    try expectGolden(try page(of: Sample.program, line), "sample.1")
  }

  @Test(arguments: [["help", "--man", "copy"], ["help", "copy", "--man"], ["copy", "--man"]])
  func aVerbHasAPageOfItsOwn(_ line: [String]) throws {
    try expectGolden(try page(of: Sample.program, line), "sample-copy.1")
  }

  @Test func aProgramNeedsNoVerbs() throws {
    try expectGolden(try page(of: Sample.plain, ["--man"]), "plain.1")
  }

  /// groff_char(7): what a shell takes stands there as it is typed.
  @Test func signsStayWhatTheyAre() throws {
    let program = Command(
      "p",
      summary: "is a program",
      examples: [.init(#"p --a 'b' "c" `d` ~e ^f \n"#)],
      discussion: """
        .begins with a point
        'begins with a quote

        name   a column
        · é 😀
        """
    )
    let text = try page(of: program, ["--man"])
    #expect(text.contains(#"$ p \-\-a \(aqb\(aq \(dqc\(dq \(gad\(ga \(tie \(haf \(rsn"#))
    #expect(
      text.contains(
        #"""
        .SH DESCRIPTION
        \&.begins with a point
        \(aqbegins with a quote
        .PP
        .nf
        name   a column
        \[u00B7] \[u00E9] \[u1F600]
        .fi
        """#
      )
    )
  }

  @Test func aHiddenVerbStaysHidden() throws {
    let program = Command(
      "p",
      summary: "is a program",
      verbs: [Command("complete", summary: "is for shells", isHidden: true)]
    )
    #expect(try !page(of: program, ["--man"]).contains("complete"))
  }

  private func page(of program: Command, _ line: [String]) throws -> String {
    guard case .help(let page) = try program.parse(line) else {
      Issue.record("no page")
      return ""
    }
    return page
  }
}
