import Synchronization

/// What the writer tells the readers after each commit.
final class CommitClock: Sendable {
  /// The commits so far: a reader whose transaction is older than this begins a new one.
  let commits = Atomic<UInt64>(0)

  /// The newest change.
  let sequence: Atomic<Int64>

  /// The number from which on all changes are kept: it moves when old ones are forgotten.
  let oldestSequence: Atomic<Int64>

  /// The customers that are there.
  let customerCount: Atomic<Int64>

  init(sequence: Int64, oldestSequence: Int64, customerCount: Int64) {
    self.sequence = Atomic(sequence)
    self.oldestSequence = Atomic(oldestSequence)
    self.customerCount = Atomic(customerCount)
  }

  /// Says that a transaction was committed; before its writers are answered.
  func publish(sequence: Int64, customerCount: Int64) {
    self.sequence.store(sequence, ordering: .releasing)
    self.customerCount.store(customerCount, ordering: .releasing)
    commits.wrappingAdd(1, ordering: .releasing)
  }
}
