/// The bytes that wait to be written to a socket: whole frames, one after the other.
///
/// A frame's header, envelope and payload are written once, here. What was sent leaves at the front
/// without the rest being moved for each write.
package struct OutputBuffer: Sendable {
  /// The memory that an empty buffer keeps for the next frame, in bytes.
  ///
  /// A connection that rests holds no more than this.
  package static let keptCapacityMax = 4096

  /// The sent bytes that may stand in front of unsent ones before these are moved down.
  static let sentBytesMax = 1 << 16

  private var storage: [UInt8] = []
  private var sent = 0
  private var isBorrowing = false

  /// Creates an empty buffer, which holds no memory.
  package init() {}

  /// The number of bytes that wait.
  package var count: Int { storage.count - sent }

  /// Whether nothing waits.
  package var isEmpty: Bool { sent == storage.count }

  /// Hands the waiting bytes to a writer; the front comes first.
  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(storage.span.extracting(droppingFirst: sent))
  }

  /// Takes bytes that were written away from the front.
  package mutating func removeFirst(_ count: Int) {
    precondition(count >= 0 && count <= self.count)
    sent += count
    if sent == storage.count {
      storage.removeAll(keepingCapacity: isBorrowing || storage.capacity <= Self.keptCapacityMax)
      sent = 0
    } else if sent > Self.sentBytesMax, sent > storage.count / 2 {
      storage.removeSubrange(..<sent)
      sent = 0
    }
  }

  /// Drops everything.
  package mutating func removeAll() {
    storage = []
    sent = 0
    isBorrowing = false
  }

  /// Uses other memory from now on, whose content is dropped; only an empty buffer does.
  ///
  /// One large piece of memory can so serve all connections of a loop, each while it works.
  package mutating func borrow(_ memory: inout [UInt8]) {
    guard isEmpty, !isBorrowing else { return }
    memory.removeAll(keepingCapacity: true)
    swap(&storage, &memory)
    sent = 0
    isBorrowing = true
  }

  /// Gives borrowed memory back, unless something waits in it: then it is kept until that is sent.
  package mutating func giveBack(to memory: inout [UInt8]) {
    guard isBorrowing else { return }
    isBorrowing = false
    if isEmpty {
      swap(&storage, &memory)
      storage.removeAll(keepingCapacity: storage.capacity <= Self.keptCapacityMax)
      sent = 0
    }
  }

  /// Appends a frame.
  ///
  /// - Parameters:
  ///   - streamID: The frame's stream.
  ///   - type: What the data is.
  ///   - flags: The bits that `type` gives a meaning to.
  ///   - size: The data's size, at most ``FrameHeader/dataLengthMax``.
  ///   - body: Writes exactly so many bytes.
  mutating func appendFrame(
    _ streamID: UInt32,
    _ type: FrameType,
    _ flags: FrameFlags = [],
    size: Int,
    _ body: (inout OutputSpan<UInt8>) -> Void
  ) {
    precondition(size <= FrameHeader.dataLengthMax)
    let header = FrameHeader(
      dataLength: UInt32(size),
      streamID: streamID,
      type: type,
      flags: flags
    )
    let end = storage.count + FrameHeader.encodedSize + size
    storage.append(addingCapacity: FrameHeader.encodedSize + size) { output in
      header.encode(into: &output)
      body(&output)
    }
    precondition(storage.count == end, "frame has another size than its header says")
  }
}
