import Testing

@testable import SchemaCompiler

/// What is said of a text that isn't proto3.
@Suite struct ParserErrorTests {
  @Test(arguments: [
    (
      "message A {}",
      "t.proto:1:1: error: no 'syntax = \"proto3\";' at the start: without it a file is proto2, "
        + "which is not supported"
    ),
    (
      "syntax = \"proto2\";",
      "t.proto:1:10: error: proto2 is not supported: only proto3 is"
    ),
    (
      "syntax = \"proto4\";",
      "t.proto:1:10: error: syntax 'proto4' is unknown: only proto3 is known"
    ),
    (
      "edition = \"2023\";",
      "t.proto:1:1: error: editions are not supported: write 'syntax = \"proto3\";'"
    ),
    ("syntax \"proto3\";", "t.proto:1:8: error: expected '=' after 'syntax', found a string"),
  ])
  func refusesOtherSyntaxes(_ text: String, _ error: String) {
    #expect(errors(of: text) == [error])
  }

  @Test(arguments: [
    ("message A { required string a = 1; }", "2:13: 'required' is not supported: proto3 has none"),
    (
      "message A { string a = 1 [default = \"x\"]; }",
      "2:27: default values are not supported: proto3 has none"
    ),
    ("message A { repeated group B = 1 {} }", "2:22: groups are not supported: proto3 has none"),
    (
      "message A { extensions 4 to 8; }",
      "2:13: extensions are not supported: proto3 has none"
    ),
    (
      "extend A { string b = 1; }",
      "2:1: extensions are not supported: proto3 has them for options only"
    ),
    (
      "message A { extend A { string b = 1; } }",
      "2:13: extensions are not supported: proto3 has them for options only"
    ),
    ("import weak \"a.proto\";", "2:8: weak imports are not supported"),
    ("import option \"a.proto\";", "2:8: option imports are not supported: editions have them"),
  ])
  func refusesByNameWhatProto3HasNot(_ text: String, _ error: String) {
    #expect(proto3Errors(text) == [error])
  }

  @Test(arguments: [
    ("messag A {}", "2:1: expected 'message', 'enum', 'service' or 'import', found 'messag'"),
    ("message 1 {}", "2:9: expected the message's name, found '1'"),
    ("message A {", "2:12: message 'A' has no '}'"),
    ("}", "2:1: '}' closes nothing"),
    (
      "message A { string a; }",
      "2:21: field 'a' needs '=' and a number, found ';'"
    ),
    ("message A { string a = x; }", "2:24: expected field number, found 'x'"),
    ("message A { string a = 1.0; }", "2:24: expected field number, found '1.0'"),
    (
      "message A { string a = 4294967296; }",
      "2:24: field number 4294967296 is larger than 2147483647"
    ),
    (
      "message A { string a = 99999999999999999999; }",
      "2:24: field number 99999999999999999999 is larger than 18446744073709551615"
    ),
    ("message A { string a = 1 }", "2:26: expected ';' after the field, found '}'"),
    ("message A { string = 1; }", "2:20: expected the field's name, found '='"),
    ("message A { string a = 1 []; }", "2:27: expected the option's name, found ']'"),
    ("message A { oneof b {} }", "2:19: oneof 'b' has no field"),
    (
      "message A { oneof b { repeated string c = 1; } }",
      "2:23: a field of a oneof can't be 'repeated'"
    ),
    (
      "message A { oneof b { map<string, string> c = 1; } }",
      "2:23: a map can't stand in a oneof"
    ),
    (
      "message A { repeated map<string, string> c = 1; }",
      "2:13: a map can't be 'repeated'"
    ),
    (
      "message A { map<string, map<string, string>> c = 1; }",
      "2:25: a map's values can't be maps"
    ),
    (
      "message A { reserved a; }",
      "2:22: expected a number or a name in quotes, found 'a'"
    ),
    ("enum A { B; }", "2:11: value 'B' needs '=' and a number, found ';'"),
    (
      "enum A { B = -2147483649; }",
      "2:14: enum number -2147483649 is smaller than -2147483648"
    ),
    (
      "service A { message B {} }",
      "2:13: expected 'rpc' or 'option' in the service, found 'message'"
    ),
    (
      "service A { rpc B(string) returns (string); }",
      "2:19: the request type must be a message, not 'string'"
    ),
    ("syntax = \"proto3\";", "2:1: 'syntax' stands once, as the first statement"),
    ("package a; package b;", "2:12: the file has a package already (line 2)"),
    ("option a = ;", "2:12: expected the option's value, found ';'"),
    ("option a = -x;", "2:13: expected a number after '-', found 'x'"),
    ("option (a) = { b: [1 };", "2:22: expected ']', found '}'"),
    ("option (a) = { b: 1", "2:14: the option's value has no '}'"),
  ])
  func saysWhatWasExpectedAndWhatIsThere(_ text: String, _ error: String) {
    #expect(proto3Errors(text) == [error])
  }

