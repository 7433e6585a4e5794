import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import ProtoWire
import Terminal

// What a write would do, by the daemon's own rules and without writing.

extension Session {
  /// Shows the customer that `create` would make.
  func showCreation(of customer: Customer) async throws -> ExitStatus {
    let created = try customer.created()
    if !created.customerID.isEmpty, try await current(created.customerID) != nil {
      throw Failure("customer \(created.customerID) is there already", .conflict)
    }
    try await rehearse(created)
    try printOne(created)
    try await tellHints(about: created)
    return tellDryRun()
  }

  /// Shows the fields that an update would change.
  func showUpdate(_ patch: Patch, allowMissing: Bool) async throws -> ExitStatus {
    let current =
      allowMissing
      ? try await current(patch.customer.customerID)
      : try await client.get(patch.customer.customerID)
    guard let current else { return try await showCreation(of: patch.customer) }
    let version = patch.customer.version
    guard version == 0 || version == current.version else {
      throw await conflict(
        "customer \(current.customerID) is at version \(current.version), not \(version)",
        current: current,
        since: version
      ) { patch.applied(to: $0) }
    }
    let result = try patch.result(on: current)
    let changes = result.differences(from: current)
    if !changes.isEmpty { try await rehearse(result) }
    try printChanges(changes, of: current.customerID)
    if patch.touchesWhatOthersMayHave { try await tellHints(about: result) }
    return tellDryRun(changes.isEmpty ? "nothing would change" : nil)
  }

  /// Has the daemon say what it would say to a write: it knows rules that aren't the customer's own.
  private func rehearse(_ customer: Customer) async throws {
    var customer = customer
    // The times are the daemon's to give.
    customer.createTime = nil
    customer.updateTime = nil
    let call = try await client.importCustomers(mode: .validate)
    try await call.send([customer])
    try await call.finish()
    var answers = call.results.makeAsyncIterator()
    _ = try await answers.next()?.first?.outcome.get()
  }

  /// Shows whom `delete` would delete.
  func showDeletion(of texts: [String]) async throws -> ExitStatus {
    var (names, status) = try await findEach(texts)
    var found: [Customer] = []
    for name in names {
      guard let customer = try await current(name.id) else {
        report(Failure("no customer \(name.id)", .notFound))
        if status == .success { status = .notFound }
        continue
      }
      guard name.version == 0 || name.version == customer.version else {
        let versions = "is at version \(customer.version), not \(name.version)"
        report(Failure("customer \(name.id) \(versions)", .conflict))
        if status == .success { status = .conflict }
        continue
      }
      found.append(customer)
    }
    var printer = CustomerPrinter(format, frame: .array, to: streams)
    try printer.begin()
    try printer.add(found)
    try printer.end()
    _ = tellDryRun("\(found.count) would be \(invocation[Delete.erase] ? "erased" : "deleted")")
    return status
  }

  /// Prints changed fields, in the format asked for.
  func printChanges(_ changes: [FieldDifference], of id: String) throws {
    let cells = changes.map { [$0.field, $0.old ?? "", $0.new ?? ""] }
    switch format {
    case .table:
      let rows = changes.map {
        [$0.field, FieldDifference.shown($0.old), FieldDifference.shown($0.new)]
      }
      guard !rows.isEmpty else { return }
      try printTable(["FIELD", "NOW", "THEN"], rows)
    case .json: try writeJSON(JSONTree.array(changes.map(Self.object)).pretty + "\n")
    case .ndjson: for change in changes { try writeJSON(Self.object(change).compact + "\n") }
    case .csv, .tsv: try printRows(["field", "old", "new"], cells)
    case .id, .vcard: if !changes.isEmpty { try streams.write(id + "\n") }
    }
  }

  /// A changed field as an object; a value that isn't there is left out.
  private static func object(_ change: FieldDifference) -> JSONTree {
    var members = JSONTree.Members()
    members["field"] = .text(change.field)
    members["old"] = change.old.map { .text($0) }
    members["new"] = change.new.map { .text($0) }
    return .object(members)
  }

  /// The customer as it is; nil if it isn't there.
  func current(_ id: String) async throws(CustomerError) -> Customer? {
    do {
      return try await client.get(id)
    } catch {
      guard case .notFound = error else { throw error }
      return nil
    }
  }

  private func tellDryRun(_ what: String? = nil) -> ExitStatus {
    streams.tell((what.map { "\($0); " } ?? "") + "dry run: nothing was written")
    return .success
  }
}
