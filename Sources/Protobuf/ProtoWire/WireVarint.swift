/// Sizes and bytes of varints: seven bits a byte, least significant first.
///
/// Source: protobuf encoding guide, "Base 128 Varints".
public enum WireVarint {
  /// The bytes that a value takes, 1 to 10.
  @inlinable
  @inline(__always)
  public static func size(_ value: UInt64) -> Int {
    // Seven bits a byte: (bits * 9 + 64) / 64 is the rounded-up quotient for 1...64 bits.
    ((64 &- (value | 1).leadingZeroBitCount) &* 9 &+ 64) &>> 6
  }

  /// The bytes that a length-delimited value takes together with its length.
  @inlinable
  @inline(__always)
  public static func sizeWithLength(_ count: Int) -> Int {
    size(UInt64(truncatingIfNeeded: count)) &+ count
  }

  /// Appends a value to bytes that grow.
  public static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Maps signed to unsigned so that small magnitudes stay short: 0, -1, 1, -2 become 0, 1, 2, 3.
  @inlinable
  public static func zigZag(_ value: Int64) -> UInt64 {
    UInt64(bitPattern: value &<< 1 ^ value &>> 63)
  }

  /// The signed number that ``zigZag(_:)`` made.
  @inlinable
  public static func unZigZag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
  }
}
