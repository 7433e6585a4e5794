/// The text that `--help` prints: examples first, then what can be said, at most 80 columns wide.
struct HelpPage {
  private let program: Command
  private let verb: Command?

  /// Creates the page of a program, or of one of its verbs.
  init(program: Command, verb: Command?) {
    self.program = program
    self.verb = verb
  }

  /// The widest line, unless an example is wider.
  private static let columnsMax = 80

  /// Where the second column starts at most; a longer first column gets a line of its own.
  private static let secondColumnMax = 30

  private var command: Command { verb ?? program }

  var text: String {
    let title = program.name + (verb.map { " \($0.name)" } ?? "")
    var sections = ["\(title): \(command.summary)"]
    if !command.examples.isEmpty { sections.append(examples) }
    sections.append("usage: " + ([title] + Self.usageWords(command)).joined(separator: " "))
    if !command.discussion.isEmpty { sections.append(command.discussion) }
    sections += [
      section("arguments", Self.argumentRows(command)), section("commands", verbRows),
    ]
    sections += optionSections.map { section($0.name, $0.rows) }
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var examples: String {
    var lines = ["examples:"]
    for example in command.examples {
      lines.append("  \(example.line)")
      if !example.says.isEmpty { lines.append("      \(example.says)") }
    }
    return lines.joined(separator: "\n")
  }

  /// What stands behind a command's name on its command line.
  static func usageWords(_ command: Command) -> [String] {
    var words = ["[OPTION]..."]
    if !command.verbs.isEmpty { words.append("COMMAND ...") }
    for positional in command.positionals.map(\.declaration) {
      let many = positional.countMax > 1 ? "..." : ""
      words.append(
        positional.countMin == 0 ? "[\(positional.name)]\(many)" : "\(positional.name)\(many)"
      )
    }
    return words
  }

  /// A name and what it is for.
  typealias Row = (first: String, second: String)

  /// A command's arguments that need words.
  static func argumentRows(_ command: Command) -> [Row] {
    command.positionals.map(\.declaration).filter { !$0.help.isEmpty }.map { ($0.name, $0.help) }
  }

  private var verbRows: [Row] {
    guard !command.verbs.isEmpty else { return [] }
    let help: Row = ("help", "shows this page, or a command's")
    return command.shownVerbs.map { ($0.name, $0.summary) } + [help]
  }

  /// The headings in the order in which the options name them, the verb's before the program's.
  var optionSections: [(name: String, rows: [Row])] {
    let own = (verb?.options ?? []).map(\.declaration)
    let shared = program.options.map(\.declaration)
    var names: [String] = []
    var rows: [String: [Row]] = [:]
    for option in own + shared {
      let name = option.section ?? "options"
      if rows[name] == nil { names.append(name) }
      rows[name, default: []].append(Self.row(option))
    }
    if rows["options"] == nil { names.insert("options", at: 0) }
    rows["options", default: []].append(("-h, --help", "shows this page"))
    if verb == nil {
      rows["options", default: []].append(("    --man", "shows this page as man reads it"))
    }
    if program.version != nil {
      rows["options", default: []].append(("    --version", "shows the version"))
    }
    return names.map { ($0, rows[$0] ?? []) }
  }

  /// An option, what it is for, and what it is when it isn't given.
  static func row(_ option: OptionDeclaration) -> Row {
    var first = option.short.map { "-\($0), " } ?? "    "
    first += "--\(option.name)"
    if let kind = option.value { first += " \(kind.placeholder)" }
    if option.isRepeatable { first += " ..." }
    let variable = option.environment.map { "$\($0)" }
    let defaults = [variable, option.note].compactMap { $0 }.joined(separator: ", else ")
    return (first, option.help + (defaults.isEmpty ? "" : " [\(defaults)]"))
  }

  private func section(_ name: String, _ rows: [Row]) -> String {
    guard !rows.isEmpty else { return "" }
    let widest = rows.map(\.first.count).max() ?? 0
    let column = min(widest + 4, Self.secondColumnMax)
    let margin = String(repeating: " ", count: column)
    var lines = ["\(name):"]
    for row in rows {
      let wrapped = Self.wrap(row.second, width: Self.columnsMax - column)
      if row.first.count + 4 > column {
        lines.append("  \(row.first)")
        lines += wrapped.map { margin + $0 }
      } else {
        let gap = String(repeating: " ", count: column - 2 - row.first.count)
        lines.append("  \(row.first)\(gap)\(wrapped.first ?? "")")
        lines += wrapped.dropFirst().map { margin + $0 }
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Breaks a text at spaces; a longer word keeps its length.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
