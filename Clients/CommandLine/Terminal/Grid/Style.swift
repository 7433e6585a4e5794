/// How a cell looks: its colour and what is done to its letters.
package struct Style: Hashable, Sendable {
  /// The colour of the letters; the background is always the terminal's own.
  package enum Color: UInt8, Hashable, Sendable {
    case usual
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
  }

  /// What is done to letters.
  package struct Traits: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let bold = Traits(rawValue: 1)
    package static let dim = Traits(rawValue: 2)
    package static let underlined = Traits(rawValue: 4)
    package static let reversed = Traits(rawValue: 8)
    package static let struck = Traits(rawValue: 16)
  }

  package var color = Color.usual
  var traits: Traits = []

  package static let plain = Style()
  package static let bold = Style(traits: .bold)
  package static let dim = Style(traits: .dim)
  package static let heading = Style(traits: [.bold, .underlined])
  package static let selected = Style(traits: .reversed)
  package static let accent = Style(color: .cyan, traits: .bold)
  package static let good = Style(color: .green)
  package static let warning = Style(color: .yellow)
  package static let bad = Style(color: .red)

  /// The same with more done to its letters.
  package func with(_ more: Traits) -> Style { Style(color: color, traits: traits.union(more)) }
}
