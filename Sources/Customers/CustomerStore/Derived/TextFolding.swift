/// Text as it is compared: without case and without marks.
///
/// For search and order: `Møller`, `MOLLER` and `Moller` are one. Two values of one text, because
/// what is derived from them is kept in files: whoever changes a result raises
/// ``DerivedData/version``.
package enum TextFolding {
  /// The marks that are taken away: those of this canonical combining class and above.
  ///
  /// Below it stand marks that make another letter: the nukta of Indic scripts (7), the voicing
  /// mark of kana (8), viramas (9).
  static let markClassMin: UInt8 = 10

  /// Returns a text without case and marks, as UTF-8.
  package static func folded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    append(text, to: &bytes)
    return bytes
  }

  /// Returns a text without case but with its marks, as UTF-8: how e-mail addresses are compared.
  package static func caseless(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    appendCaseless(text, to: &bytes)
    return bytes
  }

  /// Adds a text without case and marks.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    if appendASCII(text, to: &bytes) { return }
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        bytes.append(lowercased(UInt8(truncatingIfNeeded: scalar.value)))
      } else {
        append(scalar, to: &bytes)
      }
    }
  }

  /// Adds a text as it is searched: folded, and without apostrophes, so that who types `obrien`
  /// finds O'Brien.
  static func appendSearched(_ text: String, to bytes: inout [UInt8]) {
    let start = bytes.count
    append(text, to: &bytes)
    for apostrophe in apostrophes {
      guard let first = apostrophe.first else { continue }
      var place = start
      while let found = bytes[place...].firstIndex(of: first) {
        place = found + 1
        guard bytes[found...].starts(with: apostrophe) else { continue }
        bytes.removeSubrange(found..<found + apostrophe.count)
        place = found
      }
    }
  }

  /// The typewriter's, the printed one, and the letter that looks like it (U+0027, U+2019, U+02BC).
  private static let apostrophes = ["'", "\u{2019}", "\u{2BC}"].map { Array($0.utf8) }

  /// Adds a text without case.
  static func appendCaseless(_ text: String, to bytes: inout [UInt8]) {
    if appendASCII(text, to: &bytes) { return }
    for scalar in text.unicodeScalars {
      bytes.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    }
  }

  /// Adds a text of ASCII alone; any other is left to the caller.
  private static func appendASCII(_ text: String, to bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    bytes.append(contentsOf: text.utf8)
    var all: UInt8 = 0
    var span = bytes.mutableSpan
    for index in start..<span.count {
      all |= span[index]
      span[index] = lowercased(span[index])
    }
    if all < 0x80 { return true }
    bytes.removeSubrange(start...)
    return false
  }

  @inline(__always)
  private static func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
  }

  private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    let table = Table.shared
    guard scalar.value < Table.size else {
      if scalar.properties.canonicalCombiningClass.rawValue >= markClassMin { return }
      bytes.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
      return
    }
    switch table.entries[Int(scalar.value)] {
    case Table.asItIs:
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    case Table.lowercase: bytes.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    case let entry: bytes.append(contentsOf: table.bases[Int(entry)])
    }
  }

  /// An answer for each scalar below U+2000, where nearly all letters with marks stand.
  private struct Table: Sendable {
    static let size: UInt32 = 0x2000
    static let asItIs: UInt8 = 255
    static let lowercase: UInt8 = 254
    static let nothing: UInt8 = 0

    static let shared = Table()

    /// Folded texts; the first is empty.
    let bases: [[UInt8]]

    /// For each scalar a place in `bases`, or one of the two answers above.
    let entries: [UInt8]

    init() {
      var bases: [[UInt8]] = [[]]
      var places: [UInt32: UInt8] = [:]
      for (base, marked) in TextFolding.letters {
        for scalar in marked.unicodeScalars { places[scalar.value] = UInt8(bases.count) }
        bases.append(Array(base.utf8))
      }
      entries = (0..<Self.size).map { value in
        guard let scalar = Unicode.Scalar(value) else { return Self.asItIs }
        let properties = scalar.properties
        if properties.canonicalCombiningClass.rawValue >= markClassMin { return Self.nothing }
        // One capital, U+0130, becomes two scalars: its small letter and a mark that goes.
        let lower = properties.lowercaseMapping.unicodeScalars.first ?? scalar
        if let place = places[lower.value] { return place }
        if properties.lowercaseMapping.unicodeScalars.count > 1 {
          return Self.place(of: Array(String(lower).utf8), in: &bases)
        }
        return lower == scalar ? Self.asItIs : Self.lowercase
      }
      self.bases = bases
    }

    private static func place(of base: [UInt8], in bases: inout [[UInt8]]) -> UInt8 {
      if let place = bases.firstIndex(of: base) { return UInt8(place) }
      bases.append(base)
      return UInt8(bases.count - 1)
    }
  }
}
