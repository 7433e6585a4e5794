/// Base64 text, in the standard and the URL alphabet.
///
/// Source: RFC 4648, sections 4 and 5.
enum Base64 {
  /// Appends the standard form, with padding.
  static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let rest = bytes.count - index
      let group =
        UInt32(bytes[index]) << 16
        | (rest > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
        | (rest > 2 ? UInt32(bytes[index + 2]) : 0)
      text.append(digit(group >> 18))
      text.append(digit(group >> 12 & 63))
      text.append(rest > 1 ? digit(group >> 6 & 63) : UInt8(ascii: "="))
      text.append(rest > 2 ? digit(group & 63) : UInt8(ascii: "="))
      index += 3
    }
  }

  /// Appends the bytes that a text stands for.
  ///
  /// Either alphabet is taken, with padding or without; bits that no byte takes up are left aside,
  /// as protobuf's conformance tests ask ("-_" is one byte). Line feeds between the digits are
  /// skipped if asked.
  ///
  /// - Returns: Whether the text is Base64; if not, what was appended means nothing.
  static func decode(
    _ text: Span<UInt8>,
    skipsLineBreaks: Bool = false,
    appendingTo bytes: inout [UInt8]
  ) -> Bool {
    var group: UInt32 = 0
    var digits = 0
    var padding = 0
    for index in text.indices {
      let byte = text[index]
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      if skipsLineBreaks, byte == UInt8(ascii: "\n") { continue }
      guard padding == 0, let value = value(of: byte) else { return false }
      group = group << 6 | value
      digits += 1
      if digits == 4 {
        bytes.append(UInt8(truncatingIfNeeded: group >> 16))
        bytes.append(UInt8(truncatingIfNeeded: group >> 8))
        bytes.append(UInt8(truncatingIfNeeded: group))
        group = 0
        digits = 0
      }
    }
    switch digits {
    case 0: return padding == 0
    case 2:
      bytes.append(UInt8(truncatingIfNeeded: group >> 4))
      return padding == 0 || padding == 2
    case 3:
      bytes.append(UInt8(truncatingIfNeeded: group >> 10))
      bytes.append(UInt8(truncatingIfNeeded: group >> 2))
      return padding <= 1
    default: return false
    }
  }

  private static func digit(_ value: UInt32) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: value)
    switch value {
    case 0..<26: return UInt8(ascii: "A") + value
    case 26..<52: return UInt8(ascii: "a") + (value - 26)
    case 52..<62: return UInt8(ascii: "0") + (value - 52)
    case 62: return UInt8(ascii: "+")
    default: return UInt8(ascii: "/")
    }
  }

  private static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
