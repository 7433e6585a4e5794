import Foundation
import TestSupport
import Testing

/// What the programs print to be installed beside them.
@Suite struct UnitsAndPages {
  /// Where the units that are kept as examples say that the daemon lies.
  private static let examplePath = "/home/ann/.local/bin/customerd"

  /// A unit as `customerd` prints it, without this machine's path in it.
  private func unit(_ arguments: String...) async throws -> String {
    let daemon = try Program.built("customerd")
    let run = try await daemon.finish(arguments, environment: Self.nothingSet)
    #expect(run.status == 0, "\(run.errors)")
    return run.text.replacingOccurrences(of: daemon.path, with: Self.examplePath)
  }

  private static let nothingSet = ["CUSTOMERS_SOCKET": "", "CUSTOMERS_DATABASE": ""]

  @Test(arguments: ["service", "socket"])
  func unitsAreAsTheyAreKept(kind: String) async throws {
    let printed = try await unit("--systemd", kind)
    if environment("UPDATE_GOLDEN") == "1" {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Data/customers.\(kind)")
      try Data(printed.utf8).write(to: file, options: .atomic)
    }
    let kept = try String(contentsOfFile: testData("customers.\(kind)"), encoding: .utf8)
    #expect(printed == kept)
  }

  @Test(.enabled(if: ExternalTool.isExpected("systemd-analyze")))
  func systemdFindsNothingWrongInThem() async throws {
    let folder = try TemporaryFolder()
    let odd = folder.file("a b%t $HOME \"c\"")
    let daemon = try Program.built("customerd")
    for kind in ["service", "socket"] {
      let run = try await daemon.finish(
        ["--systemd=\(kind)", "--socket", "\(odd).sock", "--database", odd, "--log", "json"],
        environment: Self.nothingSet
      )
      _ = try folder.write(run.text, to: "customers.\(kind)")
    }
    let analyze = Program(path: try #require(ExternalTool.path(of: "systemd-analyze")))
    let units = ["customers.service", "customers.socket"].map(folder.file)
    let run = try await analyze.finish(
      ["verify", "--user", "--man=no"] + units,
      environment: ["XDG_RUNTIME_DIR": folder.path]
    )
    let complaints = run.errors.split(separator: "\n").filter { $0.contains("customers.") }
    #expect(run.status == 0, "\(run.errors)")
    #expect(complaints == [])
  }

  /// systemd.service(5), "Command lines"; systemd.unit(5), "Specifiers".
  @Test func theOtherOptionsBecomeTheServices() async throws {
    let text = try await unit(
      "--log",
      "json",
      "--systemd",
      "service",
      "--database",
      "/data/a b/%n \"$x\"\\.db"
    )
    #expect(
      text.contains(
        #"ExecStart=\#(Self.examplePath) --log json --database "/data/a b/%%n \"$$x\"\\.db""# + "\n"
      )
    )
  }

  @Test func theSocketsOptionsBecomeTheSockets() async throws {
    let text = try await unit(
      "--systemd=socket",
      "--socket",
      "/run/x/50%.sock",
      "--socket-mode",
      "0660"
    )
    #expect(text.contains("ListenStream=/run/x/50%%.sock\nSocketMode=0660\n"))
  }

  @Test(arguments: [
    ["--socket", "s.sock"], ["--database", "customers.db"], ["--socket", "/a\nExecStart=/b"],
    ["--check"], ["--rebuild"], ["--systemd", "timer"],
  ])
  func whatNoUnitCanHaveIsAUsageError(arguments: [String]) async throws {
    let run = try await Program.built("customerd").finish(["--systemd", "socket"] + arguments)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
  }

  /// Every page is typeset without a warning, and says what the help page says.
  @Test(
    .enabled(if: ExternalTool.isExpected("groff")),
    arguments: ["customerd", "customerctl", "customerbench", "schemac"]
  )
  func pagesForManAreTypesetWithoutAWarning(name: String) async throws {
    let program = try Program.built(name)
    let page = try await program.finish(["--man"])
    let shown = try await typeset(page)
    let help = try await program.finish(["--help"]).text
    #expect(shown.contains("SYNOPSIS"))
    for option in help.split(separator: " ") where option.hasPrefix("--") {
      #expect(shown.contains(option.prefix { !$0.isWhitespace && $0 != "=" && $0 != "," }))
    }
  }

  @Test(.enabled(if: ExternalTool.isExpected("groff")))
  func verbsPagesAreTypesetWithoutAWarning() async throws {
    let program = try Program.built("customerctl")
    let whole = try await typeset(program.finish(["help", "--man"]))
    let help = try await program.finish(["--help"]).text
    let verbs = help.components(separatedBy: "commands:\n")[1].split(separator: "\n\n")[0]
      .split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(verbs.contains("list") && verbs.contains("help"))
    for verb in verbs where verb != "help" {
      let page = try await typeset(program.finish(["help", "--man", verb]))
      #expect(page.contains("customerctl-\(verb)"))
      #expect(whole.contains("\n   \(verb)\n"))
      let lines = try await program.finish(["help", verb]).text.split(separator: "\n")
      for line in lines where line.hasPrefix("  customerctl ") || line.hasPrefix("  customerd ") {
        let example = line.trimmingCharacters(in: .whitespaces)
        #expect(page.contains(example))
        #expect(whole.contains(example))
      }
    }
  }

  /// A page as a terminal shows it.
  private func typeset(_ page: Program.Result) async throws -> String {
    #expect(page.status == 0, "\(page.errors)")
    let groff = Program(path: try #require(ExternalTool.path(of: "groff")))
    let run = try await groff.finish(
      ["-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=100n"],
      input: page.output
    )
    #expect(run.status == 0)
    #expect(run.errors.isEmpty, "\(run.errors)")
    return run.text
  }
}
