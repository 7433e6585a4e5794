import ProtoWire
import Testing

@Suite struct WireMapTests {
  @Test func isUsedLikeADictionary() {
    var map: WireMap<String, Int> = ["b": 2, "a": 1]
    map["c"] = 3
    map["a"] = 10
    map["b"] = nil
    map["z"] = nil
    #expect(map.count == 2)
    #expect(map["a"] == 10)
    #expect(map["b"] == nil)
    #expect(map.keys == ["a", "c"])
    #expect(map.map(\.value) == [10, 3])
    #expect(!map.isEmpty)
    #expect(map == WireMap(["a": 10, "c": 3]))
    #expect(Set([map, WireMap(["c": 3, "a": 10])]).count == 1)
  }

  @Test func keepsTheLastOfEqualKeys() {
    let map: WireMap<Int32, String> = [1: "a", 0: "b", 1: "c", 1: "d"]
    #expect(map.map(\.value) == ["b", "d"])
  }

  /// Swift calls the two spellings equal; the wire has different bytes.
  @Test func keepsKeysApartThatOnlyUnicodeCallsEqual() {
    var map: WireMap<String, Int> = [:]
    map["é"] = 1
    map["e\u{301}"] = 2
    #expect(map.count == 2)
    #expect(map["é"] == 1)
    #expect(WireMap(["é": 1]) != WireMap(["e\u{301}": 1]))
  }

  /// UTF-8 bytes order as scalars do: U+FF5E before U+10000, whatever UTF-16 says.
  @Test func ordersStringsByBytes() {
    let map: WireMap<String, Int> = ["\u{10000}": 1, "\u{FF5E}": 2, "ab": 3, "a": 4, "": 5, "B": 6]
    #expect(map.map(\.value) == [5, 6, 4, 3, 2, 1])
  }

  @Test func ordersNumbersByValue() {
    #expect(WireMap<Int32, Int>([3: 0, -1: 0, 0: 0]).keys == [-1, 0, 3])
    #expect(WireMap<UInt64, Int>([.max: 0, 0: 0]).keys == [0, .max])
    #expect(WireMap<Bool, Int>([true: 0, false: 0]).keys == [false, true])
  }

  /// Entries as they come: not in order, a key twice, parts missing, unknown fields inside.
  @Test func readsEntriesInAnyOrder() throws {
    let bytes: [UInt8] = [
      0x62, 6, 0x0A, 1, 0x62, 0x12, 1, 0x31,  // b: 1
      0x62, 6, 0x12, 1, 0x32, 0x0A, 1, 0x61,  // a: 2, the value first
      0x62, 3, 0x0A, 1, 0x63,  // c: no value
      0x62, 0,  // neither
      0x62, 8, 0x0A, 1, 0x62, 0x18, 7, 0x12, 1, 0x33,  // b: 3, and a field 3
    ]
    let map = try Maps(decoding: bytes).stringKeys
    #expect(map == ["": "", "a": "2", "b": "3", "c": ""])
  }

  @Test func equalMapsHaveEqualBytes() {
    let one = Maps(stringKeys: ["a": "1", "b": "2"])
    let other = Maps(stringKeys: ["b": "2", "a": "1"])
    #expect(one == other)
    #expect(one.encoded() == other.encoded())
    #expect(
      one.encoded() == [
        0x62, 6, 0x0A, 1, 0x61, 0x12, 1, 0x31, 0x62, 6, 0x0A, 1, 0x62, 0x12, 1, 0x32,
      ]
    )
  }
}
