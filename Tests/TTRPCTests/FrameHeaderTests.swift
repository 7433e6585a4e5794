import TTRPC
import Testing

@Suite struct FrameHeaderTests {
  private func encoded(_ header: FrameHeader) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(addingCapacity: FrameHeader.encodedSize) { header.encode(into: &$0) }
    return bytes
  }

  /// Worked out by hand from ttrpc's PROTOCOL.md, "Message Frame".
  @Test func encodesBigEndian() {
    let header = FrameHeader(
      dataLength: 0x0102,
      streamID: 0x0304_0507,
      type: .request,
      flags: [.remoteOpen, .noData]
    )
    #expect(encoded(header) == [0, 0, 1, 2, 3, 4, 5, 7, 1, 6])
  }

  @Test(arguments: [
    FrameHeader(dataLength: 0, streamID: 1, type: .response),
    FrameHeader(dataLength: FrameHeader.dataLengthMax, streamID: .max, type: .data, flags: .noData),
    FrameHeader(dataLength: .max, streamID: 0, type: .unknown(0x40), flags: .init(rawValue: 0xFF)),
  ])
  func decodesWhatItEncodes(_ header: FrameHeader) {
    #expect(FrameHeader(decoding: encoded(header).span) == header)
    #expect(FrameHeader(decoding: ([9, 9] + encoded(header)).span, at: 2) == header)
  }

  /// The numbers of ttrpc's PROTOCOL.md, "Message Types" and "Request Flags".
  @Test func typesAndFlagsHaveTheirNumbers() {
    #expect([FrameType.request, .response, .data].map(\.rawValue) == [1, 2, 3])
    #expect(FrameFlags.remoteClosed.rawValue == 1 && FrameFlags.remoteOpen.rawValue == 2)
    #expect(FrameFlags.noData.rawValue == 4)
    for byte in UInt8.min...UInt8.max { #expect(FrameType(rawValue: byte).rawValue == byte) }
  }
}
