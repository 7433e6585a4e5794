import Arguments
import CustomerClient
import CustomerModel
import Terminal

extension Session {
  /// How long looking for customers with the same e-mail address or phones takes at most.
  static let hintTimeMax = Duration.milliseconds(500)

  /// How many phones of a customer are looked for.
  static let hintedPhonesMax = 5

  /// Tells on standard error who else has a customer's e-mail address or phones.
  ///
  /// A hint and nothing else: a look-up that goes wrong, or takes too long, isn't told.
  ///
  /// - Throws: If the result can't be written, which must not wait for hints.
  func tellHints(about customer: Customer) async throws {
    try streams.flush()
    for hint in await hints(about: customer) { streams.tell(TerminalText.safe("note: \(hint)")) }
  }

  /// Who else has a customer's e-mail address or phones, a sentence each.
  func hints(about customer: Customer) async -> [String] {
    guard !invocation[SharedOptions.noHints] else { return [] }
    var things: [(what: String, filter: String)] = []
    if let filter = Filter.emailAddress(customer.emailAddress) {
      things.append(("the e-mail address", filter))
    }
    let numbers = customer.phones.map(\.numberInternational).filter { !$0.isEmpty }
    for number in numbers.prefix(Self.hintedPhonesMax) {
      guard let filter = Filter.phone(number) else { continue }
      things.append(("the phone number \(number)", filter))
    }
    guard !things.isEmpty else { return [] }
    let found = await CustomerClient.withDeadline(Self.hintTimeMax) {
      await client.found(by: things.map(\.filter), atMost: Self.namesakesToldMax + 1)
    }
    return zip(things, found).compactMap { thing, namesakes in
      let others = namesakes.filter { $0.customerID != customer.customerID }
      guard let first = others.first else { return nil }
      let isMore = namesakes.count > Self.namesakesToldMax
      let rest = others.count == 1 ? "" : ", and of \(others.count - 1)\(isMore ? " or" : "") more"
      return "\(thing.what) is also that of customer \(first.introduction)\(rest)"
    }
  }

  /// Who stands in the way when something must be the only one, in a sentence.
  func introduction(of id: String) async -> String? {
    let customer = try? await CustomerClient.withDeadline(Self.hintTimeMax) {
      try await client.get(id)
    }
    return customer.map { "it is that of customer \($0.introduction)" }
  }
}
