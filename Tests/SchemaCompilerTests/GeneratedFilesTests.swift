import Foundation
import TestSupport
import Testing

/// Runs the program as its users do.
@Suite struct GeneratedFilesTests {
  /// In the package's folder `schemac --check` must find nothing to rewrite.
  @Test func generatedFilesAreUpToDate() throws {
    let result = try run(["--check"], in: Repository.folder)
    #expect(result.text == "")
    #expect(result.errors == "")
    #expect(result.status == 0)
  }

  @Test func rewritesWhatIsStaleAndSaysSo() throws {
    let copy = try TemporaryFolder()
    let manager = FileManager.default
    for folder in ["Schema", "Tests/ProtoWireTests/Schema", "Tests/CustomerAPITests/Schema"] {
      let parent = folder.split(separator: "/").dropLast().joined(separator: "/")
      try manager.createDirectory(
        atPath: copy.file(parent),
        withIntermediateDirectories: true
      )
      try manager.copyItem(atPath: "\(Repository.folder)/\(folder)", toPath: copy.file(folder))
    }
    let generated = [
      "Sources/Protobuf/WellKnownTypes", "Sources/RPC/TTRPC", "Sources/Customers/CustomerModel",
      "Sources/Customers/CustomerAPI", "Tests/ProtoWireTests", "Tests/CustomerAPITests",
    ]
    for folder in generated {
      try manager.createDirectory(
        atPath: copy.file("\(folder)/Generated"),
        withIntermediateDirectories: true
      )
    }

    let check = try run(["--check"], in: copy.path)
    #expect(check.status == 1)
    let path = "Sources/Customers/CustomerModel/Generated/Customers.swift"
    #expect(check.text.contains("stale: \(path)\n"))
    #expect(try run([], in: copy.path).status == 0)
    #expect(try run(["--check"], in: copy.path).status == 0)
    #expect(
      manager.contents(atPath: copy.file(path))
        == manager.contents(atPath: "\(Repository.folder)/\(path)")
    )
  }

  @Test func compilesOtherPeoplesSchemas() throws {
    let folder = try TemporaryFolder()
    let schema = """
      syntax = "proto3";
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/wrappers.proto";
      message Shop {
        google.protobuf.Timestamp opened = 1;
        google.protobuf.StringValue name = 2;
      }
      """
    _ = try folder.write(schema, to: "shop.proto")
    let result = try run(
      ["--schema-path", folder.path, "--messages", folder.file("Shop.swift"), "shop.proto"],
      in: folder.path
    )
    #expect(result.errors == "")
    #expect(result.status == 0)
    let text = try String(contentsOfFile: folder.file("Shop.swift"), encoding: .utf8)
    #expect(text.contains("struct Shop: WireMessage {"))
    // Nobody can import the module of our tests: the wrappers are made beside the shop.
    #expect(text.contains("import WellKnownTypes\n"))
    #expect(!text.contains("Tests"))
  }

  @Test func printsErrorsAndEndsWithOne() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("syntax = \"proto3\"; message A { B b = 0; }", to: "a.proto")
    let result = try run(["a.proto"], in: folder.path)
    #expect(
      result.errors == """
        a.proto:1:32: error: 'B' is not defined
        a.proto:1:38: error: field number 0 is not in 1 to 536870911

        """
    )
    #expect(result.status == 1)
  }

  @Test func refusesAnUnknownOption() throws {
    let result = try run(["--chek"], in: Repository.folder)
    #expect(result.errors.hasPrefix("schemac: unknown option --chek, did you mean --check?\n"))
    #expect(result.status == 2)
  }

  /// Runs `schemac` in a folder; the shell changes into it, because the test's own stays.
  private func run(_ arguments: [String], in folder: String) throws -> Program.Result {
    let schemac = try Program.built("schemac").path
    return try Program(path: "/bin/sh").run(
      ["-c", "cd \"$0\" && exec \"$@\"", folder, schemac] + arguments
    )
  }
}
