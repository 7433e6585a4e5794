import ProtoJSON
import Testing

/// What the mapping allows beside the form that it writes.
///
/// Source: protobuf's ProtoJSON page and the names of its conformance tests; the wire bytes are
/// worked out by hand from the encoding guide.
@Suite struct JSONValueTests {
  @Test(arguments: [
    (#"{"int32Value": 1e3}"#, "28e807"),
    (#"{"int32Value": 1.0}"#, "2801"),
    (#"{"int32Value": "1.0"}"#, "2801"),
    (#"{"int32Value": 10e-1}"#, "2801"),
    (#"{"int32Value": "1\u0030"}"#, "280a"),
    (#"{"int32Value": -0}"#, ""),
    (#"{"int32Value": 0e999999999999999999999}"#, ""),
    (#"{"int32Value": -2147483648}"#, "2880808080f8ffffffff01"),
    (#"{"int64Value": "-9223372036854775808"}"#, "1880808080808080808001"),
    (#"{"int64Value": 9223372036854775807}"#, "18ffffffffffffffff7f"),
    (#"{"uint64Value": 18446744073709551615}"#, "20ffffffffffffffffff01"),
    (#"{"uint64Value": 1.8446744073709551615e19}"#, "20ffffffffffffffffff01"),
    (#"{"uint32Value": "4294967295"}"#, "48ffffffff0f"),
    (#"{"sint32Value": -1}"#, "6001"),
    (#"{"sint64Value": "-9223372036854775808"}"#, "68ffffffffffffffffff01"),
    (#"{"fixed32Value": 1}"#, "3d01000000"),
    (#"{"sfixed64Value": -2}"#, "59feffffffffffffff"),
    (#"{"doubleValue": 1}"#, "09000000000000f03f"),
    (#"{"doubleValue": "1.5"}"#, "09000000000000f83f"),
    (#"{"doubleValue": -0.0}"#, "090000000000000080"),
    (#"{"doubleValue": 0e5}"#, ""),
    (#"{"doubleValue": 1e-400}"#, ""),
    (#"{"doubleValue": "NaN"}"#, "09000000000000f87f"),
    (#"{"doubleValue": "-Infinity"}"#, "09000000000000f0ff"),
    (#"{"floatValue": "Infinity"}"#, "150000807f"),
    (#"{"floatValue": 3.4028235e38}"#, "15ffff7f7f"),
    (#"{"boolValue": true}"#, "4001"),
    (#"{"boolValue": false}"#, ""),
    (#"{"bytesValue": "-_8"}"#, "7a02fbff"),
    (#"{"bytesValue": "+/8="}"#, "7a02fbff"),
    (#"{"bytesValue": "-_"}"#, "7a01fb"),
    (#"{"bytesValue": "\/w=="}"#, "7a01ff"),
    (#"{"colour": "ROT"}"#, "800101"),
    (#"{"colour": 1}"#, "800101"),
    (#"{"colour": 1.0}"#, "800101"),
    (#"{"colour": 99}"#, "800163"),
    (#"{"colour": null, "nullValue": null}"#, ""),
    (#"{"nullValue": "NULL_VALUE"}"#, ""),
    ("{\"stringValue\": \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20AC\"}", "720b225c2f080c0a0d09e282ac"),
    (" { } ", ""),
  ])
  func readsWhatTheMappingAllows(_ json: String, _ wire: String) throws {
    #expect(try TestSchema.wire("Scalars", json) == wire)
  }

  @Test func presenceKeepsDefaults() throws {
    #expect(try TestSchema.wire("Optionals", #"{"int32Value":0,"stringValue":""}"#) == "28007200")
    #expect(try TestSchema.json("Optionals", "28007200") == #"{"int32Value":0,"stringValue":""}"#)
    #expect(try TestSchema.json("Optionals", "", JSONWriteOptions()) == "{}")
    #expect(try TestSchema.json("Choices", "4000", JSONWriteOptions()) == #"{"flag":false}"#)
  }

  @Test func aliasesAreWrittenByTheirFirstName() throws {
    #expect(try TestSchema.json("Scalars", "800101") == #"{"colour":"RED"}"#)
    #expect(try TestSchema.json("Scalars", "800163") == #"{"colour":99}"#)
  }

  @Test func namesAreThoseOfTheSchema() throws {
    let json = try TestSchema.json("Names", "", JSONWriteOptions())
    #expect(
      json == #"{"fieldName":"","fieldOther":"","Leading":"","doubleUnderscore":"","#
        + #""field5digit":"","CapitalLetters":"","Renamed It \"so\"":"","trailing":"","#
        + #""afterTheTable":"","largestNumber":""}"#
    )
    #expect(
      try TestSchema.wire(
        "Names",
        #"{"Renamed It \"so\"":"x","_leading":"y","largest_number":"z"}"#
      )
        == "1a0179" + "3a0178" + "faffffff0f017a"
    )
  }

  @Test func nullStandsForItselfOnlyWhereTheSchemaSaysSo() throws {
    #expect(try TestSchema.wire("Nulls", #"{"list":[null,"NULL_VALUE",0]}"#) == "0a03000000")
    #expect(try TestSchema.json("Nulls", "0a020000") == #"{"list":[null,null]}"#)
    #expect(try TestSchema.wire("Nulls", #"{"map":{"a":null}}"#) == "12050a01611000")
    #expect(try TestSchema.wire("Nulls", #"{"optional":null}"#) == "1800")
    #expect(try TestSchema.wire("WellKnown", #"{"value":null}"#) == "32020800")
    #expect(try TestSchema.wire("WellKnown", #"{"values":[null]}"#) == "b201020800")
    #expect(try TestSchema.wire("WellKnown", #"{"struct":null,"listValue":null}"#) == "")
    #expect(try TestSchema.wire("WellKnown", #"{"int32Value":null,"any":null}"#) == "")
  }

  @Test func whatStandsOnTheWireInAnotherWayIsRead() throws {
    // Packed and not, the last of single values, merged messages, unknown fields and wire types.
    #expect(try TestSchema.json("Lists", "2801 2a020203 2804") == #"{"int32s":[1,2,3,4]}"#)
    #expect(try TestSchema.json("Scalars", "2801 2802") == #"{"int32Value":2}"#)
    #expect(
      try TestSchema.json("Everything", "0a022801 12022801 0a024001")
        == #"{"scalars":{"int32Value":1,"boolValue":true},"optionals":{"int32Value":1}}"#
    )
    #expect(try TestSchema.json("Choices", "1002 0a0161 1004") == #"{"number":2}"#)
    #expect(
      try TestSchema.json("Choices", "22022801 4001 22024001") == #"{"scalars":{"boolValue":true}}"#
    )
    #expect(
      try TestSchema.json("Choices", "22022801 22024001")
        == #"{"scalars":{"int32Value":1,"boolValue":true}}"#
    )
    #expect(try TestSchema.json("Scalars", "2d01000000 f83f05 fb3f0801fc3f") == "{}")
    #expect(
      try TestSchema.json("Maps", "1200 12021005 120408021007") == #"{"int32s":{"0":5,"2":7}}"#
    )
  }

  @Test func mapEntriesComeInTheOrderOfTheirKeys() throws {
    #expect(
      try TestSchema.json("Maps", "120408021001 1204080a1001 120d08ffffffffffffffffff011001")
        == #"{"int32s":{"-1":"RED","2":"RED","10":"RED"}}"#
    )
    #expect(
      try TestSchema.wire("Maps", #"{"int32s":{"10":1,"2":1,"-1":1}}"#)
        == "120d08ffffffffffffffffff011001" + "120408021001" + "1204080a1001"
    )
    #expect(
      try TestSchema.wire("Maps", #"{"strings":{"b":"","":"","aa":"","a":""}}"#)
        == "0a040a001200" + "0a050a01611200" + "0a060a0261611200" + "0a050a01621200"
    )
  }

  @Test func charactersThatSteerATerminalAreEscaped() throws {
    #expect(
      try TestSchema.json("Names", "0a0e1b7fc29be280aee281a6c3a92f22")
        == #"{"fieldName":"\u001b\u007f\u009b\u202e\u2066é/\""}"#
    )
  }

  @Test func refusesTextThatIsNotUTF8OnTheWire() throws {
    let codec = try TestSchema.codec("Everything")
    let wire = TestSchema.bytes("3a080a0661e281ff6162")
    let error = #expect(throws: JSONWriteError.self) { try codec.json(of: wire.span) }
    #expect(error.map { "\($0)" } == "names.fieldName: byte 1: string is not well-formed UTF-8")
  }
}
