import Testing

@testable import DispatchSockets

/// Which lines are written and which are missing; no descriptor has a part in it.
@Suite struct LineQueueTests {
  private func queue(bytesMax: Int = 20) -> LineQueue {
    LineQueue(bytesMax: bytesMax) { "-\($0)-" }
  }

  private func text(_ bytes: [UInt8]?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Takes and writes all of it.
  private func write(_ queue: inout LineQueue) -> String? {
    let bytes = queue.take()
    queue.settle(writtenCount: bytes?.count ?? 0)
    return text(bytes)
  }

  @Test func linesComeOutInOrder() {
    var queue = queue()
    #expect(queue.take() == nil)
    queue.append("one")
    queue.append("two")
    #expect(write(&queue) == "one\ntwo\n")
    #expect(queue.take() == nil)
  }

  @Test func theLimitCountsLineBreaks() {
    var queue = queue(bytesMax: 8)
    queue.append("one")
    queue.append("two")
    queue.append("")
    #expect(write(&queue) == "one\ntwo\n-1-\n")
    queue.append("eight..")
    #expect(write(&queue) == "eight..\n")
    queue.append("nine....")
    #expect(write(&queue) == "-1-\n")
  }

  @Test func aNoteStandsWhereLinesAreMissing() {
    var queue = queue(bytesMax: 8)
    for line in ["one", "two", "three", "four"] { queue.append(line) }
    #expect(write(&queue) == "one\ntwo\n-2-\n")
    queue.append("five")
    #expect(write(&queue) == "five\n")
  }

  @Test func whatFailsIsCountedAndTriedAgainWithTheNextLine() {
    var queue = queue()
    queue.append("one")
    queue.append("two")
    #expect(queue.take() != nil)
    queue.settle(writtenCount: 0)
    #expect(queue.take() == nil)
    queue.append("three")
    #expect(queue.take() != nil)
    queue.settle(writtenCount: 0)
    queue.append("four")
    #expect(write(&queue) == "-3-\nfour\n")
  }

  @Test func aLineThatWasPartlyWrittenIsFinishedFirst() {
    var queue = queue()
    queue.append("one")
    queue.append("two")
    queue.append("three")
    #expect(queue.take() != nil)
    queue.settle(writtenCount: 6)
    #expect(queue.take() == nil)
    queue.append("four")
    #expect(text(queue.take()) == "o\n-1-\nfour\n")
    queue.settle(writtenCount: 1)
    queue.append("five")
    // What is left of a line doesn't count twice, and neither does a note.
    #expect(write(&queue) == "\n-2-\nfive\n")
  }

  @Test func linesThatCameWhileOneWasWrittenAreTriedAtOnce() {
    var queue = queue()
    queue.append("one")
    #expect(queue.take() != nil)
    queue.append("two")
    queue.settle(writtenCount: 0)
    #expect(write(&queue) == "-1-\ntwo\n")
  }

  /// Against a model that knows the whole story: every line is written or counted, once.
  @Test func everyLineIsWrittenOrCounted() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var queue = queue(bytesMax: 40)
      var output: [UInt8] = []
      var appended = 0
      for _ in 0..<200 {
        if Int.random(in: 0..<3, using: &random) > 0 {
          queue.append(String(repeating: "x", count: Int.random(in: 1..<30, using: &random)))
          appended += 1
        } else if let bytes = queue.take() {
          let isWhole = Bool.random(using: &random)
          let count = isWhole ? bytes.count : Int.random(in: 0...bytes.count, using: &random)
          output += bytes.prefix(count)
          queue.settle(writtenCount: count)
        }
      }
      queue.append("end")
      while let bytes = queue.take() {
        output += bytes
        queue.settle(writtenCount: bytes.count)
      }
      var counted = -1
      for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
        if line.hasPrefix("-") {
          counted += try #require(Int(line.dropFirst().dropLast()), "\(line)")
        } else {
          #expect(line == "end" || line.allSatisfy { $0 == "x" })
          counted += 1
        }
      }
      #expect(counted == appended)
    }
  }
}
