import Arguments
import CustomerClient
import CustomerModel

extension Session {
  /// How many customers of one name are listed in the error that says so.
  static let namesakesToldMax = 5

  /// How long finding a customer by its name takes at most, however many pages that is.
  static let lookupTimeMax = Duration.seconds(10)

  /// How long looking for the customers that may be meant takes at most.
  static let adviceTimeMax = Duration.milliseconds(500)

  /// Finds the customer that a text names; a whole id is taken as it is, without asking.
  ///
  /// - Throws: ``Failure`` if the text names none or several, and what calls throw.
  func find(_ text: String) async throws -> FoundName {
    try await find(try CustomerName(text), as: text)
  }

  /// Finds the customer that a text names, for a verb that is about no version in particular.
  func findID(_ text: String) async throws -> String {
    let name = try CustomerName(text)
    guard name.version == 0 else {
      throw Failure("\(Words.quoted(text)): '\(verb.rawValue)' takes no version", .usage)
    }
    return try await find(name, as: text).id
  }

  /// The same as ``find(_:)`` for a text that was read already.
  func find(_ name: CustomerName, as text: String) async throws -> FoundName {
    let comparison: String
    switch name.kind {
    case .id(let id): return FoundName(id: id, version: name.version)
    case .beginning(let beginning): comparison = Filter.customerID(beginningWith: beginning)
    case .emailAddress(let address):
      guard let filter = Filter.emailAddress(address) else {
        throw Failure("\(Words.quoted(address)) is no e-mail address", .notFound)
      }
      comparison = filter
    case .other(let other): throw await unknown(name, other)
    }
    let found = try await CustomerClient.withDeadline(Self.lookupTimeMax) {
      try await customers(matching: comparison, atMost: Self.namesakesToldMax + 1)
    }
    guard let only = found.first else { throw await unknown(name, text) }
    guard found.count == 1 else { throw Self.ambiguous(text, found) }
    return FoundName(id: only.customerID, version: name.version)
  }

  /// Finds several; those that aren't found are told and don't stop the others.
  ///
  /// - Returns: Those that were found, and the status that the first of the others gives.
  /// - Throws: If no daemon answers.
  func findEach(_ texts: [String]) async throws -> (names: [FoundName], status: ExitStatus) {
    var names: [FoundName] = []
    var status = ExitStatus.success
    for text in texts {
      do {
        names.append(try await find(text))
      } catch {
        let failure = await failure(of: error)
        // A daemon that is gone stays gone; anything else is one customer's trouble.
        if failure.status == .unreachable { throw failure }
        report(failure)
        if status == .success { status = failure.status }
      }
    }
    return (names, status)
  }

  /// The first customers that a filter finds.
  ///
  /// - Parameters:
  ///   - filter: As a list takes it.
  ///   - countMax: How many at most.
  /// - Returns: Those there are, in order of creation.
  /// - Throws: What lists throw.
  func customers(
    matching filter: String,
    atMost countMax: Int
  ) async throws(CustomerError) -> [Customer] {
    var request = ListCustomersRequest()
    request.filter = filter
    request.pageSize = Int32(countMax)
    var found: [Customer] = []
    // A page is a bounded piece of work: it may be empty and still have a next one.
    while found.count < countMax {
      let response = try await client.list(request)
      found += response.customers
      guard !response.nextPageToken.isEmpty, response.nextPageToken != request.pageToken else {
        break
      }
      request.pageToken = response.nextPageToken
    }
    return Array(found.prefix(countMax))
  }

  private static func ambiguous(_ text: String, _ found: [Customer]) -> Failure {
    let isMore = found.count > namesakesToldMax
    let count = isMore ? "more than \(namesakesToldMax)" : "\(found.count)"
    let lines = found.prefix(namesakesToldMax).map { "  \($0.introduction)" }
    return Failure(
      lines: ["\(Words.quoted(text)) names \(count) customers: say which by its id"] + lines,
      .conflict
    )
  }

  /// Says that nobody is called so, and who may be meant.
  private func unknown(_ name: CustomerName, _ text: String) async -> Failure {
    var failure: Failure
    let ofDeleted = "one that was deleted is named by its whole id"
    switch name.kind {
    case .id(let id):
      return Failure("no customer \(id)", .notFound)
    case .beginning(let beginning):
      failure = Failure("no customer's id begins with \(beginning)", .notFound)
      failure.lines.append(ofDeleted)
    case .emailAddress(let address):
      failure = Failure("no customer has the e-mail address \(Words.escaped(address))", .notFound)
      failure.lines.append(ofDeleted)
    case .other(let other):
      failure = Failure("no customer \(Words.escaped(other))", .notFound)
      failure.lines.append(
        "a customer is named by its id, the first \(CustomerName.beginningDigitsMin) digits of it "
          + "or more, or its e-mail address"
      )
    }
    let near = await nearest(to: name.kind)
    if !near.isEmpty {
      failure.lines.append("perhaps one of these is meant:")
      failure.lines += near.map { "  \($0.introduction)" }
    } else if case .other = name.kind {
      failure.lines.append("'customerctl search' finds customers by words")
    }
    return failure
  }

  /// Those that a search for what was typed finds; none if that takes too long or can't be done.
  private func nearest(to kind: CustomerName.Kind) async -> [Customer] {
    let query: String
    switch kind {
    case .id, .beginning: return []
    case .emailAddress(let address): query = String(address.prefix { $0 != "@" })
    case .other(let other): query = other
    }
    let found = try? await CustomerClient.withDeadline(Self.adviceTimeMax) {
      try await client.search(query, limit: Int32(Self.namesakesToldMax))
    }
    return found ?? []
  }
}

/// Comparisons of the daemon's filters.
///
/// Only texts that stand in a filter's quotes as they are make one: none with quotes, backslashes
/// or a star at the end, which would stand for any rest.
enum Filter {
  /// Customers with an e-mail address.
  static func emailAddress(_ address: String) -> String? { equals("emailAddress", address) }

  /// Customers whose e-mail address begins so.
  static func emailAddress(beginningWith beginning: String) -> String? {
    equals("emailAddress", beginning).map { $0.dropLast() + "*\"" }
  }

  /// Customers with a phone of an international number.
  static func phone(_ number: String) -> String? { equals("phones.numberInternational", number) }

  /// Customers whose id begins with hexadecimal digits and hyphens.
  static func customerID(beginningWith beginning: String) -> String {
    "customerId = \"\(beginning)*\""
  }

  private static func equals(_ field: String, _ value: String) -> String? {
    let isPlain = value.unicodeScalars.allSatisfy { $0 != "\"" && $0 != "\\" && $0.value >= 0x20 }
    guard isPlain, !value.isEmpty, !value.hasSuffix("*") else { return nil }
    return "\(field) = \"\(value)\""
  }
}

extension Customer {
  /// The id, and in brackets what people call the customer: `0193… (Ann Lee)`.
  var introduction: String {
    let shown = [displayName, fullName, emailAddress].first { !$0.isEmpty }
    guard let shown else { return customerID }
    return "\(customerID) (\(shown))"
  }
}
