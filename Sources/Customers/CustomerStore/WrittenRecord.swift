/// A customer after a write.
package struct WrittenRecord: Hashable, Sendable {
  /// What a write came to.
  package enum Outcome: Sendable {
    /// The customer is new, or is back.
    case created
    /// The customer changed.
    case updated
    /// The customer was so already; nothing was written.
    case unchanged
    /// The customer is gone, with its past if that was asked for.
    case deleted
  }

  /// What the write came to.
  package var outcome: Outcome

  /// The customer's id.
  package var id: String

  /// The version after the write.
  package var version: UInt64

  /// The change's number; of the newest change of this customer if nothing was written.
  package var sequence: Int64

  /// The record after the write; of a deletion the last one before it.
  package var record: [UInt8]
}
