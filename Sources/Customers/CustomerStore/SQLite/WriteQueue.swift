/// A write that waits for the writer.
struct WaitingWrite {
  /// Does the write, or a part of it, in a transaction that the writer has opened.
  typealias Job = @Sendable (WriterConnection, Turn) -> WritePart

  /// Names the write for those who give it up.
  let ticket: UInt64

  /// Whose it is.
  let caller: Caller

  /// Does the next part.
  let job: Job

  /// Tells the caller that the write ends before its next part is begun.
  let refuse: @Sendable (RepositoryError) -> Void
}

/// What one transaction did of a write.
struct WritePart {
  /// Whether nothing is left to do.
  let isLast: Bool

  /// Told how the transaction ended: `nil`, or what befell it.
  ///
  /// A failure ends the write, whatever is left to do.
  let didEnd: @Sendable (RepositoryError?) -> Void
}

/// The writes that wait, in two lines: those that are done at once, and those that are done in parts.
///
/// Who is done at once waits for one part of one of the others, however many those are; and the
/// others go on however many are done at once, because the lines take turns. In a line callers take
/// turns (``FairQueue``), so that nobody stands behind all the writes of another. A write with more
/// to do goes to the end of its caller's.
struct WriteQueue {
  /// Which line.
  enum Line { case brief, long }

  private var lines = (brief: FairQueue<WaitingWrite>(), long: FairQueue<WaitingWrite>())

  /// Those of which a part is being done.
  private var working: [UInt64] = []

  /// Those of `working` whose callers have given them up.
  private var givenUp: [UInt64] = []

  private var lastLine = Line.long

  /// The writes that wait for their next, or first, part.
  var count: Int { lines.brief.count + lines.long.count }

  /// Whether nobody waits.
  var isEmpty: Bool { count == 0 }

  /// The writes that wait to be done at once.
  var briefCount: Int { lines.brief.count }

  /// The writes that wait in a line.
  func count(of line: Line) -> Int {
    switch line {
    case .brief: lines.brief.count
    case .long: lines.long.count
    }
  }

  /// Adds a write that nothing was done of.
  mutating func append(_ write: WaitingWrite, to line: Line) {
    switch line {
    case .brief: lines.brief.append(write, ticket: write.ticket, of: write.caller)
    case .long: lines.long.append(write, ticket: write.ticket, of: write.caller)
    }
  }

  /// Takes out the write that is to blame most when too many wait in a line: the newest of who has
  /// most.
  mutating func popGreediest(_ line: Line) -> WaitingWrite? {
    switch line {
    case .brief: lines.brief.popGreediest()
    case .long: lines.long.popGreediest()
    }
  }

  /// The line whose turn it is; `nil` if nobody waits.
  mutating func nextLine() -> Line? {
    guard !isEmpty else { return nil }
    switch lastLine {
    case .brief: lastLine = lines.long.isEmpty ? .brief : .long
    case .long: lastLine = lines.brief.isEmpty ? .long : .brief
    }
    return lastLine
  }

  /// Takes the first write of a line to do a part of it.
  mutating func begin(_ line: Line) -> WaitingWrite? {
    switch line {
    case .brief: return lines.brief.popFirst()
    case .long:
      let write = lines.long.popFirst()
      if let write { working.append(write.ticket) }
      return write
    }
  }

  /// Notes that a part was done, and lets a write that goes on wait for its next.
  ///
  /// - Returns: Whether it ends here, before its next part, because its caller has given it up.
  mutating func end(_ write: WaitingWrite, isLast: Bool) -> Bool {
    working.removeAll { $0 == write.ticket }
    let isGivenUp = givenUp.contains(write.ticket)
    givenUp.removeAll { $0 == write.ticket }
    if isLast { return false }
    if !isGivenUp { append(write, to: .long) }
    return isGivenUp
  }

  /// Takes out a write that waits; one of which a part is being done ends with that part.
  mutating func giveUp(_ ticket: UInt64) -> WaitingWrite? {
    if working.contains(ticket) {
      givenUp.append(ticket)
      return nil
    }
    return lines.brief.remove(ticket: ticket) ?? lines.long.remove(ticket: ticket)
  }

  /// Takes all out.
  mutating func removeAll() -> [WaitingWrite] {
    lines.brief.removeAll() + lines.long.removeAll()
  }
}
