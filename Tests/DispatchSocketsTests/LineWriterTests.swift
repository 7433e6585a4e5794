import Foundation
import Testing

@testable import DispatchSockets

/// Lines on their way to a descriptor that may not be read.
@Suite struct LineWriterTests {
  private let pipe = Pipe()

  init() { signal(SIGPIPE, SIG_IGN) }

  private func writer(queuedBytesMax: Int = LineWriter.queuedBytesMax) -> LineWriter {
    LineWriter(pipe.fileHandleForWriting.fileDescriptor, queuedBytesMax: queuedBytesMax) {
      "\($0) are missing"
    }
  }

  private func readToEnd() throws -> [Substring] {
    try pipe.fileHandleForWriting.close()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n")
  }

  @Test func writesLines() throws {
    let writer = writer()
    writer.write("one")
    writer.write("two")
    #expect(writer.flush(within: .seconds(10)))
    #expect(try readToEnd() == ["one", "two"])
  }

  @Test(arguments: [false, true])
  func nobodyWaitsForAReaderWhoDoesNotRead(_ isNonBlocking: Bool) async throws {
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    if isNonBlocking { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    let writer = writer(queuedBytesMax: 10_000)
    let clock = ContinuousClock()
    let line = String(repeating: "x", count: 99)
    var written = 0
    // A pipe holds 64 KiB: as long as it has room a queue of 10,000 bytes is written in time.
    var isFull = false
    for _ in 0..<20 where !isFull {
      for _ in 0..<50 { writer.write(line) }
      written += 50
      isFull = !writer.flush(within: .milliseconds(100))
    }
    #expect(isFull)
    let duration = clock.measure { for _ in 0..<5000 { writer.write(line) } }
    written += 5000
    #expect(duration < .seconds(2))
    var isFlushed = true
    let wait = clock.measure { isFlushed = writer.flush(within: .milliseconds(50)) }
    #expect(!isFlushed && wait < .seconds(2))
    let reading = pipe.fileHandleForReading
    let reader = Task.detached { try reading.readToEnd() ?? Data() }
    #expect(writer.flush(within: .seconds(10)))
    try pipe.fileHandleForWriting.close()
    let output = try await reader.value
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
    let notes = lines.filter { $0.hasSuffix(" are missing") }
    let missing = notes.compactMap { Int($0.prefix { $0 != " " }) }.reduce(0, +)
    #expect(missing > 3000)
    #expect(lines.count - notes.count + missing == written)
  }
}
