import CustomerModel

/// A row of an import.
package struct ImportRow: Sendable {
  /// The customer; a version is the one the store's customer must have, or keeps if it is new.
  package var customer: Customer

  /// The id it gets if it names none and no customer matches.
  package var newID: String

  /// Creates a row.
  package init(customer: Customer, newID: String) {
    self.customer = customer
    self.newID = newID
  }
}

/// What an import does with its rows.
package enum ImportMode: Sendable {
  /// Adds customers, and changes those that are there.
  case upsert
  /// Adds customers; one that is there is an error of that row.
  case create
  /// Says what `upsert` would do, and writes nothing.
  case validate
}

/// How an import finds the customer of a row that names no id.
package enum ImportMatch: Hashable, Sendable {
  /// It doesn't: such a row is a new customer.
  case none
  /// By the e-mail address, without case; a row that has none is a new customer.
  case emailAddress
  /// By the value of the attribute of this name; a row that has none is a new customer.
  case attribute(String)
}
