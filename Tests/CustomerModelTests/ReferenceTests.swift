import TestSupport
import Testing

@testable import CustomerModel

/// The rules against Python's libraries, which were written by others.
@Suite struct ReferenceTests {
  private static let allScalars = (0...0x10FFFF as ClosedRange<UInt32>)
    .compactMap(Unicode.Scalar.init)

  // MARK: Unicode

  /// Of each code point the normal form, of Python's Unicode version; later versions change none
  /// that was assigned (Unicode's stability policy).
  @Test(.enabled(if: Python.isThere()))
  func normalisesEveryCodePointAsPythonDoes() throws {
    let script = """
      import unicodedata
      for value in range(0x110000):
        if 0xD800 <= value < 0xE000: continue
        text = chr(value)
        if unicodedata.category(text) == "Cn": print("unassigned")
        else: print(encode(unicodedata.normalize("NFC", text)))
      """
    let expected = try Python.run(script, input: [])
    #expect(expected.count == 0x110000 - 0x800)
    for (scalar, normal) in zip(Self.allScalars, expected) where normal != "unassigned" {
      if scalar.properties.isWhitespace || Text.isRefused(scalar) { continue }
      let text = Text(String(scalar), codePointsMax: 4).text
      if Python.encode(text) != normal { Issue.record("\(scalar.codePoint): \(codePoints(text))") }
    }
  }

  @Test(.enabled(if: Python.isThere()))
  func normalisesRandomTextAsPythonDoes() throws {
    var random = SeededGenerator.announced("normal form C")
    let texts = (0..<20_000).map { _ in RandomText.composing(using: &random) }
    let script = """
      import unicodedata
      for line in lines:
        text = decode(line)
        if any(unicodedata.category(character) == "Cn" for character in text): print("unassigned")
        else: print(encode(unicodedata.normalize("NFC", text)))
      """
    let expected = try Python.run(script, input: texts.map(Python.encode))
    #expect(expected.count == texts.count)
    var compared = 0
    for (text, normal) in zip(texts, expected) where normal != "unassigned" {
      compared += 1
      #expect(Python.encode(Text(text, codePointsMax: 40).text) == normal, "\(codePoints(text))")
    }
    #expect(compared > 10_000)
  }

  /// Python's `isspace` also has U+001C to U+001F, which Unicode's White_Space (PropList.txt) has
  /// not: we refuse these as controls.
  @Test(.enabled(if: Python.isThere()))
  func trimsWhatPythonCallsSpace() throws {
    let script = """
      for value in range(0x110000):
        if chr(value).isspace() and not 0x1C <= value <= 0x1F: print(format(value, "x"))
      """
    let expected = try Python.run(script, input: [])
    let trimmed = Self.allScalars.filter { Text.trimmed(String($0)).isEmpty }
    #expect(trimmed.map { String($0.value, radix: 16) } == expected)
  }

  @Test(.enabled(if: Python.isThere()))
  func refusesControlsAndBidirectionalOnes() throws {
    let script = """
      import unicodedata
      bidirectional = "LRE RLE PDF LRO RLO LRI RLI FSI PDI".split()
      for value in range(0x110000):
        text = chr(value)
        if (unicodedata.category(text) == "Cc" or unicodedata.bidirectional(text) in bidirectional
            or value in (0xFFFE, 0xFFFF)): print(format(value, "x"))
      """
    let expected = try Python.run(script, input: [])
    let refused = Self.allScalars.filter(Text.isRefused)
    #expect(refused.map { String($0.value, radix: 16) } == expected)
  }

  // MARK: Ids and countries

  @Test(.enabled(if: Python.isThere()))
  func writesIDsAsPythonDoes() throws {
    var random = SeededGenerator.announced("uuid")
    var generator = UUIDv7Generator()
    var ids: [UniqueID] = []
    for milliseconds in 1_700_000_000_000..<1_700_000_001_000 as Range<UInt64> {
      ids.append(generator.next(milliseconds: milliseconds, using: &random))
    }
    let script = """
      import uuid
      for line in lines:
        high, low = line.split()
        id = uuid.UUID(int=int(high) << 64 | int(low))
        print(id, id.version, id.variant == uuid.RFC_4122, id.int >> 80)
      """
    let expected = try Python.run(script, input: ids.map { "\($0.high) \($0.low)" })
    let lines = zip(ids, 1_700_000_000_000...).map { "\($0) 7 True \($1)" }
    #expect(lines == expected)
    #expect(try ids.map { try UniqueID($0.description.uppercased()) } == ids)
  }

