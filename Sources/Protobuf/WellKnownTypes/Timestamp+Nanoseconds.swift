extension Timestamp {
  /// Creates a time from the nanoseconds since 1970 began; all of them are valid times.
  public init(nanosecondsSince1970 nanoseconds: Int64) {
    self.init()
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(
      dividingBy: Self.nanosecondsPerSecond
    )
    seconds = remainder < 0 ? quotient - 1 : quotient
    nanos = Int32(remainder < 0 ? remainder + Self.nanosecondsPerSecond : remainder)
  }

  /// The nanoseconds since 1970 began.
  ///
  /// `nil` if the time isn't valid, or before September 1677 or after April 2262, which 64 bits
  /// can't tell.
  public var nanosecondsSince1970: Int64? {
    guard isValid else { return nil }
    // From the second after, so that the first nanoseconds that 64 bits can tell don't overflow.
    let borrow: Int64 = seconds < 0 && nanos > 0 ? 1 : 0
    let (product, overflow) = (seconds + borrow).multipliedReportingOverflow(
      by: Self.nanosecondsPerSecond
    )
    let (sum, sumOverflow) = product.addingReportingOverflow(
      Int64(nanos) - borrow * Self.nanosecondsPerSecond
    )
    return overflow || sumOverflow ? nil : sum
  }

  /// Whether the time is in the years 0001 to 9999 and its nanoseconds are less than a second:
  /// what `google/protobuf/timestamp.proto` asks of every timestamp.
  public var isValid: Bool {
    Self.secondsRange.contains(seconds) && (0..<Int32(Self.nanosecondsPerSecond)).contains(nanos)
  }

  /// The seconds since 1970 of 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
  package static let secondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  private static let nanosecondsPerSecond: Int64 = 1_000_000_000
}
