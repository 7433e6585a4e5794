/// How often calls took how long, to within 0.8 %, in constant memory.
///
/// A duration's bucket is its highest set bit and the seven bits behind it, as HdrHistogram has
/// them.
struct LatencyHistogram: Sendable {
  private static let fractionBits = 7
  private var counts = [UInt64](repeating: 0, count: (64 - fractionBits) << fractionBits)

  /// How many durations were recorded.
  private(set) var count: UInt64 = 0

  /// Records one duration, in nanoseconds.
  mutating func record(_ nanoseconds: UInt64) {
    counts[Self.bucket(nanoseconds)] += 1
    count += 1
  }

  /// Adds what another histogram recorded.
  mutating func add(_ other: LatencyHistogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    count += other.count
  }

  /// Returns the duration that a share of all stay within, in microseconds; 0 if there are none.
  func microseconds(at quantile: Double) -> Double {
    let rank = count - UInt64(Double(count) * (1 - quantile))
    var seen: UInt64 = 0
    for (index, bucketCount) in counts.enumerated() where bucketCount > 0 {
      seen += bucketCount
      if seen >= rank { return Double(Self.lowerBound(index)) / 1000 }
    }
    return 0
  }

  private static func bucket(_ value: UInt64) -> Int {
    guard value >= 1 << fractionBits else { return Int(value) }
    let exponent = 63 - value.leadingZeroBitCount
    let fraction = Int(value >> (exponent - fractionBits)) - 1 << fractionBits
    return (exponent - fractionBits + 1) << fractionBits + fraction
  }

  private static func lowerBound(_ bucket: Int) -> UInt64 {
    guard bucket >= 1 << fractionBits else { return UInt64(bucket) }
    let exponent = bucket >> fractionBits + fractionBits - 1
    let fraction = UInt64(bucket & (1 << fractionBits - 1))
    return (1 << fractionBits | fraction) << (exponent - fractionBits)
  }
}
