import CustomerModel
import TestSupport
import Testing

@Suite struct UUIDv7GeneratorTests {
  /// Gives the numbers it was made of, then zeros.
  struct Script: RandomNumberGenerator {
    var numbers: [UInt64]
    mutating func next() -> UInt64 { numbers.isEmpty ? 0 : numbers.removeFirst() }
  }

  /// RFC 9562, A.6.
  @Test func laysBitsOutAsTheStandardSays() {
    let id = UUIDv7Generator.id(
      milliseconds: 0x017F_22E2_79B0,
      randomHigh: 0xCC3,
      randomLow: 0x18C4_DC0C_0C07_398F
    )
    #expect(id.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
  }

  @Test func keepsVersionAndVariantWhateverTheBits() {
    let ones = UUIDv7Generator.id(milliseconds: .max, randomHigh: .max, randomLow: .max)
    #expect(ones.description == "ffffffff-ffff-7fff-bfff-ffffffffffff")
    let zeros = UUIDv7Generator.id(milliseconds: 0, randomHigh: 0, randomLow: 0)
    #expect(zeros.description == "00000000-0000-7000-8000-000000000000")
  }

  @Test func drawsFreshBitsForANewMillisecond() {
    var generator = UUIDv7Generator()
    var random = Script(numbers: [0x123, 0x456, 0x789, 0xABC])
    let first = generator.next(milliseconds: 1, using: &random)
    let second = generator.next(milliseconds: 2, using: &random)
    #expect(first.description == "00000000-0001-7123-8000-000000000456")
    #expect(second.description == "00000000-0002-7789-8000-000000000abc")
  }

  @Test func countsOnWithinAMillisecondAndWhenTheClockGoesBack() {
    var generator = UUIDv7Generator()
    var random = Script(numbers: [0x123, 0x456, 0, 0xFFFF_FFFF, 0x1_0000_0000])
    _ = generator.next(milliseconds: 5, using: &random)
    let ids = [5, 5, 4].map { generator.next(milliseconds: $0, using: &random).description }
    #expect(
      ids == [
        "00000000-0005-7123-8000-000000000457", "00000000-0005-7123-8000-000100000457",
        "00000000-0005-7123-8000-000100000458",
      ]
    )
  }

  @Test func carriesIntoTheTimeWhenTheRandomBitsRunOut() {
    var generator = UUIDv7Generator()
    var random = Script(numbers: [0xFFE, .max, 0, 0, .max, 0])
    _ = generator.next(milliseconds: 5, using: &random)
    let carried = generator.next(milliseconds: 5, using: &random)
    #expect(carried.description == "00000000-0005-7fff-8000-000000000000")
    generator = UUIDv7Generator()
    random = Script(numbers: [0xFFF, .max, 0, 0])
    _ = generator.next(milliseconds: 5, using: &random)
    let next = [5, 6].map { generator.next(milliseconds: $0, using: &random).description }
    #expect(
      next == ["00000000-0006-7000-8000-000000000000", "00000000-0006-7000-8000-000000000001"]
    )
  }

  @Test func isMonotonicWhateverTheClockDoes() {
    var random = SeededGenerator.announced("uuid version 7")
    var generator = UUIDv7Generator()
    var last: UniqueID?
    for _ in 0..<10_000 {
      let milliseconds = UInt64.random(in: 1_700_000_000_000...1_700_000_000_050, using: &random)
      let id = generator.next(milliseconds: milliseconds, using: &random)
      if let last { #expect(last < id) }
      last = id
    }
  }
}
