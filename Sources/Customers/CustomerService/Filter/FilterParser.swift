internal import CustomerModel
internal import CustomerStore
internal import WellKnownTypes

extension CustomerFilter {
  /// The longest filter, in bytes of UTF-8.
  static let bytesMax = 4096

  /// Reads a filter: comparisons joined by AND (google.aip.dev/160, as far as indexes serve it).
  ///
  /// The empty text is the filter that lets everything through.
  init(text: String) throws(FilterError) {
    guard text.utf8.count <= Self.bytesMax else {
      throw .tooLong(bytes: text.utf8.count, max: Self.bytesMax)
    }
    var parser = FilterParser(text)
    self.init(try parser.conditions())
  }
}

/// Reads the comparisons of a filter.
struct FilterParser {
  private var lexer: FilterLexer

  init(_ text: String) { lexer = FilterLexer(text) }

  /// All comparisons.
  mutating func conditions() throws(FilterError) -> [FilterCondition] {
    var conditions: [FilterCondition] = []
    guard var next = try lexer.next() else { return [] }
    while true {
      conditions.append(try condition(from: next))
      guard let joint = try lexer.next() else { break }
      try expectAnd(joint)
      guard let following = try lexer.next() else { throw .endsEarly(expected: "a comparison") }
      next = following
    }
    let max = CustomerFilter.conditionsMax
    guard conditions.count <= max else {
      throw .tooManyConditions(count: conditions.count, max: max)
    }
    return conditions
  }

  private func expectAnd(_ joint: (token: FilterToken, column: Int)) throws(FilterError) {
    switch joint.token {
    case .word("AND"): return
    case .word("OR"): throw .notSupported("OR")
    case .word("and"): throw .unexpected("'and' (AND is written in capitals)", column: joint.column)
    default: throw .unexpected(Self.name(joint.token), column: joint.column)
    }
  }

  /// One comparison, whose first token was read.
  private mutating func condition(
    from start: (token: FilterToken, column: Int)
  ) throws(FilterError) -> FilterCondition {
    guard case .word(var path) = start.token else {
      if case .bracket = start.token { throw .notSupported("a bracket") }
      throw .unexpected(Self.name(start.token), column: start.column)
    }
    if path == "NOT" || path.hasPrefix("-") { throw .notSupported("NOT") }
    guard var (token, column) = try lexer.next() else {
      throw .endsEarly(expected: "a comparison of \(path)")
    }
    // attributes."a name with blanks"
    if path == "attributes.", case .text(let name, let endsInStar) = token {
      path += endsInStar ? name + "*" : name
      guard let next = try lexer.next() else {
        throw .endsEarly(expected: "a comparison of \(path)")
      }
      (token, column) = next
    }
    guard case .comparison(let comparison) = token else {
      throw .unexpected(Self.name(token), column: column)
    }
    guard let (value, valueColumn) = try lexer.next() else {
      throw .endsEarly(expected: "a value for \(path)")
    }
    switch value {
    case .word(let word):
      let endsInStar = word.hasSuffix("*")
      let pattern = TextPattern(endsInStar ? String(word.dropLast()) : word, isPrefix: endsInStar)
      return try FilterCondition(path, comparison, pattern)
    case .text(let text, let endsInStar):
      return try FilterCondition(path, comparison, TextPattern(text, isPrefix: endsInStar))
    case .comparison, .bracket: throw .unexpected(Self.name(value), column: valueColumn)
    }
  }

  private static func name(_ token: FilterToken) -> String {
    switch token {
    case .word(let word): "'\(word)'"
    case .text: "a value between quotes"
    case .comparison(let comparison): "'\(comparison)'"
    case .bracket(let bracket): "'\(bracket)'"
    }
  }
}

