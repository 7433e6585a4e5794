import Arguments
import CustomerClient
import CustomerConsole
import CustomerFormats
import CustomerModel
import ProtoWire
import Terminal

extension Session {
  /// `create FIELD=VALUE…`, `create -`.
  func create() async throws -> ExitStatus {
    let texts = invocation[Options.customer]
    var customer: Customer
    if texts == ["-"] {
      customer = try readCustomer().customer
    } else {
      customer = Customer()
      try apply(try assignments(texts), to: &customer)
    }
    if invocation[Options.dryRun] { return try await showCreation(of: customer) }
    let created = try await calls.create(customer)
    try printOne(created)
    try await tellHints(about: created)
    return .success
  }

  /// `get ID[@VERSION]…`.
  func get() async throws -> ExitStatus {
    let texts = invocation[Options.wanted]
    if let text = texts.first, texts.count == 1 {
      let name = try await find(text)
      do {
        try printOne(try await calls.get(name.id, version: name.version))
      } catch let error as CustomerError {
        throw await missing(name, error)
      }
      return .success
    }
    // What can't be understood ends the run before anything is printed.
    for text in texts { _ = try CustomerName(text) }
    var printer = try printer(format, frame: .array)
    try printer.begin()
    var status = ExitStatus.success
    for part in texts.chunks(of: Self.batchMax) {
      let (names, trouble) = try await findEach(part)
      let (found, missing) = try await read(names)
      if status == .success { status = trouble }
      for failure in missing {
        report(failure)
        status = .notFound
      }
      try printer.add(found)
    }
    try printer.end()
    return status
  }

  /// How many customers one call asks for: what the daemon answers at most.
  static let batchMax = 1000

  /// Reads customers as they were named, and says of each other that it isn't there.
  private func read(
    _ names: [FoundName]
  ) async throws -> (found: [Customer], missing: [Failure]) {
    var found: [Customer] = []
    var missing: [Failure] = []
    guard names.contains(where: { $0.version != 0 }) else {
      if !names.isEmpty { found = try await calls.batchGet(names.map(\.id)) }
      let ids = Set(found.map(\.customerID))
      for name in names where !ids.contains(name.id) {
        missing.append(Failure("no customer \(name.id)", .notFound))
      }
      return (found, missing)
    }
    for name in names {
      do {
        found.append(try await calls.get(name.id, version: name.version))
      } catch {
        guard case .notFound = error else { throw error }
        missing.append(await self.missing(name, error))
      }
    }
    return (found, missing)
  }

  /// Says why a customer can't be read: it isn't there, or has no such version.
  private func missing(_ name: FoundName, _ error: CustomerError) async -> Failure {
    guard case .notFound = error, name.version != 0 else { return await failure(of: error) }
    var newest: UInt64?
    var rest = ""
    do throws(CustomerError) {
      newest = try await calls.get(name.id, version: 0).version
      rest = "its newest is \(newest ?? 0)"
    } catch {
      if case .notFound(_, let version?) = error {
        newest = version
        rest = "it was deleted at version \(version)"
      }
    }
    // Of a version that was there once, the daemon's own words say more.
    guard let newest, name.version > newest else { return await failure(of: error) }
    return Failure("customer \(name.id) has no version \(name.version): \(rest)", .notFound)
  }

  /// `update ID FIELD=VALUE…`, `update ID -`.
  func update() async throws -> ExitStatus {
    let text = invocation[Options.changed]
    let texts = invocation[Options.changes]
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
    let isVersionGiven =
      found.version != 0 || assignments.contains { $0.target == .field(.field(.version)) }
    if !isVersionGiven, read.version != 0 { patch.base = read }
    return try await finish(patch)
  }

  /// Writes a patch or shows what it would do, prints the outcome and tells hints.
  private func finish(_ patch: Patch) async throws -> ExitStatus {
    if invocation[Options.dryRun] {
      return try await showUpdate(patch, allowMissing: invocation[Options.allowMissing])
    }
    let customer = try await write(patch, allowMissing: invocation[Options.allowMissing])
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
      if let base = patch.base { return try await calls.update(patch.customer, from: base) }
      return try await calls.update(patch.customer, mask: patch.paths, allowMissing: allowMissing)
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
      return try await calls.get(name.id, version: 0)
    } catch {
      guard case .notFound = error, invocation[Options.allowMissing] else { throw error }
      return Customer()
    }
  }

  private func apply(_ assignments: [Assignment], to customer: inout Customer) throws {
    do throws(FieldError) {
      for assignment in assignments { try assignment.apply(to: &customer) }
    } catch {
      throw Failure(error, .usage)
    }
  }

  /// Tells a failure that doesn't end the program.
  func report(_ failure: Failure) {
    for line in failure.lines { streams.tell("customerctl: \(TerminalText.safe(line))") }
  }
}

extension Array {
  /// The elements in parts of a size; the last may be smaller.
  fileprivate func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
