import Arguments
import CustomerFormats

/// What can be said on the command line.
enum Options {
  static let socket = Option(
    "socket",
    .path,
    environment: "CUSTOMERS_SOCKET",
    note: "$XDG_RUNTIME_DIR/customers.sock, else in a folder of yours under the temporary folder",
    help: "where the daemon listens"
  )
  static let output = Option(
    "output",
    short: "o",
    ValueKind<OutputFormat>.choice.named("FORMAT"),
    note: "table on a terminal, tsv otherwise",
    help: "table, json, ndjson, csv, tsv, vcard or id"
  )

  static let customer = Positional(
    repeating: "FIELD=VALUE",
    .text,
    help: "what the customer has, such as firstName=Ann; - reads one customer as JSON"
  )
  static let changed = Positional(
    "ID",
    .text,
    help: "the customer: an id, its beginning or an e-mail address; ID@VERSION changes it only"
      + " at that version"
  )
  static let changes = Positional(
    repeating: "FIELD=VALUE",
    .text,
    help: "the changes; FIELD= empties a field; - reads JSON, whose members are written"
  )
  static let allowMissing = Option(
    flag: "allow-missing",
    help: "create the customer if it isn't there, or was deleted"
  )
  static let wanted = Positional(
    repeating: "ID",
    .text,
    help: "which customers: ids, their beginnings or e-mail addresses; ID@VERSION is one as it was"
  )
  static let deleted = Positional(
    repeating: "ID",
    .text,
    help: "which customers: ids, their beginnings or e-mail addresses; ID@VERSION deletes only at"
      + " that version"
  )
  static let yes = Option(
    flag: "yes",
    short: "y",
    help: "don't ask; needed for --erase where no terminal is"
  )
  static let erase = Option(flag: "erase", help: "erase every past version too, for good")

  static let filter = Option(
    "filter",
    .text,
    help: #"such as 'lastName = "smi*" AND attributes.tier = "gold"'"#
  )
  static let sort = Option(
    "sort",
    .text.named("ORDER"),
    help: "such as lastName or -updateTime; the minus puts the last first"
  )
  static let limit = Option(
    "limit",
    short: "n",
    .integer(1...1_000_000),
    note: "100",
    help: "how many at most"
  )
  static let all = Option(flag: "all", short: "a", help: "all there are")

  static let excel = Option(
    flag: "excel",
    help: "write CSV that spreadsheets open rightly by double click"
  )

  static let file = Positional("FILE", .path, help: "what to read; - is standard input")
  static let format = Option(
    "format",
    ValueKind<ImportFormat>.choice,
    note: "by the file's name or beginning",
    help: "how the file is written"
  )
  static let map = Option(
    repeating: "map",
    .text.named("COLUMN=FIELD"),
    help: "what a column is; several make up one field; COLUMN= leaves it out"
  )
  static let set = Option(
    repeating: "set",
    .text.named("FIELD=VALUE"),
    help: "a value for rows that have none"
  )
  static let attributes = Option(
    flag: "attributes",
    help: "take unknown columns as attributes"
  )
  static let mode = Option(
    "mode",
    ValueKind<ImportMode>.choice,
    default: .upsert,
    help: "replace customers that are there, refuse them, or write nothing and say what would be"
  )
  static let match = Option(
    "match",
    .text.named("FIELD"),
    help: "finds the customer of a row that has no id, such as emailAddress"
  )
  static let force = Option(
    flag: "force",
    help: "write rows whose version is no longer the current one too"
  )
  static let rejects = Option(
    "rejects",
    .path.named("FILE"),
    help: "where rows that fail are written, with the reason"
  )

  static let backup = Positional(
    "FILE",
    .path,
    help: "where the copy goes; - is standard output"
  )
  static let replace = Option(flag: "force", short: "f", help: "replace a file that is there")
  static let settings = Positional(
    repeating: "NAME=VALUE",
    .text,
    minimum: 0,
    help: "what to set; without one, nothing is changed"
  )
  static let plain = Option(flag: "plain", help: "lines and numbers instead of a full screen")
  static let mouse = Option(
    flag: "mouse",
    help: "clicks and the wheel too; the terminal then selects text with Shift held"
  )

  static let program = Command(
    "customerctl",
    summary: "customer records on this machine, from the command line",
    version: "0.1.0",
    examples: [
      .init("customerctl create firstName=Ann lastName=Lee phones+=Mobile:AU:0491570006"),
      .init("customerctl search ann brisbane"),
      .init("customerctl update ann@example.com attributes.tier=gold"),
      .init("customerctl import people.csv --attributes --rejects rejected.csv"),
      .init("customerctl export > customers.json"),
    ],
    discussion: """
      exit status:
        0 done · 1 some rows failed · 2 usage · 3 not found · 4 conflict
        5 invalid data · 6 no daemon answers · 130 interrupted
      """,
    options: [socket, output],
    verbs: [
      create, get, update, edit, delete, restore,
      list, search, describe, history, watch,
      importing, export, backingUp, settingRules,
      console, call, status, completions, complete,
    ]
  )

  private static let create = Command(
    "create",
    summary: "creates a customer and prints it",
    examples: [
      .init("customerctl create firstName=Ann emailAddress=ann@example.com"),
      .init("customerctl create phones+=Mobile:AU:0491570006 'addresses[0].suburb=Perth'"),
      .init("customerctl create - < customer.json"),
    ],
    options: [dryRun, noHints, fields],
    positionals: [customer]
  )

  private static let get = Command(
    "get",
    summary: "prints customers",
    examples: [
      .init("customerctl get 0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"),
      .init("customerctl get ann@example.com --fields firstName,phones"),
      .init("customerctl get -o json 0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55@2", "as it was"),
    ],
    options: [fields],
    positionals: [wanted]
  )

