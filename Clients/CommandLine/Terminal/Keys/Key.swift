/// A key that was pressed.
struct Key: Hashable, Sendable {
  /// Which key.
  enum Code: Hashable, Sendable {
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
  struct Modifiers: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    // The bits of xterm's parameter, minus one.
    static let shift = Modifiers(rawValue: 1)
    static let alt = Modifiers(rawValue: 2)
    static let control = Modifiers(rawValue: 4)
  }

  var code: Code
  var modifiers: Modifiers = []

  /// A key alone.
  init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }

  /// A letter.
  static func letter(_ character: Character) -> Key { Key(.character(character)) }

  /// A letter with the control key.
  static func control(_ character: Character) -> Key { Key(.character(character), .control) }

  /// The letter, if it was typed without control or alt: what a text field takes.
  var typed: Character? {
    guard case .character(let character) = code, modifiers.isDisjoint(with: [.alt, .control])
    else { return nil }
    return character
  }
}

/// What comes from the terminal.
enum KeyInput: Hashable, Sendable {
  case key(Key)

  /// A text that was pasted, in one piece; it may hold controls.
  case paste(String)

  /// The mouse's first button was pressed.
  case click(GridPosition)
  case wheel(up: Bool)
}
