/// The ten bytes before every frame's data.
///
/// All numbers are big-endian:
///
///      0      4      8   9   10
///      ├──────┼──────┼───┼───┤
///      │length│stream│typ│flg│
///      └──────┴──────┴───┴───┘
///
/// `length` counts the data bytes after the header, never the header itself.
/// `Schema/PROTOCOL.md` says what each type and flag means on a stream.
package struct FrameHeader: Hashable, Sendable {
  /// The header's own size, in bytes.
  package static let encodedSize = 10

  /// The largest data length that a frame may have, in bytes: 4 MiB.
  ///
  /// The limit is ttrpc's, and both sides check it: the sender before it writes, the receiver
  /// before it allocates.
  package static let dataLengthMax: UInt32 = 4 << 20

  /// The largest data length that is still read away, in bytes: one under 16 MiB.
  ///
  /// A larger one has a first byte that isn't zero, and so isn't ttrpc (its PROTOCOL.md, "Message
  /// Frame").
  package static let discardedLengthMax: UInt32 = 1 << 24 - 1

  /// The number of data bytes that follow the header.
  package var dataLength: UInt32

  /// The stream the frame belongs to; odd, because clients open all streams.
  package var streamID: UInt32

  /// What the data is: a request, a response or a part of a stream.
  package var type: FrameType

  /// The bits that `type` gives a meaning to.
  package var flags: FrameFlags

  /// Creates a header for data of a known length.
  package init(dataLength: UInt32, streamID: UInt32, type: FrameType, flags: FrameFlags = []) {
    self.dataLength = dataLength
    self.streamID = streamID
    self.type = type
    self.flags = flags
  }

  /// Reads a header; every ten bytes are one, what they ask for is checked by the reader of frames.
  ///
  /// - Parameters:
  ///   - bytes: Bytes that hold a whole header.
  ///   - offset: Where the header begins.
  package init(decoding bytes: Span<UInt8>, at offset: Int = 0) {
    precondition(offset >= 0 && bytes.count - offset >= Self.encodedSize)
    self.init(
      dataLength: Self.bigEndian(bytes, at: offset),
      streamID: Self.bigEndian(bytes, at: offset + 4),
      type: FrameType(rawValue: bytes[offset + 8]),
      flags: FrameFlags(rawValue: bytes[offset + 9])
    )
  }

  /// Appends the header as it stands on the wire.
  package func encode(into output: inout OutputSpan<UInt8>) {
    Self.encode(dataLength, into: &output)
    Self.encode(streamID, into: &output)
    output.append(type.rawValue)
    output.append(flags.rawValue)
  }

  private static func encode(_ value: UInt32, into output: inout OutputSpan<UInt8>) {
    output.append(UInt8(truncatingIfNeeded: value >> 24))
    output.append(UInt8(truncatingIfNeeded: value >> 16))
    output.append(UInt8(truncatingIfNeeded: value >> 8))
    output.append(UInt8(truncatingIfNeeded: value))
  }

  private static func bigEndian(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
    UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16
      | UInt32(bytes[offset + 2]) << 8 | UInt32(bytes[offset + 3])
  }
}

/// What a frame's data is.
package enum FrameType: Hashable, Sendable {
  /// Opens a stream; the data is an envelope, `ttrpc.Request`.
  case request

  /// Ends a stream; the data is an envelope, `ttrpc.Response`.
  case response

  /// One message of a stream, without an envelope.
  case data

  /// A type that this version doesn't know.
  case unknown(UInt8)

  /// Creates the type of a type byte.
  package init(rawValue: UInt8) {
    switch rawValue {
    case 1: self = .request
    case 2: self = .response
    case 3: self = .data
    default: self = .unknown(rawValue)
    }
  }

  /// The type byte.
  package var rawValue: UInt8 {
    switch self {
    case .request: 1
    case .response: 2
    case .data: 3
    case .unknown(let rawValue): rawValue
    }
  }
}

/// The bits of a frame's last header byte; which of them mean something depends on its type.
package struct FrameFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No more messages come from the frame's sender.
  package static let remoteClosed = FrameFlags(rawValue: 0x01)

  /// Messages of the frame's sender follow; on a request only.
  package static let remoteOpen = FrameFlags(rawValue: 0x02)

  /// The frame carries no message, not even an empty one.
  package static let noData = FrameFlags(rawValue: 0x04)
}
