internal import ProtoWire

/// Encoded fields that grow, with lengths that are filled in when they are known.
struct WireBuffer {
  /// The fields so far.
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  subscript(index: Int) -> UInt8 { bytes[index] }

  /// Writes a varint.
  mutating func varint(_ value: UInt64) { WireVarint.append(value, to: &bytes) }

  /// Writes four bytes, least significant first.
  mutating func fixed32(_ value: UInt32) {
    for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  /// Writes eight bytes, least significant first.
  mutating func fixed64(_ value: UInt64) {
    fixed32(UInt32(truncatingIfNeeded: value))
    fixed32(UInt32(truncatingIfNeeded: value >> 32))
  }

  /// Writes bytes through a function that appends them.
  mutating func append(_ body: (inout [UInt8]) -> Void) { body(&bytes) }

  /// Takes back what was written after the first so many bytes.
  mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }

  /// Begins a length-delimited value; returns the mark that ``endLength(_:)`` takes.
  ///
  /// One byte is kept for the length, which is right for most values. A longer length moves the
  /// value when it ends; each level of nesting moves it at most once.
  mutating func beginLength() -> Int {
    bytes.append(0)
    return bytes.count
  }

  /// Ends a length-delimited value.
  mutating func endLength(_ mark: Int) {
    var length = UInt64(bytes.count - mark)
    let size = WireVarint.size(length)
    if size > 1 { bytes.insert(contentsOf: repeatElement(0, count: size - 1), at: mark) }
    for index in mark - 1..<mark + size - 2 {
      bytes[index] = UInt8(truncatingIfNeeded: length) | 0x80
      length >>= 7
    }
    bytes[mark + size - 2] = UInt8(truncatingIfNeeded: length)
  }

  /// Puts pieces that stand one behind the other, from an index to the end, in another order.
  ///
  /// The pieces have neither gaps nor overlaps.
  mutating func rearrange(_ pieces: some Sequence<Range<Int>>, from start: Int) {
    var ordered: [UInt8] = []
    ordered.reserveCapacity(bytes.count - start)
    for piece in pieces { ordered += bytes[piece] }
    precondition(ordered.count == bytes.count - start, "pieces are not the whole")
    bytes.replaceSubrange(start..., with: ordered)
  }
}
