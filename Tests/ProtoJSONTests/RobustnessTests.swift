import ProtoJSON
import ProtoWire
import TestSupport
import Testing

/// What no input may do: trap, hang, or be taken for what it isn't.
@Suite struct RobustnessTests {
  /// A text with every kind of value.
  private let text = #"""
    {"scalars": {"stringValue": "a\u00e9\ud83d\ude00é😀", "doubleValue": -1.5e-3,
      "int64Value": "-5", "bytesValue": "AAEC", "colour": "RED", "boolValue": true},
     "lists": {"int32s": [1, -2, 3], "floats": ["NaN", 1, 0.1], "strings": ["", "x"],
       "messages": [{}, {"nullValue": null}]},
     "maps": {"strings": {"b": "1", "a": "2"}, "bools": {"true": [null, {}], "false": 1},
       "sint64s": {"-7": {"names": {"Renamed It \"so\"": "y"}}}},
     "choices": {"choices": {"value": {"a": [1, "2", false]}, "duration": "-1.5s"}},
     "wellKnown": {"any": {"@type": "a/protojson.test.WellKnown", "timestamp":
         "2026-01-31T23:59:59.5Z"}, "fieldMask": "firstName,phones", "int64Value": "7",
       "anys": [{"value": "1s", "@type": "a/google.protobuf.Duration"}], "empty": {}}}
    """#

  @Test func noTruncatedTextIsAMessage() throws {
    let codec = try TestSchema.codec("Everything")
    let bytes = Array(text.utf8)
    #expect(try codec.wire(ofJSON: bytes).count > 300)
    for count in bytes.indices {
      let error = #expect(throws: JSONReadError.self) {
        try codec.wire(ofJSON: Array(bytes[..<count]))
      }
      let position = TextPosition(
        line: bytes[..<count].split(
          separator: 10,
          omittingEmptySubsequences: false
        ).count,
        column: 1
      )
      #expect((error?.position.line ?? 0) <= position.line)
    }
  }

  @Test func noTruncatedWireTraps() throws {
    let codec = try TestSchema.codec("Everything")
    let wire = try codec.wire(ofJSON: Array(text.utf8))
    for count in wire.indices {
      // A message cut between two fields is a message.
      _ = try? codec.json(of: Array(wire[..<count]).span)
    }
  }

  @Test func textsAreNestedAsDeepAsAllowedAndNoDeeper() throws {
    func lists(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    let options = JSONReadOptions(ignoresUnknownFields: true)
    #expect(try TestSchema.refusal("Names", #"{"x":\#(lists(99))}"#, options) == nil)
    #expect(
      try TestSchema.refusal("Names", #"{"x":\#(lists(100))}"#, options)
        == "line 1, column 105: values are nested deeper than 100"
    )
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(
      try TestSchema.refusal("Names", #"{"x":\#(deep)"#, options)
        == "line 1, column 105: values are nested deeper than 100"
    )
  }

  @Test func messagesAreNestedAsDeepAsAllowedAndNoDeeper() throws {
    // Below the outermost message 100 may stand inside each other.
    func json(_ depth: Int) -> String {
      String(repeating: #"{"everything":"#, count: depth) + "{}"
        + String(repeating: "}", count: depth)
    }
    let codec = try TestSchema.codec("Everything")
    let deepest = try codec.wire(ofJSON: Array(json(99).utf8))
    let options = JSONWriteOptions(writesFieldsWithoutPresence: false)
    #expect(String(decoding: try codec.json(of: deepest.span, options), as: UTF8.self) == json(99))

    // Each list in a Value is two messages: the list's and the element's.
    func value(_ depth: Int) -> String {
      #"{"value":"# + String(repeating: "[", count: depth) + "1"
        + String(repeating: "]", count: depth) + "}"
    }
    #expect(try TestSchema.refusal("WellKnown", value(49)) == nil)
    #expect(
      try TestSchema.refusal("WellKnown", value(50))?.hasSuffix("values are nested deeper than 100")
        == true
    )
  }

  @Test func wireIsNestedAsDeepAsAllowedAndNoDeeper() throws {
    func wire(_ depth: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      for _ in 0..<depth {
        var length: [UInt8] = []
        WireVarint.append(UInt64(bytes.count), to: &length)
        bytes = [0x42] + length + bytes
      }
      return bytes
    }
    let codec = try TestSchema.codec("Everything")
    #expect(try codec.json(of: wire(100).span).isEmpty == false)
    let error = #expect(throws: JSONWriteError.self) { try codec.json(of: wire(101).span) }
    #expect(error?.reason == .wire(WireError(.tooDeep, at: 0)))
  }

  /// What is read from a changed text must be written and read again as the same message.
  @Test func changedTextsTrapNothing() throws {
    var generator = SeededGenerator.announced()
    let codec = try TestSchema.codec("Everything")
    let original = Array(text.utf8)
    let pieces = [
      "\"", "{", "}", "[", "]", ",", ":", "\\", "null", "1e9", "-", "\u{0}", "é", "\\ud800",
    ]
    var accepted = 0
    for _ in 0..<6_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(start + Int.random(in: 0...3, using: &generator), bytes.count)
        let piece = pieces.randomElement(using: &generator) ?? ""
        let flip = UInt8.random(in: 0...255, using: &generator)
        bytes.replaceSubrange(
          start..<end,
          with: Bool.random(using: &generator) ? [flip] : Array(piece.utf8)
        )
      }
      guard let wire = try? codec.wire(ofJSON: bytes) else { continue }
      accepted += 1
      let json = try codec.json(of: wire.span)
      #expect(try codec.wire(ofJSON: json) == wire, "\(String(decoding: bytes, as: UTF8.self))")
    }
    // Changes inside strings and between values leave a message.
    #expect(accepted > 20)
  }

  /// What is written of changed bytes must be read, and written again as the same text.
  @Test func changedWireTrapsNothing() throws {
    var generator = SeededGenerator.announced()
    let codec = try TestSchema.codec("Everything")
    let original = try codec.wire(ofJSON: Array(text.utf8))
    var accepted = 0
    for _ in 0..<6_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        default: bytes.insert(bytes[index], at: index)
        }
      }
      guard let json = try? codec.json(of: bytes.span) else { continue }
      accepted += 1
      let wire = try codec.wire(ofJSON: json)
      #expect(try codec.json(of: wire.span) == json)
    }
    #expect(accepted > 20)
  }
}