  private static let update = Command(
    "update",
    summary: "changes a customer and prints it",
    examples: [
      .init("customerctl update ID firstName=Ann attributes.tier=gold attributes.old="),
      .init("customerctl update ID phones+=Mobile:AU:0491570006"),
      .init("customerctl get ID -o json | jq '.firstName = \"Ann\"' | customerctl update ID -"),
    ],
    discussion: """
      From JSON the members that stand there are written, and no others: null
      empties a field, a list or attributes are replaced whole. Its version, if
      any, must still be the current one.
      """,
    options: [allowMissing, dryRun, noHints, fields],
    positionals: [changed, changes]
  )

  private static let delete = Command(
    "delete",
    summary: "deletes customers; their past stays",
    examples: [
      .init("customerctl delete ann@example.com"),
      .init("customerctl delete ID --yes"),
      .init("customerctl delete ID --erase", "asks for a word; waits until no trace is left"),
    ],
    discussion: """
      Asks on a terminal. What was deleted comes back with 'customerctl restore';
      what was erased never does.
      """,
    options: [yes, erase, dryRun],
    positionals: [deleted]
  )

  private static let list = Command(
    "list",
    summary: "prints customers in an order",
    examples: [
      .init("customerctl list --sort lastName --limit 20"),
      .init("customerctl list --all -o csv > customers.csv"),
      .init(#"customerctl list --filter 'attributes.tier = "gold"' -o id"#),
    ],
    options: [filter, sort, limit, all, excel, fields, noPager]
  )

  private static let importing = Command(
    "import",
    summary: "takes customers from a file",
    examples: [
      .init("customerctl import people.csv --map Mail=emailAddress --set attributes.from=fair"),
      .init("customerctl import people.csv --attributes --match emailAddress --rejects bad.csv"),
      .init("customerctl export | customerctl --socket other.sock import -"),
    ],
    discussion: """
      A table's first line names its columns: by field (lastName, attributes.tier,
      phones[0].numberLocal) or by a usual name (First Name, given_name, surname,
      Zip). Cells are trimmed; an empty one leaves its field unset, while "" in
      quotes is an attribute with an empty value, unless all heads are in quotes
      too. What export and list write is read back exactly. One row that fails
      stops no other.

      Where the customer is there, the version that a row carries must still be
      the current one; where it is new, it keeps that version and its times.
      """,
    options: [format, map, set, attributes, mode, match, force, rejects, dryRun, noHints],
    positionals: [file]
  )

  private static let export = Command(
    "export",
    summary: "prints customers as they are at one moment",
    examples: [
      .init("customerctl export > customers.json"),
      .init("customerctl export -o ndjson | grep Brisbane"),
      .init(#"customerctl export --filter 'addresses.postcode = "4000"' -o csv"#),
      .init("customerctl export --excel > customers.csv"),
      .init("customerctl export -o vcard > customers.vcf"),
    ],
    discussion: """
      Prints JSON unless --output says otherwise, on a terminal too. import reads
      json, ndjson, csv and tsv back exactly. In tables nothing at all is no value
      and "" an attribute's empty one; names of attributes past the first 500 share
      the column attributes, as JSON.

      --excel begins with a byte order mark, and puts an apostrophe before what a
      spreadsheet would take for a number, a date or a formula, in a cell or behind
      a semicolon in it. In a file that begins so, import takes them away again.

      -o vcard is vCard 4.0. Attributes called company, organisation, jobTitle,
      role, note, notes, nickname, url, website, birthday or dateOfBirth are ORG,
      TITLE, ROLE, NOTE, NICKNAME, URL and BDAY; another is X-ATTRIBUTE with its
      name as the parameter X-NAME.
      """,
    options: [filter, excel, fields]
  )

  private static let backingUp = Command(
    "backup",
    summary: "copies the daemon's database as it is at one moment",
    examples: [
      .init("customerctl backup customers-monday.db"),
      .init("customerctl backup - | gzip > customers.db.gz"),
      .init("customerd --check --database customers-monday.db", "says whether it is whole"),
    ],
    discussion: """
      Others may go on writing meanwhile. The file gets its name when it is whole
      and on the disk. To go back to it, stop customerd, remove its database and the
      file beside that ends in -wal, and put the copy there; or start another
      customerd with --database.
      """,
    options: [replace],
    positionals: [backup]
  )

  private static let settingRules = Command(
    "settings",
    summary: "prints the rules of the store, or sets them",
    examples: [
      .init("customerctl settings"),
      .init("customerctl settings unique-email=on history-retention=90d"),
      .init("customerctl settings history-retention=forever"),
    ],
    discussion: """
      unique-email=on|off        whether no two customers may have one address
      history-retention=TIME     how long past changes are kept, such as 36h, 90d or
                                 52w, an hour at least; or forever

      What is no longer kept is gone for good: older versions can't be read, and
      a watch or an export can't go on from before.
      """,
    positionals: [settings]
  )

  private static let status = Command(
    "status",
    summary: "tells what the daemon serves",
    examples: [.init("customerctl status"), .init("customerctl status -o json")]
  )

  private static let console = Command(
    "console",
    summary: "shows customers on the full screen, to read and to change",
    examples: [
      .init("customerctl console"),
      .init("customerctl console --plain", "for screen readers"),
    ],
    discussion: "Plain too where TERM is dumb or not set. In it, ? names the keys.",
    options: [plain, mouse]
  )
}

/// What an import does with a row whose customer is there.
enum ImportMode: String, CaseIterable, Sendable {
  case upsert
  case create
  case validate
}
