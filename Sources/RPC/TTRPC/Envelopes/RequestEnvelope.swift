internal import ProtoWire

/// A request's envelope as it is written: everything but the message that it goes around.
///
/// The fields are those of `ttrpc.Request` in `Schema/ttrpc.proto`.
struct RequestEnvelope {
  /// The service's full name.
  var service: String

  /// The method's name.
  var method: String

  /// The size of the encoded request message, in bytes.
  var payloadSize: Int

  /// How long the caller waits, as the wire says it.
  var timeoutNanoseconds: Int64

  /// What travels beside the messages.
  var metadata: Metadata

  /// The envelope's number for a time to wait: a time that has passed is negative, never 0.
  static func nanoseconds(_ timeout: Duration?) -> Int64 {
    guard let timeout else { return 0 }
    guard timeout > .zero else { return -1 }
    let (seconds, attoseconds) = timeout.components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || carry ? .max : max(sum, 1)
  }

  /// The size of the envelope with its payload, in bytes.
  var size: Int {
    var size = payloadSize > 0 ? 1 + WireVarint.sizeWithLength(payloadSize) : 0
    if !service.isEmpty { size += 1 + WireVarint.sizeWithLength(service.utf8.count) }
    if !method.isEmpty { size += 1 + WireVarint.sizeWithLength(method.utf8.count) }
    if timeoutNanoseconds != 0 {
      size += 1 + WireVarint.size(UInt64(bitPattern: timeoutNanoseconds))
    }
    for item in metadata.items { size += 1 + WireVarint.sizeWithLength(item.encodedSize) }
    return size
  }

  /// Writes the envelope.
  ///
  /// - Parameters:
  ///   - output: Where there is room for ``size`` bytes.
  ///   - payload: Writes ``payloadSize`` bytes; not called if there are none.
  func encode(
    into output: inout OutputSpan<UInt8>,
    payload: (inout OutputSpan<UInt8>) -> Void
  ) {
    output.appendField(10, service)
    output.appendField(18, method)
    if payloadSize > 0 {
      output.append(26)
      output.appendVarint(UInt64(payloadSize))
      payload(&output)
    }
    if timeoutNanoseconds != 0 {
      output.append(32)
      output.appendVarint(UInt64(bitPattern: timeoutNanoseconds))
    }
    for item in metadata.items {
      output.append(42)
      output.appendVarint(UInt64(item.encodedSize))
      output.appendField(10, item.name)
      output.appendField(18, item.value)
    }
  }
}

extension Metadata.Item {
  /// The size of the item as a `ttrpc.KeyValue`, in bytes.
  var encodedSize: Int {
    (name.isEmpty ? 0 : 1 + WireVarint.sizeWithLength(name.utf8.count))
      + (value.isEmpty ? 0 : 1 + WireVarint.sizeWithLength(value.utf8.count))
  }
}
