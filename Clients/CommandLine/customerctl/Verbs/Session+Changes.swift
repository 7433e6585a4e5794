import Arguments
import CustomerClient
import CustomerConsole
import CustomerFormats
import CustomerModel
import ProtoJSON
import ProtoWire
import Terminal

extension Session {
  /// How many changes of a customer `history` prints at most.
  static let historyMax = 1000

  /// `watch [ID] [--since TOKEN | --from-start] [--stop-at-end] [--exec CMD]`.
  func watch() async throws -> ExitStatus {
    let since = invocation[Options.since]
    if since != nil, invocation[Options.fromStart] {
      throw usage("--since and --from-start don't go together")
    }
    if let format = invocation[Options.output], format != .json, format != .ndjson {
      throw usage("a change is printed as a line of JSON, not as \(format.rawValue)")
    }
    if invocation[Options.keepGoing], invocation[Options.exec] == nil {
      throw usage("--keep-going is for --exec")
    }
    let start: CustomerClient.WatchStart =
      since.map { .token($0) } ?? (invocation[Options.fromStart] ? .oldest : .now)
    var id = ""
    if let text = invocation[Options.watched] { id = try await findID(text) }
    let call = try await calls.watch(
      from: start,
      id: id,
      stopsAtEnd: invocation[Options.stopAtEnd]
    )
    var status = ExitStatus.success
    var token = since ?? ""
    while let change = try await call.next() {
      if change.kind != .none || invocation[Options.heartbeats] {
        if let failure = try take(change, after: token) {
          guard invocation[Options.keepGoing] else { throw failure }
          report(failure)
          status = .failure
        }
      }
      token = change.resumeToken
    }
    return status
  }

  /// Prints a change, or runs the command for it.
  ///
  /// - Returns: What is wrong, if the command fails.
  private func take(_ change: Change, after token: String) throws -> Failure? {
    let line = try ChangeJSON.compact(change) + "\n"
    guard let command = invocation[Options.exec] else {
      try writeJSON(line)
      try streams.flush()
      return nil
    }
    let step = ChangeStep(change: change)
    let status = try ShellCommand(command).run(
      input: Array(line.utf8),
      variables: [
        ("CUSTOMERS_KIND", ChangeStep.name(of: change.kind)),
        ("CUSTOMERS_ID", change.customer?.customerID ?? ""),
        ("CUSTOMERS_VERSION", "\(step.version)"),
        ("CUSTOMERS_TIME", step.time),
        ("CUSTOMERS_ACTOR", change.actor),
        ("CUSTOMERS_RESUME_TOKEN", change.resumeToken),
        ("CUSTOMERS_SOCKET", socket),
      ]
    )
    if status == 0 { return nil }
    let what = "version \(step.version) of customer \(change.customer?.customerID ?? "")"
    var failure = Failure("\(command): ended with status \(status) for \(what)", .failure)
    if !invocation[Options.keepGoing] {
      let again = token.isEmpty ? "--from-start" : "--since \(token)"
      if !token.isEmpty || invocation[Options.fromStart] {
        failure.lines.append("the change comes again with \(again)")
      }
    }
    return failure
  }

  private func usage(_ message: String) -> UsageError {
    UsageError(message, command: "customerctl \(invocation.verb)")
  }

  /// `history ID [--limit N]`.
  func history() async throws -> ExitStatus {
    let id = try await findID(invocation[Options.one])
    let tail = try await changes(
      of: id,
      keeping: invocation[Options.newest] ?? Self.historyMax
    )
    guard tail.count > 0 else {
      // A customer that was never there, or whose past isn't kept: the daemon knows which.
      _ = try await calls.get(id, version: 0)
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
        ["version", "time", "kind", "actor", "field", "old", "new"],
        steps.flatMap(Self.rows)
      )
    case .id, .vcard:
      for step in steps { try streams.write("\(id)@\(step.version)\n") }
    }
  }

  /// A line for the change, and one for each field it changed.
  static func tableRows(_ step: ChangeStep) -> [[String]] {
    let first = ["\(step.version)", step.time, step.word, step.change.actor]
    return [first] + step.fields.map { ["", "", "  \($0.text)", ""] }
  }

  private static func rows(_ step: ChangeStep) -> [[String]] {
    let head = ["\(step.version)", step.time, ChangeStep.name(of: step.change.kind)]
    let fields = step.fields
    guard !fields.isEmpty else { return [head + [step.change.actor, "", "", ""]] }
    return fields.map { head + [step.change.actor, $0.field, $0.old ?? "", $0.new ?? ""] }
  }
}

/// Changes as JSON.
enum ChangeJSON {
  /// A change in one line.
  static func compact(_ change: Change) throws(JSONWriteError) -> String {
    String(decoding: try codec.json(of: change, JSONWriteOptions(.compact)), as: UTF8.self)
  }

  /// A change with a member a line.
  static func pretty(_ change: Change) throws(JSONWriteError) -> String {
    String(decoding: try codec.json(of: change, JSONWriteOptions(.pretty)), as: UTF8.self)
  }

  /// Made once: reading the schema takes longer than writing a change.
  private static let codec: JSONCodec<Change> = {
    do {
      return try JSONCodec()
    } catch {
      preconditionFailure("the schema built into this program is broken: \(error)")
    }
  }()
}