  @Test(arguments: [
    ("option a = \"b\n;", "2:12: string doesn't end on its line"),
    ("option java_package = '\\q';", "2:24: unknown escape in a string"),
    ("option java_package = '\\xg';", "2:24: '\\x' needs a hexadecimal digit after it"),
    (
      "option java_package = '\\ud800';",
      "2:24: escape is no Unicode scalar of 4 hexadecimal digits"
    ),
    ("/* a", "2:1: block comment has no '*/'"),
    ("/* /* */", "2:4: '/*' inside a block comment: they don't nest"),
    ("\u{7}", "2:1: control character U+0007"),
    ("é", "2:1: 'é' may only stand in comments and strings"),
    (
      "message A { int32 a = 08; }",
      "2:23: '08' begins with 0 and so is octal, but has an 8 or 9"
    ),
    ("message A { int32 a = 0x; }", "2:23: '0x' needs a hexadecimal digit after it"),
    ("message A { int32 a = 1b; }", "2:24: number '1' needs a space before what follows"),
    ("option (a) = 1e;", "2:14: exponent has no digits"),
    ("option (a) = 1.2.3;", "2:17: number '1.2' has a point too many"),
  ])
  func saysWhichWordIsNone(_ text: String, _ error: String) {
    #expect(proto3Errors(text).first == error)
  }

  /// Every statement with an error is passed over, and the next one read.
  @Test func reportsAllErrorsOfARun() {
    let text = """
      message A {
        string a 1;
        string b = 2;
        message B { required int32 c = 1; int32 d = x; }
        strin
      }
      enum E { A = ; B = 1; }
      service S { rpc }
      """
    #expect(
      proto3Errors(text) == [
        "3:12: field 'a' needs '=' and a number, found '1'",
        "5:15: 'required' is not supported: proto3 has none",
        "5:47: expected field number, found 'x'",
        "7:1: expected the field's name, found '}'",
        "8:14: expected enum number, found ';'",
        "9:17: expected the method's name, found '}'",
      ]
    )
  }

  @Test func nestsMessagesAsDeepAsProtocDoes() {
    let deep = { (count: Int) in
      (0..<count).map { "message A\($0) { " }.joined() + String(repeating: "}", count: count)
    }
    #expect(proto3Errors(deep(SchemaLimits.nestingDepthMax)) == [])
    let tooDeep = proto3Errors(deep(SchemaLimits.nestingDepthMax + 1))
    #expect(
      tooDeep.map { $0.split(separator: ": ").last } == ["messages are nested deeper than 31"]
    )
  }

  @Test func refusesAFileOneByteOverTheLimit() {
    let syntax = "syntax = \"proto3\";"
    let max = SchemaLimits.fileSizeMax
    let full = syntax + String(repeating: " ", count: max - syntax.utf8.count)
    #expect(errors(of: full) == [])
    #expect(
      errors(of: full + " ")
        == ["t.proto:1:1: error: file of 1048577 bytes is over the limit of 1048576"]
    )
  }

  @Test func keepsAHundredErrorsOfAFile() {
    let text = String(repeating: "x;", count: 200)
    #expect(proto3Errors(text).count == SchemaErrors.perFileMax)
  }

  @Test func refusesBytesThatAreNoText() {
    #expect(throws: SchemaErrors.self) {
      try SchemaCompiler.link(["t.proto"]) { _ in [0x2F, 0x2F, 0xFF] }
    }
  }

  @Test func countsColumnsInScalars() {
    #expect(proto3Errors("/* é😀 */ x;").map { $0.prefix(5) } == ["2:10:"])
  }
}
