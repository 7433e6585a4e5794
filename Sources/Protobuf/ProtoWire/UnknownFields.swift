/// The fields of a message that its schema doesn't name, kept as they came.
///
/// A message that passes through a program with an older schema loses nothing: the fields are
/// written again after the known ones, in the order they were read.
public struct UnknownFields: Hashable, Sendable {
  /// The encoded fields; absent rather than empty, which spares a reference count on each copy.
  @usableFromInline package var storage: [UInt8]?

  /// Creates a set of no fields.
  @inlinable
  public init() {}

  /// The fields as they stand on the wire: tags and values, one after the other.
  public var bytes: [UInt8] { storage ?? [] }

  /// The size of the fields on the wire, in bytes.
  @inlinable public var wireSize: Int { storage?.count ?? 0 }

  /// Whether there are none.
  public var isEmpty: Bool { storage == nil }
}
