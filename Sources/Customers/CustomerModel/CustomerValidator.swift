internal import ProtoWire
internal import WellKnownTypes

/// Brings customers into normal form and notes what is wrong on the way.
///
/// Each check returns the normal form of a value, or `nil` where the value is in it already or is
/// wrong: so nothing is copied that needn't change.
struct CustomerValidator {
  /// What is wrong so far, in the order of the fields.
  private(set) var violations: [Violation]

  /// Creates a validator that starts from what is wrong already.
  init(violations: [Violation] = []) {
    self.violations = violations
  }

  /// Returns a customer's normal form; it means nothing if ``violations`` is not empty after.
  mutating func normalForm(
    of customer: Customer,
    for write: CustomerWrite,
    makeKey: () -> UniqueID
  ) -> Customer {
    var normal = customer
    if !customer.customerID.isEmpty, let id = id(customer.customerID, at: "customerId") {
      normal.customerID = id
    }
    let nameMax = CustomerLimits.nameCodePointsMax
    if let name = text(customer.firstName, max: nameMax, at: "firstName") {
      normal.firstName = name
    }
    if let name = text(customer.lastName, max: nameMax, at: "lastName") { normal.lastName = name }
    if let name = text(customer.displayName, max: nameMax, at: "displayName") {
      normal.displayName = name
    }
    if let address = emailAddress(customer.emailAddress) { normal.emailAddress = address }
    phones(of: &normal, makeKey: makeKey)
    addresses(of: &normal, makeKey: makeKey)
    if let attributes = attributes(customer.attributes) { normal.attributes = attributes }
    time(customer.createTime, at: "createTime")
    time(customer.updateTime, at: "updateTime")
    checkIsSomeone(normal)
    if write == .create { fillDisplayName(of: &normal) }
    checkSize(of: normal)
    return normal
  }

  // MARK: The record as a whole

  private mutating func checkIsSomeone(_ customer: Customer) {
    let isSomeone =
      !customer.displayName.isEmpty || !customer.firstName.isEmpty || !customer.lastName.isEmpty
      || !customer.emailAddress.isEmpty || customer.phones.contains(where: Self.hasNumber)
    if !isSomeone {
      report(
        "displayName",
        "one of displayName, firstName, lastName, emailAddress and a phone's number is needed"
      )
    }
  }

  private static func hasNumber(_ phone: PhoneNumber) -> Bool {
    !phone.numberLocal.isEmpty || !phone.numberInternational.isEmpty
  }

  /// Sets an empty display name to the first and the last name, cut to what a name may have.
  private func fillDisplayName(of customer: inout Customer) {
    guard customer.displayName.isEmpty else { return }
    switch (customer.firstName.isEmpty, customer.lastName.isEmpty) {
    case (true, true): return
    case (false, true): customer.displayName = customer.firstName
    case (true, false): customer.displayName = customer.lastName
    case (false, false):
      let both = customer.firstName + " " + customer.lastName
      let cut = both.unicodeScalars.prefix(CustomerLimits.nameCodePointsMax)
      customer.displayName = Text(String(cut), codePointsMax: cut.count).text
    }
  }

  private mutating func checkSize(of customer: Customer) {
    let max = CustomerLimits.recordBytesMax
    guard customer.wireSize > max else { return }
    let size = customer.writtenSize
    if size > max { report("customer", "record of \(size) bytes is over the limit of \(max)") }
  }

  // MARK: Values

  /// Notes something that is wrong.
  mutating func report(_ field: String, _ description: String) {
    violations.append(Violation(field: field, description: description))
  }

  /// Checks one line of text.
  private mutating func text(
    _ value: String,
    max: Int,
    at field: @autoclosure () -> String
  ) -> String? {
    if Text.isPlain(value, codePointsMax: max) { return nil }
    let rule = Text(value, codePointsMax: max)
    if rule.faults.isEmpty { return rule.text }
    for fault in rule.faults { report(field(), fault.description) }
    return nil
  }

