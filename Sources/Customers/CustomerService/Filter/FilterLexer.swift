/// A piece of a filter.
enum FilterToken: Hashable {
  /// A name or a value without quotes.
  case word(String)

  /// A value between quotes; whether a star that nothing escapes ends it.
  case text(String, endsInStar: Bool)

  /// `=`, `!=`, `<`, `<=`, `>`, `>=`, or `:`.
  case comparison(String)

  /// A bracket.
  case bracket(Character)
}

/// Takes a filter apart.
///
/// Names and values are words of letters, digits and `. @ + - _ * / [ ]`, or stand between quotes, in
/// which a backslash takes the next character as it is.
struct FilterLexer {
  private var rest: Substring.UnicodeScalarView
  private let all: String.UnicodeScalarView

  init(_ text: String) {
    all = text.unicodeScalars
    rest = all[...]
  }

  /// The place of the next token, in characters from 1 on.
  var column: Int { all.distance(from: all.startIndex, to: rest.startIndex) + 1 }

  /// The next token and its place; `nil` at the end.
  mutating func next() throws(FilterError) -> (token: FilterToken, column: Int)? {
    rest = rest.drop { $0.properties.isWhitespace }
    guard let first = rest.first else { return nil }
    let column = column
    switch first {
    case "\"", "'": return (try text(in: first, from: column), column)
    case "=", ":":
      rest.removeFirst()
      return (.comparison(String(first)), column)
    case "<", ">", "!":
      rest.removeFirst()
      guard rest.first == "=" else { return (.comparison(String(first)), column) }
      rest.removeFirst()
      return (.comparison("\(first)="), column)
    case "(", ")":
      rest.removeFirst()
      return (.bracket(Character(first)), column)
    default:
      let word = rest.prefix { Self.isWord($0) }
      guard !word.isEmpty else { throw .unexpected("U+" + Self.hexadecimal(first), column: column) }
      rest = rest[word.endIndex...]
      return (.word(String(word)), column)
    }
  }

  private mutating func text(
    in quote: Unicode.Scalar,
    from column: Int
  ) throws(FilterError) -> FilterToken {
    rest.removeFirst()
    var text = String.UnicodeScalarView()
    var endsInStar = false
    while let scalar = rest.popFirst() {
      switch scalar {
      case quote:
        if endsInStar { text.removeLast() }
        return .text(String(text), endsInStar: endsInStar)
      case "\\":
        guard let escaped = rest.popFirst() else { throw .unclosed(column: column) }
        text.append(escaped)
        endsInStar = false
      default:
        text.append(scalar)
        endsInStar = scalar == "*"
      }
    }
    throw .unclosed(column: column)
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ".", "@", "+", "-", "_", "*", "/", "[", "]": true
    default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
