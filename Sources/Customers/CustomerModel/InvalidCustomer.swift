/// All rules that a customer breaks.
public struct InvalidCustomer: Error, Hashable, Sendable {
  /// What is broken, in the order of the fields; never empty.
  public var violations: [Violation]

  /// Creates an error.
  public init(violations: [Violation]) {
    self.violations = violations
  }
}

extension InvalidCustomer: CustomStringConvertible {
  /// The violations as `field: description`, joined by `; `.
  public var description: String {
    violations.map { "\($0.field): \($0.description)" }.joined(separator: "; ")
  }
}
