/// One Unicode code point as UTF-8 spells it.
///
/// Source: Unicode 15, table 3-7, "Well-Formed UTF-8 Byte Sequences".
struct UTF8Scalar {
  /// The code point; none of the surrogates.
  var value: UInt32

  /// The bytes that it takes, 1 to 4.
  var length: Int

  /// Reads the code point that begins at an index.
  ///
  /// - Returns: `nil` if the bytes there are not well-formed, or end too early.
  init?(_ bytes: Span<UInt8>, at index: Int) {
    let first = bytes[index]
    let lead: (length: Int, bits: UInt8, least: UInt32)
    switch first {
    case 0..<0x80: lead = (1, first, 0)
    case 0xC2...0xDF: lead = (2, first & 0x1F, 0x80)
    case 0xE0...0xEF: lead = (3, first & 0x0F, 0x800)
    case 0xF0...0xF4: lead = (4, first & 0x07, 0x10000)
    default: return nil
    }
    guard bytes.count - index >= lead.length else { return nil }
    var value = UInt32(lead.bits)
    for offset in 1..<max(lead.length, 1) {
      let byte = bytes[index + offset]
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= lead.least, value <= 0x10FFFF, value & 0xFFFF_F800 != 0xD800 else { return nil }
    self.value = value
    length = lead.length
  }

  /// Appends a code point's UTF-8.
  static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    func continuation(_ shift: UInt32) -> UInt8 {
      UInt8(truncatingIfNeeded: value >> shift & 0x3F) | 0x80
    }
    switch value {
    case 0..<0x80: bytes.append(UInt8(truncatingIfNeeded: value))
    case 0x80..<0x800:
      bytes.append(UInt8(truncatingIfNeeded: value >> 6) | 0xC0)
      bytes.append(continuation(0))
    case 0x800..<0x10000:
      bytes.append(UInt8(truncatingIfNeeded: value >> 12) | 0xE0)
      bytes.append(continuation(6))
      bytes.append(continuation(0))
    default:
      bytes.append(UInt8(truncatingIfNeeded: value >> 18) | 0xF0)
      bytes.append(continuation(12))
      bytes.append(continuation(6))
      bytes.append(continuation(0))
    }
  }
}
