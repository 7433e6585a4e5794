/// How much of something fits into a while, learnt from how long the last piece took.
///
/// For work that can't be stopped half way, such as what goes into the search index at a commit: a
/// piece that took too long makes the next ones smaller, and short ones let them grow again.
struct Pace {
  /// The size of the next piece.
  private(set) var count: Int64

  private let bounds: ClosedRange<Int64>
  private let microsecondsMax: Int64

  /// Begins with the largest piece.
  ///
  /// - Parameters:
  ///   - bounds: The sizes that a piece may have.
  ///   - microsecondsMax: What a piece should take at most.
  init(_ bounds: ClosedRange<Int64>, microsecondsMax: Int64) {
    self.bounds = bounds
    self.microsecondsMax = microsecondsMax
    count = bounds.upperBound
  }

  /// Learns from a piece of this size.
  mutating func note(_ count: Int64, microseconds: Int64) {
    if microseconds > microsecondsMax {
      self.count = max(bounds.lowerBound, min(count, self.count) / 2)
    } else if microseconds < microsecondsMax / 2, count >= self.count {
      self.count = min(bounds.upperBound, self.count * 2)
    }
  }
}
