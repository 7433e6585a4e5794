import Foundation
import ProtoJSON
import ProtoWire

/// The schema of these tests, as protoc describes it.
enum TestSchema {
  /// The folder of the tests' own files.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

  /// The descriptors that protoc made of `Schema/everything.proto`.
  static let descriptorSet = folder + "/Schema/everything.binpb"

  /// The program that asks protobuf's Python library.
  static let oracle = folder + "/oracle.py"

  static let pool = Result {
    try SchemaPool(descriptorSet: [UInt8](Data(contentsOf: URL(fileURLWithPath: descriptorSet))))
  }

  /// The codec of a message of the schema.
  static func codec(_ name: String) throws -> WireJSON {
    try WireJSON("protojson.test." + name, in: pool.get())
  }

  /// The wire bytes of a JSON text, in hexadecimal.
  static func wire(
    _ name: String,
    _ json: String,
    _ options: JSONReadOptions = JSONReadOptions()
  ) throws -> String {
    hexadecimal(try codec(name).wire(ofJSON: Array(json.utf8), options))
  }

  /// The JSON of wire bytes that are given in hexadecimal.
  static func json(
    _ name: String,
    _ hexadecimal: String,
    _ options: JSONWriteOptions = JSONWriteOptions(writesFieldsWithoutPresence: false)
  ) throws -> String {
    String(decoding: try codec(name).json(of: bytes(hexadecimal).span, options), as: UTF8.self)
  }

  /// The text of the error that a JSON text gives, or `nil` if it gives none.
  static func refusal(
    _ name: String,
    _ json: String,
    _ options: JSONReadOptions = JSONReadOptions()
  ) throws -> String? {
    try refusal(name, Array(json.utf8), options)
  }

  /// The text of the error that a JSON text gives, or `nil` if it gives none.
  static func refusal(
    _ name: String,
    _ json: [UInt8],
    _ options: JSONReadOptions = JSONReadOptions()
  ) throws -> String? {
    let codec = try codec(name)
    do {
      _ = try codec.wire(ofJSON: json, options)
      return nil
    } catch {
      return "\(error)"
    }
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.filter { $0 != " " }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] * 16 + digits[$0 + 1])
    }
  }
}
