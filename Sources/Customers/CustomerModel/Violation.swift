/// One rule that a customer breaks.
///
/// The service sends it as `google.rpc.BadRequest.FieldViolation`.
public struct Violation: Hashable, Sendable {
  /// The field: its path from the customer on, in JSON names.
  ///
  /// An element of a list is named by its place, `phones[0].numberInternational`; an attribute by
  /// its name, `attributes.tier`, everything after the first dot being the name. What isn't any
  /// field's is `customer` (the whole record), `attributes` (a name that is refused) or
  /// `updateMask`. The form is that of update masks, filters and the command line.
  public var field: String

  /// What is wrong with the field, in lower case and without a full stop.
  ///
  /// Never holds a whole value: what a customer told is not for logs.
  public var description: String

  /// Creates a violation.
  public init(field: String, description: String) {
    self.field = field
    self.description = description
  }
}
