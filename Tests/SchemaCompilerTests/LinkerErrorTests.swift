import Testing

@testable import SchemaCompiler

/// What is said of a schema whose text is right and whose meaning isn't.
@Suite struct LinkerErrorTests {
  @Test(arguments: [
    (
      "message A {\n  string email = 3;\n  string b = 3;\n}",
      ["4:14: field number 3 is taken by 'email' (line 3)"]
    ),
    ("message A { string a = 0; }", ["2:24: field number 0 is not in 1 to 536870911"]),
    (
      "message A { string a = 536870912; }",
      ["2:24: field number 536870912 is not in 1 to 536870911"]
    ),
    (
      "message A { string a = 19000; string b = 19999; string c = 18999; string d = 20000; }",
      [
        "2:24: field number 19000 is in 19000 to 19999, which protobuf keeps to itself",
        "2:42: field number 19999 is in 19000 to 19999, which protobuf keeps to itself",
      ]
    ),
    (
      "message A { reserved 2 to 4; string a = 2; string b = 4; string c = 5; }",
      ["2:41: field number 2 is reserved (line 2)", "2:55: field number 4 is reserved (line 2)"]
    ),
    (
      "message A { reserved \"a\";\n string a = 2; }",
      ["3:9: field name 'a' is reserved (line 2)"]
    ),
    (
      "message A { reserved 5 to 8, 7; }",
      ["2:30: reserved range 7 to 7 overlaps 5 to 8 (line 2)"]
    ),
    ("message A { reserved 5 to 3; }", ["2:22: reserved range 5 to 3 ends before it begins"]),
    ("message A { reserved 0; }", ["2:22: reserved number 0 is not positive"]),
    ("message A { reserved \"a\", \"a\"; }", ["2:27: name 'a' is reserved already (line 2)"]),
  ])
  func numbersAreWhatTheyMayBe(_ text: String, _ expected: [String]) {
    #expect(proto3Errors(text) == expected)
  }

  @Test(arguments: [
    ("message A {}\nenum A { B = 0; }", ["3:6: 'A' is defined already (line 2)"]),
    (
      "message A { string b = 1; message b {} }",
      ["2:20: 'b' is defined already in 'A' (line 2)"]
    ),
    ("enum A { X = 0; }\nenum B { X = 0; }", ["3:10: 'X' is defined already (line 2)"]),
    ("package a.A; message A {}", []),
    ("package a; message A { a.B b = 1; }", ["2:24: 'a.B' is not defined"]),
    (
      "package a; message A { message a {} a.B b = 1; }",
      [
        "2:37: 'a.B' is read as 'a.A.a.B', which is not defined; "
          + "'.a.B' begins at the outermost scope"
      ]
    ),
    ("message A { B b = 1; }", ["2:13: 'B' is not defined"]),
    (
      "service A { rpc B(C) returns (D); }",
      ["2:19: 'C' is not defined", "2:31: 'D' is not defined"]
    ),
    (
      "enum E { X = 0; } service A { rpc B(E) returns (E); }",
      ["2:37: 'E' is not a message", "2:49: 'E' is not a message"]
    ),
    ("message A { string B = 1; B c = 2; } message B {}", []),
    (
      "message A { map<string, A> b_c = 1; message BCEntry {} }",
      ["2:13: 'BCEntry' is defined already in 'A' (line 2)"]
    ),
  ])
  func namesMeanOneThing(_ text: String, _ expected: [String]) {
    #expect(proto3Errors(text) == expected)
  }

  @Test(arguments: [
    (
      "message A { string foo_bar = 1;\n string fooBar = 2; }",
      ["3:9: JSON name 'fooBar' of 'fooBar' conflicts with 'foo_bar' (line 2)"]
    ),
    (
      "message A { string a = 1; string b = 2 [json_name = \"a\"]; }",
      ["2:34: JSON name 'a' of 'b' conflicts with 'a' (line 2)"]
    ),
    (
      "message A { string a = 1 [json_name = \"[a]\"]; }",
      ["2:39: JSON name '[a]' has the brackets of an extension's name"]
    ),
    (
      "message A { string a = 1 [json_name = \"\\xff\"]; }",
      ["2:39: option 'json_name' must be UTF-8 text in quotes"]
    ),
  ])
  func jsonNamesDiffer(_ text: String, _ expected: [String]) {
    #expect(proto3Errors(text) == expected)
  }

