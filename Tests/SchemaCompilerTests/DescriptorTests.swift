import TestSupport
import Testing

@testable import SchemaCompiler

/// Compares descriptors with protoc's, byte for byte.
@Suite(.enabled(if: Protoc.isExpected))
struct DescriptorTests {
  @Test(arguments: [
    "customers.proto", "ttrpc.proto", "google/rpc/status.proto", "google/rpc/error_details.proto",
    "features.proto", "imported/colors.proto",
  ])
  func describesAFileAsProtocDoes(_ path: String) throws {
    let (bytes, errors) = try Protoc.descriptors(of: path, in: Repository.schemaFolders)
    let theirs = try Self.files(try #require(bytes, "protoc: \(errors)"))
    let schema = try SchemaCompiler.link([path]) { Repository.schema($0) }
    #expect(schema.files.map(\.path) == theirs.map(\.path))
    for (ours, theirs) in zip(schema.files, theirs) {
      // The well-known types come without the options for other languages.
      if ours.path.hasPrefix("google/protobuf/") { continue }
      #expect(ours.encoded == theirs.bytes, "\(ours.path)")
    }
  }

  /// Our text of the well-known types has the names and numbers of protobuf's.
  @Test(arguments: BuiltInSchemas.paths)
  func wellKnownTypesAreProtobufs(_ path: String) throws {
    let folder = try TemporaryFolder()
    let importing = "syntax = \"proto3\"; import \"\(path)\";"
    _ = try folder.write(importing, to: "t.proto")
    let (bytes, errors) = try Protoc.descriptors(of: "t.proto", in: [folder.path])
    let theirs = try Self.files(try #require(bytes, "protoc: \(errors)"))
    let schema = try link(importing)
    let ours = try #require(schema.file(path))
    let reference = try #require(theirs.first { $0.path == path })
    #expect(ours.encoded == Self.withoutOptions(reference.bytes))
  }

  /// The files of a `FileDescriptorSet`, with their paths.
  private static func files(_ set: [UInt8]) throws -> [(path: String, bytes: [UInt8])] {
    fields(set).map { _, bytes in
      let path = fields(bytes).first { $0.number == 1 }?.bytes ?? []
      return (String(decoding: path, as: UTF8.self), bytes)
    }
  }

  private static func withoutOptions(_ file: [UInt8]) -> [UInt8] {
    fields(file).filter { $0.number != 8 }.flatMap { number, bytes in
      [UInt8(number << 3 | 2)] + varint(bytes.count) + bytes
    }
  }

  /// The fields of a message that has length-delimited fields only.
  private static func fields(_ message: [UInt8]) -> [(number: Int, bytes: [UInt8])] {
    var fields: [(Int, [UInt8])] = []
    var rest = message[...]
    while let tag = rest.popFirst() {
      var (length, shift) = (0, 0)
      while let byte = rest.popFirst() {
        length |= Int(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      fields.append((Int(tag >> 3), Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return fields
  }

  private static func varint(_ value: Int) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }
}
