import Foundation
import TestSupport
import Testing

@testable import SchemaCompiler

/// The schema that has everything, `Schema/features.proto`, and protoc's view of it.
enum FeatureSchema {
  /// The folder of the tests' schemas.
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Schema").path

  /// Links the schema.
  static func link() throws -> LinkedSchema {
    try SchemaCompiler.link(["features.proto"]) { path in
      try? [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)")))
    }
  }

  /// Runs protoc on the schema.
  static func protoc(_ arguments: [String], input: [UInt8]) throws -> [UInt8] {
    let path = try #require(ExternalTool.path(of: "protoc"))
    let result = try Program(path: path).run(
      ["-I", folder] + arguments + ["features.proto"],
      input: input
    )
    guard result.status == 0 else { throw ProtocError(text: result.errors) }
    return result.output
  }
}

/// What protoc says when it refuses something.
struct ProtocError: Error {
  let text: String
}
