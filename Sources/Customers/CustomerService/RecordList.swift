internal import CustomerModel
internal import CustomerStore
internal import ProtoWire
internal import TTRPC

/// Puts stored records into a response without decoding them.
///
/// A repeated message field is a tag, a length and the message's bytes, once for each; the response's
/// other fields follow, because encoded messages that stand one behind the other are one message
/// (protobuf encoding guide, "Last One Wins").
enum RecordList {
  /// The tag of `repeated Customer customers = 1`, which all responses with customers have.
  private static let tag: UInt8 = 1 << 3 | 2

  /// The bytes of records that are copied where they came: all calls wait for so long.
  private static let copiedAtOnceMax = 16 << 10

  /// A response of records and of the fields that `rest` has set.
  static func response<Response: WireMessage & Sendable>(
    _ records: RecordBatch,
    rest: Response
  ) async -> Encoded<Response> {
    guard records.bytes.count > copiedAtOnceMax else { return made(records, rest) }
    return await madeElsewhere(records, rest)
  }

  @concurrent private static func madeElsewhere<Response: WireMessage & Sendable>(
    _ records: RecordBatch,
    _ rest: Response
  ) async -> Encoded<Response> {
    made(records, rest)
  }

  private static func made<Response: WireMessage>(
    _ records: RecordBatch,
    _ rest: Response
  ) -> Encoded<Response> {
    let tail = rest.encoded()
    var bytes: [UInt8] = []
    // A record's length takes at most three bytes, as a record has at most 64 KiB.
    bytes.reserveCapacity(records.bytes.count + records.count * 4 + tail.count)
    for index in 0..<records.count {
      let range = records.range(index)
      bytes.append(tag)
      WireVarint.append(UInt64(range.count), to: &bytes)
      bytes.append(contentsOf: records.bytes[range])
    }
    bytes.append(contentsOf: tail)
    return Encoded(bytes: bytes)
  }

  /// The tag of `Customer customer = 3`, which a change has.
  private static let changeTag: UInt8 = 3 << 3 | 2

  /// A change of a record and of the fields that `rest` has set.
  static func change(_ record: [UInt8], rest: Change) -> Encoded<Change> {
    var bytes = rest.encoded()
    bytes.append(changeTag)
    WireVarint.append(UInt64(record.count), to: &bytes)
    bytes.append(contentsOf: record)
    return Encoded(bytes: bytes)
  }
}
