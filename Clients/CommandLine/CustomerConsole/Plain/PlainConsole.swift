import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// The console as a conversation in lines: for screen readers, and for terminals without a cursor.
///
/// Prints what there is, numbered, and asks what to do; a line is an answer. The words and the
/// letters are those of the full screen.
package final class PlainConsole {
  /// How many customers are printed at once.
  static let pageSize = 20

  /// How many changes are printed.
  static let recentMax = 20

  let client: CustomerClient
  let streams: any Streams
  let context: ConsoleContext

  /// What a failed call means to the user, in lines.
  private let explain: (CustomerError) -> [String]

  private var order = ListOrder.creation

  /// The tokens of the pages up to the one that is shown.
  private var tokens = [""]
  private var nextToken = ""
  private var query = ""
  private var shown: [Customer] = []
  private var deleted: [Customer] = []

  /// What was written without an answer.
  private var unanswered: [UnansweredWrite] = []

  /// The time between two looks at what became of it.
  private let lookPause: Duration

  /// Creates a console.
  ///
  /// - Parameters:
  ///   - client: Whom to call.
  ///   - streams: Where it is printed, and where the answers come from.
  ///   - context: What the core knows of the world.
  ///   - explain: Says what a failed call means to the user, in lines.
  ///   - lookPause: The time between two looks at what became of a write.
  package init(
    client: CustomerClient,
    streams: any Streams,
    context: ConsoleContext,
    explain: @escaping (CustomerError) -> [String],
    lookPause: Duration = .seconds(1)
  ) {
    self.lookPause = lookPause
    self.client = client
    self.streams = streams
    self.context = context
    self.explain = explain
  }

  /// Talks until the user quits or the input ends.
  package func run() async throws {
    try await trying { try await showCustomers() }
    while let answer = try ask("Customers. A number opens, a Add New, ? help, q quit") {
      if answer == "q" { break }
      try await trying {
        try await settle()
        try await act(answer)
      }
    }
  }

  private func act(_ answer: String) async throws {
    if let number = Int(answer) {
      guard let customer = pick(number) else {
        return try say("There is no number \(number) in the list.")
      }
      try await open(customer.customerID)
      return try await showCustomers()
    }
    switch answer {
    case "": try await showCustomers()
    case "a": try await addNew()
    case "n": try await turn(forward: true)
    case "p": try await turn(forward: false)
    case "s": try await sort()
    case "u": try await undo()
    case "c": try await showChanges()
    case "t": try await showStore()
    case "?": try showHelp()
    default:
      if answer.hasPrefix("/") {
        query = trimmed(answer.dropFirst())
        tokens = [""]
        return try await showCustomers()
      }
      if answer.hasPrefix("d"), let number = Int(trimmed(answer.dropFirst())) {
        guard let customer = pick(number) else {
          return try say("There is no number \(number) in the list.")
        }
        if try await delete(customer) { try await showCustomers() }
        return
      }
      try say("\(answer): is none of the answers; ? names them.")
    }
  }

  private func pick(_ number: Int) -> Customer? {
    shown.indices.contains(number - 1) ? shown[number - 1] : nil
  }

  private func showHelp() throws {
    try say(
      """
      number    open that customer
      a         Add New
      d number  Delete, asks once
      u         undo the last Delete
      / words   search; / alone shows all again
      n, p      next page, previous page
      s         next order
      c         Changes
      t         Store
      Enter     the customers again
      q         quit
      """
    )
  }

  // MARK: Customers

  private func showCustomers() async throws {
    if query.isEmpty {
      var request = ListCustomersRequest()
      request.pageSize = Int32(Self.pageSize)
      request.orderBy = order.orderBy
      request.pageToken = tokens.last ?? ""
      let page = try await client.list(request)
      shown = page.customers
      nextToken = page.nextPageToken == request.pageToken ? "" : page.nextPageToken
      let total = tokens.count == 1 ? "\(page.totalSize) in all, " : ""
      try say("Customers, \(total)\(order.title), page \(tokens.count).")
    } else {
      shown = try await client.search(query, limit: Int32(Self.pageSize))
      nextToken = ""
      try say("Customers found for \(query), the best match first.")
    }
    if shown.isEmpty { try say(query.isEmpty ? "There are none yet." : "Nobody is found.") }
    for (index, customer) in shown.enumerated() {
      let name = customer.shownName
      let others = [customer.emailAddress, customer.shownNumber]
        .filter { !$0.isEmpty && $0 != name }
      try say("\(index + 1). \(([name] + others).joined(separator: ", "))")
    }
    if !nextToken.isEmpty { try say("n shows the next page.") }
  }

  private func turn(forward: Bool) async throws {
    if forward {
      guard !nextToken.isEmpty else { return try say("This is the last page.") }
      tokens.append(nextToken)
    } else {
      guard tokens.count > 1 else { return try say("This is the first page.") }
      tokens.removeLast()
    }
    try await showCustomers()
  }

  private func sort() async throws {
    let before = order
    order = order.next()
    tokens = [""]
    query = ""
    do {
      try await showCustomers()
    } catch {
      order = before
      throw error
    }
  }

  // MARK: Changes and Store

  private func showChanges() async throws {
    var request = ListCustomersRequest()
    request.pageSize = Int32(Self.recentMax)
    request.orderBy = ListOrder.newestUpdate.orderBy
    try say("Changes, the latest first.")
    for customer in try await client.list(request).customers {
      let word = customer.version == 1 ? "created" : "updated"
      let time = clock.second(customer.updateTime)
      try say("\(time), \(word), \(customer.shownName), version \(customer.version)")
    }
  }

  private func showStore() async throws {
    try say("Store.")
    for (name, value) in StoreReport.lines(try await client.status(), clock) {
      try say("\(name): \(value)")
    }
  }

  var clock: ClockText { ClockText(context: context, now: .max) }

  // MARK: Writing

  private func addNew() async throws {
    try say("Add New. Nothing and Enter leaves a field empty; . alone cancels.")
    var customer = Customer(customerID: context.makeID().description)
    for field in CustomerField.texts {
      let filled = field == .displayName ? customer.fullName : ""
      guard let text = try ask(field.label + (filled.isEmpty ? "" : " (\(filled))")), text != "."
      else { return try say("Nothing was created.") }
      try FieldPath.field(field).set(text.isEmpty ? filled : text, in: &customer)
    }
    let answer = try ask("s Submit, c Cancel")
    guard answer == "s" else { return try say("Nothing was created.") }
    let created = try await send(UnansweredWrite(kind: .creation, sent: customer)) {
      () async throws(CustomerError) in try await client.create(customer)
    }
    try say("\(created.shownName) is created.")
    try await showCustomers()
  }

  /// Asks, then deletes.
  ///
  /// - Returns: Whether the customer is gone.
  func delete(_ customer: Customer) async throws -> Bool {
    let name = customer.shownName
    guard try ask("Delete \(name)? d Delete, k Keep") == "d" else {
      try say("\(name) is kept.")
      return false
    }
    _ = try await send(UnansweredWrite(kind: .deletion, sent: customer)) {
      () async throws(CustomerError) in
      try await client.delete(customer.customerID, version: customer.version)
    }
    keepForUndo(customer)
    try say("\(name) is deleted; u undoes it.")
    return true
  }

  private func keepForUndo(_ customer: Customer) {
    deleted.append(customer)
    if deleted.count > ConsoleState.undoneMax { deleted.removeFirst() }
  }

  private func undo() async throws {
    guard let last = deleted.last else {
      return try say("Nothing was deleted here that could be undone.")
    }
    let customer = try await send(UnansweredWrite(kind: .undo, sent: last)) {
      () async throws(CustomerError) in
      try await client.update(last, mask: FieldMask(paths: ["*"]), allowMissing: true)
    }
    deleted.removeLast()
    try say("\(customer.shownName) is back.")
    try await showCustomers()
  }

  // MARK: Writes without an answer

  /// Makes a write; one to which no answer comes is looked up before anything else is done.
  func send<Value>(
    _ write: UnansweredWrite,
    _ call: () async throws(CustomerError) -> Value
  ) async throws -> Value {
    do throws(CustomerError) {
      return try await call()
    } catch {
      guard error.outcome == .perhapsDone else { throw error }
      unanswered.append(write)
      for line in explain(error) { try say(line) }
      try say("\(write.unansweredText). Enter looks what became of it.")
      throw Unanswered()
    }
  }

  /// Looks what became of the writes to which no answer came.
  ///
  /// - Throws: What the look-up throws; it is made again then.
  func settle() async throws {
    while let write = unanswered.last {
      var seconds = 0
      var fate = UnansweredWrite.Fate.open
      while fate == .open, seconds < UnansweredWrite.lookSecondsMax {
        if seconds > 0 { try await Task.sleep(for: lookPause) }
        let changes = try await history(write.sent.customerID)
        fate = write.fate(in: changes, processID: context.processID)
        seconds += 1
      }
      unanswered.removeLast()
      switch fate {
      case .done(let change):
        if write.kind == .deletion { keepForUndo(write.sent) }
        if write.kind == .undo { deleted.removeAll { $0.customerID == write.sent.customerID } }
        try say("\(write.doneText(version: change.versionMade)).")
      case .overtaken(let change):
        try say("\(write.overtakenText(by: context.name(of: change.author))).")
      case .open: try say("\(write.givenUpText).")
      }
    }
  }

  /// Whether a write waits to be looked up.
  var hasUnanswered: Bool { !unanswered.isEmpty }

  /// The newest changes of a customer, oldest first; none of one that never was.
  func history(_ id: String) async throws -> [Change] {
    var changes: [Change] = []
    do throws(CustomerError) {
      for try await change in client.watch(from: .oldest, id: id, stopsAtEnd: true) {
        changes.append(change)
        if changes.count > CustomerHistory.entriesMax { changes.removeFirst() }
      }
    } catch {
      guard case .notFound = error else { throw error }
    }
    return changes
  }

  // MARK: Lines

  /// Prints lines, made harmless.
  func say(_ text: String) throws(StreamError) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      try streams.write(TerminalText.safe(String(line)) + "\n")
    }
    try streams.flush()
  }

  /// Asks; nil at the end of input.
  func ask(_ question: String) throws(StreamError) -> String? {
    streams.readAnswer(to: TerminalText.safe(question) + ": ").map { trimmed($0) }
  }

  /// Does something; a call that fails is told, and the conversation goes on.
  func trying(_ action: () async throws -> Void) async throws {
    do {
      try await action()
    } catch let error as CustomerError {
      for line in explain(error) { try say(line) }
    } catch let error as FieldError {
      try say("\(error)")
    } catch is Unanswered {
      // Told already, and looked up by what comes next.
    }
  }
}

/// Thrown where a write has no answer, which was told and is kept.
private struct Unanswered: Error {}
