/// Why bytes are no message: what is wrong, and where.
public struct WireError: Error, Hashable, Sendable {
  /// What is wrong with the bytes.
  public enum Reason: Hashable, Sendable {
    /// The message ends inside a varint or a fixed-width number.
    case truncated

    /// A varint of more than ten bytes, or of more than 64 bits.
    case varintTooLong

    /// A length that reaches past the end of the message around it.
    case lengthOverrun

    /// A tag of field number 0, of more than 32 bits or five bytes, or of wire type 6 or 7.
    case invalidTag

    /// The end of a group that was not begun, or not the one begun last.
    case unmatchedEndGroup

    /// A group without its end.
    case unterminatedGroup

    /// More messages or groups inside each other than ``WireReader/depthMax``.
    case tooDeep

    /// A `string` field that isn't well-formed UTF-8.
    case invalidUTF8

    /// More strings, messages and map entries in lists and maps than
    /// ``WireReader/elementCountMax``.
    case tooManyElements
  }

  /// What is wrong.
  public var reason: Reason

  /// Where, in bytes from the start of the outermost message.
  public var offset: Int

  /// Creates an error at a byte offset.
  @inlinable
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension WireError: CustomStringConvertible {
  /// The offset and the reason in words.
  public var description: String { "byte \(offset): \(reason.text)" }
}

extension WireError.Reason {
  /// The reason in words.
  public var text: String {
    switch self {
    case .truncated: "message ends inside a number"
    case .varintTooLong: "varint is longer than 64 bits"
    case .lengthOverrun: "length reaches past the end of the message"
    case .invalidTag: "tag has no valid field number and wire type"
    case .unmatchedEndGroup: "group ends that was not begun"
    case .unterminatedGroup: "group has no end"
    case .tooDeep: "messages are nested deeper than \(WireReader.depthMax)"
    case .invalidUTF8: "string is not well-formed UTF-8"
    case .tooManyElements: "lists and maps hold more than \(WireReader.elementCountMax) elements"
    }
  }
}
