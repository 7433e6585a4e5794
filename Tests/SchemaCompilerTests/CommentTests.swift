import Testing

@testable import SchemaCompiler

/// Which definition a comment belongs to; the example is that of `descriptor.proto`.
@Suite struct CommentTests {
  @Test func followsDescriptorProtosExample() throws {
    let schema = try link(
      """
      syntax = "proto3";
      message M {
        int32 foo = 1;  // Comment attached to foo.
        // Comment attached to bar.
        int32 bar = 2;

        string baz = 3;
        // Comment attached to baz.
        // Another line attached to baz.

        // Comment attached to qux.
        //
        // Another line attached to qux.
        double qux = 4;

        // Detached comment for corge.

        // Detached comment for corge paragraph 2.

        string corge = 5;
        /* Block comment attached
         * to corge.  Leading asterisks
         * will be removed. */
        /* Block comment attached to
         * grault. */
        int32 grault = 6;

        // ignored detached comments
      }
      """
    )
    let fields = try #require(schema.messages["M"]).fields
    #expect(
      fields.map(\.comment) == [
        "Comment attached to foo.", "Comment attached to bar.",
        "Comment attached to baz.\nAnother line attached to baz.",
        "Comment attached to qux.\n\nAnother line attached to qux.",
        "Block comment attached\nto corge.  Leading asterisks\nwill be removed.",
        "Block comment attached to\ngrault.",
      ]
    )
  }

  @Test func belongsToAllKindsOfDefinition() throws {
    let schema = try link(
      """
      // The file's.
      syntax = "proto3";
      // A message.
      message M { // not this
        // A oneof.
        oneof o { string a = 1; }
        map<string, string> b = 2; // A map.
      }
      enum E { // An enum.
        X = 0; // A value.
      }
      /* A service. */ service S {
        // A method.
        rpc A(M) returns (M) {}
        rpc B(M) returns (M); // Another.
      }
      """
    )
    let message = try #require(schema.messages["M"])
    #expect(message.comment == "A message.")
    #expect(message.oneofs.map(\.comment) == ["A oneof."])
    #expect(message.fields.map(\.comment) == [nil, "A map."])
    #expect(schema.enums["E"]?.comment == "An enum.")
    #expect(schema.enums["E"]?.values.map(\.comment) == ["A value."])
    let service = try #require(schema.file("t.proto")?.services.first)
    #expect(service.comment == "A service.")
    #expect(service.methods.map(\.comment) == ["A method.", "Another."])
  }

  @Test(arguments: [
    ("One sentence", ["/// One sentence."]),
    ("First. Second.", ["/// First.", "///", "/// Second."]),
    ("E.g. this one: a.b. And", ["/// E.g. this one: a.b.", "///", "/// And"]),
    ("A\nB\n\nC", ["/// A B.", "///", "/// C"]),
    ("A.\n\n- b\n- c", ["/// A.", "///", "/// - b", "/// - c"]),
    ("A\u{7}*/B\t.", ["/// A*/B."]),
  ])
  func becomesDocumentation(_ comment: String, _ expected: [String]) {
    var printer = CodePrinter()
    DocComment(comment, fallback: "").print(to: &printer)
    #expect(printer.text.split(separator: "\n").map(String.init) == expected)
  }

  @Test func isFilledToTheWidth() {
    var printer = CodePrinter()
    DocComment(String(repeating: "word ", count: 60), fallback: "").print(to: &printer)
    let lines = printer.text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= CodePrinter.lineWidth })
    #expect(lines.count == 4)
  }
}
