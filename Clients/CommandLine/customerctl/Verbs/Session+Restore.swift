import Arguments
import CustomerClient
import CustomerConsole
import CustomerFormats
import CustomerModel
import Terminal

extension Session {
  /// How many versions behind each other may hold no customer: a deletion comes after none.
  private static let gapMax: UInt64 = 2

  /// `restore ID[@VERSION] [--dry-run]`.
  func restore() async throws -> ExitStatus {
    let name = try await find(invocation[Options.restored])
    let current: Customer?
    var newest: UInt64?
    do {
      let customer = try await calls.get(name.id, version: 0)
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
    if invocation[Options.dryRun] { return try await showUpdate(patch, allowMissing: true) }
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
    guard name.version == 0 else { return try await calls.get(name.id, version: name.version) }
    guard newest > 1 else {
      throw Failure("customer \(name.id) is at version 1: there is none before it", .notFound)
    }
    var version = newest - 1
    while true {
      do {
        return try await calls.get(name.id, version: version)
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
