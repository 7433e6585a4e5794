/// A help page as `man` shows it: the macros of man(7), for groff and mandoc.
///
/// The page of a program holds its verbs too, so that one file is all there is to install.
struct ManPage {
  private let program: Command
  private let verb: Command?

  /// Creates the page of a program, or of one of its verbs.
  init(program: Command, verb: Command?) {
    self.program = program
    self.verb = verb
  }

  private var command: Command { verb ?? program }
  private var spokenName: String { program.name + (verb.map { " \($0.name)" } ?? "") }

  var text: String {
    let name = program.name + (verb.map { "-\($0.name)" } ?? "")
    let version = program.version.map { " \($0)" } ?? ""
    var lines = [
      #".TH "\#(Roff.text(name.uppercased()))" 1 "" "\#(Roff.text(program.name + version))""#,
      ".nh", ".ad l",
      ".SH NAME", #"\#(Roff.text(name)) \- \#(Roff.text(command.summary))"#,
      ".SH SYNOPSIS", synopsis(command, spokenName),
    ]
    if !command.discussion.isEmpty {
      lines.append(".SH DESCRIPTION")
      lines += Self.paragraphs(command.discussion)
    }
    lines += section("ARGUMENTS", HelpPage.argumentRows(command).map(Self.item))
    for section in HelpPage(program: program, verb: verb).optionSections {
      lines += self.section(section.name.uppercased(), section.rows.map(Self.item))
    }
    lines += section("COMMANDS", verb == nil ? program.shownVerbs.map(commandItem) : [])
    let examples = Self.examples(command)
    lines += section("EXAMPLES", examples.isEmpty ? [] : [examples])
    return lines.joined(separator: "\n")
  }

  private func section(_ name: String, _ items: [[String]]) -> [String] {
    items.isEmpty ? [] : [#".SH "\#(Roff.text(name))""#] + items.joined()
  }

  private func synopsis(_ command: Command, _ name: String) -> String {
    let words = HelpPage.usageWords(command).map { Roff.text($0) }
    return #"\fB\#(Roff.text(name))\fR "# + words.joined(separator: " ")
  }

  /// A verb on its program's page: all of its own page but what the program says already.
  private func commandItem(_ verb: Command) -> [String] {
    let summary = verb.summary.prefix(1).uppercased() + verb.summary.dropFirst() + "."
    var lines = [
      #".SS "\#(Roff.text(verb.name))""#, synopsis(verb, "\(program.name) \(verb.name)"), ".PP",
      Roff.text(summary),
    ]
    if !verb.discussion.isEmpty { lines += [".PP"] + Self.paragraphs(verb.discussion) }
    let options = verb.options.map { HelpPage.row($0.declaration) }
    lines += (HelpPage.argumentRows(verb) + options).flatMap(Self.item)
    return verb.examples.isEmpty ? lines : lines + [".PP"] + Self.examples(verb)
  }

  /// A name and what it is for.
  private static func item(_ row: HelpPage.Row) -> [String] {
    let name = row.first.drop { $0 == " " }
    return [".TP", #"\fB\#(Roff.text(String(name)))\fR"#, Roff.text(row.second)]
  }

  private static func examples(_ command: Command) -> [String] {
    var lines: [String] = []
    for example in command.examples {
      if !lines.isEmpty { lines.append(".PP") }
      lines += [".nf", Roff.text("$ " + example.line), ".fi"]
      if !example.says.isEmpty { lines += [".RS 4", Roff.text(example.says), ".RE"] }
    }
    return lines
  }

  /// The paragraphs of a discussion: text is filled, what has columns stays as it stands.
  private static func paragraphs(_ discussion: String) -> [String] {
    var lines: [String] = []
    let all = discussion.split(separator: "\n", omittingEmptySubsequences: false)
    for paragraph in all.split(whereSeparator: \.isEmpty) {
      if !lines.isEmpty { lines.append(".PP") }
      let rows = paragraph.map { Roff.text(String($0)) }
      let hasColumns = rows.contains { $0.contains("  ") }
      lines += hasColumns ? [".nf"] + rows + [".fi"] : rows
    }
    return lines
  }
}

/// How text is written in groff's language.
private enum Roff {
  /// A text as it stands, wherever in a line and in quotes too.
  ///
  /// Source: groff_char(7). What groff would turn into typographic signs stays what a shell takes.
  static func text(_ text: String) -> String {
    var result = text.first == "." ? #"\&"# : ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case #"\"#: result += #"\(rs"#
      case "-": result += #"\-"#
      case "'": result += #"\(aq"#
      case "\"": result += #"\(dq"#
      case "`": result += #"\(ga"#
      case "^": result += #"\(ha"#
      case "~": result += #"\(ti"#
      case _ where scalar.value > 0x7E:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += #"\[u"# + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
