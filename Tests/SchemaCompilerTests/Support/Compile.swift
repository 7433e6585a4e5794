import Foundation
import TestSupport
import Testing

@testable import SchemaCompiler

/// Links the text of a file `t.proto`, with other files beside it.
func link(_ text: String, with others: [String: String] = [:]) throws -> LinkedSchema {
  try SchemaCompiler.link(["t.proto"]) { path in
    path == "t.proto" ? Array(text.utf8) : others[path].map { Array($0.utf8) }
  }
}

/// The errors of a text, as they are printed.
func errors(of text: String, with others: [String: String] = [:]) -> [String] {
  do {
    _ = try link(text, with: others)
    return []
  } catch let errors as SchemaErrors {
    return errors.errors.map(\.description)
  } catch {
    return ["unexpected: \(error)"]
  }
}

/// The errors of a text below `syntax = "proto3";`, whose first line is line 2; without `t.proto:`.
func proto3Errors(_ text: String) -> [String] {
  errors(of: "syntax = \"proto3\";\n" + text).map { error in
    error.replacing("t.proto:", with: "").replacing(" error:", with: "")
  }
}

/// The package's own files.
enum Repository {
  /// The package's folder.
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// Where its schemas are, those of the tests too.
  static let schemaFolders = ["\(folder)/Schema", "\(folder)/Tests/ProtoWireTests/Schema"]

  /// The bytes of a schema.
  static func schema(_ path: String) -> [UInt8]? {
    for folder in schemaFolders {
      let url = URL(fileURLWithPath: "\(folder)/\(path)")
      if let data = try? Data(contentsOf: url) { return [UInt8](data) }
    }
    return nil
  }
}

/// Debian's protoc, as the judge of what the language is.
enum Protoc {
  /// Whether tests that need it run.
  static var isExpected: Bool { ExternalTool.isExpected("protoc") }

  /// The descriptors of a file and its imports; `nil` if protoc refuses it.
  static func descriptors(
    of path: String,
    in folders: [String]
  ) throws -> (set: [UInt8]?, errors: String) {
    let program = Program(path: try #require(ExternalTool.path(of: "protoc")))
    let output = try TemporaryFolder()
    let file = output.file("set.pb")
    let result = try program.run(
      folders.flatMap { ["-I", $0] } + ["--include_imports", "--descriptor_set_out=\(file)", path]
    )
    guard result.status == 0 else { return (nil, result.errors) }
    return ([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))), result.errors)
  }
}
