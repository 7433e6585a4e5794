import CustomerModel
import ProtoWire

/// One text of a customer that isn't what it was.
struct FieldChange: Equatable {
  /// The field's path; an element of a list is named by its place now, or where it was.
  var field: String

  /// What it was; nil if there was none.
  var old: String?

  /// What it is; nil if there is none.
  var new: String?

  /// What differs between two customers, in the order of the fields.
  ///
  /// Phones and addresses are matched by their keys: one that only changed its place is the same.
  /// What the server sets (id, version, times) isn't compared.
  static func between(_ old: Customer, _ new: Customer) -> [FieldChange] {
    let before = CustomerFact.all(of: old)
    let after = CustomerFact.all(of: new)
    let texts = Dictionary(before.map { ($0.identity, $0.text) }) { $1 }
    let kept = Set(after.map(\.identity))
    var changes: [FieldChange] = []
    for group in CustomerFact.Group.allCases {
      for fact in after where fact.group == group && texts[fact.identity] != fact.text {
        changes.append(FieldChange(field: fact.field, old: texts[fact.identity], new: fact.text))
      }
      for fact in before where fact.group == group && !kept.contains(fact.identity) {
        changes.append(FieldChange(field: fact.field, old: fact.text, new: nil))
      }
    }
    return changes
  }

  /// The change in one line: `firstName: Ann → Anna`.
  var text: String { "\(field): \(Self.shown(old)) → \(Self.shown(new))" }

  /// A value in a line of text.
  static func shown(_ value: String?) -> String {
    guard let value else { return "(none)" }
    return value.isEmpty ? "\"\"" : value
  }
}

/// A field that two people changed from what it was, or one of them.
struct ContestedField: Equatable {
  /// The field's path.
  var field: String

  /// What it was; nil if there was none, or it isn't known.
  var before: String?

  /// What somebody else made of it.
  var theirs: String?

  /// What was about to be written.
  var mine: String?

  /// The fields in which three customers differ.
  ///
  /// - Parameters:
  ///   - before: What both began from; nil if it isn't known.
  ///   - theirs: The customer as it is.
  ///   - mine: The customer as it was to become.
  /// - Returns: Each field once; those that all have alike are left out.
  static func among(before: Customer?, theirs: Customer, mine: Customer) -> [ContestedField] {
    let all = [before ?? Customer(), theirs, mine].map(CustomerFact.all)
    let texts = all.map { facts in Dictionary(facts.map { ($0.identity, $0.text) }) { $1 } }
    var seen: Set<String> = []
    var fields: [ContestedField] = []
    for fact in all[1] + all[2] + all[0] where seen.insert(fact.identity).inserted {
      let values = texts.map { $0[fact.identity] }
      let isContested = before == nil ? values[1] != values[2] : Set(values).count > 1
      guard isContested else { continue }
      fields.append(
        ContestedField(field: fact.field, before: values[0], theirs: values[1], mine: values[2])
      )
    }
    return fields
  }

  /// Both values, and what was before: `firstName: yours Anne, theirs Anna, before Ann`.
  ///
  /// - Parameter knowsBefore: Whether what was before is known.
  /// - Returns: The line.
  func text(knowsBefore: Bool) -> String {
    var parts: [String] = []
    if !knowsBefore || mine != before { parts.append("yours \(FieldChange.shown(mine))") }
    if !knowsBefore || theirs != before { parts.append("theirs \(FieldChange.shown(theirs))") }
    if knowsBefore { parts.append("before \(FieldChange.shown(before))") }
    return "\(field): " + parts.joined(separator: ", ")
  }
}

/// One text that a customer has, by what stays the same when lists are put in another order.
private struct CustomerFact {
  /// The same in every version of the customer.
  var identity: String

  /// The field's path in this version.
  var field: String

  /// The text; never one that isn't there.
  var text: String

  /// Which fields it stands among.
  var group: Group

  /// The fields of a customer in their order, as far as differences keep it.
  enum Group: CaseIterable {
    case firstName, lastName, displayName, emailAddress, phones, addresses, attributes
  }

  static func all(of customer: Customer) -> [CustomerFact] {
    var facts: [CustomerFact] = []
    func add(_ path: FieldPath, _ group: Group, identity: String? = nil) {
      guard let text = path.text(in: customer) else { return }
      let field = path.text
      facts.append(
        CustomerFact(identity: identity ?? field, field: field, text: text, group: group)
      )
    }
    add(.firstName, .firstName)
    add(.lastName, .lastName)
    add(.displayName, .displayName)
    add(.emailAddress, .emailAddress)
    for (index, phone) in customer.phones.enumerated() {
      let owner = "phones[\(phone.key.isEmpty ? "\(index)" : phone.key)]"
      for part in PhonePart.allCases where part != .whole && part != .key {
        if part == .type, phone.type == .unknown { continue }
        add(.phone(index, part), .phones, identity: "\(owner).\(part.rawValue)")
      }
    }
    for (index, address) in customer.addresses.enumerated() {
      let owner = "addresses[\(address.key.isEmpty ? "\(index)" : address.key)]"
      for part in AddressPart.allCases where part != .key {
        add(.address(index, part), .addresses, identity: "\(owner).\(part.rawValue)")
      }
    }
    for entry in customer.attributes { add(.attribute(entry.key), .attributes) }
    return facts
  }
}
