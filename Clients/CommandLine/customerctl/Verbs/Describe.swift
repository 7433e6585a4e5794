import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// Tells all about a customer.
enum Describe {
  static let command = Command(
    "describe",
    summary: "tells all about a customer, and its latest changes",
    examples: [
      .init("customerctl describe ann@example.com"),
      .init("customerctl describe 0193a5 -o json"),
    ],
    options: [SharedOptions.noHints, SharedOptions.noPager],
    positionals: [SharedOptions.customer]
  )
}

extension Session {
  /// How many of a customer's changes `describe` tells, the newest.
  static let describedChangesMax = 5

  /// `describe ID`.
  func describe() async throws -> ExitStatus {
    let format = invocation[SharedOptions.output] ?? .table
    guard format == .table || format == .json else {
      throw usage("a description is a table or json, not \(format.rawValue)")
    }
    let name = try await find(invocation[SharedOptions.customer])
    let customer = try await client.get(name.id, version: name.version)
    let tail = try await changesIfKnown(of: name.id)
    let steps = tail?.newestFirst ?? []
    if format == .json {
      try printDescription(of: customer, steps)
      return .success
    }
    startPager()
    let shown = [customer.displayName, "\(customer.firstName) \(customer.lastName)"].map(trimmed)
    let title = shown.first { !$0.isEmpty } ?? customer.customerID
    try streams.write(heading(TerminalText.safe(title)) + "\n\n")
    for line in CustomerSummary.lines(customer) { try streams.write(line + "\n") }
    if !steps.isEmpty {
      let count = tail.map { $0.count > steps.count ? ", of \($0.count)" : "" } ?? ""
      try streams.write("\n" + heading("latest changes\(count)") + "\n")
      let table = TextTable(columns: ["", "", "", ""].map { TextTable.Column($0) })
      let rows = steps.flatMap(Self.tableRows)
      let widths = table.widths(rows, fitting: streams.width)
      for row in rows { try streams.write("  " + table.line(row, widths, cutting: false) + "\n") }
    }
    let hints = await hints(about: customer)
    if !hints.isEmpty { try streams.write("\n") }
    for hint in hints { try streams.write("note: \(TerminalText.safe(hint))\n") }
    return .success
  }

  /// The newest changes; nil from a daemon that can't tell them.
  private func changesIfKnown(of id: String) async throws -> ChangeTail? {
    do {
      return try await changes(of: id, keeping: Self.describedChangesMax)
    } catch let error as CustomerError {
      guard case .unimplemented = error else { throw error }
      return nil
    }
  }

  private func printDescription(of customer: Customer, _ steps: [ChangeStep]) throws {
    let changes = try steps.map { try ChangeJSON.compact($0.change) }
    let object = try CustomerJSON.compact(customer)
    try writeJSON(
      "{\n\"customer\": \(object),\n\"changes\": [" + (changes.isEmpty ? "" : "\n")
        + changes.joined(separator: ",\n") + (changes.isEmpty ? "" : "\n") + "]\n}\n"
    )
  }
}
