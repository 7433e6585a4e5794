import CustomerModel
import ProtoWire

/// Customers as they look in real stores, made from a seed: the same seed gives the same ones.
///
/// Each has 2 phones, 1 address and 3 attributes and takes 450 to 500 bytes encoded. Names and
/// places come from short lists, so that searches find many; e-mail addresses and account numbers
/// are unique. Ids are time-ordered, as those the server makes.
struct SampleCustomers: Sendable {
  /// The seed that everything is made from.
  let seed: UInt64

  /// The time in the ids, in milliseconds since 1970: 2026-01-01, plus one for each customer.
  static let firstMilliseconds: UInt64 = 1_767_225_600_000

  private static let firstNames = [
    "Olivia", "Noah", "Amelia", "Jack", "Isla", "William", "Charlotte", "Leo", "Mia", "Henry",
    "Ava", "Thomas", "Grace", "Oliver", "Zoë", "Lucas", "Siobhán", "José", "Bjørn", "Aroha",
  ]
  private static let lastNames = [
    "Smith", "Jones", "Williams", "Brown", "Wilson", "Taylor", "Nguyen", "Johnson", "Martin",
    "White", "Anderson", "Walker", "Thompson", "Harris", "Lee", "Ryan", "O'Brien", "Müller",
  ]
  private static let streets = [
    "George Street", "Pitt Street", "Elizabeth Street", "Macquarie Road", "Liverpool Parade",
    "Bathurst Lane", "Goulburn Avenue", "Harbour View Crescent",
  ]
  private static let suburbs = [
    "Surry Hills", "Paddington", "Newtown", "Marrickville", "Parramatta", "Bondi Junction",
    "Chatswood", "Manly",
  ]
  private static let states = ["NSW", "VIC", "QLD", "WA", "SA", "TAS"]
  private static let tiers = ["gold", "silver", "bronze", "platinum"]

  /// Returns the customer of a number, without version and times.
  func customer(_ number: Int) -> Customer {
    var random = Random(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
    var customer = Customer()
    customer.customerID = random.uniqueID(
      milliseconds: Self.firstMilliseconds &+ UInt64(number)
    )
    customer.firstName = random.element(Self.firstNames)
    customer.lastName = random.element(Self.lastNames)
    customer.displayName = "\(customer.firstName) \(customer.lastName) (account \(number))"
    customer.emailAddress = "customer.\(seed).\(number)@example.com"
    customer.phones = [
      phone(.mobile, area: "04", &random), phone(.phone, area: "02", &random),
    ]
    customer.addresses = [address(&random)]
    customer.attributes = [
      "accountNumber": "AC-\(10_000_000 + number)",
      "tier": random.element(Self.tiers),
      "preferredStore": "Store \(random.below(400)), \(random.element(Self.suburbs))",
    ]
    return customer
  }

  private func phone(
    _ kind: PhoneNumber.Kind,
    area: String,
    _ random: inout Random
  ) -> PhoneNumber {
    var phone = PhoneNumber()
    let digits = 10_000_000 + random.below(89_999_999)
    phone.key = random.uniqueID(milliseconds: Self.firstMilliseconds)
    phone.type = kind
    phone.country = "AU"
    phone.numberLocal = "\(area)\(digits)"
    phone.numberInternational = "+61\(area.dropFirst())\(digits)"
    return phone
  }

  private func address(_ random: inout Random) -> Address {
    var address = Address()
    address.key = random.uniqueID(milliseconds: Self.firstMilliseconds)
    address.address1 = "\(1 + random.below(400)) \(random.element(Self.streets))"
    address.address2 = "Level \(1 + random.below(30))"
    address.suburb = random.element(Self.suburbs)
    address.postcode = "\(2000 + random.below(1000))"
    address.state = random.element(Self.states)
    address.country = "AU"
    return address
  }
}

/// Random numbers that come again from the same seed (SplitMix64).
private struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func below(_ limit: Int) -> Int {
    Int(next() % UInt64(limit))
  }

  mutating func element(_ list: [String]) -> String { list[below(list.count)] }

  /// A UUID of version 7: RFC 9562, section 5.7.
  mutating func uniqueID(milliseconds: UInt64) -> String {
    let high = milliseconds << 16 | 0x7000 | next() & 0x0FFF
    let low = next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    let digits = Self.hexadecimal(high) + Self.hexadecimal(low)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text.append("-") }
      text.append(digit)
    }
    return text
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
