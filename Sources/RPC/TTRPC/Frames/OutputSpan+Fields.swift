internal import ProtoWire

// The few pieces that envelopes are made of.

extension OutputSpan<UInt8> {
  /// Appends a varint.
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends bytes.
  mutating func append(copying bytes: Span<UInt8>) {
    precondition(bytes.count <= freeCapacity)
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      let room = unsafe UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
      )
      unsafe bytes.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
      count += bytes.count
    }
  }

  /// Appends a string field: its tag, its length and its UTF-8; nothing if it is empty.
  mutating func appendField(_ tag: UInt8, _ value: String) {
    if value.isEmpty { return }
    append(tag)
    appendVarint(UInt64(value.utf8.count))
    var value = value
    value.withUTF8 { unsafe append(copying: $0.span) }
  }

  /// Appends a message without its length.
  ///
  /// - Parameters:
  ///   - message: The message.
  ///   - size: The message's `wireSize`.
  mutating func append<Message: WireMessage>(encoding message: Message, size: Int) {
    precondition(size <= freeCapacity)
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      let room = unsafe UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[count..<count + size]
      )
      unsafe message.encode(into: room)
      count += size
    }
  }
}
