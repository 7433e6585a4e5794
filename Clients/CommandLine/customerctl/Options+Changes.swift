import Arguments

// The verbs that find customers, show what became of them and bring back what they were.

extension Options {
  static let query = Positional(
    repeating: "QUERY",
    .text,
    help: "words or parts of names, e-mail addresses, addresses, digits of a phone"
  )
  static let found = Option(
    "limit",
    short: "n",
    .integer(1...100),
    note: "20",
    help: "how many at most"
  )

  static let watched = Positional(
    optional: "ID",
    .text,
    help: "the one customer to watch: an id, its beginning or an e-mail address"
  )
  static let since = Option(
    "since",
    .text.named("TOKEN"),
    note: "now",
    help: "begins behind the change, the page or the export that this token came with"
  )
  static let fromStart = Option(
    flag: "from-start",
    help: "begins with the oldest change that is kept"
  )
  static let stopAtEnd = Option(
    flag: "stop-at-end",
    help: "ends with the newest change instead of waiting for more"
  )
  static let heartbeats = Option(
    flag: "heartbeats",
    help: "prints the newer tokens that come without a change too, of the kind NONE"
  )
  static let exec = Option(
    "exec",
    .text.named("CMD"),
    help: "runs a shell command for each change instead of printing it"
  )
  static let keepGoing = Option(
    flag: "keep-going",
    help: "goes on when a command fails; without it that ends the watch"
  )

  static let one = Positional(
    "ID",
    .text,
    help: "the customer: an id, its beginning or an e-mail address"
  )
  static let newest = Option(
    "limit",
    short: "n",
    .integer(1...Session.historyMax),
    note: "\(Session.historyMax)",
    help: "how many changes at most, the newest"
  )
  static let restored = Positional(
    "ID",
    .text,
    help: "the customer; ID@VERSION is the version to bring back"
  )

  static let search = Command(
    "search",
    summary: "finds customers by words, the best match first",
    examples: [
      .init("customerctl search ann brisbane"),
      .init("customerctl search '0491 570'", "digits of a phone, however they are written"),
      .init("customerctl search smith --limit 5 -o id"),
    ],
    options: [found, fields, noPager],
    positionals: [query]
  )

  static let watch = Command(
    "watch",
    summary: "prints changes as they are made, a line of JSON each",
    examples: [
      .init("customerctl watch"),
      .init("customerctl watch --since TOKEN", "goes on with none missing and none twice"),
      .init("customerctl watch --from-start --stop-at-end > changes.ndjson"),
      .init("customerctl watch --exec 'mail -s \"$CUSTOMERS_KIND $CUSTOMERS_ID\" ops'"),
    ],
    discussion: """
      A command of --exec has the change's JSON on its standard input, and these
      variables: CUSTOMERS_KIND (CREATED, UPDATED, DELETED, ERASED), CUSTOMERS_ID,
      CUSTOMERS_VERSION, CUSTOMERS_TIME, CUSTOMERS_ACTOR, CUSTOMERS_RESUME_TOKEN and
      CUSTOMERS_SOCKET. Commands run one at a time, in the order of the changes.
      """,
    options: [since, fromStart, stopAtEnd, exec, keepGoing, heartbeats],
    positionals: [watched]
  )

  static let history = Command(
    "history",
    summary: "prints what became of a customer, the newest change first",
    examples: [
      .init("customerctl history ann@example.com"),
      .init("customerctl history ID -o json"),
      .init("customerctl history ID -o id", "each version as ID@VERSION, for get and restore"),
    ],
    discussion: "A deleted customer is named by its whole id.",
    options: [newest, noPager],
    positionals: [one]
  )

  static let restore = Command(
    "restore",
    summary: "brings a customer back as it was, and prints it",
    examples: [
      .init("customerctl restore ID", "undoes a deletion, or the last change"),
      .init("customerctl restore ID@3"),
      .init("customerctl restore ID@3 --dry-run", "shows the fields that would change"),
    ],
    discussion: """
      Without a version it is the last before the deletion or, of a customer that
      is there, the one before the current. The version number goes on: nothing of
      the past is lost. A deleted customer is named by its whole id.
      """,
    options: [dryRun, noHints, fields],
    positionals: [restored]
  )
}
