import ProtoWire
import TestSupport
import Testing

/// Bytes that are no message: an error with its offset each time, never a trap.
@Suite struct WireReaderTests {
  /// A case: bytes, and the error that reading them as `Scalars` or `Node` gives.
  struct Bad: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var error: WireError

    init(_ name: String, _ bytes: [UInt8], _ reason: WireError.Reason, at offset: Int) {
      self.name = name
      self.bytes = bytes
      error = WireError(reason, at: offset)
    }

    var testDescription: String { name }
  }

  /// Worked out by hand from protobuf's encoding guide.
  @Test(arguments: [
    Bad("field number 0", [0x00], .invalidTag, at: 0),
    Bad("field number 0 behind a field", [0x18, 1, 0x02, 0], .invalidTag, at: 2),
    Bad("wire type 6", [0x0E], .invalidTag, at: 0),
    Bad("wire type 7", [0x0F], .invalidTag, at: 0),
    Bad("wire type 6, two bytes", [0x86, 0x01], .invalidTag, at: 0),
    Bad("a tag of 33 bits", [0x88, 0x80, 0x80, 0x80, 0x10], .invalidTag, at: 0),
    Bad("a tag that ends", [0x88], .truncated, at: 0),
    Bad("a varint that ends at once", [0x18], .truncated, at: 1),
    Bad("a varint that ends", [0x18, 0x80, 0x80], .truncated, at: 1),
    Bad(
      "a varint of eleven bytes",
      [0x18] + [UInt8](repeating: 0x80, count: 10) + [1],
      .varintTooLong,
      at: 1
    ),
    Bad(
      "a varint of 65 bits",
      [0x18] + [UInt8](repeating: 0xFF, count: 9) + [2],
      .varintTooLong,
      at: 1
    ),
    Bad("a fixed64 of seven bytes", [0x09, 1, 2, 3, 4, 5, 6, 7], .truncated, at: 1),
    Bad("a fixed32 of three bytes", [0x15, 1, 2, 3], .truncated, at: 1),
    Bad("a length that ends", [0x72], .truncated, at: 1),
    Bad("a length one too long", [0x72, 3, 0x61, 0x62], .lengthOverrun, at: 1),
    Bad(
      "a length of 2^63",
      [0x72] + [UInt8](repeating: 0x80, count: 9) + [1],
      .lengthOverrun,
      at: 1
    ),
    Bad(
      "a length of 2^64 - 1",
      [0x72] + [UInt8](repeating: 0xFF, count: 9) + [1],
      .lengthOverrun,
      at: 1
    ),
    Bad("bytes one too long", [0x7A, 1], .lengthOverrun, at: 1),
    Bad("a group's end alone", [0x0C], .unmatchedEndGroup, at: 1),
    Bad("a group without its end", [0xA3, 0x06], .unterminatedGroup, at: 2),
    Bad("a group with another's end", [0xA3, 0x06, 0xAC, 0x06], .unmatchedEndGroup, at: 4),
    Bad(
      "an unknown field's length",
      [0xA2, 0x06, 5, 0],
      .lengthOverrun,
      at: 2
    ),
    Bad("an unknown number that ends", [0xA5, 0x06, 0, 0], .truncated, at: 2),
  ])
  func refusesWithReasonAndOffset(_ bad: Bad) {
    #expect(throws: bad.error) { try Scalars(decoding: bad.bytes) }
  }

  @Test(arguments: [
    Bad("a packed number that ends", [0x1A, 1, 0x80], .truncated, at: 2),
    Bad("a packed fixed32 of three bytes", [0x4A, 3, 1, 2, 3], .truncated, at: 2),
    Bad(
      "a packed fixed64 of nine bytes",
      [0x52, 9] + [UInt8](repeating: 0, count: 9),
      .truncated,
      at: 10
    ),
    Bad("a packed length too long", [0x1A, 2, 1], .lengthOverrun, at: 1),
    Bad("a nested message's length", [0x8A, 0x01, 2, 0x18], .lengthOverrun, at: 2),
    Bad("a nested message's number", [0x8A, 0x01, 1, 0x18, 1], .truncated, at: 4),
    Bad("a number that leaves its message", [0x8A, 0x01, 2, 0x18, 0x80, 1], .truncated, at: 4),
  ])
  func refusesInsideListsAndMessages(_ bad: Bad) {
    #expect(throws: bad.error) { try Repeateds(decoding: bad.bytes) }
  }

  @Test(arguments: [
    Bad("an entry's length", [0x62, 9, 0x0A], .lengthOverrun, at: 1),
    Bad("an entry's key", [0x62, 3, 0x0A, 2, 0x61], .lengthOverrun, at: 3),
    Bad("an entry's text", [0x62, 3, 0x0A, 1, 0xFF], .invalidUTF8, at: 4),
    Bad("a group's end in an entry", [0x62, 1, 0x0C], .unmatchedEndGroup, at: 3),
  ])
  func refusesInsideMaps(_ bad: Bad) {
    #expect(throws: bad.error) { try Maps(decoding: bad.bytes) }
  }

  /// Table 3-7 of the Unicode standard, "Well-Formed UTF-8 Byte Sequences", and its neighbours.
  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
      [0xE1, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
      Array("abcdefgh".utf8) + [0xE9],
    ] as [[UInt8]]
  )
  func refusesWhatIsNoUTF8(_ text: [UInt8]) {
    let bytes = [0x18, 0x01, 0x72, UInt8(text.count)] + text
    #expect(throws: WireError(.invalidUTF8, at: 4)) { try Scalars(decoding: bytes) }
  }

  @Test(arguments: ["", "a", "é", "日本語", "😀", "\u{0}", "\u{FFFF}", "\u{10FFFF}", "abcdefgé"])
  func readsWhatIsUTF8(_ text: String) throws {
    let bytes = [0x72, UInt8(text.utf8.count)] + Array(text.utf8)
    #expect(try Array(Scalars(decoding: bytes).stringValue.utf8) == Array(text.utf8))
  }

  // MARK: Depth

  /// A node inside a node, so many times.
  private func nodes(_ count: Int) -> [UInt8] {
    (0..<count).reduce(into: []) { bytes, _ in bytes = RandomWire.delimited(2, bytes) }
  }

  private func groups(_ count: Int) -> [UInt8] {
    [UInt8](repeating: 0xFB, count: count).flatMap { [$0, 0x01] }
      + [UInt8](repeating: 0xFC, count: count).flatMap { [$0, 0x01] }
  }

  @Test func nestsMessagesToTheLimit() throws {
    var node: Node? = try Node(decoding: nodes(WireReader.depthMax))
    var depth = 0
    while let inner = node?.parent {
      depth += 1
      node = inner
    }
    #expect(depth == WireReader.depthMax)
    // 100 lengths of one byte and one of two stand before the length that is too deep.
    let error = #expect(throws: WireError.self) {
      try Node(decoding: nodes(WireReader.depthMax + 1))
    }
    #expect(error?.reason == .tooDeep)
  }

  @Test func nestsGroupsToTheLimit() throws {
    let message = try Node(decoding: groups(WireReader.depthMax))
    #expect(message.unknownFields.bytes == groups(WireReader.depthMax))
    #expect(throws: WireError(.tooDeep, at: 2 * WireReader.depthMax + 2)) {
      try Node(decoding: groups(WireReader.depthMax + 1))
    }
  }

  @Test(arguments: [100_000])
  func survivesDepthBombs(_ count: Int) {
    #expect(throws: WireError.self) { try Node(decoding: nodes(2_000)) }
    #expect(throws: WireError.self) { try Node(decoding: groups(count)) }
    let mixed = (0..<2_000).reduce(into: [UInt8]()) { bytes, index in
      bytes = RandomWire.delimited(index.isMultiple(of: 2) ? 4 : 2, bytes)
    }
    #expect(throws: WireError.self) { try Node(decoding: mixed) }
  }

  /// protoc stops at the same depth.
  @Test(.enabled(if: ExternalTool.isExpected("protoc")))
  func protocHasTheSameLimit() throws {
    let decode = ["--decode=features.v1.Node"]
    #expect(throws: Never.self) {
      try FeatureSchema.protoc(decode, input: nodes(WireReader.depthMax))
    }
    #expect(throws: ProtocError.self) {
      try FeatureSchema.protoc(decode, input: nodes(WireReader.depthMax + 1))
    }
  }

  // MARK: What a reader must take

  @Test func keepsFieldsOfAnotherWireTypeAsUnknown() throws {
    // Field 1 is a double: as a varint, as text and as a group it is none of ours.
    let bytes: [UInt8] = [0x08, 5, 0x0A, 1, 0x61, 0x0B, 0x08, 1, 0x0C]
    let message = try Scalars(decoding: bytes)
    #expect(message.doubleValue == 0)
    #expect(message.unknownFields.bytes == bytes)
    #expect(message.encoded() == bytes)
  }

  @Test func writesUnknownFieldsBehindKnownOnes() throws {
    let bytes: [UInt8] = [0xA0, 0x06, 1, 0x18, 7, 0xA2, 0x06, 1, 0x61]
    let message = try Scalars(decoding: bytes)
    #expect(message.int32Value == 7)
    #expect(message.encoded() == [0x18, 7, 0xA0, 0x06, 1, 0xA2, 0x06, 1, 0x61])
  }

  @Test func takesTheLastOfAFieldThatComesTwice() throws {
    #expect(try Scalars(decoding: [0x18, 1, 0x18, 2]).int32Value == 2)
    #expect(try Optionals(decoding: [0x18, 1, 0x18, 0]).int32Value == 0)
  }

  @Test func readsLongFormsOfShortNumbers() throws {
    // The encoding guide allows a varint more bytes than it needs; the tag and the length too.
    #expect(try Scalars(decoding: [0x98, 0x00, 0x81, 0x00]).int32Value == 1)
    #expect(try Scalars(decoding: [0x72, 0x81, 0x00, 0x61]).stringValue == "a")
  }

  /// The tag of field 1 as a varint, in so many bytes.
  private func tag(of size: Int) -> [UInt8] {
    [0x88] + [UInt8](repeating: 0x80, count: size - 2) + [0]
  }

  /// The conformance suite's `BadTag_OverlongVarint`: a tag is a varint of 32 bits.
  @Test(arguments: 2...10)
  func takesTagsOfFiveBytesAndNoMore(_ size: Int) throws {
    let bytes = tag(of: size) + [7]
    if size <= 5 {
      #expect(try Int32Value(decoding: bytes).value == 7)
      #expect(try Node(decoding: [0xA3, 0x06] + bytes + [0xA4, 0x06]).encoded().count == size + 5)
      return
    }
    #expect(throws: WireError(.invalidTag, at: 0)) { try Int32Value(decoding: bytes) }
    #expect(throws: WireError(.invalidTag, at: 2)) {
      try Node(decoding: [0xA3, 0x06] + bytes + [0xA4, 0x06])
    }
    let entry = RandomWire.delimited(12, bytes)
    #expect(throws: WireError(.invalidTag, at: 2)) { try Maps(decoding: entry) }
  }

  /// Tags of one to eleven bytes whose last byte is of every kind.
  @Test(.enabled(if: ExternalTool.isPythonExpected(with: "google.protobuf.wrappers_pb2")))
  func judgesTagsAsPythonDoes() throws {
    let lasts: [UInt8] = [0, 1, 7, 0x0F, 0x10, 0x11, 0x40, 0x7F]
    let samples = (2...11).flatMap { size in
      lasts.map { last -> [UInt8] in tag(of: size).dropLast() + [last, 7] }
    }
    let script = """
      import ast, sys
      from google.protobuf.wrappers_pb2 import Int32Value
      for line in sys.stdin:
          try:
              print(Int32Value.FromString(bytes(ast.literal_eval(line))).value)
          except Exception:
              print("refused")
      """
    let python = Program(path: try #require(ExternalTool.path(of: "python3")))
    let input = samples.map { "\($0)\n" }.joined()
    let theirs = try python.run(["-c", script], input: Array(input.utf8))
    try #require(theirs.status == 0, "\(theirs.errors)")
    let ours = samples.map { bytes in
      (try? Int32Value(decoding: bytes)).map { "\($0.value)" } ?? "refused"
    }
    for (sample, verdicts) in zip(samples, zip(ours, theirs.text.split(separator: "\n"))) {
      #expect(verdicts.0 == verdicts.1, "\(sample)")
    }
  }

  @Test func cutsNumbersToTheirWidth() throws {
    // 2^32 + 5, as C++ does: the high bits are dropped.
    #expect(try Scalars(decoding: [0x18, 0x85, 0x80, 0x80, 0x80, 0x10]).int32Value == 5)
    #expect(try Scalars(decoding: [0x68, 0x80, 0x01]).boolValue)
  }

  @Test func minusZeroIsNotTheDefault() throws {
    #expect(Scalars(doubleValue: -0.0).encoded() == [0x09, 0, 0, 0, 0, 0, 0, 0, 0x80])
    #expect(Scalars(floatValue: -0.0).encoded() == [0x15, 0, 0, 0, 0x80])
    #expect(Scalars(doubleValue: 0, floatValue: 0).encoded() == [])
  }

  @Test(arguments: [
    (WireError(.truncated, at: 3), "byte 3: message ends inside a number"),
    (WireError(.varintTooLong, at: 0), "byte 0: varint is longer than 64 bits"),
    (WireError(.lengthOverrun, at: 1), "byte 1: length reaches past the end of the message"),
    (WireError(.invalidTag, at: 1), "byte 1: tag has no valid field number and wire type"),
    (WireError(.unmatchedEndGroup, at: 1), "byte 1: group ends that was not begun"),
    (WireError(.unterminatedGroup, at: 1), "byte 1: group has no end"),
    (WireError(.tooDeep, at: 1), "byte 1: messages are nested deeper than 100"),
    (WireError(.invalidUTF8, at: 1), "byte 1: string is not well-formed UTF-8"),
  ])
  func saysWhatIsWrong(_ error: WireError, _ text: String) {
    #expect("\(error)" == text)
  }
}
