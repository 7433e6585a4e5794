import CustomerModel
import ProtoWire
internal import WellKnownTypes

extension CustomerFilter {
  /// Whether a customer meets every condition.
  ///
  /// An index finds candidates; this decides, so that what an index cuts off or takes together
  /// (``SearchTerm``) is told apart.
  package func matches(_ customer: Customer) -> Bool {
    conditions.allSatisfy { $0.matches(customer) }
  }
}

extension FilterCondition {
  /// Whether a customer meets the condition.
  func matches(_ customer: Customer) -> Bool {
    switch self {
    case .customerID(let pattern):
      pattern.matches(Array(customer.customerID.utf8)) { Array($0.utf8) }
    case .emailAddress(let pattern):
      pattern.matches(TextFolding.caseless(customer.emailAddress), TextFolding.caseless)
    case .lastName(let pattern):
      pattern.matches(TextFolding.folded(customer.lastName), TextFolding.folded)
    case .firstName(let name): TextFolding.folded(customer.firstName) == TextFolding.folded(name)
    case .attribute(let name, let value):
      customer.attributes[name]?.utf8.elementsEqual(value.utf8) ?? false
    case .hasAttribute(let name): customer.attributes[name] != nil
    case .phone(let pattern):
      customer.phones.contains {
        pattern.matches(Array($0.numberInternational.utf8)) { Array($0.utf8) }
      }
    case .postcode(let postcode):
      customer.addresses.contains {
        TextFolding.caseless($0.postcode) == TextFolding.caseless(postcode)
      }
    case .updateTime(let range): range.contains(customer.updateTime?.microseconds ?? 0)
    }
  }
}

extension TextPattern {
  /// Whether a text in some normal form is meant; the pattern is brought into the same form.
  fileprivate func matches(_ value: [UInt8], _ normal: (String) -> [UInt8]) -> Bool {
    let wanted = normal(text)
    return isPrefix ? value.starts(with: wanted) : value == wanted
  }
}
