/// A word of a schema's text.
struct Token: Sendable {
  /// What a word is.
  enum Kind: Sendable {
    /// A letter or underscore, then letters, digits and underscores.
    case identifier

    /// A whole number, decimal, octal or hexadecimal, without sign.
    case integer

    /// A number with a point or an exponent.
    case float

    /// Text in quotes.
    case string

    /// Any other character, alone.
    case symbol

    /// Behind the last word.
    case endOfFile
  }

  /// What the word is.
  var kind: Kind

  /// The word as it is written; empty for a string.
  var text: String

  /// A string's bytes, escapes resolved; not necessarily UTF-8.
  var bytes: [UInt8] = []

  /// Where the word begins.
  var location: SourceLocation

  /// The comment directly above the word.
  var leadingComment: String?

  /// The comment behind the word before, on its line or directly below it.
  var trailingCommentOfPrevious: String?

  /// The word as an error message shows it.
  var description: String {
    switch kind {
    case .endOfFile: "the end of the file"
    case .string: "a string"
    case .identifier, .integer, .float, .symbol: "'\(text)'"
    }
  }
}

/// A comment between two words.
struct Comment: Sendable {
  /// The text without its marks, a line each.
  var lines: [String]

  /// The line it begins on.
  var firstLine: Int

  /// The line it ends on.
  var lastLine: Int

  /// Whether it runs to the end of its line (`//`) rather than to its end mark.
  var isLineComment: Bool

  /// Whether a word stands before it on its line.
  var followsWord: Bool
}
