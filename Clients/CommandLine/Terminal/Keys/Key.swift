/// A key that was pressed.
package struct Key: Hashable, Sendable {
  /// Which key.
  package enum Code: Hashable, Sendable {
    case character(Character)
    case enter
    case tab
    case backspace
    case delete
    case insert
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    case escape
    case function(Int)
  }

  /// The keys that were held down with it.
  package struct Modifiers: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    // The bits of xterm's parameter, minus one.
    package static let shift = Modifiers(rawValue: 1)
    package static let alt = Modifiers(rawValue: 2)
    package static let control = Modifiers(rawValue: 4)
  }

  package var code: Code
  package var modifiers: Modifiers = []

  /// A key alone.
  package init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }

  /// A letter.
  package static func letter(_ character: Character) -> Key { Key(.character(character)) }

  /// A letter with the control key.
  package static func control(_ character: Character) -> Key {
    Key(.character(character), .control)
  }

  /// The letter, if it was typed without control or alt: what a text field takes.
  package var typed: Character? {
    guard case .character(let character) = code, modifiers.isDisjoint(with: [.alt, .control])
    else { return nil }
    return character
  }
}

/// What comes from the terminal.
package enum KeyInput: Hashable, Sendable {
  case key(Key)

  /// A text that was pasted, in one piece; it may hold controls.
  case paste(String)

  /// The mouse's first button was pressed.
  case click(GridPosition)
  case wheel(up: Bool)
}
