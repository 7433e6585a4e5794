/// Which key a terminal's sequence stands for ("XTerm Control Sequences", PC-style function keys).
enum KeySequences {
  /// The key of `ESC [ parameters final`.
  static func key(parameters: [UInt8], final: UInt8) -> Key? {
    let text = String(decoding: parameters, as: UTF8.self)
    if text == "[" { return console(final) }
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x3B }) else { return nil }
    let modifiers = Self.modifiers(numbers.count > 1 ? numbers[1] : 1)
    switch final {
    case UInt8(ascii: "~"): return numbered(numbers.first ?? 0).map { Key($0, modifiers) }
    case UInt8(ascii: "Z"): return Key(.tab, .shift)
    default: return lettered(final).map { Key($0, modifiers) }
    }
  }

  /// The mouse's event of `ESC [ < button ; column ; row M`; nil for what isn't used, such as the
  /// release of a button.
  static func mouse(parameters: [UInt8], final: UInt8) -> KeyInput? {
    guard parameters.first == UInt8(ascii: "<"), final == UInt8(ascii: "M") else { return nil }
    let text = String(decoding: parameters.dropFirst(), as: UTF8.self)
    let numbers = text.split(separator: ";").compactMap { Int($0) }
    guard numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return nil }
    switch numbers[0] {
    case 0: return .click(GridPosition(row: numbers[2] - 1, column: numbers[1] - 1))
    case 64: return .wheel(up: true)
    case 65: return .wheel(up: false)
    default: return nil
    }
  }

  /// The key of `ESC O byte`.
  static func key(singleShift byte: UInt8) -> Key? {
    byte == UInt8(ascii: "M") ? Key(.enter) : lettered(byte).map { Key($0) }
  }

  private static func lettered(_ final: UInt8) -> Key.Code? {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "P"): .function(1)
    case UInt8(ascii: "Q"): .function(2)
    case UInt8(ascii: "R"): .function(3)
    case UInt8(ascii: "S"): .function(4)
    default: nil
    }
  }

  private static func numbered(_ number: Int) -> Key.Code? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23, 24: .function(number - 12)
    default: nil
    }
  }

  private static func console(_ final: UInt8) -> Key? {
    guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(final) else { return nil }
    return Key(.function(Int(final - UInt8(ascii: "A")) + 1))
  }

  private static func modifiers(_ parameter: Int) -> Key.Modifiers {
    guard (2...8).contains(parameter) else { return [] }
    return Key.Modifiers(rawValue: UInt8(parameter - 1))
  }
}
