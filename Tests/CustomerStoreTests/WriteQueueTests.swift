import Testing

@testable import CustomerStore

@Suite struct WriteQueueTests {
  private func write(_ ticket: UInt64, _ caller: Caller) -> WaitingWrite {
    WaitingWrite(
      ticket: ticket,
      caller: caller,
      job: { _, _ in WritePart(isLast: true) { _ in } },
      refuse: { _ in }
    )
  }

  private let many = Caller(user: 1, connection: 1)

  @Test(arguments: [WriteQueue.Line.brief, .long])
  func aThousandOfOneCallerLetAnothersPass(_ line: WriteQueue.Line) {
    var queue = WriteQueue()
    for ticket in 1...1000 { queue.append(write(UInt64(ticket), many), to: line) }
    queue.append(write(2001, Caller(user: 2, connection: 2)), to: line)
    queue.append(write(2002, Caller(user: 1, connection: 3)), to: line)
    let first = (0..<4).compactMap { _ in queue.begin(line)?.ticket }
    #expect(first.contains(2001) && first.contains(2002))
    #expect(queue.count == 998)
  }

  @Test func whoGoesOnStandsBehindTheOthersOfItsCaller() throws {
    var queue = WriteQueue()
    for ticket in [1, 2] as [UInt64] { queue.append(write(ticket, many), to: .long) }
    let begun = queue.begin(.long)
    let first = try #require(begun)
    let isGivenUp = queue.end(first, isLast: false)
    #expect(!isGivenUp)
    let next = [queue.begin(.long)?.ticket, queue.begin(.long)?.ticket]
    #expect(next == [2, 1])
  }

  @Test func theLinesTakeTurns() {
    var queue = WriteQueue()
    for ticket in 1...3 { queue.append(write(UInt64(ticket), many), to: .brief) }
    queue.append(write(4, many), to: .long)
    queue.append(write(5, many), to: .long)
    var lines: [WriteQueue.Line] = []
    while let line = queue.nextLine() {
      lines.append(line)
      _ = queue.begin(line)
    }
    #expect(lines == [.brief, .long, .brief, .long, .brief])
  }

  @Test func theNewestOfWhoHasMostGoesWhereTooManyWait() {
    var queue = WriteQueue()
    for ticket in 1...10 { queue.append(write(UInt64(ticket), many), to: .brief) }
    queue.append(write(11, Caller(user: 2, connection: 2)), to: .brief)
    let gone = [queue.popGreediest(.brief)?.ticket, queue.popGreediest(.brief)?.ticket]
    #expect(gone == [10, 9])
  }
}
