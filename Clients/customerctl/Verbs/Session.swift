import Arguments
import CustomerClient
import CustomerModel

/// One run of the program: what was asked, where to write, whom to call.
struct Session {
  /// What the command line says.
  let invocation: Invocation

  /// Where to write.
  let streams: any Streams

  /// Whom to call.
  let calls: any CustomerCalls

  /// Where the daemon is looked for, for messages.
  let socket: String

  /// The format asked for, else a table on a terminal and TSV elsewhere.
  var format: OutputFormat {
    invocation[Options.output] ?? (streams.isOutputTerminal ? .table : .tsv)
  }

  /// Does what was asked.
  ///
  /// - Returns: What the program ends with.
  /// - Throws: ``Failure``, ``CustomerError``, ``StreamError``, ``FieldError`` or ``ImportError``.
  func run() async throws -> ExitStatus {
    switch invocation.verb {
    case "create": try await create()
    case "get": try await get()
    case "update": try await update()
    case "delete": try await delete()
    case "list": try await list()
    case "import": try await importCustomers()
    case "export": try await export()
    case "console": try await console()
    case "backup": try await backUp()
    case "settings": try await settings()
    default: try await status()
    }
  }

  /// Prints one customer.
  func printOne(_ customer: Customer) throws {
    var printer = CustomerPrinter(format, frame: .single, to: streams)
    try printer.begin()
    try printer.add([customer])
    try printer.end()
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
}

/// A customer as the command line names it: `ID` or `ID@VERSION`.
struct CustomerName: Equatable {
  /// The id.
  var id: String

  /// The version; 0 is the latest, or any.
  var version: UInt64 = 0

  /// Reads a name.
  init(_ text: String) throws(Failure) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    id = String(parts[0])
    guard parts.count > 1 else { return }
    guard let version = UInt64(parts[1]), version > 0, !id.isEmpty else {
      throw Failure("\(Words.quoted(text)) is no id: behind @ stands a version", .usage)
    }
    self.version = version
  }
}
