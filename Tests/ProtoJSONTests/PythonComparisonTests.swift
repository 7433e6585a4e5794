import Foundation
import ProtoJSON
import TestSupport
import Testing

/// Random messages both ways, judged by protobuf's Python library.
@Suite struct PythonComparisonTests {
  /// One message as Python made it.
  private struct Sample {
    var name: String
    var wire: [UInt8]
    var full: [UInt8]
    var sparse: [UInt8]

    init(_ line: Substring) throws {
      let parts = try line.split(separator: "\t", omittingEmptySubsequences: false).map { part in
        [UInt8](try #require(Data(base64Encoded: String(part))))
      }
      try #require(parts.count == 4)
      name = String(decoding: parts[0], as: UTF8.self)
      wire = parts[1]
      full = parts[2]
      sparse = parts[3]
    }

    /// What ProtoJSON makes of the message, as a line for the judge.
    func answer(_ schema: SchemaPool) throws -> String {
      let codec = try WireJSON(name, in: schema)
      let sparseOptions = JSONWriteOptions(writesFieldsWithoutPresence: false)
      let parts = [
        Array(name.utf8), wire,
        try codec.json(of: wire.span),
        try codec.json(of: wire.span, JSONWriteOptions(.pretty)),
        try codec.json(of: wire.span, sparseOptions),
        try codec.wire(ofJSON: full),
        try codec.wire(ofJSON: sparse),
      ]
      return parts.map { Data($0).base64EncodedString() }.joined(separator: "\t")
    }
  }

  /// How many messages a run compares.
  private static let count = 2_000

  @Test(.enabled(if: ExternalTool.isPythonExpected(with: "google.protobuf.json_format")))
  func writesAndReadsWhatPythonDoes() throws {
    var generator = SeededGenerator.announced()
    let seed = UInt32.random(in: 0...UInt32.max, using: &generator)
    let python = Program(path: try #require(ExternalTool.path(of: "python3")))
    let arguments = [TestSchema.oracle, TestSchema.descriptorSet]
    let made = try python.run(arguments + ["generate", "\(seed)", "\(Self.count)"])
    try #require(made.status == 0, "\(made.errors)")

    let schema = try TestSchema.pool.get()
    var answers = ""
    for line in made.text.split(separator: "\n") {
      let sample = try Sample(line)
      do {
        answers += try sample.answer(schema) + "\n"
      } catch {
        let full = String(decoding: sample.full, as: UTF8.self)
        Issue.record("\(sample.name): \(error): \(full.prefix(2_000))")
      }
    }
    let judged = try python.run(arguments + ["check"], input: Array(answers.utf8))
    try #require(judged.status == 0, "\(judged.errors)")
    #expect(judged.text == "\(Self.count)\n", "\(judged.text.prefix(1_500))")
  }
}
