import TestSupport
import Testing

@testable import SchemaCompiler

/// Whatever the text, the compiler answers: with errors, or with Swift.
@Suite struct MutationTests {
  @Test func answersToAnyBytes() throws {
    var random = SeededGenerator.announced()
    let sources = try ["features.proto", "customers.proto"].map { path in
      try #require(Repository.schema(path))
    }
    var accepted = 0
    for round in 0..<400 {
      var bytes = sources[round % sources.count]
      for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random) }
      let text = bytes
      do {
        let schema = try SchemaCompiler.link(["t.proto"]) { path in
          path == "t.proto" ? text : Repository.schema(path)
        }
        let options = GeneratorOptions(visibility: .public, module: "M")
        accepted += 1
        #expect(schema.messages(of: "t.proto", options)?.isEmpty == false)
        #expect(schema.services(of: "t.proto", options)?.isEmpty == false)
      } catch {
        let path = try #require(error.errors.first).path
        #expect(path == "t.proto")
      }
    }
    // Most changes hit comments or names, and leave a schema.
    #expect(accepted > 0)
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    let index = Int.random(in: 0..<bytes.count, using: &random)
    let other = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[index] = UInt8.random(in: 0...127, using: &random)
    case 1: bytes.removeSubrange(min(index, other)..<min(max(index, other), min(index, other) + 40))
    case 2: bytes.insert(contentsOf: bytes[other..<min(other + 60, bytes.count)], at: index)
    case 3:
      bytes.insert(contentsOf: Array("{}[]()<>;=\"'/*\\".utf8).shuffled(using: &random), at: index)
    default: bytes = Array(bytes[..<max(1, index)])
    }
  }

  /// Words that would cost the square of their number if look-ups were by search.
  @Test func takesLargeSchemasInLinearTime() throws {
    let count = 20_000
    let fields = (1...count).map { "string field\($0) = \($0 + 20_000);" }.joined(separator: "\n")
    let reserved = (0..<2_000).map { "\(100_000 + 2 * $0)" }.joined(separator: ", ")
    let clock = ContinuousClock()
    let time = try clock.measure {
      _ = try link("syntax = \"proto3\"; message A { reserved \(reserved); \(fields) }")
    }
    // A generous bound: by search it would take minutes.
    #expect(time < .seconds(30))
  }
}
