import CustomerModel
import ProtoWire
import TestSupport
import Testing

@testable import CustomerFormats

@Suite struct ImportRowsTests {
  /// What comes out of a text, in pieces of every size from one byte on.
  private func rows(
    _ text: String,
    format: ImportFormat? = nil,
    pieces: Int = .max
  ) throws -> [ImportRow] {
    var settings = ColumnMapping.Settings()
    settings.takesAttributes = format == nil
    var reader = ImportRows(format: format, settings: settings)
    var all: [ImportRow] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(pieces))
      rest = rest.dropFirst(piece.count)
      try reader.append(piece)
      while let row = try reader.next() { all.append(row) }
    }
    try reader.finish()
    while let row = try reader.next() { all.append(row) }
    return all
  }

  private static let sameInEveryForm = [
    "firstName,lastName\nAnn,Lee\nBob,\n",
    "\u{FEFF}firstName;lastName\r\nAnn;Lee\r\nBob;\r\n",
    "firstName\tlastName\nAnn\tLee\nBob\t\n",
    #"[{"firstName": "Ann", "lastName": "Lee"}, {"firstName": "Bob"}]"#,
    "{\"firstName\": \"Ann\", \"lastName\": \"Lee\"}\n\n{\"firstName\": \"Bob\"}\n",
    "{\"firstName\": \"Ann\",\n\"lastName\": \"Lee\"}\n{\"firstName\": \"Bob\"}",
    #"{"customers": [{"firstName": "Ann", "lastName": "Lee"},{"firstName":"Bob"}],"resumeToken":"}"}"#,
    "{ \"customers\" : [\n{\"firstName\": \"Ann\", \"lastName\": \"Lee\"},\n{\"firstName\": \"Bob\"}\n],\n"
      + "\"resumeToken\": \"x\"}\n",
    #"{"resumeToken": "x", "customers": [{"firstName":"Ann","lastName":"Lee"},{"firstName":"Bob"}]}"#,
    #"  {"firstName": "Ann", "lastName": "Lee"}   {"firstName": "Bob"}"# + "\n{}",
  ]

  @Test(arguments: sameInEveryForm)
  func tellsTheFormatByTheBeginning(_ text: String) throws {
    for pieces in [1, 2, 7, Int.max] {
      let customers = try rows(text, pieces: pieces).map { try $0.content.get() }
      #expect(customers.map(\.firstName).prefix(2) == ["Ann", "Bob"], "pieces of \(pieces)")
      #expect(customers.map(\.lastName).prefix(2) == ["Lee", ""], "pieces of \(pieces)")
    }
  }

  /// A name of an attribute may hold more of another delimiter than there are cells.
  @Test(arguments: [
    ("firstName,attributes.;;;;;;;;\nAnn,x\n", ";;;;;;;;"),
    ("firstName\tattributes.,,,,;;;;\nAnn\tx\n", ",,,,;;;;"),
    ("firstName;attributes.\"\",,,,\t\nAnn;x\n", "\"\",,,,"),
    ("name,\"attributes.a\n;;;;\"\nAnn,x\n", "a\n;;;;"),
  ])
  func tellsTheDelimiterByTheNamesItMakes(_ text: String, _ name: String) throws {
    #expect(try rows(text).map { try $0.content.get().attributes.keys } == [[name]])
  }

  @Test func unknownHeadsAreTakenApartWhereThereAreMost() throws {
    let customer = try #require(try rows("a,b;c;d\n1,2;3;4\n").first).content.get()
    #expect(customer.attributes == ["a,b": "1,2", "c": "3", "d": "4"])
  }

  @Test func tsvIsOfTabsWhateverStandsInIt() throws {
    let text = "firstName\tlastName,emailAddress,version\nAnn\tLee\n"
    #expect(throws: ImportError.unknownColumns(["lastName,emailAddress,version"])) {
      try rows(text, format: .tsv)
    }
    #expect(ImportFormat(path: "people.TSV") == .tsv)
  }

  /// As PostgreSQL's COPY tells them apart.
  @Test func quotesAloneAreAnEmptyAttribute() throws {
    let head = "firstName,attributes.a,attributes.b\n"
    let customer = try #require(try rows(head + "\"\",\"\",\n").first).content.get()
    #expect(customer.attributes == ["a": ""])
    // A program that puts everything in quotes means nothing by them.
    let quoted = try rows("\"first\",\"attributes.a\"\n\"Ann\",\"\"\n\"Bob\",\"x\"\n")
    #expect(try quoted.map { try $0.content.get().attributes } == [[:], ["a": "x"]])
  }

  @Test func aBadLineOfNDJSONSpoilsNoOther() throws {
    let all = try rows(
      "{\"firstName\": \"Ann\"}\n{\"firstNam\": 1}\nnonsense\n{\"phones\": [{\"type\": \"Fax\"}]}\n"
        + "{\"firstName\": \"Bob\"}\n",
      format: .ndjson
    )
    #expect(all.map(\.line) == [1, 2, 3, 4, 5])
    let reasons = all.map { row -> String in
      switch row.content {
      case .success(let customer): customer.firstName
      case .failure(let error): "\(error)"
      }
    }
    #expect(reasons[0] == "Ann" && reasons[4] == "Bob")
    #expect(reasons[1].contains("line 2, column "))
    #expect(reasons[1].contains("did you mean firstName?"))
    #expect(reasons[2].contains("line 3, column 1"))
    #expect(reasons[3].hasPrefix("phones[0].type: line 4, column 22: "))
  }

  @Test(arguments: [
    ("[1]", "line 1, column 2: expected a customer"),
    ("[{}\n{}]", "line 2, column 1: expected a comma or the end of the array"),
    ("[{},]", "line 1, column 5: expected a customer"),
    ("[{}", "line 1, column 4: the text ends in the middle"),
    ("[{}] x", "line 1, column 6: expected a customer or an array of customers"),
  ])
  func saysWhereJSONBreaks(_ text: String, _ message: String) {
    let error = #expect(throws: ImportError.self) { try rows(text, format: .json) }
    #expect(error.map { "\($0)" } == message)
  }

  @Test func refusesUTF16() {
    var reader = ImportRows(format: nil, settings: ColumnMapping.Settings())
    #expect(throws: ImportError.notUTF8) { try reader.append([0xFF, 0xFE, 0x61, 0, 0x0A, 0]) }
  }

  @Test func refusesAnEmptyTable() {
    #expect(throws: ImportError.noHeader) { try rows("", format: .csv) }
  }

  @Test func takesACustomerAtTheLimitAndNoneOver() throws {
    let frame = #"{"firstName":""}"#.utf8.count
    let fits = String(repeating: "x", count: JSONElements.elementBytesMax - frame)
    for format in [ImportFormat.json, .ndjson] {
      let all = try rows(
        "{\"firstName\":\"\(fits)\"}\n{\"firstName\":\"\(fits)y\"}\n{}\n",
        format: format
      )
      #expect(all.count == 3)
      #expect(try all[0].content.get().firstName.utf8.count == fits.utf8.count)
      #expect(throws: FieldError(field: "", reason: "over the limit of 1048576 bytes")) {
        try all[1].content.get()
      }
    }
  }

  /// Whatever the bytes, and however they are cut: rows or an error come out, never a trap.
  @Test func survivesAnyBytes() {
    var random = SeededGenerator.announced()
    let alphabet = Array("{}[]\":,\\ \n\r\tab01customers".utf8) + [0, 0x7F, 0xC3, 0xA9, 0xFF]
    for _ in 0..<2000 {
      let count = Int.random(in: 0...60, using: &random)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      let format = ImportFormat.allCases.randomElement(using: &random)
      var settings = ColumnMapping.Settings()
      settings.takesAttributes = true
      var reader = ImportRows(
        format: Bool.random(using: &random) ? format : nil,
        settings: settings
      )
      let cut = Int.random(in: 0...count, using: &random)
      do {
        for piece in [bytes[..<cut], bytes[cut...]] {
          try reader.append(Array(piece))
          while try reader.next() != nil {}
        }
        try reader.finish()
        while try reader.next() != nil {}
      } catch {
        #expect(!"\(error)".isEmpty)
      }
    }
  }

  @Test func bracketsInStringsCloseNothing() throws {
    let text = #"[{"attributes": {"a]}": "\"}]", "customers": "["}}]"#
    let customer = try #require(try rows(text).first).content.get()
    #expect(customer.attributes["a]}"] == "\"}]")
  }
}

