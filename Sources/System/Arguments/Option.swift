/// An option of a command: `--limit N`, `-o FORMAT`, `--yes`.
///
/// Declared once as a constant, listed in a ``Command`` and used as the key to its value:
///
///     let limit = Option("limit", .integer(1...1000), default: 100, help: "rows at most")
///     let invocation = ...
///     invocation[limit]  // an Int
///
/// `Value` is what the option comes to: `Bool` for a flag, the kind's value where there is a
/// default, an optional where there is none, an array where the option may be repeated. An option
/// that can't be repeated counts as it was given last.
package struct Option<Value: Sendable>: CommandOption {
  package let declaration: OptionDeclaration
  let combine: @Sendable ([any Sendable]) -> Value

  /// Declares an option without a default: absent, it is nil.
  ///
  /// - Parameters:
  ///   - name: The long name, without dashes.
  ///   - short: The letter, if it has one.
  ///   - kind: How its value is read.
  ///   - environment: The variable that gives the value when the command line doesn't.
  ///   - note: What happens when it is absent, for the help page: `table on a terminal`.
  ///   - section: The heading of the help page it stands under; nil is `options`.
  ///   - help: What it is for, in one line.
  package init<Element: Sendable>(
    _ name: String,
    short: Character? = nil,
    _ kind: ValueKind<Element>,
    environment: String? = nil,
    note: String? = nil,
    section: String? = nil,
    help: String
  ) where Value == Element? {
    declaration = OptionDeclaration(
      name: name,
      short: short,
      environment: environment,
      note: note,
      section: section,
      help: help,
      value: AnyValueKind(kind)
    )
    combine = { $0.last as? Element }
  }

  /// Declares an option with a default.
  package init(
    _ name: String,
    short: Character? = nil,
    _ kind: ValueKind<Value>,
    default: Value,
    environment: String? = nil,
    section: String? = nil,
    help: String
  ) {
    declaration = OptionDeclaration(
      name: name,
      short: short,
      environment: environment,
      note: kind.write(`default`),
      section: section,
      help: help,
      value: AnyValueKind(kind)
    )
    combine = { $0.last as? Value ?? `default` }
  }

  /// Declares an option that may be given any number of times.
  package init<Element: Sendable>(
    repeating name: String,
    short: Character? = nil,
    _ kind: ValueKind<Element>,
    section: String? = nil,
    help: String
  ) where Value == [Element] {
    declaration = OptionDeclaration(
      name: name,
      short: short,
      isRepeatable: true,
      section: section,
      help: help,
      value: AnyValueKind(kind)
    )
    combine = { $0.compactMap { $0 as? Element } }
  }

  /// Declares an option without a value: present, it is true.
  package init(
    flag name: String,
    short: Character? = nil,
    section: String? = nil,
    help: String
  ) where Value == Bool {
    declaration = OptionDeclaration(name: name, short: short, section: section, help: help)
    combine = { !$0.isEmpty }
  }
}

/// An ``Option`` whatever its value.
package protocol CommandOption: Sendable {
  /// What the parser and the help page know of it.
  var declaration: OptionDeclaration { get }
}

/// What the parser and the help page know of an option.
package struct OptionDeclaration: Sendable {
  /// The long name, without dashes.
  package var name: String

  /// The letter of the short form.
  package var short: Character?

  /// The variable that gives the value when the command line doesn't.
  package var environment: String?

  /// Whether every occurrence counts.
  package var isRepeatable = false

  /// The default as the help page shows it.
  package var note: String?

  /// The heading of the help page it stands under; nil is `options`.
  package var section: String?

  /// What it is for, in one line.
  package var help: String

  /// How its value is read; nil for a flag.
  package var value: AnyValueKind?
}

/// A ``ValueKind`` whatever its value.
package struct AnyValueKind: Sendable {
  /// What stands for the value in help.
  package let placeholder: String

  /// The values there are, if they can be counted.
  package let choices: [String]

  let read: @Sendable (String) throws(ValueError) -> any Sendable

  init<Value: Sendable>(_ kind: ValueKind<Value>) {
    placeholder = kind.placeholder
    choices = kind.choices
    let read = kind.read
    self.read = { text throws(ValueError) in try read(text) }
  }
}

/// An argument without a name: `FILE`, `ID...`.
package struct Positional<Value: Sendable>: CommandPositional {
  package let declaration: PositionalDeclaration
  let combine: @Sendable ([any Sendable]) -> Value

  /// Declares an argument that may be left out.
  package init<Element: Sendable>(
    optional name: String,
    _ kind: ValueKind<Element>,
    help: String = ""
  ) where Value == Element? {
    declaration = PositionalDeclaration(
      name: name,
      countMin: 0,
      countMax: 1,
      help: help,
      value: AnyValueKind(kind)
    )
    combine = { $0.last as? Element }
  }

  /// Declares an argument that must be there; read it with ``Invocation/subscript(_:)-required``.
  package init<Element: Sendable>(
    _ name: String,
    _ kind: ValueKind<Element>,
    help: String = ""
  ) where Value == Required<Element> {
    declaration = PositionalDeclaration(
      name: name,
      countMin: 1,
      countMax: 1,
      help: help,
      value: AnyValueKind(kind)
    )
    combine = { Required(element: $0.last as? Element) }
  }

  /// Declares an argument that takes all that is left, `minimum` at least.
  package init<Element: Sendable>(
    repeating name: String,
    _ kind: ValueKind<Element>,
    minimum: Int = 1,
    help: String = ""
  ) where Value == [Element] {
    declaration = PositionalDeclaration(
      name: name,
      countMin: minimum,
      countMax: .max,
      help: help,
      value: AnyValueKind(kind)
    )
    combine = { $0.compactMap { $0 as? Element } }
  }
}

/// The value of an argument without which the parser reports a missing one.
package struct Required<Element: Sendable>: Sendable {
  let element: Element?
}

/// A ``Positional`` whatever its value.
package protocol CommandPositional: Sendable {
  /// What the parser and the help page know of it.
  var declaration: PositionalDeclaration { get }
}

/// What the parser and the help page know of an argument.
package struct PositionalDeclaration: Sendable {
  /// What stands for it in help and errors: `FILE`.
  package var name: String

  /// How many must be there.
  package var countMin: Int

  /// How many may be there.
  package var countMax: Int

  /// What it is, in one line; may be empty.
  package var help: String

  /// How its value is read.
  package var value: AnyValueKind
}
