internal import ProtoWire

/// One field as it was found on the wire.
struct WireOccurrence {
  /// The field's index in its message.
  var field: Int

  /// Where the value ends, in bytes from the start of its message.
  ///
  /// No two occurrences of a message share it, so it tells their order as well.
  var end: Int

  /// Where a length-delimited value's bytes begin; ``end`` for other values.
  var start: Int

  /// The value of a varint or of a number of fixed width.
  var bits: UInt64 = 0

  /// Whether the bytes hold elements of a list, one behind the other.
  var isPacked = false

  /// The length-delimited value's bytes.
  var range: Range<Int> { start..<end }
}

/// The fields of the messages that are being written, innermost last.
///
/// One array serves all messages of a text, so finding fields allocates nothing per message.
struct WireOccurrences {
  private var stack: [WireOccurrence] = []

  var count: Int { stack.count }

  subscript(index: Int) -> WireOccurrence { stack[index] }

  /// Forgets the innermost message's fields.
  mutating func removeAll(from base: Int) { stack.removeLast(stack.count - base) }

  /// Finds the fields of a message that the schema names, in the order of their numbers.
  ///
  /// Those of one field stay in the order of the wire.
  /// Of a `oneof` only the member that came last is kept, and of that what came after the others.
  mutating func collect(
    _ type: MessageDescriptor,
    _ bytes: Span<UInt8>
  ) throws(WireError) {
    let base = stack.count
    var isAscending = true
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      guard let index = type.fieldIndex(number: tag >> 3),
        let isPacked = type.fields[index].isPacked(tag)
      else {
        try reader.skip(tag)
        continue
      }
      let field = type.fields[index]
      if stack.count > base {
        let before = stack[stack.count - 1].field
        if before > index { isAscending = false }
        // Only the last of a single value counts; keeping the others would cost memory.
        if before == index, !field.isRepeated, field.type != .message { stack.removeLast() }
      }
      let wireType = isPacked ? .lengthDelimited : field.type.wireType
      var found = try WireOccurrence(wireType, field: index, from: &reader)
      found.isPacked = isPacked
      stack.append(found)
    }
    if type.hasOneofs { removeReplaced(type, from: base) }
    if !isAscending {
      stack[base...].sort { ($0.field, $0.end) < ($1.field, $1.end) }
    }
  }

  /// Removes the members of each `oneof` that a later one has replaced.
  private mutating func removeReplaced(_ type: MessageDescriptor, from base: Int) {
    // Of each oneof, the member that holds now and where its run begins.
    var holding = [(field: Int, since: Int)](repeating: (-1, 0), count: type.oneofs.count)
    for found in stack[base...] {
      guard let oneof = type.fields[found.field].oneof else { continue }
      if holding[oneof].field != found.field { holding[oneof] = (found.field, found.end) }
    }
    var kept = base
    for index in base..<stack.count {
      let found = stack[index]
      if let oneof = type.fields[found.field].oneof {
        let held = holding[oneof]
        guard held.field == found.field, found.end >= held.since else { continue }
      }
      stack[kept] = found
      kept += 1
    }
    removeAll(from: kept)
  }
}

extension WireOccurrence {
  /// Reads the value of a field whose tag was read.
  init(_ wireType: WireType, field: Int, from reader: inout WireReader) throws(WireError) {
    var bits: UInt64 = 0
    var range: Range<Int>?
    switch wireType {
    case .varint: bits = try reader.varint()
    case .fixed64: bits = try reader.fixed64()
    case .fixed32: bits = UInt64(try reader.fixed32())
    case .lengthDelimited: range = try reader.byteRange()
    case .startGroup, .endGroup: preconditionFailure("no field type is written as a group")
    }
    self.init(field: field, end: reader.offset, start: range?.lowerBound ?? reader.offset)
    self.bits = bits
  }
}

extension FieldDescriptor {
  /// Whether a tag of the field's number announces packed elements, or `nil` if it is of a wire
  /// type that the field can't have; protobuf takes such a field for an unknown one.
  func isPacked(_ tag: UInt32) -> Bool? {
    if tag == self.tag { return false }
    if isRepeated, type.isPackable, tag & 7 == WireType.lengthDelimited.rawValue { return true }
    return nil
  }
}
