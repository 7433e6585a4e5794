import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel

extension Session {
  /// How many changes of others a conflict names, the newest.
  static let conflictChangesMax = 5

  /// How long reading who wrote in between takes at most.
  static let conflictTimeMax = Duration.seconds(2)

  /// Tells both sides of a conflict: what somebody else wrote, when, and what was to be written.
  ///
  /// - Parameters:
  ///   - message: What the daemon says.
  ///   - current: The customer as it is.
  ///   - version: The version that the change rested on.
  ///   - mine: Makes of what the change rested on what was to be written.
  /// - Returns: The failure that says all that.
  func conflict(
    _ message: String,
    current: Customer,
    since version: UInt64,
    mine: (Customer) -> Customer
  ) async -> Failure {
    var failure = Failure(message, .conflict)
    let id = current.customerID
    let (before, steps) = await CustomerClient.withDeadline(Self.conflictTimeMax) {
      let before = try? await client.get(id, version: version)
      let tail = try? await changes(of: id, keeping: Self.conflictChangesMax)
      return (before, tail?.newestFirst ?? [ChangeStep]())
    }
    for step in steps.reversed() where step.version > version {
      failure.lines.append(
        "version \(step.version): \(step.word) \(step.time) by \(step.author)"
      )
    }
    let contested = ContestedField.among(
      before: before,
      theirs: current,
      mine: mine(before ?? current)
    )
    failure.lines += contested.map { $0.text(knowsBefore: before != nil) }
    failure.lines.append(
      "nothing was written: it is at version \(current.version) now; "
        + "make the change again on that, or leave it"
    )
    return failure
  }

  /// The newest changes of one customer.
  ///
  /// - Throws: What calls throw.
  func changes(of id: String, keeping countMax: Int) async throws -> ChangeTail {
    var tail = ChangeTail(keeping: countMax)
    let changes = client.watch(from: .oldest, id: id, stopsAtEnd: true)
    for try await change in changes { tail.append(change) }
    return tail
  }
}
