import ProtoWire
import TestSupport
import Testing

/// Whatever the bytes: an error, or a message that stays the same when written and read again.
@Suite struct WireFuzzTests {
  @Test func refusesOrTakesEveryPrefix() throws {
    let schema = try FeatureSchema.link()
    var wire = RandomWire(schema: schema, random: .announced())
    for _ in 0..<40 {
      let bytes = wire.message("features.v1.Everything")
      for count in 0..<bytes.count { check(Array(bytes[..<count])) }
    }
  }

  @Test func refusesOrTakesMutations() throws {
    let schema = try FeatureSchema.link()
    var random = SeededGenerator.announced()
    var wire = RandomWire(schema: schema, random: random)
    for _ in 0..<4_000 {
      var bytes = wire.message("features.v1.Everything")
      if bytes.isEmpty { continue }
      for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random) }
      check(bytes)
    }
  }

  @Test func refusesOrTakesNoise() {
    var random = SeededGenerator.announced()
    for _ in 0..<4_000 {
      let count = Int.random(in: 0...60, using: &random)
      check((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    let index = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
    case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
    default: if bytes.count > 1 { bytes.remove(at: index) }
    }
  }

  private func check(_ bytes: [UInt8]) {
    do {
      let message = try Everything(decoding: bytes)
      let encoded = message.encoded()
      #expect(encoded.count == message.wireSize)
      let again = try Everything(decoding: encoded)
      // Not `==`: a message with NaN in it isn't equal to itself.
      #expect(again.encoded() == encoded)
    } catch {
      #expect(error.offset <= bytes.count)
    }
  }
}
