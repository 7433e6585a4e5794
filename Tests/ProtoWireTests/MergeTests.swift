import ProtoWire
import Testing

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
      let key = Array("\(1_000_000 - index)".utf8)
      let entry = RandomWire.delimited(1, key) + RandomWire.delimited(2, [])
      return RandomWire.delimited(1, RandomWire.delimited(3, entry))
    }
  }

  @Test func takesAMapInSomeParts() throws {
    #expect(try Ping(decoding: parts(16)).pong?.notes.count == 16)
  }

  @Test func refusesAMapInPartsWithoutEnd() {
    let error = #expect(throws: WireError.self) { try Ping(decoding: parts(10_000)) }
    #expect(error?.reason == .tooManyParts)
  }
}
