import CustomerModel
import WellKnownTypes

/// What of a customer is shown in one line.
enum CustomerText {
  /// The name to show: what there is, in the order of the fields.
  static func name(_ customer: Customer) -> String {
    if !customer.displayName.isEmpty { return customer.displayName }
    let names = fullName(customer.firstName, customer.lastName)
    if !names.isEmpty { return names }
    if !customer.emailAddress.isEmpty { return customer.emailAddress }
    let phone = phone(customer)
    return phone.isEmpty ? customer.customerID : phone
  }

  /// First and last name together, as the daemon fills the display name.
  static func fullName(_ first: String, _ last: String) -> String {
    [trimmed(first), trimmed(last)].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The first phone.
  static func phone(_ customer: Customer) -> String {
    guard let phone = customer.phones.first else { return "" }
    return phone.numberInternational.isEmpty ? phone.numberLocal : phone.numberInternational
  }

  /// A phone in one line.
  static func phone(_ phone: PhoneNumber) -> String {
    let number = phone.numberInternational.isEmpty ? phone.numberLocal : phone.numberInternational
    return [PhoneText.name(of: phone.type), phone.country, number]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// An address in one line.
  static func address(_ address: Address) -> String {
    [
      address.address1, address.address2, address.suburb, address.state, address.postcode,
      address.country,
    ].filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

/// Who made a change, as the daemon saw it: `uid=1000 pid=4242 billing-sync`.
struct Actor: Equatable, Sendable {
  var program = ""
  var processID: Int32?
  var userID: String?

  /// Reads what stands with a change.
  init(_ text: String) {
    var words: [Substring] = []
    for word in text.split(separator: " ") {
      if word.hasPrefix("uid=") {
        userID = String(word.dropFirst(4))
      } else if word.hasPrefix("pid=") {
        processID = Int32(word.dropFirst(4))
      } else if !word.hasPrefix("gid=") {
        words.append(word)
      }
    }
    program = words.joined(separator: " ")
  }

  /// Who it was, in short; this very console is `you`.
  func name(processID own: Int32) -> String {
    if processID != nil, processID == own { return "you" }
    if !program.isEmpty { return program }
    return userID.map { "user \($0)" } ?? "unknown"
  }

  /// Who it was, with what the kernel says.
  func detail(processID own: Int32) -> String {
    let numbers = [userID.map { "user \($0)" }, processID.map { "process \($0)" }]
      .compactMap { $0 }.joined(separator: ", ")
    let name = name(processID: own)
    return numbers.isEmpty || program.isEmpty ? name : "\(name) (\(numbers))"
  }
}

/// Times as people read them, in the time of the clock on the wall.
struct ClockText: Sendable {
  let context: ConsoleContext
  let now: Int64

  /// `2026-03-01 09:30`.
  func minute(_ time: Timestamp?) -> String {
    guard let text = local(time?.seconds) else { return "" }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
  }

  /// `2026-03-01 09:30:05`.
  func second(_ time: Timestamp?) -> String {
    guard let text = local(time?.seconds) else { return "" }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }

  /// `09:30:05` today, `2026-03-01` on another day.
  func short(_ time: Timestamp?) -> String {
    guard let text = local(time?.seconds) else { return "" }
    guard text.prefix(10) == local(now)?.prefix(10) else { return String(text.prefix(10)) }
    return String(text.dropFirst(11).prefix(8))
  }

  /// How long ago, or how long: `3 d 4 h`.
  static func duration(seconds: Int64) -> String {
    let seconds = max(seconds, 0)
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3600: return "\(seconds / 60) min"
    case ..<86_400: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    default: return "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
    }
  }

  private func local(_ seconds: Int64?) -> String? {
    guard let seconds, Timestamp.secondsRange.contains(seconds) else { return nil }
    var time = Timestamp()
    time.seconds = seconds + Int64(context.secondsAheadOfUTC(seconds))
    return time.rfc3339
  }
}
