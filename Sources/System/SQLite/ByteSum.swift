/// A number that is made of all bytes of a value and kept beside it, so that a value which isn't the
/// one that was written is found, whatever it means.
///
/// Every step takes eight bytes and can be undone if they are known; so two values of one length that
/// differ in no more than these never have the same number, and other two once in 2^64. It isn't
/// meant to stop who changes a file on purpose.
package enum ByteSum {
  /// The number of some bytes.
  package static func of(_ value: Span<UInt8>) -> Int64 {
    value.withUnsafeBytes { of($0) }
  }

  /// The number of some bytes.
  static func of(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    var sum = seed &+ UInt64(truncatingIfNeeded: bytes.count)
    var rest: UInt64 = 0
    // An empty buffer may have no address.
    if let start = bytes.baseAddress {
      // Reads stay inside: whole words, then what is left behind them, a byte at a time.
      var place = start
      let wordsEnd = start + (bytes.count & ~7)
      while place < wordsEnd {
        sum = step(sum, UInt64(littleEndian: place.loadUnaligned(as: UInt64.self)))
        place += 8
      }
      let end = start + bytes.count
      while place < end {
        rest = rest << 8 | UInt64(place.load(as: UInt8.self))
        place += 1
      }
    }
    sum = step(sum, rest)
    return Int64(bitPattern: sum ^ sum >> 32)
  }

  @inline(__always)
  private static func step(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    let product = (sum ^ word) &* factor
    return product << 29 | product >> 35
  }

  private static var seed: UInt64 { 0x6375_7374_6F6D_6572 }
  private static var factor: UInt64 { 0x9E37_79B9_7F4A_7C15 }
}
