/// How a field's value stands on the wire: the low three bits of its tag.
///
/// Source: protobuf encoding guide, "Message Structure".
public enum WireType: UInt32, Sendable {
  case varint = 0
  case fixed64 = 1
  case lengthDelimited = 2
  case startGroup = 3
  case endGroup = 4
  case fixed32 = 5
}
