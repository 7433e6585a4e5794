/// One command line being read, from left to right.
struct Parser {
  private let program: Command
  private let arguments: [String]
  private var next = 0

  private var verb: Command?
  private var options: [String: [any Sendable]] = [:]
  private var words: [String] = []
  private var wantsHelp = false
  private var wantsMan = false
  private var wantsVersion = false

  init(program: Command, arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  mutating func parse(environment: (String) -> String?) throws(UsageError) -> Outcome {
    var optionsEnded = false
    while next < arguments.count {
      let argument = arguments[next]
      next += 1
      if optionsEnded || argument == "-" || !argument.hasPrefix("-") {
        try takeWord(argument)
      } else if argument == "--" {
        optionsEnded = true
      } else if argument.hasPrefix("--") {
        try takeLong(argument.dropFirst(2))
      } else {
        try takeShort(argument.dropFirst())
      }
      // What is asked for by name is given at once, whatever else is wrong with the line.
      if wantsHelp { return .help(HelpPage(program: program, verb: verb).text) }
      if wantsMan { return .help(ManPage(program: program, verb: verb).text) }
      if wantsVersion { return .version("\(program.name) \(program.version ?? "")") }
    }
    if !program.verbs.isEmpty, verb == nil {
      throw error("a command is missing: " + program.shownVerbs.map(\.name).joined(separator: ", "))
    }
    let positionals = try assignWords()
    try takeEnvironment(environment)
    return .run(Invocation(verb: verb?.name ?? "", options: options, positionals: positionals))
  }

  // MARK: Words

  private mutating func takeWord(_ word: String) throws(UsageError) {
    guard !program.verbs.isEmpty, verb == nil else {
      words.append(word)
      return
    }
    if let found = program.verbs.first(where: { $0.name == word }) {
      verb = found
      return
    }
    if word == "help" {
      try takeHelpVerb()
      return
    }
    let near = Words.nearest(to: word, among: program.shownVerbs.map(\.name) + ["help"])
    throw error("unknown command \(Words.quoted(word))" + Words.didYouMean(near.map { "'\($0)'" }))
  }

  /// `help` alone is the program's page, `help VERB` the verb's; with `--man` it is for `man`.
  private mutating func takeHelpVerb() throws(UsageError) {
    while next < arguments.count {
      let word = arguments[next]
      next += 1
      if word == "--man" { wantsMan = true }
      if !word.hasPrefix("-"), verb == nil { try takeWord(word) }
    }
    wantsHelp = !wantsMan
  }

  private func assignWords() throws(UsageError) -> [String: [any Sendable]] {
    var values: [String: [any Sendable]] = [:]
    var rest = words[...]
    for positional in (verb ?? program).positionals.map(\.declaration) {
      let taken = rest.prefix(positional.countMax)
      rest = rest.dropFirst(taken.count)
      if taken.count < positional.countMin {
        throw error("\(positional.name) is missing")
      }
      for word in taken {
        values[positional.name, default: []].append(
          try read(word, positional.value, for: positional.name)
        )
      }
    }
    if let extra = rest.first {
      throw error("unexpected argument \(Words.quoted(extra))")
    }
    return values
  }

  // MARK: Options

  /// The options that may stand here: the verb's, once it is known, and the program's.
  private var known: [OptionDeclaration] {
    ((verb?.options ?? []) + program.options).map(\.declaration)
  }

  private mutating func takeLong(_ argument: Substring) throws(UsageError) {
    let name = argument.prefix { $0 != "=" }
    let attached = name.endIndex < argument.endIndex ? argument[name.endIndex...].dropFirst() : nil
    if attached == nil, name == "help" {
      wantsHelp = true
      return
    }
    if attached == nil, name == "man" {
      wantsMan = true
      return
    }
    if attached == nil, name == "version", program.version != nil {
      wantsVersion = true
      return
    }
    guard let option = known.first(where: { $0.name == name }) else {
      throw unknownOption(String(name))
    }
    try take(option, written: "--\(name)", attached: attached)
  }

  /// Takes `-o value`, `-ovalue`, and flags behind one dash.
  private mutating func takeShort(_ letters: Substring) throws(UsageError) {
    var rest = letters
    while let letter = rest.popFirst() {
      guard let option = known.first(where: { $0.short == letter }) else {
        guard letter == "h" else { throw error("unknown option " + Words.escaped("-\(letter)")) }
        wantsHelp = true
        return
      }
      guard option.value != nil else {
        try take(option, written: "-\(letter)", attached: nil)
        continue
      }
      try take(option, written: "-\(letter)", attached: rest.isEmpty ? nil : rest)
      return
    }
  }

  private mutating func take(
    _ option: OptionDeclaration,
    written: String,
    attached: Substring?
  ) throws(UsageError) {
    guard let kind = option.value else {
      if attached != nil { throw error("\(written) takes no value") }
      options[option.name, default: []].append(true)
      return
    }
    let text: String
    if let attached {
      text = String(attached)
    } else if next < arguments.count, arguments[next] != "--" {
      text = arguments[next]
      next += 1
    } else {
      throw error("\(written) needs a value: \(written) \(kind.placeholder)")
    }
    options[option.name, default: []].append(try read(text, kind, for: written))
  }

  /// Gives what the command line left open and the environment sets.
  private mutating func takeEnvironment(
    _ environment: (String) -> String?
  ) throws(UsageError) {
    for option in known where options[option.name] == nil {
      guard let kind = option.value, let name = option.environment,
        let text = environment(name), !text.isEmpty
      else { continue }
      options[option.name] = [try read(text, kind, for: "$\(name)")]
    }
  }

  // MARK: Errors

  private func unknownOption(_ name: String) -> UsageError {
    if verb == nil,
      let owner = program.verbs.first(where: { $0.options.contains { $0.declaration.name == name } }
      )
    {
      return error("--\(name) belongs to '\(owner.name)': it stands after the command")
    }
    var names = known.map(\.name) + ["help", "man"]
    if program.version != nil { names.append("version") }
    let near = Words.nearest(to: name, among: names)
    return error(
      "unknown option --\(Words.escaped(name))" + Words.didYouMean(near.map { "--\($0)" })
    )
  }

  private func read(
    _ text: String,
    _ kind: AnyValueKind,
    for name: String
  ) throws(UsageError) -> any Sendable {
    do {
      return try kind.read(text)
    } catch {
      throw self.error("\(name): \(error.message)")
    }
  }

  private func error(_ message: String) -> UsageError {
    UsageError(message, command: program.name + (verb.map { " \($0.name)" } ?? ""))
  }
}
