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
    for field in CustomerField.allCases { bring(field, of: &normal, makeKey) }
    checkIsSomeone(normal)
    if write == .create { fillDisplayName(of: &normal) }
    checkSize(of: normal)
    return normal
  }

  /// Brings a field into normal form.
  private mutating func bring(
    _ field: CustomerField,
    of customer: inout Customer,
    _ makeKey: () -> UniqueID
  ) {
    switch field.content {
    case .id:
      guard !customer.customerID.isEmpty,
        let id = id(customer.customerID, at: field.jsonName)
      else { return }
      customer.customerID = id
    case .version: break
    case .text(let path, let rule):
      if let text = text(customer[keyPath: path], rule, at: field.jsonName) {
        customer[keyPath: path] = text
      }
    case .phones: bring(&customer.phones, makeKey)
    case .addresses: bring(&customer.addresses, makeKey)
    case .attributes:
      if let attributes = attributes(customer.attributes) { customer.attributes = attributes }
    case .time(let path): check(customer[keyPath: path], at: field.jsonName)
    }
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
    let name = customer.fullName
    let cut = name.unicodeScalars.prefix(CustomerLimits.nameCodePointsMax)
    customer.displayName =
      cut.count == name.unicodeScalars.count
      ? name : Text(String(cut), codePointsMax: cut.count).text
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

  /// Checks a text by its rule.
  private mutating func text(
    _ value: String,
    _ rule: TextRule,
    at field: @autoclosure () -> String
  ) -> String? {
    switch rule {
    case .line(let max): text(value, max: max, at: field())
    case .key: id(value, at: field())
    case .emailAddress: emailAddress(value, at: field())
    case .country: country(value, at: field())
    case .postcode: postcode(value, at: field())
    case .numberInternational: numberInternational(value, at: field())
    }
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

  private mutating func emailAddress(
    _ value: String,
    at field: @autoclosure () -> String
  ) -> String? {
    if value.isEmpty || EmailAddress.isPlain(value) { return nil }
    if Text.trimmed(value).isEmpty { return "" }
    do throws(EmailAddressError) {
      return try EmailAddress(value).text
    } catch {
      report(field(), error.description)
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

  private mutating func check(_ time: Timestamp?, at field: @autoclosure () -> String) {
    if let time, !time.isValid {
      report(field(), "not a time in the years 0001 to 9999")
    }
  }
}

// MARK: Lists

extension CustomerValidator {
  /// Brings a list into normal form: every element gets a key, and none has that of another.
  private mutating func bring<Element: CustomerElement>(
    _ elements: inout [Element],
    _ makeKey: () -> UniqueID
  ) {
    let list = Element.field.jsonName
    checkCount(elements.count, of: list, max: Element.countMax)
    for place in elements.indices.prefix(Element.countMax) {
      for part in Element.Part.allCases {
        let field = { "\(list)[\(place)].\(part.rawValue)" }
        switch part.content {
        case .text(let path, .key) where elements[place][keyPath: path].isEmpty:
          elements[place][keyPath: path] = makeKey().description
        case .text(let path, let rule):
          if let text = text(elements[place][keyPath: path], rule, at: field()) {
            elements[place][keyPath: path] = text
          }
        case .kind(let path): check(elements[place][keyPath: path], at: field())
        }
        if part.isKey { checkKey(at: place, of: elements) }
      }
      if let completed = elements[place].completed { elements[place] = completed }
    }
  }

  private mutating func check(_ kind: PhoneNumber.Kind, at field: @autoclosure () -> String) {
    guard !PhoneNumber.Kind.named.contains(where: { $0.kind == kind }) else { return }
    let names = PhoneNumber.Kind.named.map { "\($0.kind.rawValue) \($0.name)" }
    let known = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    report(field(), "\(kind.rawValue) is none of \(known)")
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

  /// Reports a key that an element before it has as well.
  private mutating func checkKey<Element: CustomerElement>(at place: Int, of elements: [Element]) {
    guard let other = elements[..<place].firstIndex(where: { $0.key == elements[place].key })
    else { return }
    let list = Element.field.jsonName
    report("\(list)[\(place)].key", "is the key of \(list)[\(other)] as well")
  }
}