  private mutating func id(_ value: String, at field: @autoclosure () -> String) -> String? {
    if UniqueID.isNormal(value) { return nil }
    do throws(UniqueIDError) {
      return try UniqueID(value).description
    } catch {
      report(field(), error.description)
      return nil
    }
  }

  private mutating func emailAddress(_ value: String) -> String? {
    if value.isEmpty || EmailAddress.isPlain(value) { return nil }
    if Text.trimmed(value).isEmpty { return "" }
    do throws(EmailAddressError) {
      return try EmailAddress(value).text
    } catch {
      report("emailAddress", error.description)
      return nil
    }
  }

  private mutating func country(
    _ value: String,
    at field: @autoclosure () -> String
  ) -> String? {
    if value.isEmpty || CountryCode.isNormal(value) { return nil }
    let trimmed = Text.trimmed(value)
    if trimmed.isEmpty { return "" }
    do throws(CountryCodeError) {
      return try CountryCode.normal(trimmed)
    } catch {
      report(field(), error.description)
      return nil
    }
  }

  private mutating func numberInternational(
    _ value: String,
    at field: @autoclosure () -> String
  ) -> String? {
    if value.isEmpty || InternationalNumber.isNormal(value) { return nil }
    let trimmed = Text.trimmed(value)
    if trimmed.isEmpty { return "" }
    do throws(InternationalNumberError) {
      return try InternationalNumber.normal(trimmed)
    } catch {
      report(field(), error.description)
      return nil
    }
  }

  private mutating func postcode(
    _ value: String,
    at field: @autoclosure () -> String
  ) -> String? {
    let normal = text(value, max: CustomerLimits.postcodeCharactersMax, at: field())
    let refused = (normal ?? value).unicodeScalars.first {
      switch $0 {
      case "0"..."9", "A"..."Z", "a"..."z", " ", "-": false
      default: !Text.isRefused($0)
      }
    }
    if let refused {
      report(field(), "\(refused.codePoint) is none of A-Z, a-z, 0-9, space and hyphen")
    }
    return normal
  }

  private mutating func time(_ time: Timestamp?, at field: @autoclosure () -> String) {
    if let time, !time.isValid {
      report(field(), "not a time in the years 0001 to 9999")
    }
  }
}

// MARK: Lists

extension CustomerValidator {
  private mutating func phones(of normal: inout Customer, makeKey: () -> UniqueID) {
    let phones = normal.phones
    checkCount(phones.count, of: "phones", max: CustomerLimits.phonesMax)
    for place in phones.indices.prefix(CustomerLimits.phonesMax) {
      let path = { (name: String) in "phones[\(place)].\(name)" }
      if let key = key(phones[place].key, at: path("key"), makeKey) {
        normal.phones[place].key = key
      }
      checkKey(at: place, of: "phones") { normal.phones[$0].key }
      let type = phones[place].type
      if type != .unknown, type != .phone, type != .mobile {
        report(path("type"), "\(type.rawValue) is none of 0 Unknown, 1 Phone and 2 Mobile")
      }
      if let country = country(phones[place].country, at: path("country")) {
        normal.phones[place].country = country
      }
      let localMax = CustomerLimits.numberLocalCodePointsMax
      if let number = text(phones[place].numberLocal, max: localMax, at: path("numberLocal")) {
        normal.phones[place].numberLocal = number
      }
      if let number = numberInternational(
        phones[place].numberInternational,
        at: path("numberInternational")
      ) {
        normal.phones[place].numberInternational = number
      }
      if let number = derivedNumber(of: normal.phones[place]) {
        normal.phones[place].numberInternational = number
      }
    }
  }

  /// The international number of a phone that has only a local one, if it can be derived.
  private func derivedNumber(of phone: PhoneNumber) -> String? {
    guard phone.numberInternational.isEmpty, !phone.numberLocal.isEmpty else { return nil }
    return LocalNumber.international(phone.numberLocal, country: phone.country)
  }

