internal import ProtoWire
internal import WellKnownTypes

/// A response's envelope, read where it stands: what ends a call.
///
/// The fields are those of `ttrpc.Response` in `Schema/ttrpc.proto`.
struct ResponseHead {
  /// Why the call failed; `nil` = it didn't.
  var error: RPCError?

  /// Where the encoded response message stands.
  var payload = 0..<0

  /// Reads an envelope.
  ///
  /// - Parameters:
  ///   - bytes: The bytes that the frame was found in.
  ///   - data: Where the frame's data stands in them.
  /// - Throws: ``WireError`` if the data is no `ttrpc.Response`.
  init(bytes: Span<UInt8>, data: Range<Int>) throws(WireError) {
    var status = Status()
    var reader = WireReader(bytes.extracting(data))
    while case let tag = try reader.nextTag(), tag != 0 {
      switch tag {
      case 10: try reader.message(&status)
      case 18: payload = try reader.byteRange().shifted(by: data.lowerBound)
      default: try reader.skip(tag)
      }
    }
    error = RPCError(status)
  }
}

/// A response's envelope as it is written, around a message or a status.
enum ResponseEnvelope {
  /// The size of an envelope around so many bytes; no bytes have no envelope.
  static func size(payloadSize: Int) -> Int {
    payloadSize == 0 ? 0 : 1 + WireVarint.sizeWithLength(payloadSize)
  }

  /// The largest response message that fits a frame with its envelope, in bytes.
  ///
  /// A tag and a length of four bytes stand before it.
  static let payloadSizeMax = Int(FrameHeader.dataLengthMax) - 5
}
