import CustomerModel
import ProtoWire

/// A customer whose every field has a value in normal form.
func sampleCustomer() -> Customer {
  var phone = PhoneNumber()
  phone.key = "0191e4a5-7c3b-7d2e-8f10-2b5c6d7e8f90"
  phone.type = .mobile
  phone.country = "AU"
  phone.numberLocal = "0491 570 006"
  phone.numberInternational = "+61491570006"
  var address = Address()
  address.key = "0191e4a5-7c3b-7d2e-8f10-2b5c6d7e8f91"
  address.address1 = "12 Example Street"
  address.address2 = "Level 4"
  address.suburb = "Brisbane"
  address.postcode = "4000"
  address.state = "QLD"
  address.country = "AU"
  var customer = Customer()
  customer.customerID = "0191e4a5-7c3b-7d2e-8f10-2b5c6d7e8f92"
  customer.version = 3
  customer.firstName = "Ann"
  customer.lastName = "Example"
  customer.displayName = "Ann E."
  customer.emailAddress = "ann@example.com"
  customer.phones = [phone]
  customer.addresses = [address]
  customer.attributes = ["tier": "gold", "note": ""]
  return customer
}

/// The sample with a change.
func sampleCustomer(_ change: (inout Customer) -> Void) -> Customer {
  var customer = sampleCustomer()
  change(&customer)
  return customer
}

/// A customer of a first name and a change.
func ann(_ change: (inout Customer) -> Void) -> Customer {
  var customer = Customer()
  customer.firstName = "Ann"
  customer.displayName = "Ann"
  change(&customer)
  return customer
}

/// Makes keys that count up from `00000000-0000-0000-8000-000000000001`.
struct KeyCounter {
  private var count: UInt64 = 0

  mutating func next() -> UniqueID {
    count += 1
    guard let key = UniqueID(high: 0, low: 1 << 63 | count) else { preconditionFailure() }
    return key
  }

  static func text(_ count: Int) -> String {
    "00000000-0000-0000-8000-00000000000\(count)"
  }
}

extension Customer {
  /// The normal form, with keys that count up.
  func normalForm(for write: CustomerWrite = .create) throws -> Customer {
    var keys = KeyCounter()
    return try validated(for: write) { keys.next() }
  }

  /// What is wrong, as `field: description`.
  func violations(for write: CustomerWrite = .create) -> [String] {
    do {
      _ = try normalForm(for: write)
      return []
    } catch let error as InvalidCustomer {
      return error.violations.map { "\($0.field): \($0.description)" }
    } catch {
      return ["\(error)"]
    }
  }
}

/// A text as the code points it has, which tells apart what Swift's `==` calls equal.
func codePoints(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
