/// Names that a mistyped one may have meant.
enum NearestNames {
  /// The longest name that others are looked for, in bytes; comparing takes the square of it.
  static let lengthMax = 64

  /// The most names that are returned.
  static let countMax = 3

  /// Returns the names that differ least, if that is in at most a third of the letters.
  ///
  /// Case, underscores, hyphens and spaces don't count: `First Name` means `firstName`.
  static func of(_ name: String, among names: [String]) -> [String] {
    guard name.utf8.count <= lengthMax else { return [] }
    let wanted = letters(name)
    let allowed = max(1, wanted.count / 3)
    var least = allowed
    var nearest: [String] = []
    for candidate in names where candidate.utf8.count <= lengthMax {
      let distance = distance(wanted, letters(candidate))
      guard distance <= least else { continue }
      if distance < least { nearest = [] }
      least = distance
      nearest.append(candidate)
    }
    return Array(nearest.prefix(countMax))
  }

  private static func letters(_ name: String) -> [UInt8] {
    name.utf8.compactMap { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 0x20
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "): nil
      default: byte
      }
    }
  }

  /// The letters to add, remove, change or swap with their neighbour (optimal string alignment).
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var next = [i + 1]
      for (j, other) in right.enumerated() {
        var cost = min(row[j] + (letter == other ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other {
          cost = min(cost, before[j - 1] + 1)
        }
        next.append(cost)
      }
      before = row
      row = next
    }
    return row[right.count]
  }
}
