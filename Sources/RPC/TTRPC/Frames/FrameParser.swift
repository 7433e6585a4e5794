/// Finds the frames in the bytes of a connection and checks what every frame must keep to.
///
/// It keeps no bytes. The caller hands in what it has from the first byte that wasn't used yet, and
/// hands it in again with more behind it when the last frame is incomplete.
struct FrameParser: Sendable {
  /// What the next bytes are.
  enum Step {
    /// A whole frame, with where its data stands in the bytes.
    case frame(FrameHeader, Range<Int>)

    /// The header of a frame that is too long; its data is passed over as it comes.
    case oversized(FrameHeader)

    /// Less than a frame.
    case incomplete

    /// Bytes that no peer would send that speaks the protocol.
    case invalid(ConnectionError)
  }

  /// What the first bytes said the peer speaks; `nil` before there are any.
  private(set) var dialect: ConnectionDialect?

  /// The bytes of an oversized frame's data that have still to pass.
  private var discardedLength = 0

  /// Takes the next frame.
  ///
  /// - Parameters:
  ///   - bytes: What has come from the peer.
  ///   - offset: Where the first unused byte stands; moved behind what was used.
  /// - Returns: What the bytes at `offset` are.
  mutating func next(in bytes: Span<UInt8>, at offset: inout Int) -> Step {
    if discardedLength > 0 {
      let count = min(discardedLength, bytes.count - offset)
      discardedLength -= count
      offset += count
    }
    guard offset < bytes.count else { return .incomplete }
    if let error = chooseDialect(bytes[offset]) { return .invalid(error) }
    guard bytes.count - offset >= FrameHeader.encodedSize else { return .incomplete }
    let header = FrameHeader(decoding: bytes, at: offset)
    guard header.dataLength <= FrameHeader.discardedLengthMax else {
      return .invalid(.frameTooLong(streamID: header.streamID, dataLength: header.dataLength))
    }
    let start = offset + FrameHeader.encodedSize
    guard header.dataLength <= FrameHeader.dataLengthMax else {
      offset = start
      discardedLength = Int(header.dataLength)
      return .oversized(header)
    }
    guard bytes.count - start >= Int(header.dataLength) else { return .incomplete }
    offset = start + Int(header.dataLength)
    return .frame(header, start..<offset)
  }

  /// The size of the whole frame that begins at an offset, as far as can be told, in bytes.
  ///
  /// At least a header's size, at most a header and ``FrameHeader/dataLengthMax``.
  static func frameSize(in bytes: Span<UInt8>, at offset: Int) -> Int {
    guard bytes.count - offset >= FrameHeader.encodedSize else { return FrameHeader.encodedSize }
    let header = FrameHeader(decoding: bytes, at: offset)
    return FrameHeader.encodedSize + Int(min(header.dataLength, FrameHeader.dataLengthMax))
  }

  /// Chooses the dialect by the connection's first byte, once.
  private mutating func chooseDialect(_ byte: UInt8) -> ConnectionError? {
    if dialect == nil { dialect = ConnectionDialect(firstByte: byte) }
    return dialect == .ttrpc ? nil : .unknownDialect(firstByte: byte)
  }
}

/// What a peer speaks, told by the first byte that it sends.
///
/// This is the one place where a connection's dialect is chosen.
package enum ConnectionDialect: Hashable, Sendable {
  /// ttrpc's frames: the first byte is always zero, because no frame is as long as 16 MiB.
  case ttrpc

  /// Something that this version doesn't speak.
  case unknown

  /// Creates the dialect of a connection's first byte.
  package init(firstByte: UInt8) {
    self = firstByte == 0 ? .ttrpc : .unknown
  }
}

/// Why a connection can't go on.
package enum ConnectionError: Error, Hashable, Sendable {
  /// The first byte isn't one that a known dialect begins with.
  case unknownDialect(firstByte: UInt8)

  /// A frame announces 16 MiB or more, which no frame of the protocol does.
  case frameTooLong(streamID: UInt32, dataLength: UInt32)

  /// A request came with the id of a stream that is open.
  case streamReused(streamID: UInt32)
}

extension ConnectionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownDialect(let firstByte):
      "first byte is \(firstByte), ttrpc's is 0"
    case .frameTooLong(let streamID, let dataLength):
      "stream \(streamID): frame of \(dataLength) bytes is over the limit of "
        + "\(FrameHeader.discardedLengthMax), up to which frames are read away"
    case .streamReused(let streamID):
      "stream \(streamID): opened again while it is open"
    }
  }
}
