import ProtoJSON
import TestSupport
import Testing

/// A JSON array that comes in chunks.
@Suite struct JSONArraySplitterTests {
  /// What a splitter gives for a text in chunks of a size: elements with positions, then the error.
  private func split(_ text: String, member: String? = nil, chunk size: Int = 1 << 20) -> [String] {
    split(Array(text.utf8), member: member, chunk: size)
  }

  private func split(_ bytes: [UInt8], member: String?, chunk size: Int) -> [String] {
    var splitter = JSONArraySplitter(member: member)
    var result: [String] = []
    var start = 0
    do {
      while start < bytes.count {
        let end = min(start + size, bytes.count)
        splitter.feed(Array(bytes[start..<end]))
        start = end
        while let element = try splitter.next() {
          let position = element.position
          let text = String(decoding: element.text, as: UTF8.self)
          result.append("\(position.line):\(position.column) \(text)")
        }
      }
      try splitter.finish()
    } catch {
      result.append("\(error)")
    }
    return result
  }

  private let export = """
    {"resumeToken": "]}\\"", "customers" : [
      {"a": "]", "b": [1, {"c": "\\"}"}]} ,
      "é\\\\", -1.5e3,true
    , [ ] , {}], "other": {"customers": [7]}, "n": 5}

    """

  private let elements = [
    #"2:3 {"a": "]", "b": [1, {"c": "\"}"}]}"#, #"3:3 "é\\""#, "3:10 -1.5e3", "3:17 true",
    "4:3 [ ]", "4:9 {}",
  ]

  @Test func cutsTheArrayOfAMember() {
    #expect(split(export, member: "customers") == elements)
  }

  @Test(arguments: 1...40)
  func chunksMayEndAnywhere(_ size: Int) {
    #expect(split(export, member: "customers", chunk: size) == elements)
  }

  @Test func cutsAnArrayThatIsTheWholeText() {
    for member in [nil, "customers"] {
      #expect(split("[]", member: member) == [])
      #expect(split(" [1, {}]\n", member: member) == ["1:3 1", "1:6 {}"])
    }
    #expect(split([0xEF, 0xBB, 0xBF] + Array("[1]".utf8), member: nil, chunk: 1) == ["1:2 1"])
  }

  @Test func theMembersNameMayHaveEscapes() {
    #expect(split(#"{"\u0063ustomers":[1]}"#, member: "customers") == ["1:20 1"])
  }

  @Test(arguments: [
    ("", "line 1, column 1: text ends, expected an array or an object"),
    ("[", "line 1, column 2: text ends, expected an element"),
    ("[1", "line 1, column 3: text ends, expected an element"),
    ("{", "line 1, column 2: text ends, expected a name in quotes"),
    ("{\"a\"", "line 1, column 5: text ends, expected \":\""),
    ("{\"a\":", "line 1, column 6: text ends, expected a value"),
    ("{\"a\":[1]", "line 1, column 9: text ends, expected \",\" or \"}\""),
    ("5", "line 1, column 1: expected an array or an object, found \"5\""),
    ("{}", "line 1, column 2: object has no member \"customers\""),
    ("{\"customer\":[]}", "line 1, column 15: object has no member \"customers\""),
    ("{\"customers\":{}}", "line 1, column 14: expected an array, found \"{\""),
    ("{\"customers\":[],\"customers\":[]}", "line 1, column 29: \"customers\" is given twice"),
    ("{\"a\":}", "line 1, column 6: expected a value, found \"}\""),
    ("{\"customers\":[]]", "line 1, column 16: expected \",\" or \"}\", found \"]\""),
    ("{\"customers\":[],}", "line 1, column 17: expected a name in quotes, found \"}\""),
    ("[,", "line 1, column 2: expected a value, found \",\""),
    ("[\n]]", "line 2, column 2: text goes on after its end with \"]\""),
    ("[]\u{1}", "line 1, column 3: text goes on after its end with byte 1"),
  ])
  func namesWhatIsWrong(_ text: String, _ error: String) {
    #expect(split(text, member: "customers") == [error])
    #expect(split(text, member: "customers", chunk: 1) == [error])
  }

  @Test func errorsFollowTheElementsBefore() {
    #expect(
      split("[1 2]") == ["1:2 1", "line 1, column 4: expected \",\" or \"]\", found \"2\""]
    )
    #expect(split("[1,]") == ["1:2 1", "line 1, column 4: expected a value, found \"]\""])
    #expect(split("{}") == ["line 1, column 1: expected an array, found \"{\""])
  }

  @Test func anElementHasALargestLength() {
    let inside = String(repeating: "x", count: JSONArraySplitter.elementLengthMax - 2)
    #expect(split("[\"\(inside)\"]").count == 1)
    #expect(split("[\"\(inside)\"]")[0].hasPrefix("1:2 \"x"))
    #expect(
      split("[1,\n\"\(inside)x\"]", chunk: 1_000)
        == ["1:2 1", "line 2, column 1: value is longer than 1048576 bytes"]
    )
  }

  @Test func aNameHasALargestLength() {
    let inside = String(repeating: "x", count: JSONArraySplitter.nameLengthMax)
    #expect(split("{\"\(inside)\":1,\"a\":[2]}", member: "a") == ["1:1036 2"])
    #expect(
      split("{\"\(inside)x\":1,\"a\":[2]}", member: "a")
        == ["line 1, column 2: value is longer than 1024 bytes"]
    )
  }

  @Test func aSkippedValueMayBeOfAnyLength() {
    let inside = String(repeating: "x", count: JSONArraySplitter.elementLengthMax * 2)
    #expect(split("{\"b\":\"\(inside)\",\"a\":[2]}", member: "a", chunk: 65_536) == ["1:2097166 2"])
  }

  /// An element that fails names its place in the whole text.
  @Test func errorsInAnElementCountFromTheStartOfTheText() throws {
    let text = "[\n  {\"fieldName\": \"a\"},\n  {\"fieldName\": 5}\n]"
    var splitter = JSONArraySplitter()
    splitter.feed(Array(text.utf8))
    var results: [String?] = []
    while let element = try splitter.next() {
      let options = JSONReadOptions(start: element.position)
      results.append(try TestSchema.refusal("Names", element.text, options))
    }
    try splitter.finish()
    #expect(
      results == [nil, "line 3, column 17: fieldName: expected a string, found a number"]
    )
  }

  @Test func noInputTrapsIt() {
    var generator = SeededGenerator.announced()
    let pieces = [
      "[", "]", "{", "}", ",", ":", "\"", "\\", "customers", " ", "\n", "1", "é", "\u{FEFF}",
    ]
    for _ in 0..<5_000 {
      let count = Int.random(in: 0...12, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      let whole = split(text, member: "customers")
      #expect(split(text, member: "customers", chunk: 1) == whole, "\(text)")
    }
  }
}
