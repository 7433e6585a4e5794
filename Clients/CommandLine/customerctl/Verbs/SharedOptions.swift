import Arguments
import CustomerAPI
import CustomerFormats

/// What several verbs can be told, or all.
enum SharedOptions {
  static let socket = Option(
    "socket",
    .path,
    environment: ServiceAddress.variable,
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
  static let filter = Option(
    "filter",
    .text,
    help: #"such as 'lastName = "smi*" AND attributes.tier = "gold"'"#
  )
  static let excel = Option(
    flag: "excel",
    help: "write CSV that spreadsheets open rightly by double click"
  )
  static let customer = Positional(
    "ID",
    .text,
    help: "the customer: an id, its beginning or an e-mail address"
  )
}
