import ProtoWire
import Testing
import WellKnownTypes

@Suite struct ElementLimitTests {
  /// Field 1 of `google.protobuf.FieldMask`, `repeated string paths`: tag and length, twice zero.
  private static func mask(_ count: Int) -> [UInt8] {
    [UInt8]((0..<count).flatMap { _ in [10, 0] as [UInt8] })
  }

  @Test func takesAsManyElementsAsMay() throws {
    let mask = try FieldMask(decoding: Self.mask(WireReader.elementCountMax))
    #expect(mask.paths.count == 262_144)
  }

  @Test func refusesOneMore() {
    let bytes = Self.mask(WireReader.elementCountMax + 1)
    let error = WireError(.tooManyElements, at: bytes.count - 1)
    #expect(throws: error) { try FieldMask(decoding: bytes) }
    #expect("\(error)" == "byte 524289: lists and maps hold more than 262144 elements")
  }

  /// Field 3 of `google.rpc.ErrorInfo`, `map<string, string> metadata`: entries without key and value.
  @Test func countsTheEntriesOfMaps() throws {
    let entries = (0..<WireReader.elementCountMax).flatMap { _ in [26, 0] as [UInt8] }
    #expect(try ErrorInfo(decoding: entries).metadata.count == 1)
    #expect(throws: WireError(.tooManyElements, at: entries.count + 1)) {
      try ErrorInfo(decoding: entries + [26, 0])
    }
  }
}
