import CustomerModel
import ProtoWire

/// A text of a customer that can be edited; lists are counted from 0.
enum DraftField: Hashable, Sendable {
  case firstName
  case lastName
  case displayName
  case emailAddress
  case phone(Int, PhonePart)
  case address(Int, AddressPart)
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
  func place(ofWritten index: Int, isPhone: Bool) -> Int? {
    let filled =
      isPhone
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
  subscript(field: DraftField) -> String {
    get { text(field) }
    set { set(newValue, field) }
  }

  private func text(_ field: DraftField) -> String {
    switch field {
    case .firstName: record.firstName
    case .lastName: record.lastName
    case .displayName: record.displayName
    case .emailAddress: record.emailAddress
    case .phone(let index, let part): FieldPath.phone(index, part).text(in: record) ?? ""
    case .address(let index, let part): FieldPath.address(index, part).text(in: record) ?? ""
    case .attributeName(let index): attributes[index].name
    case .attributeValue(let index): attributes[index].value
    }
  }

  private mutating func set(_ text: String, _ field: DraftField) {
    switch field {
    case .firstName: record.firstName = text
    case .lastName: record.lastName = text
    case .displayName: record.displayName = text
    case .emailAddress: record.emailAddress = text
    case .phone(let index, let part): record.phones[index].set(text, part)
    case .address(let index, let part): record.addresses[index].set(text, part)
    case .attributeName(let index): attributes[index].name = text
    case .attributeValue(let index): attributes[index].value = text
    }
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

extension PhoneNumber {
  /// Sets a text; a number that changes loses the international form that was derived from it.
  fileprivate mutating func set(_ text: String, _ part: PhonePart) {
    switch part {
    case .country:
      country = text
      if !numberLocal.isEmpty { numberInternational = "" }
    case .numberLocal:
      numberLocal = text
      if !country.isEmpty { numberInternational = "" }
    case .numberInternational: numberInternational = text
    case .whole, .key, .type: break
    }
  }
}

extension Address {
  fileprivate mutating func set(_ text: String, _ part: AddressPart) {
    switch part {
    case .key: break
    case .address1: address1 = text
    case .address2: address2 = text
    case .suburb: suburb = text
    case .postcode: postcode = text
    case .state: state = text
    case .country: country = text
    }
  }
}
