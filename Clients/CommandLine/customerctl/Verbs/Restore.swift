import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// Brings customers back.
enum Restore {
  static let customer = Positional(
    "ID",
    .text,
    help: "the customer; ID@VERSION is the version to bring back"
  )

  static let command = Command(
    "restore",
    summary: "brings a customer back as it was, and prints it",
    examples: [
      .init("customerctl restore ID", "undoes a deletion, or the last change"),
      .init("customerctl restore ID@3"),
      .init("customerctl restore ID@3 --dry-run", "shows the fields that would change"),
    ],
    discussion: """
      Without a version it is the last before the deletion or, of a customer that
      is there, the one before the current. The version number goes on: nothing of
      the past is lost. A deleted customer is named by its whole id.
      """,
    options: [SharedOptions.dryRun, SharedOptions.noHints, SharedOptions.fields],
    positionals: [customer]
  )
}

extension Session {
  /// How many versions behind each other may hold no customer: a deletion comes after none.
  private static let gapMax: UInt64 = 2

  /// `restore ID[@VERSION] [--dry-run]`.
  func restore() async throws -> ExitStatus {
    let name = try await find(invocation[Restore.customer])
    let current: Customer?
    var newest: UInt64?
    do {
      let customer = try await client.get(name.id)
      newest = customer.version
      current = customer
    } catch {
      guard case .notFound(_, let deletedAtVersion?) = error else { throw error }
      newest = deletedAtVersion
      current = nil
    }
    var past = try await past(name, before: newest ?? 0)
    past.version = current?.version ?? 0
    let patch = Patch(customer: past, paths: ["*"])
    if invocation[SharedOptions.dryRun] { return try await showUpdate(patch, allowMissing: true) }
    let customer = try await write(patch, allowMissing: true)
    try printOne(customer)
    if customer.version == current?.version {
      streams.tell("nothing changed: it is as it was at that version")
    }
    try await tellHints(about: customer)
    return .success
  }

  /// The customer as it is to become: at the version that was named, or the last before another.
  private func past(_ name: FoundName, before newest: UInt64) async throws -> Customer {
    guard name.version == 0 else { return try await client.get(name.id, version: name.version) }
    guard newest > 1 else {
      throw Failure("customer \(name.id) is at version 1: there is none before it", .notFound)
    }
    var version = newest - 1
    while true {
      do {
        return try await client.get(name.id, version: version)
      } catch {
        // A version at which it was deleted is passed over.
        guard case .notFound(_, _?) = error, version > 1, newest - version < Self.gapMax else {
          throw error
        }
        version -= 1
      }
    }
  }
}