  @Test(arguments: [
    (
      "enum A { B = 1; }",
      ["2:14: the first value of an enum must be 0, and 'B' is 1"]
    ),
    ("enum A {}", ["2:6: enum 'A' has no value"]),
    (
      "enum A { B = 0;\n C = 0; }",
      [
        "3:6: enum number 0 is taken by 'B' (line 2); 'option allow_alias = true;' would allow both"
      ]
    ),
    (
      "enum A { option allow_alias = true; B = 0; }",
      ["2:17: enum 'A' allows aliases but has none"]
    ),
    (
      "enum A { A_B = 0; B = 1; }",
      ["2:19: enum value 'B' differs from 'A_B' (line 2) only in case or in the enum's name"]
    ),
    ("enum A { reserved -3 to -1; B = 0; C = -2; }", ["2:40: enum number -2 is reserved (line 2)"]),
    ("enum A { reserved \"C\"; B = 0; C = 2; }", ["2:31: enum value 'C' is reserved (line 2)"]),
  ])
  func enumsAreOpenAndBeginAtZero(_ text: String, _ expected: [String]) {
    #expect(proto3Errors(text) == expected)
  }

  @Test(arguments: [
    ("float", "a map's key can't be a floating-point number"),
    ("double", "a map's key can't be a floating-point number"),
    ("bytes", "a map's key can't be bytes"),
    ("E", "a map's key can't be a message or an enum"),
    ("A", "a map's key can't be a message or an enum"),
  ])
  func mapKeysCompare(_ type: String, _ error: String) {
    let text = "enum E { X = 0; } message A { map<\(type), string> b = 1; }"
    #expect(proto3Errors(text) == ["2:35: \(error)"])
  }

  @Test(arguments: [
    ("option nonsense = 1;", "2:8: option 'nonsense' of a file is unknown"),
    ("option java_package = 1;", "2:23: option 'java_package' must be UTF-8 text in quotes"),
    (
      "option optimize_for = FAST;",
      "2:23: option 'optimize_for' must be SPEED, CODE_SIZE, LITE_RUNTIME"
    ),
    (
      "message A { option deprecated = 1; }",
      "2:33: option 'deprecated' must be true or false"
    ),
    (
      "message A { option deprecated = true; option deprecated = true; }",
      "2:46: option 'deprecated' is set already (line 2)"
    ),
    (
      "message A { string a = 1 [packed = true]; }",
      "2:27: only a repeated field of numbers, Booleans or enums can be packed"
    ),
    (
      "message A { string a = 1 [lazy = true]; }",
      "2:27: only a field of a message type can be lazy"
    ),
    (
      "message A { int32 a = 1 [jstype = JS_STRING]; }",
      "2:26: only a field of 64-bit numbers has a jstype"
    ),
    (
      "message A { option map_entry = true; }",
      "2:20: 'map_entry' is not for schemas: write 'map<…, …>'"
    ),
    (
      "message A { option message_set_wire_format = true; }",
      "2:20: message sets are not supported: proto3 has none"
    ),
    (
      "message A { oneof b { option c = 1; string d = 1; } }",
      "2:30: option 'c' of a oneof is unknown"
    ),
  ])
  func optionsAreKnown(_ text: String, _ error: String) {
    #expect(proto3Errors(text) == [error])
  }

  @Test func customOptionsAreCheckedForFormOnly() {
    let text = """
      option (a.b).c = { x: 1 y < z: "w" > list: [1, -2.5, inf] };
      message A { string a = 1 [(.q) = -inf, deprecated = true]; }
      """
    #expect(proto3Errors(text) == [])
  }

  // MARK: Imports

  private static let syntax = "syntax = \"proto3\"; "

