import TestSupport
import Testing

@testable import ProtoWire

/// Messages that come in parts, as the encoding guide's "Last One Wins" says; and what that costs.
@Suite struct MergeTests {
  @Test func mergesTheParts() throws {
    var first = Choices(choice: .scalars(Scalars(int32Value: 1, stringValue: "a")))
    let second = Choices(choice: .scalars(Scalars(stringValue: "b", level: .high)))
    first = try Choices(decoding: first.encoded() + second.encoded())
    #expect(first.choice == .scalars(Scalars(int32Value: 1, stringValue: "b", level: .high)))
  }

  @Test func anotherMemberReplaces() throws {
    let bytes =
      Choices(choice: .scalars(Scalars(int32Value: 1))).encoded()
      + Choices(choice: .number(5)).encoded()
    #expect(try Choices(decoding: bytes).choice == .number(5))
    let back = bytes + Choices(choice: .scalars(Scalars(boolValue: true))).encoded()
    #expect(try Choices(decoding: back).choice == .scalars(Scalars(boolValue: true)))
  }

  @Test func appendsLists() throws {
    let part = Node(parent: Node(children: [Node(name: "b")]), children: [Node(name: "a")])
    let merged = try Node(decoding: part.encoded() + part.encoded())
    #expect(merged.children.count == 2)
    #expect(merged.parent?.children.count == 2)
  }

  /// Parts of one message, as many as fit into the largest frame.
  ///
  /// If each copied what was there,
  /// this would take hours.
  @Test func takesManyPartsInLinearTime() throws {
    let clock = ContinuousClock()
    let count = 200_000
    let part = RandomWire.delimited(2, RandomWire.delimited(3, [0x0A, 0]))
    let member = RandomWire.delimited(6, [0x42, 1, 0x61])
    let unknown: [UInt8] = [0xA0, 0x06, 1]
    let time = try clock.measure {
      let node = try Node(decoding: Array(repeatElement(part, count: count).joined()))
      #expect(node.parent?.children.count == count)
      _ = try Choices(decoding: Array(repeatElement(member, count: count).joined()))
      let kept = try Node(decoding: Array(repeatElement(unknown, count: count).joined()))
      #expect(kept.unknownFields.wireSize == 3 * count)
    }
    #expect(time < .seconds(30))
  }

  /// Each part has a smaller key than the one before, so that the map is out of order every time.
  private func parts(_ count: Int) -> [UInt8] {
    (0..<count).flatMap { index -> [UInt8] in
      let key = Array("\(900_000 - index)".utf8)
      let entry = RandomWire.delimited(1, key) + RandomWire.delimited(2, [])
      return RandomWire.delimited(1, RandomWire.delimited(3, entry))
    }
  }

  @Test(arguments: [1, 2, 16, 100_000])
  func takesAMapInParts(_ count: Int) throws {
    let notes = try #require(try Ping(decoding: parts(count)).pong?.notes)
    let isWhole = notes.keys == (0..<count).map { "\(900_001 - count + $0)" }
    #expect(isWhole)
  }

  /// Sorting each time would sort 50,005,000.
  @Test func sortsNoMoreEntriesThanItReads() throws {
    let bytes = parts(10_000)
    var reader = WireReader(bytes.span)
    var ping = Ping()
    try ping.merge(from: &reader)
    let (leftDisorder, entriesSorted) = (reader.leftDisorder, reader.entriesSorted)
    #expect(leftDisorder)
    #expect(entriesSorted <= 10_000)
    #expect(ping.pong?.notes.count == 10_000)
  }

  @Test func leavesNoMapOfAWholeMessageInDisorder() throws {
    let entries = (0..<1_000).reversed().flatMap { RandomWire.delimited(16, [8, UInt8($0 % 128)]) }
    var reader = WireReader(entries.span)
    var maps = Maps()
    try maps.merge(from: &reader)
    let leftDisorder = reader.leftDisorder
    #expect(!leftDisorder)
    #expect(maps.nestedMaps.keys == Array(0..<128))
  }

  /// A `google.protobuf.Value` whose `struct_value`, a map inside a oneof, comes in parts: keys in
  /// no order, many of them more than once, values that are such messages themselves. (Keys are of
  /// one length, because Python puts shorter ones elsewhere.)
  private func structure(_ depth: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 1...60, using: &random)).flatMap { _ -> [UInt8] in
      let fields = (0..<Int.random(in: 0...3, using: &random)).flatMap { _ -> [UInt8] in
        let key = Array("\(Int.random(in: 10..<99, using: &random))".utf8)
        let isNested = depth > 0 && Int.random(in: 0..<10, using: &random) == 0
        let value =
          isNested
          ? structure(depth - 1, &random) : [0x20, UInt8.random(in: 0...1, using: &random)]
        return RandomWire.delimited(
          1,
          RandomWire.delimited(1, key) + RandomWire.delimited(2, value)
        )
      }
      return RandomWire.delimited(5, fields)
    }
  }

  @Test(.enabled(if: ExternalTool.isPythonExpected(with: "google.protobuf.struct_pb2")))
  func mergesMapsAsPythonDoes() throws {
    var random = SeededGenerator.announced()
    let samples = (0..<300).map { _ in structure(2, &random) }
    let script = """
      import sys
      from google.protobuf.struct_pb2 import Value
      for line in sys.stdin:
          value = Value.FromString(bytes.fromhex(line))
          print(value.SerializeToString(deterministic=True).hex())
      """
    let python = Program(path: try #require(ExternalTool.path(of: "python3")))
    let input = samples.map(hexadecimal).joined(separator: "\n")
    let theirs = try python.run(["-c", script], input: Array(input.utf8))
    try #require(theirs.status == 0, "\(theirs.errors)")
    let lines = theirs.text.split(separator: "\n")
    try #require(lines.count == samples.count)
    for (sample, line) in zip(samples, lines) {
      let isSame = hexadecimal(try Value(decoding: sample).encoded()) == line
      #expect(isSame, "a value of \(sample.count) bytes")
    }
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}
