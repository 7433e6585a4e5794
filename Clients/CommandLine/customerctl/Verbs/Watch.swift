import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// Prints changes as they are made.
enum Watch {
  static let customer = Positional(
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

  static let command = Command(
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
      CUSTOMERS_VERSION, CUSTOMERS_TIME, CUSTOMERS_USER_ID, CUSTOMERS_PROCESS_ID,
      CUSTOMERS_PROGRAM, CUSTOMERS_RESUME_TOKEN and CUSTOMERS_SOCKET. Commands run
      one at a time, in the order of the changes.
      """,
    options: [since, fromStart, stopAtEnd, exec, keepGoing, heartbeats],
    positionals: [customer]
  )
}

extension Session {
  /// `watch [ID] [--since TOKEN | --from-start] [--stop-at-end] [--exec CMD]`.
  func watch() async throws -> ExitStatus {
    let since = invocation[Watch.since]
    if since != nil, invocation[Watch.fromStart] {
      throw usage("--since and --from-start don't go together")
    }
    if let format = invocation[SharedOptions.output], format != .json, format != .ndjson {
      throw usage("a change is printed as a line of JSON, not as \(format.rawValue)")
    }
    if invocation[Watch.keepGoing], invocation[Watch.exec] == nil {
      throw usage("--keep-going is for --exec")
    }
    let start: CustomerClient.WatchStart =
      since.map { .token($0) } ?? (invocation[Watch.fromStart] ? .oldest : .now)
    var id = ""
    if let text = invocation[Watch.customer] { id = try await findID(text) }
    let changes = client.watch(
      from: start,
      id: id,
      stopsAtEnd: invocation[Watch.stopAtEnd]
    )
    var status = ExitStatus.success
    var token = since ?? ""
    for try await change in changes {
      if change.kind != .none || invocation[Watch.heartbeats] {
        if let failure = try take(change, after: token) {
          guard invocation[Watch.keepGoing] else { throw failure }
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
    guard let command = invocation[Watch.exec] else {
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
        ("CUSTOMERS_USER_ID", step.userID),
        ("CUSTOMERS_PROCESS_ID", step.processID),
        ("CUSTOMERS_PROGRAM", step.program),
        ("CUSTOMERS_RESUME_TOKEN", change.resumeToken),
        ("CUSTOMERS_SOCKET", socket),
      ]
    )
    if status == 0 { return nil }
    let what = "version \(step.version) of customer \(change.customer?.customerID ?? "")"
    var failure = Failure("\(command): ended with status \(status) for \(what)", .failure)
    if !invocation[Watch.keepGoing] {
      let again = token.isEmpty ? "--from-start" : "--since \(token)"
      if !token.isEmpty || invocation[Watch.fromStart] {
        failure.lines.append("the change comes again with \(again)")
      }
    }
    return failure
  }
}
