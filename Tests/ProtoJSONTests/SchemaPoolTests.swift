import Foundation
import ProtoJSON
import ProtoWire
import TestSupport
import Testing

/// Descriptors, those of protoc and bad ones.
@Suite struct SchemaPoolTests {
  private let bytes: [UInt8]

  init() throws {
    bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: TestSchema.descriptorSet)))
  }

  /// The text of the error that a descriptor set gives, or `nil` if it gives none.
  private func refusal(_ bytes: [UInt8]) -> String? {
    do {
      _ = try SchemaPool(descriptorSet: bytes)
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// A field of a message, as a tag of one byte, a length and bytes.
  private func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(content.count)] + content
  }

  private func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

  /// A file with one message `M` of some fields, in package `p`.
  private func file(_ fields: [[UInt8]], more: [UInt8] = [], syntax: String = "proto3") -> [UInt8] {
    let message = field(1, "M") + fields.flatMap { field(2, $0) } + more
    let file = field(1, "f.proto") + field(2, "p") + field(4, message) + field(12, syntax)
    return field(1, file)
  }

  /// A `FieldDescriptorProto`; number, label and type are varints.
  private func member(
    _ name: String,
    _ number: UInt8 = 1,
    label: UInt8 = 1,
    type: UInt8 = 9,
    _ more: [UInt8] = []
  ) -> [UInt8] {
    field(1, name) + [0x18, number, 0x20, label, 0x28, type] + more
  }

  @Test func describesWhatProtocSays() throws {
    let pool = try TestSchema.pool.get()
    let names = try #require(pool.message(named: "protojson.test.Names"))
    #expect(names.fields.map(\.number) == [1, 2, 3, 4, 5, 6, 7, 8, 200, 536_870_911])
    #expect(names.fieldIndex(named: "field_name") == 0)
    #expect(names.fieldIndex(named: "fieldName") == 0)
    #expect(names.fieldIndex(named: "FieldName") == nil)
    #expect(names.field(number: 536_870_911)?.jsonName == "largestNumber")
    #expect(names.field(number: 201) == nil)
    let lists = try #require(pool.message(named: "protojson.test.Lists"))
    #expect(lists.field(number: 1)?.isPacked == true)
    #expect(lists.field(number: 2)?.isPacked == false)
    #expect(lists.field(number: 14)?.isPacked == false)
    let maps = try #require(pool.message(named: "protojson.test.Maps"))
    #expect(maps.fields.allSatisfy { $0.isMap && !$0.hasPresence })
    let optional = try #require(pool.message(named: "protojson.test.Optionals")?.fields.first)
    #expect(optional.hasPresence && optional.oneof == nil)
    let choice = try #require(pool.message(named: "protojson.test.Choices"))
    #expect(choice.fields.map(\.oneof) == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1])
    #expect(choice.oneofs == ["first", "second"])
  }

  @Test func refusesWhatIsNoSchema() {
    #expect(refusal(file([member("a")])) == nil)
    #expect(
      refusal(file([member("a")], syntax: "")) == "f.proto is written in proto2, not in proto3"
    )
    #expect(
      refusal(file([member("a")], syntax: "editions"))
        == "f.proto is written in editions, not in proto3"
    )
    #expect(refusal(file([member("a"), member("b")])) == "message p.M has two fields of number 1")
    #expect(
      refusal(file([member("a_b"), member("aB", 2)])) == "message p.M has two fields of name 'aB'"
    )
    #expect(refusal(file([member("a", 0)])) == "field 'a' of message p.M has number 0")
    #expect(refusal(file([member("a", type: 10)])) == "field 'a' of message p.M has type 10")
    #expect(refusal(file([member("a", label: 2)])) == "field 'a' of message p.M has label 2")
    #expect(refusal(file([member("a", 1, [0x48, 0])])) == "field 'a' of message p.M has oneof 0")
    #expect(
      refusal(file([member("a", type: 11, field(6, ".p.X"))])) == "type .p.X is not described"
    )
    #expect(refusal(file([member("a", type: 14)])) == "type  is not described")
    #expect(
      refusal(file([], more: field(3, field(1, "N")) + field(4, field(1, "N"))))
        == "type p.M.N is described twice"
    )
    #expect(
      refusal(file([], more: field(7, [0x38, 1])))
        == "field 'key' of message p.M has no map entry's shape"
    )
  }

  @Test func refusesAWellKnownTypeOfAnotherShape() {
    let message = field(1, "Timestamp") + field(2, member("seconds"))
    let file = field(1, "f") + field(2, "google.protobuf") + field(4, message) + field(12, "proto3")
    #expect(
      refusal(field(1, file)) == "type google.protobuf.Timestamp has other fields than protobuf's"
    )
  }

  @Test func refusesAFileThatIsNotBase64() {
    let error = #expect(throws: SchemaError.self) {
      try SchemaPool([SchemaFile(path: "a.proto", descriptorBase64: "AAA*")])
    }
    #expect(error.map { "\($0)" } == "descriptor of a.proto is not base64")
    let malformed = #expect(throws: SchemaError.self) {
      try SchemaPool([SchemaFile(path: "a.proto", descriptorBase64: "CgU=")])
    }
    #expect(
      malformed.map { "\($0)" }
        == "descriptor of a.proto is malformed at byte 1: length reaches past the end of the message"
    )
  }

  /// A `ServiceDescriptorProto` is a file's field 6: descriptor.proto.
  private func service(request: String, _ more: [UInt8] = []) -> [UInt8] {
    let method = field(1, "Do") + field(2, request) + field(3, ".p.M") + more
    let service = field(1, "S") + field(2, method)
    let message = field(1, "M")
    let file =
      field(1, "f.proto") + field(2, "p") + field(4, message) + field(6, service)
      + field(12, "proto3")
    return field(1, file)
  }

  @Test func knowsMethodsAndTheirStreams() throws {
    let plain = try SchemaPool(descriptorSet: service(request: ".p.M")).methods
    #expect(plain.map(\.service) == ["p.S"] && plain.map(\.name) == ["Do"])
    #expect(plain.map(\.request) == ["p.M"] && plain.map(\.response) == ["p.M"])
    #expect(plain.allSatisfy { !$0.clientStreams && !$0.serverStreams })
    // client_streaming is field 5, server_streaming field 6.
    let streaming = service(request: ".p.M", [0x28, 1, 0x30, 1])
    let methods = try SchemaPool(descriptorSet: streaming).methods
    #expect(methods.allSatisfy { $0.clientStreams && $0.serverStreams })
    #expect(refusal(service(request: ".p.N")) == "type p.N is not described")
  }

  @Test func namesAMessageThatIsNotThere() throws {
    let error = #expect(throws: SchemaError.self) { try TestSchema.codec("Nothing") }
    #expect(error.map { "\($0)" } == "type protojson.test.Nothing is not described")
  }

  @Test func noDescriptorTraps() throws {
    var generator = SeededGenerator.announced()
    for count in bytes.indices { _ = refusal(Array(bytes[..<count])) }
    for _ in 0..<1_000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: 0..<changed.count, using: &generator)
        changed[index] = UInt8.random(in: 0...255, using: &generator)
      }
      guard let pool = try? SchemaPool(descriptorSet: changed) else { continue }
      // A schema that was changed and still links must not make the codec trap either.
      for message in pool.messages {
        guard let codec = try? WireJSON(message.fullName, in: pool) else { continue }
        _ = try? codec.json(of: [0x0A, 0x04, 0x0A, 0x02, 0x08, 0x01, 0x10, 0x05].span)
        _ = try? codec.wire(ofJSON: Array(#"{"value":[{"a":1}],"scalars":{}}"#.utf8))
      }
    }
  }
}
