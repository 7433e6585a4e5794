import CustomerModel

/// How well a customer matches a query; the least is the best.
struct SearchRank: Hashable, Comparable {
  /// What was found, from the best to the least.
  enum Stage: Int, Comparable {
    /// A word is the whole e-mail address.
    case exactEmail
    /// The query is a phone number, or the end or beginning of one.
    case phone
    /// Each word begins a word of a name, or the e-mail address.
    case prefix
    /// Each word is somewhere.
    case substring

    static func < (stage: Stage, other: Stage) -> Bool { stage.rawValue < other.rawValue }
  }

  /// What was found.
  var stage: Stage

  /// The words that aren't a whole word of a name.
  var partialCount: Int

  static func < (rank: SearchRank, other: SearchRank) -> Bool {
    rank.stage == other.stage
      ? rank.partialCount < other.partialCount : rank.stage < other.stage
  }

  /// Ranks a customer; `nil` if a word isn't found.
  init?(of customer: Customer, for query: SearchQuery) {
    let place = Haystack(customer)
    if !query.digits.isEmpty, place.hasPhone(query.digits, anywhere: false) {
      self.init(stage: .phone, partialCount: 0)
      return
    }
    var stage = Stage.prefix
    var partialCount = 0
    var isExactEmail = false
    for word in query.words {
      if word.folded == place.email { isExactEmail = true }
      if !place.isWholeName(word.folded) { partialCount += 1 }
      if place.beginsWord(word.folded) { continue }
      guard place.holds(word) else { return nil }
      stage = .substring
    }
    self.init(stage: isExactEmail ? .exactEmail : stage, partialCount: partialCount)
  }

  private init(stage: Stage, partialCount: Int) {
    self.stage = stage
    self.partialCount = partialCount
  }
}

/// What of a customer is looked through.
private struct Haystack {
  /// Words of names, each behind a tab, then lines (``DerivedColumns/text``), and a tab at the end.
  let text: [UInt8]

  /// The e-mail address as it is searched.
  let email: [UInt8]

  /// The digits of the phones.
  let phones: [[UInt8]]

  init(_ customer: Customer) {
    text = DerivedColumns.text(customer) + [Self.tab]
    var email: [UInt8] = []
    TextFolding.appendSearched(customer.emailAddress, to: &email)
    self.email = email
    phones = customer.phones.flatMap { phone in
      [phone.numberInternational, phone.numberLocal].map(SearchTerm.digits).filter { !$0.isEmpty }
    }
  }

  private static let tab = UInt8(ascii: "\t")

  /// Whether a word is a whole word of a name.
  func isWholeName(_ word: [UInt8]) -> Bool {
    [Self.tab, UInt8(ascii: "\n")].contains { end in
      Self.find([Self.tab] + word + [end], in: text)
    }
  }

  /// Whether a word of a name begins so, or the e-mail address.
  func beginsWord(_ word: [UInt8]) -> Bool {
    Self.find([Self.tab] + word, in: text) || email.starts(with: word)
  }

  /// Whether a word is anywhere.
  func holds(_ word: SearchQuery.Word) -> Bool {
    Self.find(word.folded, in: text) || Self.find(word.folded, in: email)
      || (!word.digits.isEmpty && hasPhone(word.digits, anywhere: true))
  }

  /// Whether a phone number ends or begins with digits, or has them anywhere.
  ///
  /// Zeros at the beginning are the trunk prefix, or that of international calls: an international
  /// number goes without them.
  func hasPhone(_ digits: [UInt8], anywhere: Bool) -> Bool {
    let significant = Array(digits.drop { $0 == UInt8(ascii: "0") })
    guard !significant.isEmpty else { return phones.contains { Self.find(digits, in: $0) } }
    return phones.contains { number in
      number.suffix(digits.count).elementsEqual(digits)
        || number.suffix(significant.count).elementsEqual(significant)
        || number.starts(with: significant) || number.starts(with: digits)
        || (anywhere && Self.find(digits, in: number))
    }
  }

  /// Whether bytes stand in others.
  private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Bool {
    guard let first = needle.first, needle.count <= bytes.count else { return needle.isEmpty }
    for start in 0...(bytes.count - needle.count) where bytes[start] == first {
      if bytes[start...].starts(with: needle) { return true }
    }
    return false
  }
}
