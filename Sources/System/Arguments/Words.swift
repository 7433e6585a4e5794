/// What error texts have in common.
package enum Words {
  /// A text from the command line in quotes, shortened, with control characters written as escapes.
  ///
  /// What a user typed may come from a script and end on somebody's terminal.
  package static func quoted(_ text: String) -> String {
    "'\(escaped(text))'"
  }

  /// The same without quotes, and as long as is asked for.
  package static func escaped(
    _ text: String,
    scalarsMax: Int = Words.quotedScalarsMax
  ) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(scalarsMax) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        result += scalar.escaped(asASCII: true)
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result + (text.unicodeScalars.count > scalarsMax ? "…" : "")
  }

  /// How much of a wrong text an error repeats, in code points.
  package static let quotedScalarsMax = 100

  /// `, did you mean --food?`, or nothing.
  package static func didYouMean(_ name: String?) -> String {
    name.map { ", did you mean \($0)?" } ?? ""
  }

  /// The name that a mistyped one is most likely meant to be, if any is near enough.
  ///
  /// One wrong letter in three is near; so is the beginning of a name. Names longer than any that a
  /// program declares aren't compared.
  package static func nearest(to typed: String, among names: [String]) -> String? {
    let typed = Array(typed.lowercased())
    guard !typed.isEmpty, typed.count <= comparedNameMax else { return nil }
    var best: (name: String, distance: Int)?
    for name in names {
      let candidate = Array(name.lowercased())
      let isBeginning = typed.count >= 2 && candidate.starts(with: typed)
      let distance = isBeginning ? 1 : editDistance(typed, candidate)
      let farthest = max(1, max(typed.count, candidate.count) / 3)
      guard distance <= farthest, distance < best?.distance ?? .max else { continue }
      best = (name, distance)
    }
    return best?.name
  }

  /// The longest name worth comparing letter by letter.
  private static let comparedNameMax = 64

  /// How many letters must be added, removed, changed or swapped with their neighbour to get from
  /// one word to the other (optimal string alignment).
  private static func editDistance(_ from: [Character], _ to: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...to.count)
    for row in from.indices {
      var current = [row + 1]
      for column in to.indices {
        let change = last[column] + (from[row] == to[column] ? 0 : 1)
        var cost = min(change, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, from[row] == to[column - 1], from[row - 1] == to[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[to.count]
  }
}
