/// A write that waits for the writer.
struct WaitingWrite {
  /// Does the write, or a part of it, in a transaction that the writer has opened.
  typealias Job = @Sendable (WriterConnection, Turn) -> WritePart

  /// Names the write for those who give it up.
  let ticket: UInt64

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
/// others go on however many are done at once, because the lines take turns. A write with more to do
/// goes to the end of its line.
struct WriteQueue {
  /// Which line.
  enum Line { case brief, long }

  private var lines = (brief: Fifo(), long: Fifo())

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
    case .brief: lines.brief.append(write)
    case .long: lines.long.append(write)
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
    if !isGivenUp { lines.long.append(write) }
    return isGivenUp
  }

  /// Takes out a write that waits; one of which a part is being done ends with that part.
  mutating func giveUp(_ ticket: UInt64) -> WaitingWrite? {
    if working.contains(ticket) {
      givenUp.append(ticket)
      return nil
    }
    return lines.brief.remove(ticket) ?? lines.long.remove(ticket)
  }

  /// Takes all out.
  mutating func removeAll() -> [WaitingWrite] {
    var all: [WaitingWrite] = []
    while let write = lines.brief.popFirst() ?? lines.long.popFirst() { all.append(write) }
    return all
  }
}

/// First in, first out.
private struct Fifo {
  private var writes: [WaitingWrite?] = []
  private var start = 0

  var count: Int { writes.count - start }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ write: WaitingWrite) { writes.append(write) }

  mutating func popFirst() -> WaitingWrite? {
    guard !isEmpty else { return nil }
    let write = writes[start]
    writes[start] = nil
    start += 1
    if start == writes.count || start >= 1024 {
      writes.removeFirst(start)
      start = 0
    }
    return write
  }

  mutating func remove(_ ticket: UInt64) -> WaitingWrite? {
    guard let place = writes.indices.dropFirst(start).first(where: { writes[$0]?.ticket == ticket })
    else { return nil }
    return writes.remove(at: place)
  }
}