  @Test(.enabled(if: Python.isThere(with: "pycountry")))
  func knowsTheCountriesOfPycountry() throws {
    let script = """
      import pycountry
      for code in sorted(country.alpha_2 for country in pycountry.countries): print(code)
      """
    let expected = try Python.run(script, input: [])
    #expect(expected.count == 249)
    #expect(CountryCode.all.map(String.init).filter { $0 != "XK" } == expected)
  }

  /// Countries that are no more, and codes that were another country's, but for those given anew.
  @Test(.enabled(if: Python.isThere(with: "pycountry")))
  func refusesTheCodesThatPycountryCallsHistoric() throws {
    let script = """
      import pycountry
      current = {country.alpha_2 for country in pycountry.countries}
      historic = {country.alpha_2 for country in pycountry.historic_countries
                  if hasattr(country, "alpha_2")}
      for code in sorted(historic - current): print(code)
      """
    let historic = try Python.run(script, input: [])
    #expect(historic.count > 20)
    for code in historic {
      #expect(throws: CountryCodeError.self) { try CountryCode.normal(code) }
    }
  }

  // MARK: E-mail

  @Test(.enabled(if: Python.isThere()))
  func countsPunycodeAsPythonDoes() throws {
    var random = SeededGenerator.announced("punycode")
    let labels = (0..<2000).map { _ in RandomText.label(using: &random) }
    let script = """
      for line in lines: print(len(b"xn--" + decode(line).encode("punycode")))
      """
    let expected = try Python.run(script, input: labels.map(Python.encode))
    #expect(labels.map { "\(Punycode.labelOctets($0.unicodeScalars))" } == expected)
  }

  /// Why `email-validator` may refuse what we accept, by its own words.
  private static let stricter = [
    // Today's top-level domains end with a letter; a private one needn't.
    "not within a valid top-level domain",
    // Reserved since IDNA, but in use by hosts that were named before.
    "two letters followed by two dashes",
    // IDNA's tables and its rules for writing from right to left aren't ours: such a domain
    // doesn't exist, and whether a domain exists isn't asked.
    "not valid IDNA", "is invalid (", "invalid characters (",
    // Joiners, private and unassigned characters before the @, and a mark as its first.
    "contains unsafe characters",
    // The limit of 254 octets is on what is stored, not on the domain's ASCII form.
    "after IDNA encoding", "when encoded in bytes", "when converted to IDNA ASCII",
  ]

  /// Addresses that both accept must have one normal form.
  ///
  /// Except those with `xn--` labels, which `email-validator` decodes and we keep. White space
  /// around an address is trimmed before.
  @Test(.enabled(if: Python.isThere(with: "email_validator")))
  func judgesAddressesAsEmailValidatorDoes() throws {
    var random = SeededGenerator.announced("e-mail")
    let texts =
      RandomText.addresses + RandomText.longAddresses
      + (0..<20_000).map { _ in RandomText.address(using: &random) }
    let script = """
      import email_validator
      email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
      for line in lines:
        try:
          found = email_validator.validate_email(decode(line), check_deliverability=False)
          print("+" + encode(found.normalized))
        except email_validator.EmailNotValidError as error:
          print("-" + str(error).replace("\\n", " "))
      """
    let expected = try Python.run(script, input: texts.map { Python.encode(Text.trimmed($0)) })
    #expect(expected.count == texts.count)
    var accepted = 0
    for (text, verdict) in zip(texts, expected) {
      let ours = Result { try EmailAddress(text) }
      switch (ours, verdict.hasPrefix("+")) {
      case (.failure, false): break
      case (.success(let address), true):
        accepted += 1
        if text.lowercased().contains("xn--") { continue }
        #expect(Python.encode(address.text) == verdict.dropFirst(), "\(text)")
      case (.success, false):
        let isExplained = Self.stricter.contains { verdict.contains($0) }
        #expect(isExplained, "\(text) \(codePoints(text)): email-validator refuses: \(verdict)")
      case (.failure(let error), true):
        // IDNA's mapping makes dots and letters of characters that we refuse.
        let isExplained = RandomText.mapped.contains { text.unicodeScalars.contains($0) }
        #expect(isExplained, "\(text) \(codePoints(text)): refused: \(error)")
      }
    }
    #expect(accepted > 1000)
  }
}
