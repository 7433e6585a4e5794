import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel

/// Changes customers.
enum Update {
  static let customer = Positional(
    "ID",
    .text,
    help: "the customer: an id, its beginning or an e-mail address; ID@VERSION changes it only"
      + " at that version"
  )
  static let changes = Positional(
    repeating: "FIELD=VALUE",
    .text,
    help: "the changes; FIELD= empties a field; - reads JSON, whose members are written"
  )
  static let allowMissing = Option(
    flag: "allow-missing",
    help: "create the customer if it isn't there, or was deleted"
  )

  static let command = Command(
    "update",
    summary: "changes a customer and prints it",
    examples: [
      .init("customerctl update ID firstName=Ann attributes.tier=gold attributes.old="),
      .init("customerctl update ID phones+=Mobile:AU:0491570006"),
      .init("customerctl get ID -o json | jq '.firstName = \"Ann\"' | customerctl update ID -"),
    ],
    discussion: """
      From JSON the members that stand there are written, and no others: null
      empties a field, a list or attributes are replaced whole. Its version, if
      any, must still be the current one.
      """,
    options: [allowMissing, SharedOptions.dryRun, SharedOptions.noHints, SharedOptions.fields],
    positionals: [customer, changes]
  )
}

extension Session {
  /// `update ID FIELD=VALUE…`, `update ID -`.
  func update() async throws -> ExitStatus {
    let text = invocation[Update.customer]
    let texts = invocation[Update.changes]
    let name = try CustomerName(text)
    if texts == ["-"] {
      let json = try readCustomer()
      let paths = try Self.maskPaths(json.members)
      let found = try await find(name, as: text)
      return try await finish(try patch(found, from: json.customer, paths))
    }
    let assignments = try assignments(texts)
    if assignments.contains(where: { $0.target == .field(.field(.customerID)) }) {
      throw Failure("customerId: names the customer and can't be changed", .usage)
    }
    let found = try await find(name, as: text)
    // A list is written whole: it is read first, and what others write to it meanwhile stays.
    var customer = Customer()
    if assignments.changesList { customer = try await current(found) }
    let read = customer
    try apply(assignments, to: &customer)
    customer.customerID = found.id
    if found.version != 0 { customer.version = found.version }
    var patch = Patch(customer: customer, paths: assignments.maskPaths)
    // A version that was given is a precondition, and of the server's other fields the daemon speaks.
    let namesServerSet = assignments.contains {
      if case .field(.field(let field)) = $0.target { field.isSetByServer } else { false }
    }
    if found.version == 0, !namesServerSet, read.version != 0 { patch.base = read }
    return try await finish(patch)
  }

  /// Writes a patch or shows what it would do, prints the outcome and tells hints.
  private func finish(_ patch: Patch) async throws -> ExitStatus {
    if invocation[SharedOptions.dryRun] {
      return try await showUpdate(patch, allowMissing: invocation[Update.allowMissing])
    }
    let customer = try await write(patch, allowMissing: invocation[Update.allowMissing])
    try printOne(customer)
    if patch.touchesWhatOthersMayHave { try await tellHints(about: customer) }
    return .success
  }

  /// Writes a patch.
  ///
  /// - Parameters:
  ///   - patch: What to write.
  ///   - allowMissing: Whether a customer that isn't there is created.
  /// - Returns: The customer as it is then.
  /// - Throws: ``CustomerError``; a conflict as a ``Failure`` that tells both sides.
  func write(_ patch: Patch, allowMissing: Bool) async throws -> Customer {
    do throws(CustomerError) {
      if let base = patch.base { return try await client.update(patch.customer, from: base) }
      let mask = FieldMask(paths: patch.paths)
      return try await client.update(patch.customer, mask: mask, allowMissing: allowMissing)
    } catch {
      let message: String
      let current: Customer
      switch error {
      case .conflict(let text, let newer?): (message, current) = (text, newer)
      case .editConflict(let text, let edit): (message, current) = (text, edit.theirs)
      default: throw error
      }
      let version = patch.base?.version ?? patch.customer.version
      throw await conflict(message, current: current, since: version) { patch.applied(to: $0) }
    }
  }

  private func patch(
    _ name: FoundName,
    from json: Customer,
    _ paths: [String]
  ) throws -> Patch {
    var customer = json
    guard customer.customerID.isEmpty || customer.customerID.lowercased() == name.id else {
      throw Failure(
        "customerId: the JSON is of \(Words.escaped(customer.customerID)), not of \(name.id)",
        .invalidData
      )
    }
    customer.customerID = name.id
    if name.version != 0 { customer.version = name.version }
    return Patch(customer: customer, paths: paths)
  }

  /// The mask for the members of a customer's JSON: what the server sets is left out.
  ///
  /// - Throws: If a name is none of a customer's; as the JSON was read before, it has escapes.
  static func maskPaths(_ members: [String]) throws(Failure) -> [String] {
    var paths: [String] = []
    for member in members {
      guard let field = CustomerField(name: member) else {
        throw Failure("\(member): is to be written without escapes", .invalidData)
      }
      if !field.isSetByServer, !paths.contains(field.schemaName) { paths.append(field.schemaName) }
    }
    return paths
  }

  /// The customer as it is; an empty one if it isn't there and may be created.
  private func current(_ name: FoundName) async throws -> Customer {
    do {
      return try await client.get(name.id)
    } catch {
      guard case .notFound = error, invocation[Update.allowMissing] else { throw error }
      return Customer()
    }
  }
}
