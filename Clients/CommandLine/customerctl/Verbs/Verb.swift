import Arguments
import CustomerFormats

/// What the program can be asked to do, in the order of its help page.
///
/// A verb is a case here and a file beside this one, which holds what the verb can be told and what
/// it does. The switches over all of them name one that is forgotten.
enum Verb: String, CaseIterable {
  case create, get, update, edit, delete, restore
  case list, search, describe, history, watch
  case importing = "import"
  case export, backup, settings
  case console, call, status, completions, complete

  /// The whole command line.
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
    options: [SharedOptions.socket, SharedOptions.output],
    verbs: allCases.map(\.command)
  )

  /// What the verb takes, and its help page.
  var command: Command {
    switch self {
    case .create: Create.command
    case .get: Get.command
    case .update: Update.command
    case .edit: Edit.command
    case .delete: Delete.command
    case .restore: Restore.command
    case .list: List.command
    case .search: Search.command
    case .describe: Describe.command
    case .history: History.command
    case .watch: Watch.command
    case .importing: Import.command
    case .export: Export.command
    case .backup: Backup.command
    case .settings: Settings.command
    case .console: Console.command
    case .call: Call.command
    case .status: Status.command
    case .completions: Completions.command
    case .complete: Complete.command
    }
  }

  /// Whether what it prints are customers, whole or in part.
  var printsCustomers: Bool {
    switch self {
    case .create, .get, .update, .edit, .restore, .list, .search, .export: true
    case .delete, .describe, .history, .watch, .importing, .backup, .settings, .console, .call,
      .status, .completions, .complete:
      false
    }
  }
}
