internal import ProtoWire

/// A request's envelope, read where it stands: what opens a call.
///
/// Nothing is copied but metadata; names and payload are ranges in the bytes that the frame was
/// found in. The fields are those of `ttrpc.Request` in `Schema/ttrpc.proto`.
package struct RequestHead: Sendable {
  /// The call's stream.
  package var streamID: UInt32

  /// The frame's flags.
  package var flags: FrameFlags

  /// Where the service's full name stands; not checked to be UTF-8.
  package var service = 0..<0

  /// Where the method's name stands; not checked to be UTF-8.
  package var method = 0..<0

  /// Where the encoded request message stands.
  package var payload = 0..<0

  /// How long the caller waits, in nanoseconds; 0 = as long as it takes, negative = no longer.
  package var timeoutNanoseconds: Int64 = 0

  /// What travels beside the messages; names in lower case.
  package var metadata = Metadata()

  /// Reads an envelope.
  ///
  /// - Parameters:
  ///   - streamID: The frame's stream.
  ///   - flags: The frame's flags.
  ///   - bytes: The bytes that the frame was found in.
  ///   - data: Where the frame's data stands in them.
  ///   - limits: How much metadata there may be.
  /// - Throws: ``StatusCode/invalidArgument`` if the data is no `ttrpc.Request`,
  ///   ``StatusCode/resourceExhausted`` if there is too much metadata.
  init(
    streamID: UInt32,
    flags: FrameFlags,
    bytes: Span<UInt8>,
    data: Range<Int>,
    limits: ConnectionLimits
  ) throws(RPCError) {
    self.streamID = streamID
    self.flags = flags
    var meter = MetadataMeter(limits: limits)
    do {
      var reader = WireReader(bytes.extracting(data))
      while case let tag = try reader.nextTag(), tag != 0 {
        switch tag {
        case 10: service = try reader.byteRange().shifted(by: data.lowerBound)
        case 18: method = try reader.byteRange().shifted(by: data.lowerBound)
        case 26: payload = try reader.byteRange().shifted(by: data.lowerBound)
        case 32: timeoutNanoseconds = Int64(bitPattern: try reader.varint())
        case 42:
          let item = try reader.byteRange().shifted(by: data.lowerBound)
          if meter.admits(item.count) {
            metadata.items.append(try Metadata.Item(decoding: bytes.extracting(item)))
          }
        default: try reader.skip(tag)
        }
      }
    } catch {
      throw RPCError(.invalidArgument, "envelope is no ttrpc.Request: \(error)")
    }
    try meter.check()
  }
}

extension Range<Int> {
  /// The range as many places further on.
  func shifted(by offset: Int) -> Self { lowerBound + offset..<upperBound + offset }
}

extension Metadata.Item {
  /// Reads a `ttrpc.KeyValue`; its name is put into lower case.
  fileprivate init(decoding bytes: Span<UInt8>) throws(WireError) {
    self.init(name: "", value: "")
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      switch tag {
      case 10: name = try reader.string().lowercased()
      case 18: value = try reader.string()
      default: try reader.skip(tag)
      }
    }
  }
}

/// Counts a call's metadata against the limits, without keeping what is over them.
struct MetadataMeter {
  private let limits: ConnectionLimits
  private var count = 0
  private var byteCount = 0

  init(limits: ConnectionLimits) { self.limits = limits }

  /// Counts one item; returns whether all so far are inside the limits.
  mutating func admits(_ size: Int) -> Bool {
    count += 1
    byteCount += size
    return count <= limits.metadataCountMax && byteCount <= limits.metadataBytesMax
  }

  /// Throws ``StatusCode/resourceExhausted`` if the items counted are over a limit.
  func check() throws(RPCError) {
    guard count <= limits.metadataCountMax else {
      throw RPCError(
        .resourceExhausted,
        "\(count) items of metadata are over the limit of \(limits.metadataCountMax)",
        outcome: .neverBegun
      )
    }
    guard byteCount <= limits.metadataBytesMax else {
      throw RPCError(
        .resourceExhausted,
        "\(byteCount) bytes of metadata are over the limit of \(limits.metadataBytesMax)",
        outcome: .neverBegun
      )
    }
  }
}
