/// The ids that a client has used, in bounded memory.
///
/// Clients count upwards, so one number would do; but some (ttrpc's asynchronous client for Rust)
/// send the requests of several tasks out of order. The ids that were left out are kept as ranges,
/// ascending; when there are too many, the lowest count as used.
struct StreamIDSet: Sendable {
  /// The ranges of left-out ids that are remembered.
  static let gapCountMax = 64

  /// The highest id used; 0 = none.
  private(set) var highest: UInt32 = 0

  /// Odd ids below ``highest`` that weren't used, as ranges of their halves, ascending.
  private var gaps: [ClosedRange<UInt32>] = []

  /// Whether an odd id was used, or is too old to know.
  func contains(_ id: UInt32) -> Bool {
    id <= highest && !gaps.contains { $0.contains(id / 2) }
  }

  /// Marks an odd id as used.
  ///
  /// - Returns: Whether it was unused.
  mutating func insert(_ id: UInt32) -> Bool {
    precondition(id % 2 == 1)
    if id > highest {
      let expected = highest == 0 ? 1 : highest &+ 2
      if id > expected { gaps.append(expected / 2...(id - 2) / 2) }
      highest = id
    } else {
      let half = id / 2
      guard let index = gaps.firstIndex(where: { $0.contains(half) }) else { return false }
      let gap = gaps.remove(at: index)
      if half < gap.upperBound { gaps.insert(half + 1...gap.upperBound, at: index) }
      if half > gap.lowerBound { gaps.insert(gap.lowerBound...half - 1, at: index) }
    }
    if gaps.count > Self.gapCountMax { gaps.removeFirst(gaps.count - Self.gapCountMax) }
    return true
  }
}
