/// A hash of texts, of 64 bits: SipHash-2-4 with a key of zeros.
///
/// (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.) It stands in the search index, so
/// it must be the same tomorrow, and nobody may be able to make many texts of one hash: a sum such as
/// FNV's would let him. Two of one hash can be found by luck or with much work, so whoever uses it
/// compares the texts.
struct ShortHash {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  private var block: UInt64 = 0
  private var count = 0

  /// Begins a hash, with the key's halves.
  init(key k0: UInt64 = 0, _ k1: UInt64 = 0) {
    v0 = 0x736f_6d65_7073_6575 ^ k0
    v1 = 0x646f_7261_6e64_6f6d ^ k1
    v2 = 0x6c79_6765_6e65_7261 ^ k0
    v3 = 0x7465_6462_7974_6573 ^ k1
  }

  /// Adds a text and its end: a byte that no UTF-8 has.
  mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    add(0xFF)
  }

  /// Adds a byte.
  mutating func add(_ byte: UInt8) {
    block |= UInt64(byte) << UInt64(8 * (count & 7))
    count += 1
    if count & 7 == 0 {
      compress()
      block = 0
    }
  }

  /// The hash of all that was added.
  mutating func finish() -> UInt64 {
    block |= UInt64(count & 0xFF) << 56
    compress()
    v2 ^= 0xFF
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  private mutating func compress() {
    v3 ^= block
    round()
    round()
    v0 ^= block
  }

  private mutating func round() {
    v0 &+= v1
    v1 = Self.rotated(v1, 13) ^ v0
    v0 = Self.rotated(v0, 32)
    v2 &+= v3
    v3 = Self.rotated(v3, 16) ^ v2
    v0 &+= v3
    v3 = Self.rotated(v3, 21) ^ v0
    v2 &+= v1
    v1 = Self.rotated(v1, 17) ^ v2
    v2 = Self.rotated(v2, 32)
  }

  private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value << count | value >> (64 - count)
  }
}
