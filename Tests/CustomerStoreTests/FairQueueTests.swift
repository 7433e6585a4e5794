import TestSupport
import Testing

@testable import CustomerStore

@Suite struct FairQueueTests {
  /// A queue in which each job is named for its caller.
  private func queue(
    _ jobs: [(user: UInt32, connection: UInt64, name: String)]
  ) -> FairQueue<String> {
    var queue = FairQueue<String>()
    for (index, job) in jobs.enumerated() {
      let caller = Caller(user: job.user, connection: job.connection)
      queue.append(job.name, ticket: UInt64(index), of: caller)
    }
    return queue
  }

  private func drained(_ queue: FairQueue<String>) -> [String] {
    var queue = queue
    var names: [String] = []
    while let name = queue.popFirst() { names.append(name) }
    #expect(queue.isEmpty && queue.count == 0)
    return names
  }

  @Test func oneConnectionsJobsKeepTheirOrder() {
    let queue = queue([(1, 1, "a"), (1, 1, "b"), (1, 1, "c")])
    #expect(drained(queue) == ["a", "b", "c"])
  }

  @Test func anotherConnectionWaitsForOneJobOnly() {
    let many = (0..<1000).map { (user: UInt32(1), connection: UInt64(1), name: "many \($0)") }
    #expect(drained(queue(many + [(1, 2, "one")])).prefix(2) == ["many 0", "one"])
  }

  @Test func usersTakeTurnsWhateverTheirNumberOfConnections() {
    let many = (0..<100).map { (user: UInt32(1), connection: UInt64($0), name: "many \($0)") }
    let queue = queue(many + [(2, 200, "x"), (2, 200, "y")])
    #expect(drained(queue).prefix(4) == ["many 0", "x", "many 1", "y"])
  }

  @Test func turnsGoRoundTheConnectionsOfAUser() {
    let queue = queue([(1, 1, "a1"), (1, 1, "a2"), (1, 2, "b1"), (1, 2, "b2"), (1, 3, "c1")])
    #expect(drained(queue) == ["a1", "b1", "c1", "a2", "b2"])
  }

  @Test func whatIsRemovedIsNotTaken() {
    var queue = queue([(1, 1, "a"), (1, 2, "b"), (2, 3, "c")])
    #expect(queue.remove(ticket: 1) == "b")
    #expect(queue.remove(ticket: 1) == nil)
    #expect(queue.remove(ticket: 9) == nil)
    #expect(drained(queue) == ["a", "c"])
  }

  @Test func greediestIsTheNewestOfTheLongestLine() {
    var queue = queue([(1, 1, "a"), (2, 2, "b1"), (2, 3, "b2"), (2, 3, "b3")])
    #expect(queue.popGreediest() == "b3")
    #expect(queue.count == 3)
    #expect(drained(queue) == ["a", "b1", "b2"])
  }

  /// Against a list that is searched for whose turn it is.
  @Test func nothingIsLostOrDoubled() {
    var random = SeededGenerator.announced()
    var queue = FairQueue<UInt64>()
    var waiting: Set<UInt64> = []
    var next: UInt64 = 0
    for _ in 0..<20_000 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        let caller = Caller(
          user: .random(in: 0..<4, using: &random),
          connection: .random(in: 0..<9, using: &random)
        )
        queue.append(next, ticket: next, of: caller)
        waiting.insert(next)
        next += 1
      case 5..<8:
        let taken = queue.popFirst()
        #expect(taken.map { waiting.remove($0) != nil } ?? waiting.isEmpty)
      case 8:
        let taken = queue.popGreediest()
        #expect(taken.map { waiting.remove($0) != nil } ?? waiting.isEmpty)
      default:
        let ticket = UInt64.random(in: 0...next, using: &random)
        #expect((queue.remove(ticket: ticket) != nil) == (waiting.remove(ticket) != nil))
      }
      #expect(queue.count == waiting.count)
    }
    #expect(Set(queue.removeAll()) == waiting)
  }
}
