/// What is known of a call that failed: whether the daemon did what it was asked for.
///
/// ``CustomerError/outcome`` has it for every error. Of an import it is said of the batches that have
/// no results yet; what has results is done.
public enum CallOutcome: Hashable, Sendable {
  /// The daemon never began: the call may be made again.
  case neverBegun

  /// The daemon began, and nothing of it stays: the call may be made again.
  case undone

  /// Nobody answered: it is done, or will be, or isn't. Look before the call is made again.
  case perhapsDone
}
