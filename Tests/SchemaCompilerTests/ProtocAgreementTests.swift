import TestSupport
import Testing

@testable import SchemaCompiler

/// What protoc takes we take, with the same descriptor; what it refuses we refuse.
@Suite(.enabled(if: Protoc.isExpected))
struct ProtocAgreementTests {
  @Test(arguments: [
    "", ";;", "package a.b.c;", "message A {}", "message A {;;}",
    "message A { option deprecated = true; }",
    "message A { A a = 1; .A b = 2; . A c = 3; }",
    "package a; message b { b x = 1; a.b y = 2; }",
    "package a.b; message c { message b {} b x = 1; a.b.c y = 2; }",
    "package a.b; message c { b.c x = 1; message b {} }",
    "package a.b; message c {} message d { b.c x = 1; .a.b.c y = 2; }",
    "message A { string message = 1; string optional = 2; string repeated = 3; string rpc = 4; }",
    "message A { string a = 0x7; string b = 010; }",
    "message A { string a = 1 [json_name = 'x' \"y\"]; }",
    "message A { string a_b_c = 1; string _x = 2; string Foo = 3; string a1_2b = 4; string z__z = 5; }",
    "message A { string fooBar = 1; string foo_bar = 2; }",
    "message A { string foobar = 1; string foo_bar = 2; }",
    "message A { string foo_bar = 1 [json_name = 'x']; string fooBar = 2 [json_name = 'y']; }",
    "message A { optional string a = 1; optional int32 b = 2; oneof c { string d = 3; } }",
    "message A { optional string a = 1; oneof _a { string d = 3; } }",
    "message A { optional string _a = 1; oneof Xa { string d = 3; } }",
    "message A { map<string, A> some_thing = 1; map<int32, string> b2 = 2; }",
    "message A { map<string, A> a_b = 1; message ABEntry {} }",
    "message A { map<string, A> a_b = 1; string ABEntry = 2; }",
    "message A { map<string, A> a_b = 1; map<string, A> aB = 2; }",
    "message A { repeated int32 a = 1 [packed = false]; repeated int32 b = 2 [packed = true]; }",
    "message A { repeated string a = 1 [packed = true]; }",
    "message A { int32 a = 1 [packed = true]; }",
    "message A { reserved 1, 3 to 5, 10 to max; reserved 'x', \"y\" \"z\"; }",
    "message A { reserved 536870911; reserved 536870912; }",
    "message A { reserved -1; }", "message A { reserved 'a b'; }", "message A { reserved; }",
    "message A { reserved 1 to 5, 5; }", "message A { oneof a { ; string b = 1; } }",
    "message A { oneof a {} }", "message A { oneof a { option x = 1; string b = 1; } }",
    "message A { oneof a { string a = 1; } }",
    "message A { string a = 1; oneof a { int32 b = 2; } }",
    "enum A { B = 0; C = -1; D = 0x7fffffff; E = -2147483648; }", "enum A { B = -0; }",
    "enum A { reserved -5 to -1, 5 to max; reserved 'X'; B = 0; }", "enum A { B = 0; reserved 0; }",
    "enum A { option allow_alias = true; B = 0; C = 0; }",
    "enum A { option allow_alias = true; B = 0; }",
    "enum A { option allow_alias = false; B = 0; C = 0; }", "enum A { B = 0; C = 0; }",
    "enum A { B = 1; }",
    "enum A { B = 0 [deprecated = true]; option deprecated = false; }", "enum A { }",
    "enum A { A_B = 0; B = 1; }", "enum A { A_B = 0; AB = 1; }", "enum A { A_BC = 0; A_B_C = 1; }",
    "enum A { option allow_alias = true; A_B = 0; B = 0; }", "enum A { A = 0; }",
    "enum A { A_ = 0; }",
    "enum AlphaBeta { ALPHA_BETA_X = 0; ALPHABETA_Y = 1; X_ = 2; }",
    "enum A { X = 0; } enum B { X = 0; }", "message M { enum A { X = 0; } } enum B { X = 0; }",
    "enum E { X = 0; } message A { E a = 1; repeated E b = 2; map<string, E> c = 3; E.X d = 4; }",
    "enum E { X = 0; } message A { E a = 1; repeated E b = 2; map<string, E> c = 3; }",
    "enum E { X = 0; } message A { map<E, string> c = 3; }", "message A { map<A, string> c = 3; }",
    "message A { map<float, string> c = 3; }", "message A { map<bytes, string> c = 3; }",
    "message A { optional map<string, string> a = 1; }", "message map {} message A { map a = 1; }",
    "message A { string a = 1 [deprecated = true, ctype = CORD, jstype = JS_NORMAL]; }",
    "message A { string a = 1 [jstype = JS_STRING]; }",
    "message A { int64 a = 1 [jstype = JS_STRING]; }",
    "message A { A a = 1 [lazy = true]; A b = 2 [unverified_lazy = true]; }",
    "message A { string a = 1 [lazy = true]; }", "message A { string a = 1 [weak = true]; }",
    "message A { string a = 1 [deprecated = true, deprecated = false]; }",
    "message A { string a = 1 []; }",
    "message A { string a = 1 [nonsense = 1]; }", "message A { string a = 1 [deprecated = 1]; }",
    "message A { required string a = 1; }", "message A { string a = 1 [default = 'x']; }",
    "message A { group B = 1 {} }", "message A { repeated group B = 1 {} }",
    "message A { extensions 4; }",
    "message A { string a = 1; string a = 2; }", "message A { string a = 1; string b = 1; }",
    "message A { string a = 0; }", "message A { string a = 19500; }",
    "message A { string a = -1; }",
    "message A { string a = 536870911; }", "message A { string a = 536870912; }",
    "message A { string a = 1.0; }",
    "message A { int b = 1; }", "message A { string 1a = 1; }", "message A { string a = 1 }",
    "message A { B.C b = 1; } message B { message C {} }",
    "message A { B.C b = 1; } message B { enum C { X = 0; } }",
    "message A { B b = 1; message B { C c = 1; message C { A a = 1; } } }",
    "service S { rpc A(M) returns (M); rpc B(stream M) returns (stream .M) {} ; } message M {};",
    "service S { rpc A(M) returns (M) { option deprecated = true; option idempotency_level = IDEMPOTENT; ; } option deprecated = true; } message M {}",
    "service S { rpc A(M) returns (M); rpc A(M) returns (M); } message M {}", "service S {}",
    "service S { rpc A(X) returns (X); }",
    "service S { rpc A(E) returns (E); } enum E { X = 0; }",
    "service S { stream A(M, M) {} } message M {}",
    "message stream {} service S { rpc a(stream stream) returns (stream); }",
    "service S { rpc A(int32) returns (int32); }",
    "option java_package = 'a' 'b\\n\\x41\\101\\u00e9\\U0001F600'; option optimize_for = LITE_RUNTIME; option cc_enable_arenas = true;",
    "option optimize_for = SMALL;", "option java_package = 1;", "option java_package = foo;",
    "option deprecated = 1;",
    "option deprecated = 'true';",
    "option cc_generic_services = false; option swift_prefix = 'X'; option php_generic_services = true;",
    "option java_package = 'a'; option java_package = 'b';", "option java_package.x = 'a';",
    "option uninterpreted_option = 1;",
    "import 'google/protobuf/timestamp.proto'; message A { google.protobuf.Timestamp t = 1; }",
    "package google; import 'google/protobuf/timestamp.proto'; message A { protobuf.Timestamp t = 1; }",
    "package foo.google; import 'google/protobuf/timestamp.proto'; message A { google.protobuf.Timestamp t = 1; }",
    "package foo.google; import 'google/protobuf/timestamp.proto'; message A { .google.protobuf.Timestamp t = 1; }",
    "import 'google/protobuf/any.proto'; import 'google/protobuf/any.proto';",
    "import 'nothing.proto';",
    "import public 'google/protobuf/any.proto'; message A { google.protobuf.Any a = 1; }",
    "import weak 'google/protobuf/any.proto'",
    "message A { google.protobuf.Any a = 1; }", "package a; package b;", "package 1;",
    "package a..b;", "syntax = 'proto3';",
    "message A { string a = 1; } // end", "/* a */ message /* b */ A /* c */ { /* d */ } /* e */",
    "/* /* */", "/* ", "// \u{e9}\n", "message \u{e9} {}",
    "message A { string a = 99999999999999999999; }", "message A { string a = 08; }",
    "message A { string a = 0x; }", "message A { string a = 1a; }",
    "option java_package = 'a\nb';", "option java_package = '\\q';", "option java_package = 'x",
    "message A {", "message A }", "}",
    "message message {} message enum { message m = 1; } enum reserved { option_ = 0; }",
    "message A { reserved 3 to max; string a = 3; }",
    "message A { reserved 'a'; string a = 3; }", "message A { option map_entry = false; }",
    "message A { option message_set_wire_format = true; }",
    "message A { enum B { X = 0; } B X = 1; }",
    "message A { enum B { X = 0; } B b = 1; } message C { A.B b = 1; A.X x = 2; }",
    "enum E { message = 0; enum_ = 1; }", "enum E { option = 0; }",
    "message A { string option = 1; }", "message A { string reserved = 1; string oneof = 2; }",
    "message A { oneof x { string option = 1; } }",
    "enum A { option allow_alias = true; reserved 1; X = 0; Y = 0; }",
  ])
  func takesWhatProtocTakes(_ text: String) throws {
    try expectAgreement(on: "syntax = \"proto3\";\n" + text)
  }

