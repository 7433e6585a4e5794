import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// Deletes customers.
enum Delete {
  static let customers = Positional(
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

  static let command = Command(
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
    options: [yes, erase, SharedOptions.dryRun],
    positionals: [customers]
  )
}

extension Session {
  /// How long erasing waits until all traces are overwritten.
  static let erasingTimeMax = Duration.seconds(120)

  /// How long erasing waits before it asks again.
  static let erasingPause = Duration.milliseconds(100)

  /// `delete ID… [--yes] [--erase] [--dry-run]`.
  func delete() async throws -> ExitStatus {
    let texts = invocation[Delete.customers]
    let isErasing = invocation[Delete.erase]
    for text in texts { _ = try CustomerName(text) }
    if invocation[SharedOptions.dryRun] { return try await showDeletion(of: texts) }
    if isErasing, !invocation[Delete.yes], !streams.isInputTerminal {
      throw Failure("--erase is for good: without a terminal to ask on it needs --yes", .usage)
    }
    var (names, status) = try await findEach(texts)
    guard !names.isEmpty, isDeletionWanted(names, texts) else { return status }
    var deleted: [FoundName] = []
    for name in names {
      do {
        let version = try await delete(name, erase: isErasing)
        deleted.append(FoundName(id: name.id, version: version))
      } catch {
        let failure = await failure(of: error)
        // A daemon that is gone stays gone; anything else is one customer's trouble.
        if failure.status == .unreachable {
          try printDeleted(deleted)
          throw failure
        }
        report(failure)
        if status == .success { status = failure.status }
      }
    }
    try printDeleted(deleted)
    if isErasing, !deleted.isEmpty { try await waitUntilErased() }
    return status
  }

  private func delete(_ name: FoundName, erase: Bool) async throws -> UInt64 {
    do {
      return try await client.delete(name.id, version: name.version, erase: erase)
    } catch {
      guard case .conflict(let message, let current?) = error, name.version != 0 else {
        throw error
      }
      throw await conflict(message, current: current, since: name.version) { $0 }
    }
  }

  /// Asks on a terminal: for yes before a deletion, for a word before what nothing brings back.
  private func isDeletionWanted(_ names: [FoundName], _ texts: [String]) -> Bool {
    guard streams.isInputTerminal, !invocation[Delete.yes] else { return true }
    var what = "\(names.count) customers"
    if names.count == 1 {
      what = "customer \(names[0].id)"
      // Who wrote an e-mail address sees whom it found.
      if texts.count == 1, !texts[0].lowercased().hasPrefix(names[0].id) {
        what += " (\(texts[0]))"
      }
    }
    guard invocation[Delete.erase] else {
      let answer = streams.readAnswer(to: "delete \(TerminalText.safe(what))? [y/N] ")
      if ["y", "yes"].contains(answer?.lowercased()) { return true }
      streams.tell("nothing was deleted")
      return false
    }
    let question = "erase \(TerminalText.safe(what)) with all that it ever was, for good?"
    let answer = streams.readAnswer(to: question + " Type 'erase' to do it: ")
    if answer == "erase" { return true }
    streams.tell("nothing was erased")
    return false
  }

  /// Waits until no trace of what was erased is left in the database's files, and tells so.
  private func waitUntilErased() async throws {
    let end = ContinuousClock.now + Self.erasingTimeMax
    let start = ContinuousClock.now
    try streams.flush()
    while try await client.status().erasing {
      guard ContinuousClock.now < end else {
        streams.tell(
          "note: traces are still being overwritten after \(Self.erasingTimeMax.components.seconds)"
            + " seconds; 'customerctl status' tells when that is over"
        )
        return
      }
      let seconds = (ContinuousClock.now - start).components.seconds
      streams.tellProgress("overwriting every trace: \(seconds) s")
      try await Task.sleep(for: Self.erasingPause)
    }
    streams.tellProgress("")
  }

  private func printDeleted(_ deleted: [FoundName]) throws {
    let objects = deleted.map { #"{"customerId": "\#($0.id)", "version": "\#($0.version)"}"# }
    switch format {
    case .table:
      let word = invocation[Delete.erase] ? "erased" : "deleted"
      for name in deleted {
        try streams.write("\(word) \(TerminalText.safe(name.id)) (version \(name.version))\n")
      }
    case .json:
      let isSingle = invocation[Delete.customers].count == 1
      let array = "[\n" + objects.map { "  " + $0 }.joined(separator: ",\n") + "\n]"
      try streams.write((isSingle ? objects.first ?? "[]" : array) + "\n")
    case .ndjson:
      for object in objects { try streams.write(object + "\n") }
    case .id, .vcard:
      for name in deleted { try streams.write(TerminalText.safe(name.id) + "\n") }
    case .csv, .tsv:
      let writer = CSVWriter(delimiter: format == .csv ? "," : "\t")
      try streams.write(writer.line(["customerId", "version"]))
      for name in deleted { try streams.write(writer.line([name.id, "\(name.version)"])) }
    }
  }
}
