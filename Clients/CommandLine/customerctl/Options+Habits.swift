import Arguments

// What several verbs can be told, and the verbs for people at a terminal and for their shells.

extension Options {
  static let dryRun = Option(
    flag: "dry-run",
    help: "writes nothing and shows what would be"
  )
  static let noHints = Option(
    flag: "no-hints",
    help: "doesn't look for other customers with the same e-mail address or phone"
  )
  static let fields = Option(
    "fields",
    .text.named("FIELD,..."),
    help: "prints these fields only, such as lastName,phones,attributes.tier"
  )
  static let noPager = Option(
    flag: "no-pager",
    help: "prints long tables on a terminal without $PAGER"
  )

  static let method = Positional(
    optional: "METHOD",
    .text,
    help: "the method, such as GetCustomer; without one all are listed"
  )
  static let request = Positional(
    optional: "JSON",
    .text,
    help: "the request; - reads standard input"
  )
  static let shell = Positional("SHELL", ValueKind<Shell>.choice, help: "bash, zsh or fish")
  static let line = Positional(
    repeating: "WORD",
    .text,
    minimum: 0,
    help: "the command line up to the word that is being written"
  )

  static let edit = Command(
    "edit",
    summary: "opens a customer in your editor and writes what you changed",
    examples: [
      .init("customerctl edit ann@example.com"),
      .init("EDITOR='code --wait' customerctl edit ID"),
    ],
    discussion: """
      The editor is $VISUAL, else $EDITOR, else vi. What can't be taken comes back
      into the editor with the reasons. What somebody else changed meanwhile is kept
      where it is other fields; where it is the same, both are shown and nothing is
      written. Your text is never lost: the last line says where it is.
      """,
    options: [noHints, fields],
    positionals: [one]
  )

  static let describe = Command(
    "describe",
    summary: "tells all about a customer, and its latest changes",
    examples: [
      .init("customerctl describe ann@example.com"),
      .init("customerctl describe 0193a5 -o json"),
    ],
    options: [noHints, noPager],
    positionals: [one]
  )

  static let call = Command(
    "call",
    summary: "makes any call of the services, with JSON in and out",
    examples: [
      .init("customerctl call", "lists the methods"),
      .init(#"customerctl call GetCustomer '{"customerId": "ID", "version": "2"}'"#),
      .init("customerctl call StoreService/GetStatus"),
      .init(#"customerctl call WatchCustomers '{"fromStart": true, "stopAtEnd": true}'"#),
    ],
    discussion: """
      The JSON is the one of the method's request; without it the request is empty.
      A stream of answers is a line each. A method that takes a stream of requests
      reads a line each.
      """,
    positionals: [method, request]
  )

  static let completions = Command(
    "completions",
    summary: "prints the script that completes command lines in a shell",
    examples: [
      .init("source <(customerctl completions bash)", "for this shell; best in ~/.bashrc"),
      .init("source <(customerctl completions zsh)", "behind compinit, in ~/.zshrc"),
      .init("customerctl completions fish > ~/.config/fish/completions/customerctl.fish"),
    ],
    discussion: "Ids and e-mail addresses are completed too, while a daemon answers.",
    positionals: [shell]
  )

  static let complete = Command(
    "complete",
    summary: "prints what the last word of a command line may become, a line each",
    positionals: [line],
    isHidden: true
  )
}

/// The shells that command lines are completed in.
enum Shell: String, CaseIterable, Sendable {
  case bash
  case zsh
  case fish
}
