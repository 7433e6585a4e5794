import CustomerModel

/// A change of a customer.
package struct ChangeEntry: Hashable, Sendable {
  /// What happened to the customer; the numbers are those in the file.
  package enum Kind: Int64, Sendable {
    /// It came to be, or came back.
    case created = 1
    /// It changed.
    case updated = 2
    /// It was deleted.
    case deleted = 3
    /// Its past was erased.
    case erased = 4
  }

  /// The change's number.
  package var sequence: Int64

  /// What happened.
  package var kind: Kind

  /// The customer's version after it.
  package var version: UInt64

  /// When, in microseconds since 1970-01-01T00:00:00Z.
  package var timeMicroseconds: Int64

  /// Who; `nil` if the file doesn't say.
  package var author: Author?

  /// The record after the change; of a deletion the one before it; of an erasure the id and the
  /// version only.
  package var record: [UInt8]
}

/// Changes in their order.
package struct ChangePage: Sendable {
  /// The changes, ascending by sequence.
  package internal(set) var changes: [ChangeEntry]

  /// Where to read on; all changes up to it that were asked for have been seen.
  ///
  /// The newest change that was known where there were no more.
  package internal(set) var next: Int64

  /// Whether there were more at the time.
  package internal(set) var hasMore: Bool
}
