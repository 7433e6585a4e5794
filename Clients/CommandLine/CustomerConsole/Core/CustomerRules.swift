import CustomerModel

/// The rules of customers, as far as they can be told without asking the daemon.
enum CustomerRules {
  /// What is wrong with a customer, by field.
  static func problems(
    _ customer: Customer,
    for write: CustomerWrite,
    _ context: ConsoleContext
  ) -> [String: String] {
    do throws(InvalidCustomer) {
      _ = try customer.validated(for: write, makeKey: context.makeID)
      return [:]
    } catch {
      return Dictionary(error.violations.map { ($0.field, $0.description) }) { "\($0); \($1)" }
    }
  }

  /// A filter that finds customers by e-mail address; nil for what isn't one, and for letters that
  /// mean something in a filter.
  static func filter(email: String) -> String? {
    guard (try? EmailAddress(email)) != nil, !email.contains(where: { "\"\\*".contains($0) })
    else { return nil }
    return "emailAddress = \"\(email)\""
  }
}
