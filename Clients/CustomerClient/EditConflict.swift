/// Two changes of the same fields of a customer, made at the same time.
public struct EditConflict: Hashable, Sendable {
  /// The customer as the edit would have it.
  public var mine: Customer

  /// The customer as it is now.
  public var theirs: Customer

  /// The customer as it was before both.
  public var base: Customer

  /// The paths of the fields that both changed, each to another value, as update masks name them:
  /// `first_name`, `phones`, `attributes.tier`.
  public var paths: [String]
}

extension EditConflict {
  /// Compares two changes of one state; `nil` if they go together.
  package init?(mine: Customer, theirs: Customer, base: Customer) {
    paths = CustomerMerge(base: base, mine: mine, theirs: theirs).conflicts.maskPaths
    if paths.isEmpty { return nil }
    self.mine = mine
    self.theirs = theirs
    self.base = base
  }

  var message: String {
    "customer \(base.customerID) was changed meanwhile, in the same fields: "
      + paths.joined(separator: ", ")
  }
}
