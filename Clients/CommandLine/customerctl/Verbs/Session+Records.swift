import Arguments
import CustomerClient
import CustomerModel
import ProtoWire

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
      return try await finish(try patch(found, from: json.customer, paths), explains: true)
    }
    let assignments = try assignments(texts)
    if assignments.contains(where: { $0.target == .field(.customerID) }) {
      throw Failure("customerId: names the customer and can't be changed", .usage)
    }
    let found = try await find(name, as: text)
    let isVersionGiven = assignments.contains { $0.target == .field(.version) }
    var attempt = 1
    while true {
      // A list is written whole: it is read first, and nobody may have changed it since.
      var customer = Customer()
      if assignments.changesList { customer = try await current(found) }
      try apply(assignments, to: &customer)
      customer.customerID = found.id
      if found.version != 0 { customer.version = found.version }
      let patch = Patch(customer: customer, paths: assignments.maskPaths)
      let isLast = attempt == Self.attemptsMax || found.version != 0 || isVersionGiven
      do {
        return try await finish(patch, explains: isLast)
      } catch let error as CustomerError {
        guard case .conflict = error, !isLast else { throw error }
        attempt += 1
      }
    }
  }

  /// Writes a patch or shows what it would do, prints the outcome and tells hints.
  private func finish(_ patch: Patch, explains: Bool) async throws -> ExitStatus {
    if invocation[Options.dryRun] {
      return try await showUpdate(patch, allowMissing: invocation[Options.allowMissing])
    }
    let customer = try await write(
      patch,
      allowMissing: invocation[Options.allowMissing],
      explains: explains
    )
    try printOne(customer)
    if patch.touchesWhatOthersMayHave { try await tellHints(about: customer) }
    return .success
  }

  /// Writes a patch.
  ///
  /// - Parameters:
  ///   - patch: What to write.
  ///   - allowMissing: Whether a customer that isn't there is created.
  ///   - explains: Whether a conflict comes back as a ``Failure`` that tells both sides.
  /// - Returns: The customer as it is then.
  /// - Throws: ``CustomerError``, ``Failure``.
  func write(
    _ patch: Patch,
    allowMissing: Bool,
    explains: Bool = true
  ) async throws -> Customer {
    do {
      return try await calls.update(patch.customer, mask: patch.paths, allowMissing: allowMissing)
    } catch {
      guard explains, case .conflict(let message, let current?) = error else { throw error }
      throw await conflict(message, current: current, since: patch.customer.version) {
        patch.applied(to: $0)
      }
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
      let path: String
      if let collection = Assignment.Collection(rawValue: member) {
        path = collection.rawValue
      } else {
        switch try? FieldPath(member) {
        case .customerID, .version, .createTime, .updateTime: continue
        case .none: throw Failure("\(member): is to be written without escapes", .invalidData)
        case .some(let field): path = field.maskPath
        }
      }
      if !paths.contains(path) { paths.append(path) }
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

  /// How often a change that depends on no version is tried before the conflict is reported.
  static let attemptsMax = 5

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