@Suite struct RejectedRowsTests {
  private func row(_ original: ImportRow.Original) -> ImportRow {
    ImportRow(number: 7, line: 8, original: original, content: .success(Customer()))
  }

  private let problems = [
    FieldError(field: "emailAddress", reason: "has no @"),
    FieldError(field: "", reason: "has \"no\" name"),
  ]

  @Test func tablesKeepTheirColumns() {
    var rejected = RejectedRows(header: ["first", "_row", "e-mail"], delimiter: ",")
    #expect(
      rejected.lines(for: row(.cells(["Ann, Bob", "1", " x"])), problems: problems) == """
        first,e-mail,_row,_field,_reason
        "Ann, Bob",x,7,emailAddress,"has no @; has ""no"" name"

        """
    )
    #expect(
      rejected.lines(for: row(.cells(["Ann"])), problems: []) == "Ann,,7,,\n"
    )
    #expect(
      rejected.lines(for: row(.cells(["Ann", "", "x", "more"])), problems: [])
        == "Ann,x,7,,,more\n"
    )
  }

  @Test func emptyValuesStayValues() {
    var rejected = RejectedRows(header: ["_row", "a", "b", "c"], delimiter: ",")
    #expect(
      rejected.lines(for: row(.cells(["", "", "", "x"], givenEmpty: [1])), problems: problems)
        .hasSuffix("\n\"\",,x,7,emailAddress,\"has no @; has \"\"no\"\" name\"\n")
    )
  }

  @Test func objectsGetThreeMembersInFront() {
    var rejected = RejectedRows(header: [], delimiter: ",")
    let object = Array("{ \"firstName\": \"Ann\",\n \"_row\": 3, \"phones\" : [ ] }".utf8)
    #expect(
      rejected.lines(for: row(.json(object)), problems: problems)
        == #"{"_row":7,"_field":"emailAddress","_reason":"has no @; has \"no\" name","#
        + #""firstName": "Ann","phones" : [ ] }"# + "\n"
    )
  }

  @Test func whatIsNoObjectIsKeptAsText() {
    var rejected = RejectedRows(header: [], delimiter: ",")
    #expect(
      rejected.lines(for: row(.json(Array("{\"a\":".utf8))), problems: [])
        == #"{"_row":7,"_field":"","_reason":"","_text":"{\"a\":"}"# + "\n"
    )
  }

  @Test func aRejectedObjectIsReadAgain() throws {
    var rejected = RejectedRows(header: [], delimiter: ",")
    let line = rejected.lines(
      for: row(.json(Array(#"{"firstName": "Ann"}"#.utf8))),
      problems: problems
    )
    let element = JSONElement(bytes: Array(line.utf8), line: 1, column: 1, isTooLong: false)
    #expect(try CustomerJSON.customer(fromRow: element).firstName == "Ann")
  }
}
