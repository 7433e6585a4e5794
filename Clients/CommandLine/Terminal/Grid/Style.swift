/// How a cell looks: its colour and what is done to its letters.
struct Style: Hashable, Sendable {
  /// The colour of the letters; the background is always the terminal's own.
  enum Color: UInt8, Hashable, Sendable {
    case usual
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
  }

  /// What is done to letters.
  struct Traits: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let bold = Traits(rawValue: 1)
    static let dim = Traits(rawValue: 2)
    static let underlined = Traits(rawValue: 4)
    static let reversed = Traits(rawValue: 8)
    static let struck = Traits(rawValue: 16)
  }

  var color = Color.usual
  var traits: Traits = []

  static let plain = Style()
  static let bold = Style(traits: .bold)
  static let dim = Style(traits: .dim)
  static let heading = Style(traits: [.bold, .underlined])
  static let selected = Style(traits: .reversed)
  static let accent = Style(color: .cyan, traits: .bold)
  static let good = Style(color: .green)
  static let warning = Style(color: .yellow)
  static let bad = Style(color: .red)

  /// The same with more done to its letters.
  func with(_ more: Traits) -> Style { Style(color: color, traits: traits.union(more)) }
}
