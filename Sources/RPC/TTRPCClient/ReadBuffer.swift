internal import DispatchSockets
internal import TTRPC

/// The memory that a connection reads into: what came and is less than a frame stays at its front.
struct ReadBuffer {
  /// The usual size, in bytes.
  private static let sizeMin = 16 << 10

  /// The size that reading alone can make of it; a long frame needs more, for as long as it comes.
  private static let sizeMax = 256 << 10

  /// The memory; its first ``count`` bytes came from the peer.
  private(set) var bytes: [UInt8] = []

  /// The number of bytes that came and weren't used.
  private(set) var count = 0

  /// Whether the last read filled the memory, so that more waits in the socket.
  private(set) var isFull = false

  /// Reads once.
  mutating func read(from socket: Socket) throws(SocketError) -> Socket.Outcome {
    makeRoom()
    let outcome = try socket.read(into: &bytes, from: count)
    if case .bytes(let count) = outcome { self.count += count }
    isFull = count == bytes.count
    return outcome
  }

  /// Drops bytes at the front that were used.
  mutating func removeFirst(_ used: Int) {
    if used == 0 { return }
    if used == count {
      // The memory of a long frame goes when the frame is gone.
      if bytes.count > Self.sizeMax { bytes = [] }
    } else {
      bytes.replaceSubrange(0..<count - used, with: Array(bytes[used..<count]))
    }
    count -= used
  }

  /// Makes the memory larger where the next frame or the traffic asks for it.
  private mutating func makeRoom() {
    let frameSize = count > 0 ? ClientConnectionState.frameSize(in: bytes.span, at: 0) : 0
    var size = max(bytes.count, Self.sizeMin)
    if isFull { size = max(size, min(bytes.count * 2, Self.sizeMax)) }
    if frameSize > size || count == size { size = max(frameSize, size + Self.sizeMin) }
    if size > bytes.count { bytes += [UInt8](repeating: 0, count: size - bytes.count) }
  }
}
