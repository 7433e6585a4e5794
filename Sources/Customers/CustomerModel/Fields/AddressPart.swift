/// The texts of an address.
package enum AddressPart: String, ElementPart {
  case key
  case address1
  case address2
  case suburb
  case postcode
  case state
  case country

  package var content: PartContent<Address> {
    switch self {
    case .key: .text(\.key, .key)
    case .address1:
      .text(\.address1, .line(codePointsMax: CustomerLimits.addressLineCodePointsMax))
    case .address2:
      .text(\.address2, .line(codePointsMax: CustomerLimits.addressLineCodePointsMax))
    case .suburb: .text(\.suburb, .line(codePointsMax: CustomerLimits.suburbCodePointsMax))
    case .postcode: .text(\.postcode, .postcode)
    case .state: .text(\.state, .line(codePointsMax: CustomerLimits.stateCodePointsMax))
    case .country: .text(\.country, .country)
    }
  }

  package var label: String {
    switch self {
    case .key: "Key"
    case .address1: "Address 1"
    case .address2: "Address 2"
    case .suburb: "Suburb"
    case .postcode: "Postcode"
    case .state: "State"
    case .country: "Country"
    }
  }
}

extension Address: CustomerElement {
  package typealias Part = AddressPart

  package static var field: CustomerField { .addresses }
  package static var label: String { "Address" }
  package static var countMax: Int { CustomerLimits.addressesMax }

  /// As it is written on a letter: the state stands before the postcode.
  package var line: String {
    [address1, address2, suburb, state, postcode, country]
      .filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// Nothing follows from the rest of an address.
  package var completed: Address? { nil }
}
