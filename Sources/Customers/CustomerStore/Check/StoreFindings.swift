/// What a check of a store found.
package struct StoreFindings: Sendable {
  /// The findings that are kept as text; the others are counted.
  package static let textsMax = 100

  /// What is wrong, in the order it was found; nothing of a customer but the id stands in it.
  package private(set) var texts: [String] = []

  /// How much is wrong.
  package private(set) var count = 0

  /// The customers that are there.
  package internal(set) var customerCount: Int64 = 0

  /// The changes that are kept.
  package internal(set) var changeCount: Int64 = 0

  /// Adds what is wrong.
  mutating func note(_ text: String) {
    count += 1
    if texts.count < Self.textsMax { texts.append(text) }
  }
}
