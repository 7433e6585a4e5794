import ProtoWire
import TestSupport
import Testing

@testable import SchemaCompiler

/// Compares with Debian's protoc on random messages of all shapes.
@Suite(.enabled(if: ExternalTool.isExpected("protoc")))
struct ProtocDifferentialTests {
  /// How many messages one run of protoc gets.
  private static let batchSize = 400

  @Test func readsAndWritesWhatProtocDoes() throws {
    let schema = try FeatureSchema.link()
    var wire = RandomWire(schema: schema, random: .announced())
    var bytes: [UInt8] = []
    for _ in 0..<Self.batchSize {
      bytes += RandomWire.delimited(1, wire.message("features.v1.Everything"))
    }

    let batch = try Batch(decoding: bytes)
    let theirs = try FeatureSchema.protoc(["--decode=features.v1.Batch"], input: bytes)
    let ours = TextFormat.text(of: batch, schema)
    #expect(batch.items.count == Self.batchSize)
    expectSameLines(ours, String(decoding: theirs, as: UTF8.self))

    let encoded = try FeatureSchema.protoc(
      ["--encode=features.v1.Batch", "--deterministic_output"],
      input: theirs
    )
    let item = try firstDifference(batch.encoded(), encoded)
    #expect(item == nil, "the first item that differs")
  }

  private func expectSameLines(_ ours: String, _ theirs: String) {
    let (left, right) = (ours.split(separator: "\n"), theirs.split(separator: "\n"))
    #expect(left.count == right.count)
    for (index, (our, their)) in zip(left, right).enumerated() where our != their {
      let before = left[max(0, index - 8)..<index].joined(separator: "\n")
      Issue.record("\(before)\nline \(index): ours '\(our)', protoc's '\(their)'")
      break
    }
  }

  /// The position of the first item whose bytes differ; every item is a field of its own.
  private func firstDifference(_ ours: [UInt8], _ theirs: [UInt8]) throws -> Int? {
    if ours == theirs { return nil }
    let (left, right) = (try Batch(decoding: ours), try Batch(decoding: theirs))
    let pairs = zip(left.items, right.items)
    return pairs.enumerated().first { $1.0.encoded() != $1.1.encoded() }?.offset ?? -1
  }
}
