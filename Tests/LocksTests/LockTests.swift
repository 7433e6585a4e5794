import Locks
import Testing

@Suite struct LockTests {
  @Test func oneAtATimeChangesTheValue() async {
    let count = Lock(0)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<10_000 { count.withLock { $0 += 1 } }
        }
      }
    }
    #expect(count.withLock { $0 } == 80_000)
  }

  @Test func isFreeAgainAfterAnError() {
    struct Refused: Error {}
    let value = Lock([1])
    #expect(throws: Refused.self) {
      try value.withLock { (value: inout [Int]) throws(Refused) in
        value.append(2)
        throw Refused()
      }
    }
    #expect(value.withLock { $0 } == [1, 2])
  }

  @Test func letsGoOfItsValue() {
    final class Value: Sendable {}
    weak var observed: Value?
    do {
      let value = Value()
      observed = value
      let lock = Lock(value)
      #expect(lock.withLock { $0 === observed })
    }
    #expect(observed == nil)
  }
}
