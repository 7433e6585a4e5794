import CustomerStore
import Testing

@testable import CustomerService

/// What filters mean; the grammar is that of google.aip.dev/160 as far as it is served.
@Suite struct FilterParserTests {
  private static func name(_ text: String, isPrefix: Bool = false) -> FilterCondition {
    .lastName(TextPattern(text, isPrefix: isPrefix))
  }

  @Test(arguments: [
    ("", []),
    ("  ", []),
    (#"lastName = "smith""#, [name("smith")]),
    (#"last_name="smi*""#, [name("smi", isPrefix: true)]),
    ("lastName = smi*", [name("smi", isPrefix: true)]),
    (#"lastName = 'O\'Brien'"#, [name("O'Brien")]),
    (#"lastName = "a\*""#, [name("a*")]),
    (#"lastName = "say \"hi\" \\""#, [name(#"say "hi" \"#)]),
    (#"lastName = "Müller de la Cruz""#, [name("Müller de la Cruz")]),
    (#"emailAddress = "a@b.c""#, [.emailAddress(TextPattern("a@b.c"))]),
    ("email_address = ann+x@b-c.d", [.emailAddress(TextPattern("ann+x@b-c.d"))]),
    ("firstName = ann", [.firstName("ann")]),
    (
      #"attributes.tier = "gold" AND attributes:tier"#,
      [.attribute(name: "tier", value: "gold"), .hasAttribute("tier")]
    ),
    (#"attributes.a.b = """#, [.attribute(name: "a.b", value: "")]),
    (
      #"attributes."with blank" = "x" AND attributes:"with blank""#,
      [.attribute(name: "with blank", value: "x"), .hasAttribute("with blank")]
    ),
    (
      #"phones.numberInternational = "+61 (412) 345-678""#,
      [.phone(TextPattern("+61412345678"))]
    ),
    (
      #"phones.number_international = "+614123*""#,
      [.phone(TextPattern("+614123", isPrefix: true))]
    ),
    (#"addresses.postcode = "4000""#, [.postcode("4000")]),
    (#"customerId = "0193A5*""#, [.customerID(TextPattern("0193a5", isPrefix: true))]),
    (
      #"updateTime >= "2026-01-01T00:00:00Z""#,
      [.updateTime(1_767_225_600_000_000 ... .max)]
    ),
    (
      #"updateTime > "2026-01-01T00:00:00.5Z" AND update_time <= "2026-01-01T00:00:01Z""#,
      [
        .updateTime(1_767_225_600_500_001 ... .max),
        .updateTime(.min...1_767_225_601_000_000),
      ]
    ),
    (
      #"updateTime < "1970-01-01T00:00:00Z""#, [.updateTime(.min ... -1)]
    ),
    (#"updateTime = "1970-01-01T00:00:01Z""#, [.updateTime(1_000_000...1_000_000)]),
  ])
  func reads(_ text: String, _ expected: [FilterCondition]) throws {
    #expect(try CustomerFilter(text: text).conditions == expected)
  }

  @Test(arguments: [
    (#"lastName"#, "ends where a comparison of lastName is expected"),
    (#"lastName ="#, "ends where a value for lastName is expected"),
    (#"lastName = "smith"#, "the quote at character 12 has no end"),
    (#"lastName = "smith" AND"#, "ends where a comparison is expected"),
    (
      #"lastName = smith and firstName = ann"#,
      "'and' (AND is written in capitals) at character 18 is not expected"
    ),
    (#"lastName = smith firstName = ann"#, "'firstName' at character 18 is not expected"),
    (#"= smith"#, "'=' at character 1 is not expected"),
    (#"lastName = ="#, "'=' at character 12 is not expected"),
    ("lastName ; x", "U+003B at character 10 is not expected"),
    (
      #"phones.numberInternational = "0412345678""#,
      "phones.numberInternational: an international number is + and digits"
    ),
  ])
  func saysWhatIsWrong(_ text: String, _ expected: String) {
    #expect {
      _ = try CustomerFilter(text: text)
    } throws: {
      "\($0)" == expected
    }
  }

  @Test(arguments: [
    (#"displayName = "x""#, "displayName = is not supported"),
    (#"lastName != "x""#, "lastName != is not supported"),
    (#"lastName > "x""#, "lastName > is not supported"),
    (#"lastName = "*""#, #"lastName = "*" is not supported"#),
    (#"firstName = "an*""#, "a star in firstName is not supported"),
    (#"attributes.tier = "g*""#, "a star in attributes.tier is not supported"),
    (#"attributes.tier : "gold""#, "attributes.tier : is not supported"),
    (#"addresses.postcode = """#, "the empty addresses.postcode is not supported"),
    (#"lastName = "x" OR lastName = "y""#, "OR is not supported"),
    (#"NOT lastName = "x""#, "NOT is not supported"),
    (#"-lastName = "x""#, "NOT is not supported"),
    (#"(lastName = "x")"#, "a bracket is not supported"),
    (
      #"phones.numberInternational = "+61412*""#,
      #"phones.numberInternational = "+61412*" with 5 digits before the star, fewer than 6, is not"#
    ),
    (
      #"customerId = "019*""#, #"customerId = "019*" with fewer than 4 characters is not supported"#
    ),
    (#"createTime > "2026-01-01T00:00:00Z""#, "createTime > is not supported"),
  ])
  func refusesWhatNoIndexServes(_ text: String, _ expected: String) {
    #expect {
      _ = try CustomerFilter(text: text)
    } throws: { error in
      guard case FilterError.notSupported = error else { return false }
      return "\(error)".hasPrefix(expected) && "\(error)".hasSuffix(FilterError.supported)
    }
  }

  @Test func refusesTooMuch() throws {
    let ten = Array(repeating: "lastName = x", count: 10).joined(separator: " AND ")
    #expect(try CustomerFilter(text: ten).conditions.count == CustomerFilter.conditionsMax)
    #expect(throws: FilterError.tooManyConditions(count: 11, max: 10)) {
      try CustomerFilter(text: ten + " AND lastName = x")
    }
    let padding = String(repeating: " ", count: CustomerFilter.bytesMax - 12)
    #expect(try CustomerFilter(text: "lastName = x" + padding).conditions.count == 1)
    #expect(throws: FilterError.tooLong(bytes: 4097, max: 4096)) {
      try CustomerFilter(text: "lastName = x" + padding + " ")
    }
  }
}
