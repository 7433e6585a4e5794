/// The bytes of a peer that weren't used yet: the beginning of a frame, or nothing.
///
/// Whole frames are read where the socket's reader put them, and are never copied; only what is
/// left at the end of a read is kept here until the rest has come. At rest it holds no memory.
package struct InputBuffer: Sendable {
  private var storage: [UInt8] = []

  /// Creates an empty buffer.
  package init() {}

  /// The number of bytes that are kept.
  package var count: Int { storage.count }

  /// Whether nothing is kept: the last frame was whole.
  package var isEmpty: Bool { storage.isEmpty }

  /// Hands out what is kept and what has just come, as one piece, and keeps what isn't used.
  ///
  /// - Parameters:
  ///   - bytes: What has just come; may be empty, to go on with what is kept.
  ///   - body: Uses bytes from an offset on, which is 0 at first, and moves it behind them.
  package mutating func receive(
    _ bytes: Span<UInt8>,
    _ body: (Span<UInt8>, inout Int) -> Void
  ) {
    var offset = 0
    if storage.isEmpty {
      body(bytes, &offset)
      storage = Self.copy(bytes.extracting(droppingFirst: offset))
    } else {
      makeRoom(for: bytes.count)
      storage.append(addingCapacity: bytes.count) { $0.append(copying: bytes) }
      body(storage.span, &offset)
      if offset == storage.count {
        storage = []
      } else if offset > 0 {
        // Copied, not shortened: memory for a whole read would stay with a few bytes.
        storage = Self.copy(storage.span.extracting(droppingFirst: offset))
      }
    }
  }

  /// Grows by what has come, and never past the frame that is awaited.
  ///
  /// An array's own growth would hold twice a frame that stays one byte short of its end.
  private mutating func makeRoom(for byteCount: Int) {
    let needed = storage.count + byteCount
    guard storage.capacity < needed else { return }
    let awaited = FrameParser.frameSize(in: storage.span, at: 0)
    storage.reserveCapacity(max(needed, min(2 * storage.count, awaited)))
  }

  /// The bytes of memory that are held for what is kept.
  var capacity: Int { storage.capacity }

  /// Drops what is kept.
  package mutating func removeAll() { storage = [] }

  private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    var copy: [UInt8] = []
    if !bytes.isEmpty { copy.append(addingCapacity: bytes.count) { $0.append(copying: bytes) } }
    return copy
  }
}
