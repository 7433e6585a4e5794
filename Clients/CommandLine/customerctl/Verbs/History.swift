import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// Prints what became of a customer.
enum History {
  static let limit = Option(
    "limit",
    short: "n",
    .integer(1...Session.historyMax),
    note: "\(Session.historyMax)",
    help: "how many changes at most, the newest"
  )

  static let command = Command(
    "history",
    summary: "prints what became of a customer, the newest change first",
    examples: [
      .init("customerctl history ann@example.com"),
      .init("customerctl history ID -o json"),
      .init("customerctl history ID -o id", "each version as ID@VERSION, for get and restore"),
    ],
    discussion: "A deleted customer is named by its whole id.",
    options: [limit, SharedOptions.noPager],
    positionals: [SharedOptions.customer]
  )
}

extension Session {
  /// How many changes of a customer `history` prints at most.
  static let historyMax = 1000

  /// `history ID [--limit N]`.
  func history() async throws -> ExitStatus {
    let id = try await findID(invocation[SharedOptions.customer])
    let tail = try await changes(
      of: id,
      keeping: invocation[History.limit] ?? Self.historyMax
    )
    guard tail.count > 0 else {
      // A customer that was never there, or whose past isn't kept: the daemon knows which.
      _ = try await client.get(id)
      streams.tell("note: no change of customer \(id) is kept")
      return .success
    }
    startPager()
    try printHistory(tail.newestFirst, of: id)
    let shown = tail.newestFirst.count
    if shown < tail.count {
      streams.tell("the newest \(shown) of \(tail.count) changes; --limit N prints more")
    } else if !tail.beginsWithCreation {
      streams.tell("note: changes before these aren't kept")
    }
    return .success
  }

  private func printHistory(_ steps: [ChangeStep], of id: String) throws {
    switch format {
    case .table:
      try printTable(
        ["VERSION", "TIME", "CHANGE", "BY"],
        steps.flatMap(Self.tableRows),
        fixed: 2
      )
    case .json:
      let objects = try steps.map { step in
        let lines = try ChangeJSON.pretty(step.change).split(separator: "\n")
        return lines.map { "  " + $0 }.joined(separator: "\n")
      }
      try writeJSON("[\n" + objects.joined(separator: ",\n") + "\n]\n")
    case .ndjson:
      for step in steps { try writeJSON(try ChangeJSON.compact(step.change) + "\n") }
    case .csv, .tsv:
      try printRows(
        ["version", "time", "kind", "userId", "processId", "program", "field", "old", "new"],
        steps.flatMap(Self.rows)
      )
    case .id, .vcard:
      for step in steps { try streams.write("\(id)@\(step.version)\n") }
    }
  }

  /// A line for the change, and one for each field it changed.
  static func tableRows(_ step: ChangeStep) -> [[String]] {
    let first = ["\(step.version)", step.time, step.word, step.author]
    return [first] + step.fields.map { ["", "", "  \($0.text)", ""] }
  }

  private static func rows(_ step: ChangeStep) -> [[String]] {
    let kind = ChangeStep.name(of: step.change.kind)
    let head = [
      "\(step.version)", step.time, kind, step.userID, step.processID, step.program,
    ]
    let fields = step.fields
    guard !fields.isEmpty else { return [head + ["", "", ""]] }
    return fields.map { head + [$0.field, $0.old ?? "", $0.new ?? ""] }
  }
}
