import CustomerModel
import ProtoJSON
import ProtoWire
import WellKnownTypes

extension FieldPath {
  /// The field's text in a customer; nil if the customer doesn't have it.
  func text(in customer: Customer) -> String? {
    switch self {
    case .customerID: Self.present(customer.customerID)
    case .version: customer.version == 0 ? nil : "\(customer.version)"
    case .firstName: Self.present(customer.firstName)
    case .lastName: Self.present(customer.lastName)
    case .displayName: Self.present(customer.displayName)
    case .emailAddress: Self.present(customer.emailAddress)
    case .createTime: customer.createTime.flatMap(Self.timeText)
    case .updateTime: customer.updateTime.flatMap(Self.timeText)
    case .phone(let index, let part):
      index < customer.phones.count ? Self.present(part.text(in: customer.phones[index])) : nil
    case .address(let index, let part):
      index < customer.addresses.count
        ? Self.present(customer.addresses[index][keyPath: part.keyPath]) : nil
    case .attribute(let name): customer.attributes[name]
    }
  }

  /// Writes a text into a customer; lists grow to hold it.
  ///
  /// - Throws: If the field isn't a text and this one doesn't read as what it is.
  func set(_ text: String, in customer: inout Customer) throws(FieldError) {
    switch self {
    case .customerID: customer.customerID = text
    case .version: customer.version = try versionNumber(text)
    case .firstName: customer.firstName = text
    case .lastName: customer.lastName = text
    case .displayName: customer.displayName = text
    case .emailAddress: customer.emailAddress = text
    case .createTime: customer.createTime = try timestamp(text)
    case .updateTime: customer.updateTime = try timestamp(text)
    case .phone(let index, let part):
      while customer.phones.count <= index { customer.phones.append(PhoneNumber()) }
      do {
        try part.set(text, in: &customer.phones[index])
      } catch {
        throw FieldError(field: self.text, reason: error.reason)
      }
    case .address(let index, let part):
      while customer.addresses.count <= index { customer.addresses.append(Address()) }
      customer.addresses[index][keyPath: part.keyPath] = text
    case .attribute(let name): customer.attributes[name] = text
    }
  }

  private static func timeText(_ time: Timestamp) -> String? {
    TimestampText.text(seconds: time.seconds, nanos: time.nanos)
  }

  private static func present(_ text: String) -> String? { text.isEmpty ? nil : text }

  private func versionNumber(_ text: String) throws(FieldError) -> UInt64 {
    guard let number = UInt64(text) else {
      throw FieldError(
        field: self.text,
        reason: "'\(TerminalText.safe(text))' is not a version number"
      )
    }
    return number
  }

  private func timestamp(_ text: String) throws(FieldError) -> Timestamp {
    guard let time = TimestampText.parse(Array(text.utf8)) else {
      throw FieldError(
        field: self.text,
        reason: "'\(TerminalText.safe(text))' is not a time such as 2026-01-31T12:00:00Z"
      )
    }
    var timestamp = Timestamp()
    timestamp.seconds = time.seconds
    timestamp.nanos = time.nanos
    return timestamp
  }
}

extension PhonePart {
  fileprivate func text(in phone: PhoneNumber) -> String {
    switch self {
    case .key: phone.key
    case .type: PhoneText.name(of: phone.type)
    case .country: phone.country
    case .numberLocal: phone.numberLocal
    case .numberInternational: phone.numberInternational
    case .whole:
      [
        PhoneText.name(of: phone.type), phone.country,
        phone.numberInternational.isEmpty ? phone.numberLocal : phone.numberInternational,
      ].joined(separator: ":")
    }
  }

  fileprivate func set(_ text: String, in phone: inout PhoneNumber) throws(FieldError) {
    switch self {
    case .key: phone.key = text
    case .type: phone.type = try PhoneText.type(text)
    case .country: phone.country = text
    case .numberLocal: phone.numberLocal = text
    case .numberInternational: phone.numberInternational = text
    case .whole:
      let key = phone.key
      phone = try PhoneText.parse(text)
      phone.key = key
    }
  }
}

extension AddressPart {
  fileprivate var keyPath: any WritableKeyPath<Address, String> & Sendable {
    switch self {
    case .key: \.key
    case .address1: \.address1
    case .address2: \.address2
    case .suburb: \.suburb
    case .postcode: \.postcode
    case .state: \.state
    case .country: \.country
    }
  }
}
