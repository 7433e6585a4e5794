import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// One run of the program: what was asked, where to write, whom to call.
struct Session {
  /// What the command line says.
  let invocation: Invocation

  /// Where to write.
  let streams: any Streams

  /// Whom to call.
  let client: CustomerClient

  /// Gives a variable's value.
  let environment: (String) -> String?

  /// Calls a daemon elsewhere.
  let connect: (String?) -> CustomerClient

  /// Where the daemon is looked for, for messages.
  var socket: String { client.socketPath }

  /// The format asked for, else a table on a terminal and TSV elsewhere.
  var format: OutputFormat {
    invocation[SharedOptions.output] ?? (streams.isOutputTerminal ? .table : .tsv)
  }

  /// The verb that it is about.
  var verb: Verb {
    guard let verb = Verb(rawValue: invocation.verb) else {
      preconditionFailure("\(invocation.verb) is no verb")
    }
    return verb
  }

  /// Whether the verb is one that writes, and does so in this run; an import tells more by itself.
  var isWriting: Bool {
    switch verb {
    case .create, .update, .delete, .restore: !invocation[SharedOptions.dryRun]
    case .edit, .settings, .call: true
    case .get, .list, .search, .describe, .history, .watch, .importing, .export, .backup,
      .console, .status, .completions, .complete:
      false
    }
  }

  /// Does what was asked.
  ///
  /// - Returns: What the program ends with.
  /// - Throws: ``Failure``, ``CustomerError``, ``StreamError``, ``FieldError`` or ``ImportError``.
  func run() async throws -> ExitStatus {
    // What couldn't be printed is found before anything is written.
    _ = try selection()
    return switch verb {
    case .create: try await create()
    case .get: try await get()
    case .update: try await update()
    case .edit: try await edit()
    case .delete: try await delete()
    case .restore: try await restore()
    case .list: try await list()
    case .search: try await search()
    case .describe: try await describe()
    case .history: try await history()
    case .watch: try await watch()
    case .importing: try await importCustomers()
    case .export: try await export()
    case .console: try await console()
    case .call: try await call()
    case .completions: try printCompletions()
    case .complete: try await complete()
    case .backup: try await backUp()
    case .settings: try await settings()
    case .status: try await status()
    }
  }

  /// Prints one customer.
  func printOne(_ customer: Customer) throws {
    var printer = CustomerPrinter(format, frame: .single, fields: try selection(), to: streams)
    try printer.begin()
    try printer.add([customer])
    try printer.end()
  }

  /// The fields that `--fields` names; nil without it.
  func selection() throws(Failure) -> FieldSelection? {
    guard let text = invocation[SharedOptions.fields] else { return nil }
    do {
      return try FieldSelection(text)
    } catch {
      throw Failure(error, .usage)
    }
  }

  /// Reads one customer from standard input.
  func readCustomer() throws -> (customer: Customer, members: [String]) {
    let bytes = try streams.readAll(atMost: JSONElements.elementBytesMax)
    do {
      return try CustomerJSON.customer(fromText: bytes)
    } catch {
      throw Failure(error, .invalidData)
    }
  }

  /// Reads the changes that a command line makes.
  func assignments(_ texts: [String]) throws -> [Assignment] {
    do throws(FieldError) {
      return try texts.map { text throws(FieldError) in try Assignment(text) }
    } catch {
      throw Failure(error, .usage)
    }
  }

  /// Makes the changes that a command line names.
  func apply(_ assignments: [Assignment], to customer: inout Customer) throws {
    do throws(FieldError) {
      for assignment in assignments { try assignment.apply(to: &customer) }
    } catch {
      throw Failure(error, .usage)
    }
  }

  /// Says that the command line is wrong, with the verb whose page tells more.
  func usage(_ message: String) -> UsageError {
    UsageError(message, command: "customerctl \(verb.rawValue)")
  }

  /// Tells a failure that doesn't end the program.
  func report(_ failure: Failure) {
    for line in failure.lines { streams.tell("customerctl: \(TerminalText.safe(line))") }
  }
}
