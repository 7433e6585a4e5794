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
    try printOne(try await calls.create(customer))
    return .success
  }

  /// `get ID[@VERSION]…`.
  func get() async throws -> ExitStatus {
    let names = try invocation[Options.wanted].map(CustomerName.init)
    if names.count == 1, let name = names.first {
      try printOne(try await calls.get(name.id, version: name.version))
      return .success
    }
    var printer = CustomerPrinter(format, frame: .array, to: streams)
    try printer.begin()
    var status = ExitStatus.success
    for part in names.chunks(of: Self.batchMax) {
      let found = try await find(part)
      for name in part where !found.contains(where: { $0.customerID == name.id.lowercased() }) {
        streams.tell("customerctl: no customer \(Words.escaped(name.id))")
        status = .notFound
      }
      try printer.add(found)
    }
    try printer.end()
    return status
  }

  /// How many customers one call asks for: what the daemon answers at most.
  static let batchMax = 1000

  private func find(_ names: [CustomerName]) async throws -> [Customer] {
    if names.allSatisfy({ $0.version == 0 }) {
      return try await calls.batchGet(names.map(\.id))
    }
    var found: [Customer] = []
    for name in names {
      do {
        found.append(try await calls.get(name.id, version: name.version))
      } catch {
        guard case .notFound = error else { throw error }
      }
    }
    return found
  }

  /// `update ID FIELD=VALUE…`, `update ID -`.
  func update() async throws -> ExitStatus {
    let name = try CustomerName(invocation[Options.changed])
    let texts = invocation[Options.changes]
    if texts == ["-"] {
      try printOne(try await update(name, from: try readCustomer()))
    } else {
      try printOne(try await update(name, with: try assignments(texts)))
    }
    return .success
  }

  private func update(
    _ name: CustomerName,
    from json: (customer: Customer, members: [String])
  ) async throws -> Customer {
    var customer = json.customer
    guard customer.customerID.isEmpty || customer.customerID.lowercased() == name.id.lowercased()
    else {
      throw Failure(
        "customerId: the JSON is of \(Words.escaped(customer.customerID)), not of "
          + Words.escaped(name.id),
        .invalidData
      )
    }
    customer.customerID = name.id
    if name.version != 0 { customer.version = name.version }
    return try await calls.update(
      customer,
      mask: try Self.maskPaths(json.members),
      allowMissing: invocation[Options.allowMissing]
    )
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

  private func update(
    _ name: CustomerName,
    with assignments: [Assignment]
  ) async throws -> Customer {
    if assignments.contains(where: { $0.target == .field(.customerID) }) {
      throw Failure("customerId: names the customer and can't be changed", .usage)
    }
    var attempt = 1
    while true {
      // A list is written whole: it is read first, and nobody may have changed it since.
      var customer = Customer()
      if assignments.changesList { customer = try await current(name) }
      try apply(assignments, to: &customer)
      customer.customerID = name.id
      let isVersionGiven = assignments.contains { $0.target == .field(.version) }
      if name.version != 0 { customer.version = name.version }
      do {
        return try await calls.update(
          customer,
          mask: assignments.maskPaths,
          allowMissing: invocation[Options.allowMissing]
        )
      } catch {
        guard case .conflict = error, attempt < Self.attemptsMax, name.version == 0,
          !isVersionGiven
        else { throw error }
        attempt += 1
      }
    }
  }

  /// The customer as it is; an empty one if it isn't there and may be created.
  private func current(_ name: CustomerName) async throws -> Customer {
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

  /// `delete ID… [--yes] [--erase]`.
  func delete() async throws -> ExitStatus {
    let names = try invocation[Options.deleted].map(CustomerName.init)
    guard try isDeletionWanted(names) else { return .success }
    var deleted: [(id: String, version: UInt64)] = []
    var status = ExitStatus.success
    for name in names {
      do {
        let version = try await calls.delete(
          name.id,
          version: name.version,
          erase: invocation[Options.erase]
        )
        deleted.append((name.id, version))
      } catch {
        let failure = Failure(error, socket: socket)
        // A daemon that is gone stays gone; anything else is one customer's trouble.
        if failure.status == .unreachable { throw failure }
        report(failure)
        if status == .success { status = failure.status }
      }
    }
    try printDeleted(deleted)
    return status
  }

  private func isDeletionWanted(_ names: [CustomerName]) throws -> Bool {
    guard streams.isInputTerminal, !invocation[Options.yes] else { return true }
    let what = names.count == 1 ? "customer \(names[0].id)" : "\(names.count) customers"
    let word = invocation[Options.erase] ? "erase" : "delete"
    let answer = streams.readAnswer(to: "\(word) \(Words.escaped(what))? [y/N] ")
    return ["y", "yes"].contains(answer?.lowercased())
  }

  private func printDeleted(_ deleted: [(id: String, version: UInt64)]) throws {
    let objects = deleted.map { #"{"customerId": "\#($0.id)", "version": "\#($0.version)"}"# }
    switch format {
    case .table:
      for (id, version) in deleted {
        try streams.write("deleted \(TerminalText.safe(id)) (version \(version))\n")
      }
    case .json:
      let isSingle = invocation[Options.deleted].count == 1
      let array = "[\n" + objects.map { "  " + $0 }.joined(separator: ",\n") + "\n]"
      try streams.write((isSingle ? objects.first ?? "[]" : array) + "\n")
    case .ndjson:
      for object in objects { try streams.write(object + "\n") }
    case .id, .vcard:
      for (id, _) in deleted { try streams.write(TerminalText.safe(id) + "\n") }
    case .csv, .tsv:
      let writer = CSVWriter(delimiter: format == .csv ? "," : "\t")
      try streams.write(writer.line(["customerId", "version"]))
      for (id, version) in deleted { try streams.write(writer.line([id, "\(version)"])) }
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
