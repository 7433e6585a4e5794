import ProtoJSON
import ProtoWire
import Testing
import WellKnownTypes

/// The `google.protobuf` messages whose JSON isn't an object of their fields.
///
/// Source: the comments in `google/protobuf/*.proto`; seconds were counted by `date -u +%s`.
@Suite struct WellKnownTypesJSONTests {
  private func times() throws -> WireJSON {
    try WireJSON("google.protobuf.Timestamp", in: TestSchema.pool.get())
  }

  private func timestamp(_ text: String) throws -> String? {
    guard let wire = try? times().wire(ofJSON: Array("\"\(text)\"".utf8)) else { return nil }
    let time = try Timestamp(decoding: wire)
    return "\(time.seconds) \(time.nanos)"
  }

  private func text(_ seconds: Int64, _ nanos: Int32) throws -> String? {
    let wire = Timestamp(seconds: seconds, nanos: nanos).encoded()
    guard let json = try? times().json(of: wire.span) else { return nil }
    return String(decoding: json, as: UTF8.self)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", "0 0"),
    ("0001-01-01T00:00:00Z", "-62135596800 0"),
    ("9999-12-31T23:59:59.999999999Z", "253402300799 999999999"),
    ("1969-12-31T23:59:59.5Z", "-1 500000000"),
    ("2024-02-29T12:34:56.000001Z", "1709210096 1000"),
    ("2000-02-29T00:00:00Z", "951782400 0"),
    ("1900-03-01T00:00:00Z", "-2203891200 0"),
    ("2026-01-31T23:59:59+10:30", "1769866199 0"),
    ("2026-01-31T23:59:59-00:30", "1769905799 0"),
    // RFC 3339 writes years from 0000 on; what counts is the time that is meant.
    ("0000-12-31T23:59:00-00:01", "-62135596800 0"),
    ("9999-12-31T23:59:59+23:59", "253402214459 0"),
  ])
  func readsTimes(_ text: String, _ time: String) throws {
    #expect(try timestamp(text) == time)
  }

  @Test(arguments: [
    "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z",
    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
    "2026-01-01t00:00:00Z", "2026-01-01T00:00:00z", "2026-01-01T00:00:00",
    "2026-01-01 00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z",
    "2026-1-1T00:00:00Z", "2026-01-01T00:00:00+1000", "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00Z ", "-001-01-01T00:00:00Z", "2026-01-01", "",
  ])
  func refusesWhatIsNoTime(_ text: String) throws {
    #expect(try timestamp(text) == nil)
    #expect(
      try TestSchema.refusal("WellKnown", #"{"timestamp":"\#(text)"}"#)
        == #"line 1, column 14: timestamp: "\#(text)" is not a time such as 2026-01-31T23:59:59Z"#
    )
  }

  @Test(
    arguments: [
      (0, 0, "1970-01-01T00:00:00Z"), (0, 20_000_000, "1970-01-01T00:00:00.020Z"),
      (0, 1_000, "1970-01-01T00:00:00.000001Z"), (0, 1, "1970-01-01T00:00:00.000000001Z"),
      (-1, 500_000_000, "1969-12-31T23:59:59.500Z"),
      (-62_135_596_800, 0, "0001-01-01T00:00:00Z"), (-62_135_596_801, 0, nil),
      (253_402_300_799, 0, "9999-12-31T23:59:59Z"), (253_402_300_800, 0, nil),
      (0, -1, nil), (0, 1_000_000_000, nil), (.min, 0, nil), (.max, .max, nil),
    ] as [(Int64, Int32, String?)]
  )
  func writesTimesWithAsManyDigitsAsTheyNeed(
    _ seconds: Int64,
    _ nanos: Int32,
    _ time: String?
  ) throws {
    #expect(try text(seconds, nanos) == time.map { "\"\($0)\"" })
  }

  @Test(arguments: [
    ("0s", "0 0"), ("1s", "1 0"), ("1.5s", "1 500000000"), ("-1.000000001s", "-1 -1"),
    ("-0.5s", "0 -500000000"), ("315576000000.999999999s", "315576000000 999999999"),
  ])
  func readsDurations(_ text: String, _ duration: String) {
    let value = DurationText.parse(Array(text.utf8)).map { "\($0.seconds) \($0.nanos)" }
    #expect(value == duration)
  }

  @Test(arguments: [
    "315576000001s", "-315576000001s", "1", "s", "1.s", ".5s", "+1s", "1.0000000001s", "1s ", " 1s",
    "1e3s", "--1s", "99999999999999999999s", "",
  ])
  func refusesWhatIsNoDuration(_ text: String) throws {
    #expect(
      try TestSchema.refusal("WellKnown", #"{"duration":"\#(text)"}"#)
        == #"line 1, column 13: duration: "\#(text)" is not a duration such as 1.5s"#
    )
  }

  @Test func refusesToWriteWhatIsOutOfRange() throws {
    func refusal(_ wire: String) throws -> String {
      let codec = try TestSchema.codec("WellKnown")
      let bytes = TestSchema.bytes(wire)
      let error = #expect(throws: JSONWriteError.self) { try codec.json(of: bytes.span) }
      return error.map { "\($0)" } ?? ""
    }
    #expect(
      try refusal("9a01020800 9a01021001 9a010b10ffffffffffffffffff01")
        == "timestamps[2]: time of 0 seconds and -1 nanoseconds is out of range"
    )
    #expect(
      try refusal("1a0d080110ffffffffffffffffff01")
        == "duration: duration of 1 seconds and -1 nanoseconds is out of range"
    )
    #expect(
      try refusal("22050a03615f31") == #"fieldMask[0]: field path "a_1" has no JSON form"#
    )
    #expect(try refusal("3209 11 000000000000f07f") == "value: value is not a finite number")
    #expect(try refusal("0a060a04612f622e") == #"any: type "a/b." is not known"#)
  }

  @Test func fieldMasksChangeTheNames() throws {
    let json = #"{"fieldMask":"firstName,phones.numberLocal,*"}"#
    let wire = try TestSchema.wire("WellKnown", json)
    #expect(
      wire == "2224" + "0a0a" + "66697273745f6e616d65"
        + "0a13" + "70686f6e65732e6e756d6265725f6c6f63616c" + "0a012a"
    )
    #expect(try TestSchema.json("WellKnown", wire) == json)
    #expect(try TestSchema.wire("WellKnown", #"{"fieldMask":""}"#) == "2200")
    #expect(
      try TestSchema.refusal("WellKnown", #"{"fieldMask":"first_name"}"#)
        == #"line 1, column 14: fieldMask: "first_name" is not a list of fields such as "#
        + "firstName,phones"
    )
  }

  @Test(arguments: [
    #"{"any":{}}"#,
    #"{"any":{"@type":"a/protojson.test.Names","fieldName":"x"}}"#,
    #"{"any":{"@type":"a/google.protobuf.Duration","value":"1.500s"}}"#,
    #"{"any":{"@type":"a/google.protobuf.Value","value":null}}"#,
    #"{"any":{"@type":"a/google.protobuf.Struct","value":{"a":[1.0,null,{}]}}}"#,
    #"{"any":{"@type":"a/google.protobuf.Any","value":{"@type":"b/google.protobuf.Empty"}}}"#,
    #"{"any":{"@type":"a/google.protobuf.StringValue","value":""}}"#,
  ])
  func anAnyComesBackAsItWas(_ json: String) throws {
    #expect(try TestSchema.json("WellKnown", TestSchema.wire("WellKnown", json)) == json)
  }

  @Test func theTypeOfAnAnyMayComeLast() throws {
    let first = #"{"any":{"@type":"a/protojson.test.Names","fieldName":"x","fieldOther":"y"}}"#
    let last = #"{"any":{"fieldOther":"y","fieldName":"x","@type":"a/protojson.test.Names"}}"#
    #expect(try TestSchema.wire("WellKnown", first) == TestSchema.wire("WellKnown", last))
  }

  @Test(arguments: [
    (#"{"fieldName":"x"}"#, #"8: any: an Any needs a member "@type""#),
    (#"{"@type":5}"#, "17: any: expected a type's URL, found a number"),
    (#"{"@type":"a/b"}"#, #"17: any: type "a/b" is not known"#),
    (#"{"@type":"protojson.test.Names","@type":"x"}"#, #"40: any: "@type" is given twice"#),
    (
      #"{"@type":"google.protobuf.Duration"}"#,
      #"8: any: an Any of google.protobuf.Duration needs a member "value""#
    ),
    (
      #"{"@type":"google.protobuf.Duration","value":1}"#,
      "52: any.value: expected a duration such as 1.5s, found a number"
    ),
    (
      #"{"@type":"google.protobuf.Duration","value":"1s","x":1}"#,
      #"57: any: no field "x" in google.protobuf.Duration"#
    ),
    ("[]", "8: any: expected an object, found an array"),
  ])
  func namesWhatIsWrongWithAnAny(_ json: String, _ error: String) throws {
    #expect(
      try TestSchema.refusal("WellKnown", #"{"any":\#(json)}"#) == "line 1, column " + error
    )
  }

  @Test func aWrapperIsItsValue() throws {
    let json = #"{"doubleValue":0.0,"int64Value":"5","boolValue":false,"bytesValue":"/w=="}"#
    let wire = "4a00" + "5a020805" + "7a00" + "8a01030a01ff"
    #expect(try TestSchema.wire("WellKnown", json) == wire)
    #expect(try TestSchema.json("WellKnown", wire) == json)
  }
}
