import Foundation
import TestSupport
import Testing

@testable import SchemaCompiler

/// Compares whole generated files; `UPDATE_GOLDEN=1` rewrites them.
@Suite struct GoldenTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Golden")

  @Test(arguments: [Visibility.public, .package, .internal])
  func messages(_ visibility: Visibility) throws {
    try expect("Shop.\(visibility.rawValue).swift.txt") { schema, path in
      schema.messages(of: path, options(visibility))
    }
  }

  @Test func services() throws {
    try expect("ShopServices.swift.txt") { schema, path in
      schema.services(of: path, options(.package, module: "ShopAPI"))
    }
  }

  private func options(
    _ visibility: Visibility,
    module: String = "Shop"
  ) -> GeneratorOptions {
    GeneratorOptions(
      visibility: visibility,
      module: module,
      modules: ["shop.proto": "Shop", "google/protobuf/timestamp.proto": "WellKnownTypes"]
    )
  }

  private func expect(
    _ name: String,
    _ generate: (LinkedSchema, String) -> String?
  ) throws {
    let source = try Data(contentsOf: Self.folder.appendingPathComponent("shop.proto"))
    let schema = try SchemaCompiler.link(["shop.proto"]) { path in
      path == "shop.proto" ? [UInt8](source) : nil
    }
    let text = try #require(generate(schema, "shop.proto"))
    let file = Self.folder.appendingPathComponent(name)
    if environment("UPDATE_GOLDEN") != nil {
      try Data(text.utf8).write(to: file)
    }
    let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    for (index, (line, expected)) in zip(Self.lines(text), Self.lines(golden)).enumerated()
    where line != expected {
      Issue.record("\(name):\(index + 1): '\(line)' instead of '\(expected)'")
      return
    }
    #expect(Self.lines(text).count == Self.lines(golden).count)
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
