import TestSupport
import Testing

@testable import CustomerModel

/// The rules for phones against `phonenumbers`, the port of Google's libphonenumber to Python.
@Suite(.enabled(if: Python.isThere(with: "phonenumbers"))) struct PhoneReferenceTests {
  // MARK: The table

  /// Two regions of libphonenumber, Ascension and Tristan da Cunha, are Saint Helena's in ISO 3166.
  @Test func theTableHasAllRegions() throws {
    let script = """
      import phonenumbers
      for region in sorted(phonenumbers.SUPPORTED_REGIONS - {"AC", "TA"}): print(region)
      """
    let rows = PhoneRegion.table.split(separator: "\n").map { String($0.prefix(2)) }
    #expect(try rows == Python.run(script, input: []))
    #expect(rows.allSatisfy(CountryCode.isNormal))
    #expect(rows.allSatisfy { PhoneRegion.of(country: $0) != nil })
    let others = CountryCode.all.filter { PhoneRegion.of(country: String($0)) == nil }
    #expect(others == ["AQ", "BV", "GS", "HM", "PN", "TF", "UM"])
  }

  /// Prints in which column of which row our facts aren't libphonenumber's.
  ///
  /// Trunk prefixes of three digits and more also choose a carrier, and so do Colombia's 03 to 09;
  /// Brazil's 90 makes the other side pay. None of them is a part of a number.
  private static let comparison = """
    import re
    from phonenumbers import PhoneMetadata, example_number_for_type, national_significant_number
    kinds = ("fixed_line mobile pager toll_free premium_rate shared_cost personal_number voip "
             "uan voicemail").split()
    def local_only(data):
      found = set(data.general_desc.possible_length_local_only)
      for kind in kinds:
        if getattr(data, kind): found |= set(getattr(data, kind).possible_length_local_only)
      return found
    def firsts(pattern):
      found = set()
      for kind, value in pattern:
        kind = str(kind)
        if kind == "LITERAL": found.add(value)
        elif kind == "RANGE": found.update(range(value[0], value[1] + 1))
        elif kind == "CATEGORY": found.update(map(ord, "0123456789"))
        elif kind == "IN": found.update(*(firsts([part]) for part in value))
        elif kind == "BRANCH": found.update(*map(firsts, value[1]))
        elif kind == "SUBPATTERN": found.update(firsts(value[3]))
        elif kind == "MAX_REPEAT":
          found.update(firsts(value[2]))
          if value[0] == 0: continue
        else: raise ValueError(kind)
        break
      return found
    def numbers(text): return set(map(int, text.split(","))) if text else set()
    for line in lines:
      region, code, trunk, zero, usual, lengths, services, *others = line.split("|")
      local, prefix, area = others
      data = PhoneMetadata.metadata_for_region(region)
      def expect(name, ours, theirs):
        if ours != theirs: print(region, name, ours, theirs)
      expect("calling code", code, str(data.country_code))
      expect("trunk prefix", trunk.split("/")[0], data.national_prefix or "")
      digits = [str(n) for n in range(10)] + ["%02d" % n for n in range(100)]
      theirs = {prefix for prefix in digits
                if data.national_prefix and re.fullmatch(data.national_prefix_for_parsing, prefix)}
      carriers = {"BR": {"90"}, "CO": {"03", "05", "07", "09"}}.get(region, set())
      if not data.national_prefix:
        pattern = re._parser.parse(data.general_desc.national_number_pattern)
        expect("zero", zero == "true", ord("0") in firsts(pattern))
      expect("trunk prefixes", set(filter(None, trunk.split("/"))), theirs - carriers)
      people = {length for kind in (data.fixed_line, data.mobile)
                for length in kind.possible_length if length > 0}
      expect("lengths", numbers(lengths), people)
      expect("services", numbers(services), set(data.general_desc.possible_length) - people)
      examples = [len(national_significant_number(number)) for number in
                  (example_number_for_type(region, kind) for kind in (0, 1)) if number]
      expect("usual lengths", numbers(usual), set(range(min(examples), max(examples) + 1)))
      expect("local lengths", local_only(data) - numbers(local), set())
      preferred = data.preferred_international_prefix
      if preferred and "~" not in preferred: expect("international prefix", prefix, preferred)
      elif not re.fullmatch(data.international_prefix, prefix):
        expect("international prefix", prefix, data.international_prefix)
      rule = re.fullmatch(r"(\\d+)\\\\1", data.national_prefix_transform_rule or "")
      expect("area code", area, rule.group(1) if rule and region != "AR" else "")
    print("compared", len(lines))
    """

  @Test func theTableHasTheFactsOfPhonenumbers() throws {
    let rows = CountryCode.all.compactMap { country -> String? in
      guard let region = PhoneRegion.of(country: String(country)) else { return nil }
      func list(_ lengths: LengthSet) -> String {
        lengths.all.map(String.init).joined(separator: ",")
      }
      return [
        "\(country)", "\(region.callingCode)",
        region.trunkPrefixes.map(\.description).joined(separator: "/"),
        "\(region.mayBeginWithZero)", list(region.usualLengths), list(region.lengths),
        list(region.serviceLengths), list(region.localLengths), "\(region.internationalPrefix)",
        region.areaCode?.description ?? "",
      ].joined(separator: "|")
    }
    #expect(try Python.run(Self.comparison, input: rows) == ["compared 243"])
  }

  // MARK: Derivation

  /// A number that libphonenumber gives as an example.
  struct Example {
    /// Its region and kind: `AU MOBILE`.
    let name: String
    let region: String
    let international: String
    /// The digits after the calling code.
    let digits: String
    let formatted: (national: String, international: String)
    /// What remains without the area's code; empty where there is no area.
    let local: String
  }

  private static func examples() throws -> [Example] {
    let script = """
      import phonenumbers as p
      for region in sorted(p.SUPPORTED_REGIONS - {"AC", "TA"}):
        for kind in (0, 1, 3, 4, 5, 6, 7, 8, 9, 10):
          number = p.example_number_for_type(region, kind)
          if not number: continue
          digits = p.national_significant_number(number)
          area = p.length_of_geographical_area_code(number)
          print(region, p.PhoneNumberType.to_string(kind),
                p.format_number(number, p.PhoneNumberFormat.E164), digits,
                p.format_number(number, p.PhoneNumberFormat.NATIONAL),
                p.format_number(number, p.PhoneNumberFormat.INTERNATIONAL),
                digits[area:] if area else "", sep="|")
      """
    return try Python.run(script, input: []).map { line in
      let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return Example(
        name: "\(parts[0]) \(parts[1])",
        region: parts[0],
        international: parts[2],
        digits: parts[3],
        formatted: (national: parts[4], international: parts[5]),
        local: parts[6]
      )
    }
  }

  /// Services whose numbers have lengths that only services have, but don't begin as these do in
  /// most countries: such a number is taken for one with a digit too few or too many.
  private static let unlikeServices = """
    AU PAGER, BR PREMIUM_RATE, CH VOICEMAIL, CL SHARED_COST, CM TOLL_FREE, CO PREMIUM_RATE,
    CO TOLL_FREE, CZ VOICEMAIL, GW VOIP, HR PREMIUM_RATE, NO UAN, PF UAN, PK UAN, PY TOLL_FREE,
    QA PAGER, SE VOICEMAIL, SG UAN, SJ UAN, TW VOIP, UY UAN, VN UAN, ZW VOIP
    """

  private static func names(_ list: String) -> [String] {
    list.split { $0 == "," || $0 == "\n" }.map { String($0.drop { $0 == " " }) }
  }

  /// The names of the examples that a way of writing makes another number of, or none.
  private func differences(
    _ examples: [Example],
    _ write: (Example) -> [String]
  ) -> (missing: [String], wrong: [String]) {
    var missing: [String] = []
    var wrong: [String] = []
    for example in examples {
      let derived = Set(
        write(example).map { LocalNumber.international($0, country: example.region) }
      )
      if derived == [example.international] || derived.isEmpty { continue }
      if derived.isSubset(of: [example.international, nil]) {
        missing.append(example.name)
      } else {
        wrong.append(example.name)
      }
    }
    return (missing, wrong)
  }

  @Test func derivesTheExamplesAsTheyAreWrittenInTheirCountries() throws {
    let examples = try Self.examples()
    #expect(examples.count > 1100)
    let found = differences(examples) { example in
      let text = example.formatted.national
      let digits = text.filter { ("0"..."9").contains($0) }
      let dotted = text.split(separator: " ").joined(separator: ".")
      return [text, digits, dotted, " \(text)\u{A0}"]
    }
    // The 9 of Argentina's mobiles abroad: the 15 in the middle of the number isn't looked for.
    let mobiles = "AR MOBILE"
    // Of a length that local numbers have, and written without the trunk prefix.
    let local = "BR SHARED_COST, CA UAN, CN PREMIUM_RATE, DE PAGER, KR UAN, TR UAN"
    // Six digits with the calling code: under our minimum of seven.
    let short = "IR UAN"
    let missing = [mobiles, Self.unlikeServices, local, short].joined(separator: ", ")
    #expect(found.missing.sorted() == Self.names(missing).sorted())
    #expect(found.wrong == [])
  }

  @Test func derivesTheExamplesAsTheyAreWrittenAbroad() throws {
    let found = differences(try Self.examples()) { example in
      guard let region = PhoneRegion.of(country: example.region) else { return [""] }
      var texts = [
        example.international, example.formatted.international,
        "\(region.internationalPrefix)\(example.international.dropFirst())",
      ]
      if region.trunkPrefixes.first == DigitString("0") {
        texts.append("+\(region.callingCode) (0)\(example.digits)")
      }
      return texts
    }
    // Under our minimum of seven digits.
    #expect(found.missing == ["IR UAN"])
    #expect(found.wrong == [])
  }

  /// A spreadsheet takes the first zero away.
  @Test func derivesTheExamplesWithoutTrunkPrefix() throws {
    let found = differences(try Self.examples()) { [$0.digits] }
    // Of a length that local numbers have too, or under our minimum.
    let missing = """
      AL PREMIUM_RATE, AL SHARED_COST, AL TOLL_FREE, AT MOBILE, AT PREMIUM_RATE, AT SHARED_COST,
      AT TOLL_FREE, AT VOIP, BD FIXED_LINE, BG FIXED_LINE, BR SHARED_COST, BR TOLL_FREE, CA UAN,
      CD FIXED_LINE, CN PREMIUM_RATE, DE FIXED_LINE, DE PAGER, DE SHARED_COST, FI UAN,
      IE FIXED_LINE, IR UAN, KR FIXED_LINE, KR UAN, MM FIXED_LINE, NL PREMIUM_RATE, NL TOLL_FREE,
      PK PREMIUM_RATE, PK TOLL_FREE, SE FIXED_LINE, SE TOLL_FREE, SK PAGER, TR UAN,
      UY PREMIUM_RATE, UY TOLL_FREE, YE FIXED_LINE, ZW TOLL_FREE
      """
    // Of the others these begin with 1, as services do where there is no trunk prefix.
    let services = Self.names(Self.unlikeServices).filter {
      !["AU PAGER", "CO PREMIUM_RATE", "CO TOLL_FREE"].contains($0)
    }
    #expect(found.missing.sorted() == (Self.names(missing) + services).sorted())
    #expect(found.wrong == [])
  }

  @Test func derivesTheExamplesBehindTheirCallingCode() throws {
    let found = differences(try Self.examples()) { ["\($0.international.dropFirst())"] }
    // The whole can be a number as well, of a length that is as usual or as unusual; or it has the
    // length of local numbers.
    let missing = """
      CA UAN, DE FIXED_LINE, DE PAGER, DE SHARED_COST, DE TOLL_FREE, DE VOICEMAIL, ID PREMIUM_RATE,
      ID SHARED_COST, ID TOLL_FREE, ID UAN, IT PREMIUM_RATE, IT SHARED_COST, IT TOLL_FREE,
      KI FIXED_LINE, KR FIXED_LINE, KR UAN, NL UAN, NU FIXED_LINE, SE FIXED_LINE, TR UAN,
      VA PREMIUM_RATE, VA SHARED_COST, VA TOLL_FREE
      """
    // As a whole these have the length of fixed lines or mobiles, as India's mobiles have that
    // begin with 91; only libphonenumber's pattern of each country knows better.
    let wrong = """
      AL PREMIUM_RATE, AL SHARED_COST, AU PAGER, BR PREMIUM_RATE, BR SHARED_COST, BR TOLL_FREE,
      CN PREMIUM_RATE, IR UAN, NL PREMIUM_RATE, NL TOLL_FREE, PK PREMIUM_RATE, PK TOLL_FREE,
      UY UAN, VN UAN
      """
    let services = Self.names(Self.unlikeServices).filter {
      !($0.hasPrefix("CO ") || Self.names(wrong).contains($0))
    }
    #expect(found.missing.sorted() == (Self.names(missing) + services).sorted())
    #expect(found.wrong.sorted() == Self.names(wrong))
  }

  /// What lacks its area's code is left alone, whether or not the country has a trunk prefix.
  @Test func derivesNothingFromLocalNumbers() throws {
    let examples = try Self.examples().filter { example in
      !example.local.isEmpty && PhoneRegion.of(country: example.region)?.areaCode == nil
    }
    #expect(examples.count > 100)
    let derived = examples.filter {
      LocalNumber.international($0.local, country: $0.region) != nil
    }
    // Italy's area codes are dialled in the area too, so that no number lacks one.
    #expect(derived.map(\.name) == ["IT FIXED_LINE", "VA FIXED_LINE"])
  }

  // MARK: Random numbers

  /// A number that differs from an example in some digits, written in one of many ways.
  private static func text(
    like example: Example,
    using random: inout some RandomNumberGenerator
  ) -> String {
    guard let region = PhoneRegion.of(country: example.region) else { return "" }
    func digits(_ count: Int) -> String {
      (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
    }
    let kept = Int.random(in: 1...example.digits.count, using: &random)
    let longer = [0, 0, 0, 0, -1, 1].randomElement(using: &random) ?? 0
    let changed = max(0, example.digits.count - kept + longer)
    let number = example.digits.prefix(kept) + digits(changed)
    let trunk = region.trunkPrefixes.randomElement(using: &random)?.description ?? ""
    let text =
      switch Int.random(in: 0...6, using: &random) {
      case 0, 1: trunk + number
      case 2: "\(number)"
      case 3: "+\(region.callingCode)" + number
      case 4: "\(region.internationalPrefix)\(region.callingCode)" + number
      case 5 where trunk == "0": "+\(region.callingCode) (0)" + number
      default: digits(Int.random(in: 1...16, using: &random))
      }
    return text.reduce(into: "") { text, character in
      let isParted = Int.random(in: 0..<6, using: &random) == 0 && text != "" && text != "+"
      if isParted { text += [" ", "-", ".", "/", " - "].randomElement(using: &random) ?? "" }
      text.append(character)
    }
  }

  /// What is derived is possible by libphonenumber's rules, and where libphonenumber finds a number
  /// that is in use, it is that one.
  @Test func derivesNoOtherNumberThanPhonenumbers() throws {
    var random = SeededGenerator.announced("phones")
    let examples = try Self.examples()
    var attempts: [(country: String, text: String)] = []
    for _ in 0..<20_000 {
      guard let example = examples.randomElement(using: &random) else { continue }
      attempts.append((example.region, Self.text(like: example, using: &random)))
    }
    let derived = attempts.map { LocalNumber.international($0.text, country: $0.country) }
    let script = """
      import phonenumbers as p
      for line in lines:
        country, text, ours = line.split("|")
        theirs = source = ""
        try:
          number = p.parse(text, country, keep_raw_input=True)
          source = p.CountryCodeSource.to_string(number.country_code_source)
          if p.is_valid_number(number): theirs = p.format_number(number, p.PhoneNumberFormat.E164)
        except p.NumberParseException: pass
        possible = not ours or p.is_possible_number(p.parse(ours, None))
        print(theirs, source, possible, sep="|")
      """
    let lines = zip(attempts, derived).map { "\($0.country)|\($0.text)|\($1 ?? "")" }
    let verdicts = try Python.run(script, input: lines)
    #expect(verdicts.count == attempts.count)
    var same = 0
    for ((attempt, ours), verdict) in zip(zip(attempts, derived), verdicts) {
      guard let ours else { continue }
      let parts = verdict.split(separator: "|", omittingEmptySubsequences: false)
      #expect(parts[2] == "True", "\(attempt): \(ours)")
      let theirs = String(parts[0])
      if theirs.isEmpty { continue }
      if theirs == ours {
        same += 1
        continue
      }
      // Of international prefixes that choose a carrier the table has only one.
      if parts[1] == "FROM_NUMBER_WITH_IDD" { continue }
      // A whole number, or one behind its calling code: only their patterns know.
      let digits = attempt.text.filter { ("0"..."9").contains($0) }
      let code = PhoneRegion.of(country: attempt.country)?.callingCode.description ?? ""
      if Set([ours, theirs]) == ["+\(digits)", "+\(code)\(digits)"] { continue }
      Issue.record("\(attempt): \(ours), phonenumbers: \(theirs)")
    }
    #expect(same > 6_000)
  }

  // MARK: International numbers

  /// What libphonenumber calls possible is accepted, and is the same number.
  @Test func acceptsThePossibleNumbersOfPhonenumbers() throws {
    var random = SeededGenerator.announced("international numbers")
    let examples = try Self.examples()
    let texts = (0..<20_000).map { _ in
      let digits = examples.randomElement(using: &random)?.international.dropFirst() ?? ""
      let kept = digits.prefix(Int.random(in: 1...digits.count, using: &random))
      return "+" + kept.map { "\($0)" }.joined(separator: kept.count.isMultiple(of: 3) ? " " : "")
        + (0..<Int.random(in: 0...9, using: &random)).map { _ in
          ["0", "1", "2", "34", "56", "789", " ", "-", "(0)", ")", ".", "/", "~", "\u{A0}", "+"]
            .randomElement(using: &random) ?? ""
        }.joined()
    }
    let script = """
      import re
      import phonenumbers as p
      for line in lines:
        try: number = p.parse(line, None)
        except p.NumberParseException: number = None
        if not number or not p.is_possible_number(number):
          print()
          continue
        rest = re.sub(r"\\D", "", line)[len(str(number.country_code)):]
        regions = p.region_codes_for_country_code(number.country_code)
        prefixes = [p.PhoneMetadata.metadata_for_region(region) for region in regions]
        prefixes = [data.national_prefix_for_parsing for data in prefixes if data]
        changed = any(prefix and re.match(prefix, rest) for prefix in prefixes)
        print(p.format_number(number, p.PhoneNumberFormat.E164), changed)
      """
    let verdicts = try Python.run(script, input: texts)
    #expect(verdicts.count == texts.count)
    var accepted = 0
    for (text, verdict) in zip(texts, verdicts) where !verdict.isEmpty {
      do throws(InternationalNumberError) {
        let ours = try InternationalNumber.normal(text)
        accepted += 1
        // libphonenumber takes a trunk prefix away that isn't in brackets, and adds the area's code
        // where a country is one area; we leave what is written.
        let isTheSame = verdict.hasPrefix("\(ours) ") || verdict.hasSuffix(" True")
        #expect(isTheSame, "\(text): \(ours), phonenumbers: \(verdict)")
      } catch {
        switch error {
        // Some countries' shortest and longest numbers aren't E.164's.
        case .tooShort, .tooLong: break
        // For libphonenumber a second plus sign ends the number, and a tilde begins an extension.
        case .character("+"), .character("~"): break
        case .character, .noPlus: Issue.record("\(text): \(error), phonenumbers: \(verdict)")
        }
      }
    }
    #expect(accepted > 2_000)
  }
}