  @Test func saysWhichFileIsMissing() {
    #expect(
      proto3Errors("import \"no/such.proto\";") == ["2:1: file 'no/such.proto' is not found"]
    )
    #expect(
      proto3Errors("import \"../x.proto\";") == [
        "2:1: '../x.proto' is no path: names of files joined by '/'"
      ]
    )
  }

  @Test func showsTheCircleOfImports() {
    let errors = errors(
      of: Self.syntax + "import \"a.proto\";",
      with: [
        "a.proto": Self.syntax + "import \"b.proto\";",
        "b.proto": Self.syntax + "import \"t.proto\";",
      ]
    )
    #expect(
      errors == [
        "b.proto:1:20: error: files import each other: "
          + "'t.proto' → 'a.proto' → 'b.proto' → 't.proto'"
      ]
    )
  }

  @Test func seesThroughPublicImportsOnly() {
    let files = [
      "a.proto": Self.syntax + "import \"b.proto\"; import public \"c.proto\";",
      "b.proto": Self.syntax + "message B {}",
      "c.proto": Self.syntax + "message C {}",
    ]
    let text = Self.syntax + "import \"a.proto\"; message A { C c = 1; B b = 2; }"
    #expect(
      errors(of: text, with: files) == [
        "t.proto:1:59: error: 'B' is defined in 'b.proto', which is not imported"
      ]
    )
  }

  @Test func reportsAFileThatClashesWithAnother() {
    let files = ["a.proto": Self.syntax + "package p; message A {}"]
    #expect(
      errors(of: Self.syntax + "import \"a.proto\";\npackage p; message A {}", with: files) == [
        "t.proto:2:20: error: 'A' is defined already in 'p' ('a.proto' line 1)"
      ]
    )
    #expect(
      errors(of: Self.syntax + "import \"a.proto\";\npackage p.A;", with: files) == [
        "t.proto:2:9: error: package 'p.A' is defined as something else in 'a.proto' (line 1)"
      ]
    )
  }

  @Test func reportsTheErrorsOfAllFiles() {
    let files = ["a.proto": Self.syntax + "message A { X x = 1; }", "b.proto": Self.syntax + "y;"]
    let text = Self.syntax + "import \"a.proto\"; import \"b.proto\"; message A { Z z = 1; }"
    #expect(
      errors(of: text, with: files) == [
        "a.proto:1:32: error: 'X' is not defined",
        "b.proto:1:20: error: expected 'message', 'enum', 'service' or 'import', found 'y'",
      ]
    )
  }

  /// Files that each import the next; `t.proto` is the first.
  private func chain(_ count: Int) -> [String] {
    var files: [String: String] = [:]
    for index in 1..<count {
      let next = index + 1 < count ? "import \"f\(index + 1).proto\";" : ""
      files["f\(index).proto"] = Self.syntax + next
    }
    return errors(of: Self.syntax + "import \"f1.proto\";", with: files)
  }

  @Test func followsImportsToTheLimit() {
    #expect(chain(SchemaLimits.importDepthMax) == [])
    #expect(
      chain(SchemaLimits.importDepthMax + 1) == [
        "f99.proto:1:20: error: imports are nested deeper than 100"
      ]
    )
  }

  @Test func readsFilesToTheLimit() {
    let files = (1...SchemaLimits.filesMax).map { "f\($0).proto" }
    let sources = Dictionary(uniqueKeysWithValues: files.map { ($0, Self.syntax) })
    let importing = { (count: Int) in
      Self.syntax + files.prefix(count).map { "import \"\($0)\";" }.joined(separator: "\n")
    }
    #expect(errors(of: importing(SchemaLimits.filesMax - 1), with: sources) == [])
    #expect(
      errors(of: importing(SchemaLimits.filesMax), with: sources) == [
        "t.proto:1000:1: error: more than 1000 files are imported"
      ]
    )
  }

  @Test func refusesAnImportThatComesTwice() {
    let text = "import \"google/protobuf/any.proto\";\nimport \"google/protobuf/any.proto\";"
    #expect(proto3Errors(text) == ["3:1: 'google/protobuf/any.proto' is imported twice"])
  }
}
