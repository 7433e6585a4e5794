/// Why a text is no id.
public enum UniqueIDError: Error, Hashable, Sendable {
  /// The text isn't of the form 8-4-4-4-12.
  case form

  /// The text is the nil UUID.
  case nilUUID

  /// The text is the max UUID.
  case maxUUID
}

extension UniqueIDError: CustomStringConvertible {
  /// What is wrong, without the text.
  public var description: String {
    switch self {
    case .form: "not a UUID of 8-4-4-4-12 hexadecimal digits"
    case .nilUUID: "the nil UUID names nothing"
    case .maxUUID: "the max UUID names nothing"
    }
  }
}
