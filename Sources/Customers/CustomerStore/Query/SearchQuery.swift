import CustomerModel

/// What somebody types to find a customer: words, all of which must be found.
///
/// A word is looked for in names, e-mail addresses and addresses, without regard to case and marks;
/// one of digits in phone numbers too, however they are written. A query that is nothing but digits
/// and what stands between them is one phone number.
package struct SearchQuery: Hashable, Sendable {
  /// The longest query, in bytes of UTF-8.
  package static let bytesMax = 1024

  /// The most words of a query.
  package static let wordsMax = 10

  /// The fewest digits that are looked for in phone numbers.
  package static let phoneDigitsMin = 3

  /// One word.
  struct Word: Hashable, Sendable {
    /// The word without case, marks and apostrophes.
    let folded: [UInt8]

    /// The word's characters, as an index of trigrams counts them.
    let characterCount: Int

    /// Its digits, if it has no other letters and enough of them for a phone; else empty.
    let digits: [UInt8]

    init(_ text: some StringProtocol) {
      var bytes: [UInt8] = []
      TextFolding.appendSearched(String(text), to: &bytes)
      folded = bytes
      characterCount = String(decoding: folded, as: UTF8.self).unicodeScalars.count
      digits = SearchQuery.phoneDigits(text)
    }
  }

  /// The words, in the order typed; not empty.
  let words: [Word]

  /// The digits of the whole query, if it is a phone number; else empty.
  let digits: [UInt8]

  /// Reads a query.
  ///
  /// - Throws: ``SearchQueryError`` if there is nothing to look for, or too much.
  package init(_ text: String) throws(SearchQueryError) {
    guard text.utf8.count <= Self.bytesMax else {
      throw .tooLong(bytes: text.utf8.count, max: Self.bytesMax)
    }
    // U+0000 stands between words as well: no index finds anything behind it.
    let words = text.split { character in
      character.unicodeScalars.allSatisfy { $0.properties.isWhitespace || $0 == "\0" }
    }
    guard words.count <= Self.wordsMax else {
      throw .tooManyWords(count: words.count, max: Self.wordsMax)
    }
    // Marks alone, which folding takes away, are no word.
    self.words = words.map(Word.init).filter { !$0.folded.isEmpty }
    guard !self.words.isEmpty else { throw .empty }
    digits = Self.phoneDigits(text)
  }

  /// A phone number's digits; empty if other characters than punctuation stand between them, or
  /// there are too few.
  private static func phoneDigits(_ text: some StringProtocol) -> [UInt8] {
    var digits: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9": digits.append(UInt8(scalar.value))
      case "+", "-", "(", ")", "/", ".": break
      case _ where scalar.properties.isWhitespace: break
      default: return []
      }
    }
    return digits.count >= phoneDigitsMin ? digits : []
  }
}

/// Why a text can't be looked for.
package enum SearchQueryError: Error, Hashable {
  /// There is no word in it.
  case empty

  /// It is longer than any name, in bytes.
  case tooLong(bytes: Int, max: Int)

  /// It has more words than any name.
  case tooManyWords(count: Int, max: Int)
}

extension SearchQueryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty: "has no word to look for"
    case .tooLong(let bytes, let max): "\(bytes) bytes is over the limit of \(max)"
    case .tooManyWords(let count, let max): "\(count) words is over the limit of \(max)"
    }
  }
}
