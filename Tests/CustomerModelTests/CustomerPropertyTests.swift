import ProtoWire
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerModel

/// What holds for every customer, tried on random ones.
@Suite struct CustomerPropertyTests {
  @Test func theNormalFormOfANormalFormIsItself() throws {
    var random = SeededGenerator.announced("idempotence")
    var accepted = 0
    for _ in 0..<5000 {
      let customer = Self.customer(using: &random)
      guard let normal = try? customer.normalForm(for: .create) else { continue }
      accepted += 1
      #expect(try normal.normalForm(for: .create).encoded() == normal.encoded())
      #expect(try normal.normalForm(for: .update).encoded() == normal.encoded())
      #expect(try Customer(decoding: normal.encoded()) == normal)
    }
    #expect(accepted > 200)
  }

  @Test func anUpdateByItselfOrByNothingChangesNothing() throws {
    var random = SeededGenerator.announced("update by itself")
    var all = FieldMask()
    all.paths = ["*"]
    for _ in 0..<5000 {
      guard let current = try? Self.customer(using: &random).normalForm() else { continue }
      var keys = KeyCounter()
      let bytes = current.encoded()
      let updates: [(Customer, FieldMask?)] = [(current, nil), (current, all), (Customer(), nil)]
      for (patch, mask) in updates {
        let updated = try current.updated(by: patch, mask: mask) { keys.next() }
        #expect(updated.encoded() == bytes)
      }
    }
  }

  /// The quick checks may only pass what the slow way would leave as it is.
  @Test func quickChecksAgreeWithTheSlowWay() {
    var random = SeededGenerator.announced("quick checks")
    for round in 0..<50_000 {
      let max = Int.random(in: 0...20, using: &random)
      let text = RandomText.field(using: &random)
      if Text.isPlain(text, codePointsMax: max) {
        let rule = Text(text, codePointsMax: max)
        #expect(codePoints(rule.text) == codePoints(text))
        #expect(rule.faults.isEmpty)
      }
      let number = InternationalNumber.isNormal(text)
      #expect(number == ((try? InternationalNumber.normal(text)) == text))
      #expect(CountryCode.isNormal(text) == ((try? CountryCode.normal(text)) == text))
      guard round.isMultiple(of: 2) else { continue }
      let address = RandomText.address(using: &random)
      // A space before it sends the address the slow way.
      let slow = try? EmailAddress(" " + address).text
      #expect((try? EmailAddress(address).text).map(codePoints) == slow.map(codePoints))
      if EmailAddress.isPlain(address) { #expect(slow == address) }
    }
  }

  /// Puts a customer together whose fields are right more often than not.
  static func customer(using random: inout some RandomNumberGenerator) -> Customer {
    func text(_ likely: String) -> String {
      Int.random(in: 0..<12, using: &random) == 0 ? RandomText.field(using: &random) : likely
    }
    var customer = Customer()
    customer.customerID = text("0191E4A5-7c3b-7d2e-8f10-2b5c6d7e8f90")
    customer.firstName = text(" Jose\u{301} ")
    customer.lastName = text("Núñez")
    customer.displayName = text("")
    customer.emailAddress = text(RandomText.addresses.randomElement(using: &random) ?? "")
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      var phone = PhoneNumber()
      phone.key = text("")
      phone.type = PhoneNumber.Kind(rawValue: Int32.random(in: 0...2, using: &random))
      phone.country = text("au")
      phone.numberLocal = text("0491 570 006")
      let isDerived = Bool.random(using: &random)
      phone.numberInternational = text(isDerived ? "" : "+61 (0)491 570-006")
      customer.phones.append(phone)
    }
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      var address = Address()
      address.key = text("")
      address.address1 = text("12 Example Street ")
      address.postcode = text("sw1a 1AA")
      address.country = text("gb")
      customer.addresses.append(address)
    }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      customer.attributes[text("tier")] = text("gold")
    }
    return customer
  }
}
