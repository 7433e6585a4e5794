/// Makes UUIDs of version 7 (RFC 9562, 5.7): 48 bits of time, then random ones.
///
///      0                 48   52       64  66             128
///      ├─────────────────┼────┼────────┼───┼───────────────┤
///      │milliseconds 1970│0111│ random │10 │    random     │
///      └─────────────────┴────┴────────┴───┴───────────────┘
///
/// Each one made is greater than those made before by the same generator, also within one
/// millisecond and when the clock is set back: then the 74 random bits of the last one are
/// counted on by a random step (RFC 9562, 6.2, method 2). Time and randomness are handed in.
public struct UUIDv7Generator: Sendable {
  /// The time of the last id, in milliseconds since 1970.
  private var milliseconds: UInt64 = 0

  /// The last id's 12 random bits behind the version.
  private var randomHigh: UInt64 = 0

  /// The last id's 62 random bits behind the variant.
  private var randomLow: UInt64 = 0

  /// Whether no id was made yet.
  private var isFresh = true

  /// Creates a generator that has made no id yet.
  public init() {}

  /// Makes an id.
  ///
  /// - Parameters:
  ///   - milliseconds: The time since 1970; only its lower 48 bits count, which last until the
  ///     year 10889.
  ///   - random: Where the random bits come from.
  /// - Returns: An id greater than all before.
  public mutating func next(
    milliseconds: UInt64,
    using random: inout some RandomNumberGenerator
  ) -> UniqueID {
    let milliseconds = milliseconds & Self.timeMask
    if isFresh || milliseconds > self.milliseconds {
      isFresh = false
      self.milliseconds = milliseconds
      randomHigh = random.next() & Self.randomHighMask
      randomLow = random.next() & Self.randomLowMask
    } else {
      countOn(by: (random.next() & Self.stepMask) + 1)
    }
    return Self.id(milliseconds: self.milliseconds, randomHigh: randomHigh, randomLow: randomLow)
  }

  /// Makes an id that stands in no order to those of the same millisecond.
  ///
  /// - Parameters:
  ///   - milliseconds: The time since 1970, of which the lower 48 bits count.
  ///   - randomHigh: Random bits, of which the lower 12 count.
  ///   - randomLow: Random bits, of which the lower 62 count.
  /// - Returns: The id of these bits.
  public static func id(milliseconds: UInt64, randomHigh: UInt64, randomLow: UInt64) -> UniqueID {
    let high = (milliseconds & timeMask) << 16 | 0x7000 | randomHigh & randomHighMask
    let low = 1 << 63 | randomLow & randomLowMask
    guard let id = UniqueID(high: high, low: low) else {
      preconditionFailure("the version's and the variant's bits are neither all 0 nor all 1")
    }
    return id
  }

  private mutating func countOn(by step: UInt64) {
    randomLow += step
    if randomLow <= Self.randomLowMask { return }
    randomLow &= Self.randomLowMask
    randomHigh += 1
    if randomHigh <= Self.randomHighMask { return }
    randomHigh = 0
    milliseconds = (milliseconds + 1) & Self.timeMask
  }

  private static let timeMask: UInt64 = 1 << 48 - 1
  private static let randomHighMask: UInt64 = 1 << 12 - 1
  private static let randomLowMask: UInt64 = 1 << 62 - 1

  /// Steps of up to 2^32 keep the next id hard to guess and leave room for 2^42 a millisecond.
  private static let stepMask: UInt64 = 1 << 32 - 1
}