  /// protoc 3.21 takes these; we don't, as later ones don't, or because they can't work.
  @Test(arguments: [
    "message A { reserved 5 to 3; }",
    "message A { string a = 1; string b = 2 [json_name = 'a']; }",
    "message A { string a = 1 [json_name = '[a]']; }",
    "message A { option map_entry = true; }",
  ])
  func refusesMoreThanProtocInFewCases(_ text: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("syntax = \"proto3\";\n" + text, to: "t.proto")
    #expect(try Protoc.descriptors(of: "t.proto", in: [folder.path]).set != nil)
    #expect(!proto3Errors(text).isEmpty)
  }

  /// Takes a right schema, changes a few of its words, and asks both.
  @Test(arguments: ["customers.proto", "features.proto"])
  func agreesOnRandomChanges(of path: String) throws {
    var random = SeededGenerator.announced()
    let schema = try #require(Repository.schema(path))
    let words = Lexer.tokens(of: schema, path: "").0.dropLast()
    for _ in 0..<60 {
      var changed = words.map { $0.kind == .string ? quoted($0.bytes) : $0.text }
      for _ in 0..<Int.random(in: 1...2, using: &random) { change(&changed, &random) }
      try expectAgreement(on: changed.joined(separator: " "))
    }
  }

  private func quoted(_ bytes: [UInt8]) -> String {
    "\"" + String(decoding: bytes, as: UTF8.self) + "\""
  }

  private func change(_ words: inout [String], _ random: inout SeededGenerator) {
    let index = Int.random(in: 0..<words.count, using: &random)
    let other = Int.random(in: 0..<words.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: words.remove(at: index)
    case 1: words.insert(words[other], at: index)
    case 2: words[index] = words[other]
    default: words.swapAt(index, other)
    }
  }

  private func expectAgreement(on text: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(text, to: "t.proto")
    let folders = [folder.path] + Repository.schemaFolders
    let (theirs, refusal) = try Protoc.descriptors(of: "t.proto", in: folders)
    do {
      let schema = try SchemaCompiler.link(["t.proto"]) { path in
        path == "t.proto" ? Array(text.utf8) : Repository.schema(path)
      }
      guard let theirs else {
        Issue.record("protoc refuses, we don't: \(refusal)\n\(text)")
        return
      }
      let ours = try #require(schema.file("t.proto")).encoded
      #expect(theirs.suffix(ours.count) == ours[...], "descriptors differ\n\(text)")
    } catch {
      #expect(theirs == nil, "we refuse, protoc doesn't: \(error)\n\(text)")
    }
  }
}
