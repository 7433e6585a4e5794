import CustomerModel
import WellKnownTypes

/// A change of one customer beside what it changed.
package struct ChangeStep {
  /// The change as the daemon told it.
  package var change: Change

  /// What the customer was before; nil if that isn't known, or there was none.
  var previous: Customer?

  /// Whether the customer was deleted before, and is there again.
  var isReturn: Bool

  /// Puts a change beside what was before it.
  package init(change: Change, previous: Customer? = nil, isReturn: Bool = false) {
    self.change = change
    self.previous = previous
    self.isReturn = isReturn
  }

  /// The version that the change made.
  ///
  /// A deletion carries the record before it, and counts as a version of its own.
  package var version: UInt64 {
    let version = change.customer?.version ?? 0
    return change.kind == .deleted ? version &+ 1 : version
  }

  /// What happened, in a word.
  package var word: String {
    switch change.kind {
    case .created: isReturn ? "restored" : "created"
    case .updated: isReturn ? "restored" : "updated"
    case .deleted: "deleted"
    case .erased: "erased"
    default: Self.name(of: change.kind).lowercased()
    }
  }

  /// The fields that are different since.
  package var fields: [FieldDifference] {
    guard let customer = change.customer, change.kind == .created || change.kind == .updated else {
      return []
    }
    guard let previous else {
      return change.kind == .created ? customer.differences(from: Customer()) : []
    }
    return customer.differences(from: previous)
  }

  /// When it happened, as JSON writes it.
  package var time: String { change.changeTime?.rfc3339 ?? "" }

  /// Who made it, in one line: `uid=1000 pid=4242 billing-sync`.
  package var author: String {
    [
      userID.isEmpty ? "" : "uid=\(userID)", processID.isEmpty ? "" : "pid=\(processID)", program,
    ].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The number of the user who made it; empty if it isn't known.
  package var userID: String { change.author?.userID.map(String.init) ?? "" }

  /// The number of the process that made it; empty if it isn't known.
  package var processID: String { change.author?.processID.map(String.init) ?? "" }

  /// The program that made it; empty if it isn't known.
  package var program: String { change.author?.program ?? "" }

  /// A kind by its name in the schema; its number if the schema has none.
  package static func name(of kind: Change.Kind) -> String {
    switch kind {
    case .none: "NONE"
    case .created: "CREATED"
    case .updated: "UPDATED"
    case .deleted: "DELETED"
    case .erased: "ERASED"
    default: "\(kind.rawValue)"
    }
  }
}

/// The newest changes of one customer, kept while all are read.
package struct ChangeTail {
  private let countMax: Int
  private var steps: [ChangeStep] = []
  private var last: Customer?
  private var lastKind = Change.Kind.none

  /// How many changes were read.
  package private(set) var count = 0

  /// Whether the customer's first change is among those that were read.
  package private(set) var beginsWithCreation = false

  /// Creates a tail that keeps so many.
  package init(keeping countMax: Int) { self.countMax = countMax }

  /// Takes the next change in; heartbeats are none.
  package mutating func append(_ change: Change) {
    guard change.kind != .none else { return }
    if count == 0 { beginsWithCreation = change.kind == .created }
    count += 1
    steps.append(ChangeStep(change: change, previous: last, isReturn: lastKind == .deleted))
    last = change.customer
    lastKind = change.kind
    // Cut in halves, so that a long history isn't moved once a change.
    if steps.count >= 2 * countMax { steps.removeFirst(steps.count - countMax) }
  }

  /// Those that were kept, the newest first.
  package var newestFirst: [ChangeStep] { steps.suffix(countMax).reversed() }
}