  private mutating func addresses(of normal: inout Customer, makeKey: () -> UniqueID) {
    let addresses = normal.addresses
    checkCount(addresses.count, of: "addresses", max: CustomerLimits.addressesMax)
    let lineMax = CustomerLimits.addressLineCodePointsMax
    for place in addresses.indices.prefix(CustomerLimits.addressesMax) {
      let path = { (name: String) in "addresses[\(place)].\(name)" }
      if let key = key(addresses[place].key, at: path("key"), makeKey) {
        normal.addresses[place].key = key
      }
      checkKey(at: place, of: "addresses") { normal.addresses[$0].key }
      if let line = text(addresses[place].address1, max: lineMax, at: path("address1")) {
        normal.addresses[place].address1 = line
      }
      if let line = text(addresses[place].address2, max: lineMax, at: path("address2")) {
        normal.addresses[place].address2 = line
      }
      let suburbMax = CustomerLimits.suburbCodePointsMax
      if let suburb = text(addresses[place].suburb, max: suburbMax, at: path("suburb")) {
        normal.addresses[place].suburb = suburb
      }
      if let postcode = postcode(addresses[place].postcode, at: path("postcode")) {
        normal.addresses[place].postcode = postcode
      }
      let stateMax = CustomerLimits.stateCodePointsMax
      if let state = text(addresses[place].state, max: stateMax, at: path("state")) {
        normal.addresses[place].state = state
      }
      if let country = country(addresses[place].country, at: path("country")) {
        normal.addresses[place].country = country
      }
    }
  }

  private mutating func attributes(
    _ original: WireMap<String, String>
  ) -> WireMap<String, String>? {
    let max = CustomerLimits.attributesMax
    checkCount(original.count, of: "attributes", max: max)
    var changes: [(place: Int, name: String?, value: String?)] = []
    let valueMax = CustomerLimits.attributeValueCodePointsMax
    for place in original.entries.indices.prefix(max) {
      let name = attributeName(original.entries[place].key)
      let value = text(
        original.entries[place].value,
        max: valueMax,
        at: "attributes." + Text.shown(name ?? original.entries[place].key)
      )
      if name != nil || value != nil { changes.append((place, name, value)) }
    }
    guard !changes.isEmpty else { return nil }
    var entries = original.entries
    for change in changes {
      if let name = change.name { entries[change.place].key = name }
      if let value = change.value { entries[change.place].value = value }
    }
    return attributes(of: entries)
  }

  /// Makes a map of entries whose names may have become alike.
  private mutating func attributes(
    of entries: [WireMapEntry<String, String>]
  ) -> WireMap<String, String> {
    var normal: WireMap<String, String> = [:]
    for entry in entries.prefix(CustomerLimits.attributesMax) {
      if normal[entry.key] != nil {
        report("attributes." + Text.shown(entry.key), "two attributes have this name when trimmed")
      }
      normal[entry.key] = entry.value
    }
    return normal
  }

  private mutating func attributeName(_ name: String) -> String? {
    let max = CustomerLimits.attributeNameCodePointsMax
    if !name.isEmpty, Text.isPlain(name, codePointsMax: max) { return nil }
    let rule = Text(name, codePointsMax: max)
    for fault in rule.faults {
      report("attributes", "name '\(Text.shown(name))': \(fault)")
    }
    guard rule.faults.isEmpty else { return nil }
    if rule.text.isEmpty { report("attributes", "a name is empty") }
    return rule.text
  }

  // MARK: What lists have in common

  private mutating func checkCount(_ count: Int, of list: String, max: Int) {
    if count > max { report(list, "\(count) \(list) is over the limit of \(max)") }
  }

  private mutating func key(
    _ value: String,
    at field: @autoclosure () -> String,
    _ makeKey: () -> UniqueID
  ) -> String? {
    value.isEmpty ? makeKey().description : id(value, at: field())
  }

  /// Reports a key that an element before it has as well.
  private mutating func checkKey(at place: Int, of list: String, _ key: (Int) -> String) {
    for other in 0..<place where key(other) == key(place) {
      report("\(list)[\(place)].key", "is the key of \(list)[\(other)] as well")
      return
    }
  }
}
