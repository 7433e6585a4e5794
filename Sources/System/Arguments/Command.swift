import Host

/// A program or one of its verbs: what it is called, what it takes, what its help page says.
package struct Command: Sendable {
  /// The word on the command line.
  package var name: String

  /// What it does, in one line without a full stop.
  package var summary: String

  /// Whole command lines that work, first thing on the help page.
  package var examples: [Example]

  /// What else the help page says, between examples and options; wrapped as it stands.
  package var discussion: String

  /// Taken before and after the verb.
  package var options: [any CommandOption] { makeOptions() }

  /// In order; only the last may repeat.
  package var positionals: [any CommandPositional] { makePositionals() }

  private let makeOptions: @Sendable () -> [any CommandOption]
  private let makePositionals: @Sendable () -> [any CommandPositional]

  /// The verbs; a command has verbs or positionals, not both.
  package var verbs: [Command]

  /// The program's version; only the outermost command has one.
  package var version: String?

  /// Whether it is for programs: it works, but no help page and no error names it.
  package var isHidden: Bool

  /// Creates a command.
  ///
  /// What it takes is made when it is asked for: of a program's verbs, a command line needs one.
  package init(
    _ name: String,
    summary: String,
    version: String? = nil,
    examples: [Example] = [],
    discussion: String = "",
    options: @autoclosure @escaping @Sendable () -> [any CommandOption] = [],
    positionals: @autoclosure @escaping @Sendable () -> [any CommandPositional] = [],
    verbs: [Command] = [],
    isHidden: Bool = false
  ) {
    precondition(verbs.isEmpty || positionals().isEmpty)
    self.name = name
    self.summary = summary
    self.version = version
    self.examples = examples
    self.discussion = discussion
    makeOptions = options
    makePositionals = positionals
    self.verbs = verbs
    self.isHidden = isHidden
  }

  /// The verbs that people are told of.
  package var shownVerbs: [Command] { verbs.filter { !$0.isHidden } }

  /// A command line and what it does.
  package struct Example: Sendable {
    /// The command line, starting with the program's name.
    package var line: String

    /// What it does; may be empty.
    package var says: String

    /// Creates an example.
    package init(_ line: String, _ says: String = "") {
      self.line = line
      self.says = says
    }
  }

  /// Reads a command line.
  ///
  /// - Parameters:
  ///   - arguments: Without the program's own name.
  ///   - environment: Gives a variable's value; an empty one counts as absent.
  /// - Returns: What to do.
  /// - Throws: ``UsageError`` for whatever can't be understood, the first from the left.
  package func parse(
    _ arguments: some Sequence<String>,
    environment: (String) -> String? = ProcessEnvironment.value(of:)
  ) throws(UsageError) -> Outcome {
    var parser = Parser(program: self, arguments: Array(arguments))
    return try parser.parse(environment: environment)
  }
}

/// What a command line asks for.
package enum Outcome: Sendable {
  /// To do the work.
  case run(Invocation)

  /// To print this page on standard output and end with success.
  case help(String)

  /// To print this line on standard output and end with success.
  case version(String)
}

/// A command line that was understood.
package struct Invocation: Sendable {
  /// The verb's name; empty if the program has no verbs.
  package let verb: String

  let options: [String: [any Sendable]]
  let positionals: [String: [any Sendable]]

  /// The value of an option that the command declares.
  package subscript<Value>(_ option: Option<Value>) -> Value {
    option.combine(options[option.declaration.name] ?? [])
  }

  /// The value of an argument that the command declares.
  package subscript<Value>(_ positional: Positional<Value>) -> Value {
    positional.combine(positionals[positional.declaration.name] ?? [])
  }

  /// The value of an argument that must be there.
  package subscript<Element>(_ positional: Positional<Required<Element>>) -> Element {
    let value = positional.combine(positionals[positional.declaration.name] ?? []).element
    guard let value else {
      preconditionFailure("\(positional.declaration.name) is no argument of this command")
    }
    return value
  }
}

/// Why a command line can't be understood.
package struct UsageError: Error, Equatable, Sendable {
  /// What is wrong: `unknown option --foo, did you mean --food?`.
  package let message: String

  /// The program and the verb, as far as it was understood: `customerctl list`.
  package let command: String

  /// Creates an error; programs do so for what they find wrong after parsing.
  package init(_ message: String, command: String) {
    self.message = message
    self.command = command
  }
}

extension UsageError: CustomStringConvertible {
  /// The lines for standard error, without the last line break.
  package var description: String {
    let program = command.prefix { $0 != " " }
    return "\(program): \(message)\n'\(command) --help' shows what it takes"
  }
}
