import Testing

@testable import TTRPC

@Suite struct InputBufferTests {
  /// The header of a request of so many bytes (PROTOCOL.md, "Frame").
  private func header(of size: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } + [0, 0, 0, 1, 1, 0]
  }

  private func receive(_ bytes: [UInt8], into buffer: inout InputBuffer) {
    buffer.receive(bytes.span) { _, _ in }
  }

  /// Twice as much would be held if it grew as arrays do.
  @Test func unfinishedFrameHoldsNoMoreThanItself() {
    let size = 4 << 20
    var buffer = InputBuffer()
    receive(header(of: size), into: &buffer)
    let part = [UInt8](repeating: 1, count: 64 << 10)
    for _ in 0..<63 { receive(part, into: &buffer) }
    receive([UInt8](repeating: 1, count: (64 << 10) - 1), into: &buffer)
    #expect(buffer.count == 10 + size - 1)
    #expect(buffer.capacity <= 10 + size + 4096)
  }

  @Test func announcedBytesTakeNoMemoryBeforeTheyCome() {
    var buffer = InputBuffer()
    receive(header(of: 4 << 20), into: &buffer)
    for _ in 0..<100 { receive([1], into: &buffer) }
    #expect(buffer.count == 110)
    #expect(buffer.capacity < 512)
  }
}
