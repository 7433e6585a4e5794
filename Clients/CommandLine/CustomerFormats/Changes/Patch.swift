import CustomerModel
import WellKnownTypes

/// What an update writes: new values, and which fields take them.
package struct Patch {
  /// The new values; the id names the customer, the version is the precondition.
  package var customer: Customer

  /// The mask's paths; `*` is all.
  package var paths: [String]

  /// What the customer was when it was read, so that what others write meanwhile stays; nil where the
  /// new values stand for themselves.
  package var base: Customer?

  /// Describes an update.
  package init(customer: Customer, paths: [String], base: Customer? = nil) {
    self.customer = customer
    self.paths = paths
    self.base = base
  }

  /// Whether it writes a field that other customers may have alike.
  package var touchesWhatOthersMayHave: Bool {
    let fields = [CustomerField.emailAddress, .phones].map(\.schemaName)
    return paths.contains { $0 == "*" || fields.contains($0) }
  }

  /// A customer as the daemon will leave it, by the daemon's own rules.
  ///
  /// - Throws: All rules that the result breaks.
  package func result(on current: Customer) throws(InvalidCustomer) -> Customer {
    var generator = UUIDv7Generator()
    var random = SystemRandomNumberGenerator()
    return try current.updated(by: customer, mask: FieldMask(paths: paths)) {
      generator.next(milliseconds: 0, using: &random)
    }
  }

  /// The same for showing: a customer that would break rules is shown as it was.
  package func applied(to current: Customer) -> Customer { (try? result(on: current)) ?? current }
}

extension Customer {
  /// A new customer as the daemon will store it, but for the id and keys that it makes.
  ///
  /// - Throws: All rules that the customer breaks.
  package func created() throws(InvalidCustomer) -> Customer {
    var generator = UUIDv7Generator()
    var random = SystemRandomNumberGenerator()
    return try validated(for: .create) {
      generator.next(milliseconds: 0, using: &random)
    }.withoutKeysMissing(in: self)
  }
}