extension FilterCondition {
  /// Makes a condition of a comparison.
  ///
  /// - Parameters:
  ///   - path: The field, in the names of JSON or of the schema.
  ///   - comparison: How it is compared.
  ///   - value: With what.
  /// - Throws: ``FilterError`` if no index serves it, or the field can't have such a value.
  init(_ path: String, _ comparison: String, _ value: TextPattern) throws(FilterError) {
    switch (path, comparison) {
    case ("updateTime", _), ("update_time", _):
      self = try Self.updateTime(comparison, value)
    case ("attributes", ":"): self = .hasAttribute(try Self.whole(value, path))
    case ("emailAddress", "="), ("email_address", "="):
      self = .emailAddress(try Self.nonEmpty(value, path))
    case ("lastName", "="), ("last_name", "="): self = .lastName(try Self.nonEmpty(value, path))
    case ("firstName", "="), ("first_name", "="): self = .firstName(try Self.whole(value, path))
    case ("addresses.postcode", "="): self = .postcode(try Self.whole(value, path))
    case ("customerId", "="), ("customer_id", "="): self = try Self.customerID(value, path)
    case ("phones.numberInternational", "="), ("phones.number_international", "="):
      self = try Self.phone(value, path)
    case (_, "=") where path.hasPrefix("attributes.") && path != "attributes.":
      let name = String(path.dropFirst("attributes.".count))
      if value.isPrefix { throw .notSupported("a star in \(path)") }
      self = .attribute(name: name, value: value.text)
    default: throw .notSupported("\(path) \(comparison)")
    }
  }

  private static func nonEmpty(
    _ value: TextPattern,
    _ path: String
  ) throws(FilterError) -> TextPattern {
    if value.text.isEmpty, value.isPrefix { throw .notSupported("\(path) = \"*\"") }
    return value
  }

  /// A value that may not go on.
  private static func whole(_ value: TextPattern, _ path: String) throws(FilterError) -> String {
    if value.isPrefix { throw .notSupported("a star in \(path)") }
    guard !value.text.isEmpty else { throw .notSupported("the empty \(path)") }
    return value.text
  }

  private static func customerID(
    _ value: TextPattern,
    _ path: String
  ) throws(FilterError) -> FilterCondition {
    let id = TextPattern(value.text.lowercased(), isPrefix: value.isPrefix)
    if id.isPrefix, id.text.utf8.count < Self.customerIDPrefixMin {
      throw .notSupported(
        "\(path) = \"\(value.text)*\" with fewer than \(Self.customerIDPrefixMin) characters"
      )
    }
    return .customerID(id)
  }

  private static func phone(
    _ value: TextPattern,
    _ path: String
  ) throws(FilterError) -> FilterCondition {
    let digits = value.text.unicodeScalars.filter { ("0"..."9").contains($0) }
    let allowed = value.text.unicodeScalars.allSatisfy { scalar in
      ("0"..."9").contains(scalar) || " +-().".unicodeScalars.contains(scalar)
    }
    guard value.text.hasPrefix("+"), allowed else {
      throw .value(field: path, reason: "an international number is + and digits")
    }
    if value.isPrefix, digits.count < Self.phoneDigitsMin {
      throw .notSupported(
        "\(path) = \"\(value.text)*\" with \(digits.count) digits before the star, "
          + "fewer than \(Self.phoneDigitsMin),"
      )
    }
    return .phone(
      TextPattern("+" + String(String.UnicodeScalarView(digits)), isPrefix: value.isPrefix)
    )
  }

  private static func updateTime(
    _ comparison: String,
    _ value: TextPattern
  ) throws(FilterError) -> FilterCondition {
    let time: Int64
    do {
      let timestamp = try Timestamp(rfc3339: value.text)
      // Kept in whole microseconds, as all times of a store.
      time = timestamp.seconds * 1_000_000 + Int64(timestamp.nanos / 1000)
    } catch {
      throw .value(field: "updateTime", reason: "\(error)")
    }
    if value.isPrefix { throw .notSupported("a star in updateTime") }
    switch comparison {
    case "=": return .updateTime(time...time)
    case ">=": return .updateTime(time ... .max)
    case ">": return .updateTime(time + 1 ... .max)
    case "<=": return .updateTime(.min...time)
    case "<": return .updateTime(.min...time - 1)
    default: throw .notSupported("updateTime \(comparison)")
    }
  }
}
