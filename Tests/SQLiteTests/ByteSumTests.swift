import SQLite
import Testing

@Suite struct ByteSumTests {
  /// What these lines of Python come to.
  ///
  ///     def step(s, w): p = (s ^ w) * 0x9E3779B97F4A7C15 % 2**64; return (p << 29 | p >> 35) % 2**64
  ///     def sum(b):
  ///       s = len(b) + 0x637573746F6D6572
  ///       for i in range(0, len(b) // 8 * 8, 8): s = step(s, int.from_bytes(b[i:i+8], "little"))
  ///       s = step(s, int.from_bytes(b[len(b) // 8 * 8:], "big")); return s ^ s >> 32
  private static let known: KeyValuePairs<String, UInt64> = [
    "": 0x6042_114B_327D_A010,
    "a": 0x68C4_404F_2F61_BCE6,
    "12345678": 0x7D5F_7103_ECE3_5BCA,
    "123456789": 0x9FBE_ECA7_1AE9_833C,
    "Ann Lee, 1 High Street, 4006": 0x6931_2701_7BAF_773E,
  ]

  @Test func isWhatAnotherProgramSays() {
    for (text, sum) in Self.known {
      let bytes = Array(text.utf8)
      #expect(ByteSum.of(bytes.span) == Int64(bitPattern: sum), "of '\(text)'")
    }
  }

  /// Each step can be undone, so one wrong byte is always seen.
  @Test func everyWrongByteIsSeen() {
    let record = (0..<43).map { UInt8($0) }
    let sum = ByteSum.of(record.span)
    var unseen = 0
    for place in record.indices {
      for change in 1...UInt8.max {
        var wrong = record
        wrong[place] ^= change
        if ByteSum.of(wrong.span) == sum { unseen += 1 }
      }
    }
    #expect(unseen == 0)
    let shorter = Array(record.dropLast())
    let longer = record + [0]
    #expect(ByteSum.of(shorter.span) != sum)
    #expect(ByteSum.of(longer.span) != sum)
  }
}
