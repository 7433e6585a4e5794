import ProtoJSON
import Testing

/// What is wrong, with which value, and where it stands.
@Suite struct JSONReadErrorTests {
  @Test(arguments: [
    ("", "line 1, column 1: text ends, expected a value"),
    (" \n ", "line 2, column 2: text ends, expected a value"),
    ("[]", "line 1, column 1: expected an object, found an array"),
    ("null", "line 1, column 1: expected an object, found null"),
    ("nul", #"line 1, column 1: expected an object, found "nul""#),
    ("{", "line 1, column 2: text ends, expected a name in quotes"),
    ("{}x", #"line 1, column 3: text goes on after its end with "x""#),
    ("{},", #"line 1, column 3: text goes on after its end with ",""#),
    ("{name: 1}", #"line 1, column 2: expected a name in quotes, found "name""#),
    ("{'a': 1}", #"line 1, column 2: expected a name in quotes, found "'""#),
    (#"{"scalars": {},}"#, #"line 1, column 16: expected a name in quotes, found "}""#),
    (#"{"scalars" {}}"#, #"line 1, column 12: expected ":", found "{""#),
    (#"{"scalars": {} "lists": {}}"#, #"line 1, column 16: expected "," or "}", found """"#),
    ("{} // end", #"line 1, column 4: text goes on after its end with "/""#),
    ("\u{FEFF}{}", "line 1, column 1: expected an object, found character U+FEFF"),
    (#"{"children": [{} {}]}"#, #"line 1, column 18: children: expected "," or "]", found "{""#),
    (
      #"{"children": [{}, null]}"#, "line 1, column 19: children[1]: expected an object, found null"
    ),
    (#"{"children": [{},]}"#, #"line 1, column 18: children[1]: expected an object, found "]""#),
    (#"{"children": {}}"#, "line 1, column 14: children: expected an array, found an object"),
    (#"{"scalars": {}, "scalars": {}}"#, #"line 1, column 17: "scalars" is given twice"#),
    (
      #"{"wellKnown": null, "well_known": {}}"#,
      #"line 1, column 21: "well_known" is given twice"#
    ),
  ])
  func namesWhatIsWrongWithTheText(_ json: String, _ error: String) throws {
    #expect(try TestSchema.refusal("Everything", json) == error)
  }

  @Test(arguments: [
    ("\"\u{1}\"", 18, "string has control character 1 unescaped"),
    ("\"\n\"", 18, "string has control character 10 unescaped"),
    (#""\x""#, 18, "backslash begins no escape"),
    (#""\u12G4""#, 18, "backslash begins no escape"),
    (#""\ud83d""#, 18, #"\ud83d is half of a surrogate pair"#),
    (#""\ud83d\u0041""#, 18, #"\ud83d is half of a surrogate pair"#),
    (#""\uDE00""#, 18, #"\uDE00 is half of a surrogate pair"#),
    ("\"abc", 21, "text ends, expected the string's closing quote"),
    ("\"\\u00", 22, "text ends, expected the rest of an escape"),
    ("\"é\\", 20, "text ends, expected the rest of an escape"),
    ("1", 17, "expected a string, found a number"),
    ("-", 17, "expected a string, found a number"),
    ("+1", 17, #"expected a string, found "+""#),
  ])
  func namesWhatIsWrongWithAString(_ value: String, _ column: Int, _ error: String) throws {
    #expect(
      try TestSchema.refusal("Scalars", #"{"stringValue": "# + value)
        == "line 1, column \(column): stringValue: \(error)"
    )
  }

  @Test func refusesWhatIsNotUTF8() throws {
    // Source: Unicode 15, table 3-7: a lone continuation byte, an overlong form, a surrogate, a
    // value past U+10FFFF, and a sequence cut short.
    let wrong: [[UInt8]] = [
      [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
    ]
    for bytes in wrong {
      let json = Array(#"{"stringValue":"é"#.utf8) + bytes + Array(#""}"#.utf8)
      #expect(
        try TestSchema.refusal("Scalars", json)
          == "line 1, column 18: stringValue: string is not well-formed UTF-8"
      )
    }
    #expect(
      try TestSchema.refusal("Scalars", [0x7B, 0xFF])
        == "line 1, column 2: expected a name in quotes, found byte 255"
    )
  }

  @Test(arguments: [
    (#"{"int32Value": 2147483648}"#, "int32Value: 2147483648 is out of the range of int32"),
    (#"{"int32Value": -2147483649}"#, "int32Value: -2147483649 is out of the range of int32"),
    (#"{"sint32Value": 1e10}"#, "sint32Value: 1e10 is out of the range of sint32"),
    (#"{"uint32Value": 4294967296}"#, "uint32Value: 4294967296 is out of the range of uint32"),
    (#"{"uint64Value": -1}"#, "uint64Value: -1 is out of the range of uint64"),
    (
      #"{"uint64Value": "18446744073709551616"}"#,
      "uint64Value: 18446744073709551616 is out of the range of uint64"
    ),
    (
      #"{"int64Value": "9223372036854775808"}"#,
      "int64Value: 9223372036854775808 is out of the range of int64"
    ),
    (#"{"int64Value": 1e999999999999}"#, "int64Value: 1e999999999999 is out of the range of int64"),
    (#"{"int32Value": 1.5}"#, "int32Value: 1.5 is not a whole number"),
    (#"{"int32Value": 1e-1}"#, "int32Value: 1e-1 is not a whole number"),
    (#"{"int32Value": "1 "}"#, #"int32Value: "1 " is not a whole number"#),
    (#"{"int32Value": ""}"#, #"int32Value: "" is not a whole number"#),
    (#"{"int32Value": true}"#, "int32Value: expected a whole number, found true"),
    (#"{"int32Value": 01}"#, "int32Value: 01 is no number"),
    (#"{"int32Value": 1.}"#, "int32Value: 1. is no number"),
    (#"{"int32Value": 0x10}"#, "int32Value: 0x10 is no number"),
    (#"{"doubleValue": 1e400}"#, "doubleValue: 1e400 is out of the range of double"),
    (#"{"floatValue": 3.5e38}"#, "floatValue: 3.5e38 is out of the range of float"),
    (#"{"floatValue": "nan"}"#, #"floatValue: "nan" is not a number"#),
    (#"{"floatValue": NaN}"#, #"floatValue: expected a number, found "NaN""#),
    (#"{"doubleValue": -Infinity}"#, "doubleValue: -Infinity is no number"),
    (#"{"boolValue": "true"}"#, "boolValue: expected true or false, found a string"),
    (#"{"boolValue": truex}"#, #"boolValue: expected a value, found "truex""#),
    (#"{"bytesValue": "A"}"#, #"bytesValue: "A" is not base64"#),
    (#"{"bytesValue": "AA=A"}"#, #"bytesValue: "AA=A" is not base64"#),
    (#"{"bytesValue": "AA="}"#, #"bytesValue: "AA=" is not base64"#),
    (#"{"bytesValue": "AA AA"}"#, #"bytesValue: "AA AA" is not base64"#),
    (
      #"{"colour": "red"}"#,
      #"colour: "red" is not one of COLOUR_UNKNOWN, RED, ROT, deepest_blue, LAST"#
    ),
    (
      #"{"colour": true}"#,
      "colour: expected one of COLOUR_UNKNOWN, RED, ROT, deepest_blue, LAST, found true"
    ),
    (#"{"colour": 2147483648}"#, "colour: 2147483648 is out of the range of int32"),
    (#"{"nullValue": "x"}"#, #"nullValue: "x" is not one of NULL_VALUE"#),
  ])
  func namesWhatIsWrongWithAValue(_ json: String, _ error: String) throws {
    let refusal = try #require(try TestSchema.refusal("Scalars", json))
    let column = try #require(json.firstIndex(of: ":")).utf16Offset(in: json) + 3
    #expect(refusal == "line 1, column \(column): " + error)
  }

  @Test(arguments: [
    (
      "int32vale",
      #"no field "int32vale" in protojson.test.Scalars, did you mean int32Value?"#
    ),
    (
      "intValue",
      #"no field "intValue" in protojson.test.Scalars, did you mean int64Value or int32Value?"#
    ),
    (
      "String Value",
      #"no field "String Value" in protojson.test.Scalars, did you mean stringValue?"#
    ),
    ("zzz", #"no field "zzz" in protojson.test.Scalars"#),
    (
      String(repeating: "x", count: 61),
      #"no field ""# + String(repeating: "x", count: 60) + #"…" in protojson.test.Scalars"#
    ),
  ])
  func namesTheNearestFields(_ name: String, _ error: String) throws {
    let json = "{\n  \"colour\": 1,\n  \"\(name)\": 1\n}"
    #expect(try TestSchema.refusal("Scalars", json) == "line 3, column 3: " + error)
  }

  @Test(arguments: [
    (
      #"{"text": "a", "flag": true}"#,
      "line 1, column 15: flag: text and flag are both of 'first', which holds one value"
    ),
    (
      #"{"flag": false, "nothing": null}"#,
      "line 1, column 17: nothing: flag and nothing are both of 'first', which holds one value"
    ),
    (#"{"text": "a", "flag": null}"#, nil),
    (#"{"text": null, "flag": true, "blob": ""}"#, nil),
  ])
  func aOneofHoldsOneValue(_ json: String, _ error: String?) throws {
    #expect(try TestSchema.refusal("Choices", json) == error)
  }

  @Test(arguments: [
    (#"{"strings": {"a": "x", "b": "y", "a": "z"}}"#, #"column 34: strings: "a" is given twice"#),
    (#"{"strings": {"a": "x", "\u0061": "z"}}"#, #"column 24: strings: "a" is given twice"#),
    (#"{"int32s": {"1": 1, "10e-1": 1}}"#, #"column 21: int32s: "10e-1" is given twice"#),
    (#"{"int32s": {"x": 1}}"#, #"column 13: int32s.x: "x" is not a whole number"#),
    (#"{"int32s": {"1 2": 1}}"#, #"column 13: int32s["1 2"]: "1 2" is not a whole number"#),
    (#"{"bools": {"True": 1}}"#, #"column 12: bools.True: "True" is not true or false"#),
    (#"{"strings": {"a b": 5}}"#, #"column 21: strings["a b"]: expected a string, found a number"#),
    (#"{"strings": {"a": null}}"#, "column 19: strings.a: expected a string, found null"),
    (#"{"strings": []}"#, "column 13: strings: expected an object, found an array"),
    (
      #"{"sint64s": {"-5": {"children": [{}, {"names": {"fieldName": 7}}]}}}"#,
      #"column 62: sint64s["-5"].children[1].names.fieldName: expected a string, found a number"#
    ),
  ])
  func namesTheKeyOfAMap(_ json: String, _ error: String) throws {
    #expect(try TestSchema.refusal("Maps", json) == "line 1, " + error)
  }

  @Test func countsFromWhereTheTextBegins() throws {
    let options = JSONReadOptions(start: TextPosition(line: 7, column: 5))
    #expect(
      try TestSchema.refusal("Names", #"{"fieldName":1}"#, options)
        == "line 7, column 18: fieldName: expected a string, found a number"
    )
    #expect(
      try TestSchema.refusal("Names", "{\r\n\t\"fieldName\":1}", options)
        == "line 8, column 14: fieldName: expected a string, found a number"
    )
  }

  @Test func columnsCountCodePoints() throws {
    #expect(
      try TestSchema.refusal("Names", #"{"fieldName":"é😀e\#u{301}", "fieldOther":1}"#)
        == "line 1, column 35: fieldOther: expected a string, found a number"
    )
  }

  @Test func unknownFieldsArePassedOverIfAsked() throws {
    let options = JSONReadOptions(ignoresUnknownFields: true)
    let json = #"{"x": {"a": [1, {"b": "\u0041"}], "c": null}, "colour": "MAUVE", "int32Value": 1}"#
    #expect(try TestSchema.wire("Scalars", json, options) == "2801")
    #expect(
      try TestSchema.refusal("Scalars", #"{"x": {"a": 1, "a": 2}}"#, options)
        == #"line 1, column 16: "a" is given twice"#
    )
    #expect(
      try TestSchema.refusal("Scalars", #"{"x": [1, 02]}"#, options)
        == "line 1, column 11: 02 is no number"
    )
    let lists = #"{"colours": ["RED", "MAUVE", "LAST"]}"#
    #expect(try TestSchema.wire("Lists", lists, options) == "8201060" + "1ffffffff07")
    let maps = #"{"int32s": {"1": "MAUVE", "2": "RED"}}"#
    #expect(try TestSchema.wire("Maps", maps, options) == "120408021001")
  }
}
