import CustomerFormats
import CustomerModel
import ProtoWire

/// A text that a form edits; attributes are counted from 0, as their names change too.
enum FormField: Hashable, Sendable {
  case text(FieldPath)
  case attributeName(Int)
  case attributeValue(Int)
}

/// A customer that is being edited: as the record, but attributes keep the order they are typed in.
struct CustomerDraft: Equatable, Sendable {
  /// An attribute whose name may still be empty, or stand there twice.
  struct Attribute: Equatable, Sendable {
    var name: String
    var value: String
  }

  /// What isn't edited, and the texts and lists that are; its attributes aren't used.
  private var record: Customer

  var attributes: [Attribute]

  /// Creates a draft that changes nothing yet.
  init(_ customer: Customer) {
    record = customer
    record.attributes = [:]
    attributes = customer.attributes.map { Attribute(name: $0.key, value: $0.value) }
  }

  var phones: [PhoneNumber] { record.phones }
  var addresses: [Address] { record.addresses }

  /// The customer as it would be written: what was added and never filled doesn't count.
  var customer: Customer {
    var customer = record
    customer.phones.removeAll { $0 == PhoneNumber() }
    customer.addresses.removeAll { $0 == Address() }
    for attribute in attributes where attribute != Attribute(name: "", value: "") {
      customer.attributes[attribute.name] = attribute.value
    }
    return customer
  }

  /// The draft's place of a list's element that would be written in another, since what is empty
  /// doesn't count.
  func place(ofWritten index: Int, in field: CustomerField) -> Int? {
    let filled =
      field == .phones
      ? record.phones.indices.filter { record.phones[$0] != PhoneNumber() }
      : record.addresses.indices.filter { record.addresses[$0] != Address() }
    return filled.indices.contains(index) ? filled[index] : nil
  }

  /// The names that stand there more than once, or are missing beside a value.
  var attributeProblems: [Int: String] {
    var problems: [Int: String] = [:]
    var seen: Set<String> = []
    for (index, attribute) in attributes.enumerated() {
      let name = trimmed(attribute.name)
      if name.isEmpty {
        if !attribute.value.isEmpty { problems[index] = "needs a name" }
      } else if !seen.insert(name).inserted {
        problems[index] = "is there twice"
      }
    }
    return problems
  }

  /// The text of a field.
  subscript(field: FormField) -> String {
    get {
      switch field {
      case .text(let path): path.text(in: record) ?? ""
      case .attributeName(let index): attributes[index].name
      case .attributeValue(let index): attributes[index].value
      }
    }
    set {
      switch field {
      case .text(let path): set(newValue, path)
      case .attributeName(let index): attributes[index].name = newValue
      case .attributeValue(let index): attributes[index].value = newValue
      }
    }
  }

  /// Sets a text; a number that changes loses the international form that was derived from it.
  private mutating func set(_ text: String, _ path: FieldPath) {
    try? path.set(text, in: &record)
    guard case .phone(let place, let part) = path else { return }
    let phone = record.phones[place]
    let isDerived =
      part == .country && !phone.numberLocal.isEmpty
      || part == .numberLocal && !phone.country.isEmpty
    if isDerived { record.phones[place].numberInternational = "" }
  }

  /// Sets what a phone is.
  mutating func setType(_ kind: PhoneNumber.Kind, ofPhone index: Int) {
    record.phones[index].type = kind
  }

  mutating func addPhone() { record.phones.append(PhoneNumber()) }
  mutating func addAddress() { record.addresses.append(Address()) }
  mutating func addAttribute() { attributes.append(Attribute(name: "", value: "")) }
  mutating func removePhone(_ index: Int) { record.phones.remove(at: index) }
  mutating func removeAddress(_ index: Int) { record.addresses.remove(at: index) }
  mutating func removeAttribute(_ index: Int) { attributes.remove(at: index) }
}

extension ElementPart {
  /// The parts that are typed: not the key, and not what is chosen.
  static var typed: [Self] {
    allCases.filter { part in
      if case .text = part.content { !part.isKey } else { false }
    }
  }
}
