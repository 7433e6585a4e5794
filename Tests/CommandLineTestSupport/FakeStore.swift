import CustomerClient
import CustomerConsole
import CustomerModel
import ProtoWire
import WellKnownTypes

/// Customers in memory, behind the calls that the console and the verbs make.
///
/// As simple as tests need: no rule is checked but the version, and that a customer has a name.
package final class FakeStore: ConsoleCalls, @unchecked Sendable {
  package var customers: [Customer] = []
  package var past: [Customer] = []
  package var requests: [String] = []

  /// Thrown by the next call instead of an answer.
  package var failure: CustomerError?

  /// Thrown by lists, and by creations.
  package var listFailure: CustomerError?
  package var createFailure: CustomerError?

  /// Thrown by the next updates, one each.
  package var updateFailures: [CustomerError] = []

  /// Run before such a failure, as what was done all the same.
  package var beforeUpdateFailure: (() -> Void)?

  /// Whether the spaces of international numbers are taken out.
  package var normalizesPhones = false

  /// Run before the next update, as somebody else's write.
  package var interference: (() -> Void)?

  /// The versions at which customers were deleted.
  package var deletions: [String: [UInt64]] = [:]

  /// How many deletions succeed before the daemon is gone.
  package var deletionsUntilGone = Int.max

  /// How many more times the status says that traces are being overwritten.
  package var erasingCount = 0

  /// What a call of any method answers with, encoded.
  package var responses: [[UInt8]] = []

  /// The customers that have e-mail addresses which nobody else may have.
  package var emailHolders: [String: String] = [:]

  package var pageSizeMax = 2

  /// The rules that were set.
  package var rules = StoreSettings()

  /// The pieces of a backup, and what comes behind the first one instead of the others.
  package var backup: [[UInt8]] = []
  package var backupFailure: CustomerError?

  /// Awaited before each answer, of a daemon that takes its time.
  package var pause: ((_ request: String) async throws(CustomerError) -> Void)?

  package var nextID = 1

  /// Creates an empty store.
  package init() {}

  /// Takes a request in, and throws what it is to end with.
  package func begin(_ request: String) async throws(CustomerError) {
    try await pause?(request)
    requests.append(request)
    guard let failure else { return }
    throw failure
  }

  private func index(_ id: String) -> Int? { customers.firstIndex { $0.customerID == id } }

  package func create(_ customer: Customer) async throws(CustomerError) -> Customer {
    try await begin("create")
    if let createFailure { throw createFailure }
    var customer = customer
    if customer.customerID.isEmpty {
      customer.customerID = "id-\(nextID)"
      nextID += 1
    }
    guard index(customer.customerID) == nil else {
      throw .alreadyExists(message: "customer \(customer.customerID) is there", customerID: "")
    }
    customer.version = (deletions[customer.customerID]?.last ?? 0) + 1
    customers.append(customer)
    log(.created, customer)
    return customer
  }

  package func get(_ id: String, version: UInt64) async throws(CustomerError) -> Customer {
    try await begin("get \(id) \(version)")
    let all = version == 0 ? customers : customers + past
    let found = all.first { $0.customerID == id && (version == 0 || $0.version == version) }
    guard let found else {
      let versions = deletions[id] ?? []
      let deleted = version == 0 ? versions.last : versions.first { $0 == version }
      throw .notFound(message: "no customer \(id)", deletedAtVersion: deleted)
    }
    return found
  }

  package func update(
    _ edited: Customer,
    from base: Customer
  ) async throws(CustomerError) -> Customer {
    let paths = edited.parts(changedFrom: base).maskPaths
    if paths.isEmpty { return base }
    do { return try await update(edited, mask: paths, allowMissing: false) } catch {
      guard case .conflict(_, let theirs?) = error else { throw error }
      let edit = EditConflict(mine: edited, theirs: theirs, base: base)
      if let edit { throw .editConflict(message: error.message, edit: edit) }
      let merge = CustomerMerge(base: base, mine: edited, theirs: theirs)
      return try await update(merge.merged, from: theirs)
    }
  }

  package func update(
    _ customer: Customer,
    mask: [String],
    allowMissing: Bool
  ) async throws(CustomerError) -> Customer {
    try await begin("update \(mask.joined(separator: ","))\(allowMissing ? " allow-missing" : "")")
    if !updateFailures.isEmpty {
      beforeUpdateFailure?()
      throw updateFailures.removeFirst()
    }
    interference?()
    interference = nil
    guard let index = index(customer.customerID) else {
      guard allowMissing else {
        throw .notFound(message: "no customer \(customer.customerID)", deletedAtVersion: nil)
      }
      return try await create(customer)
    }
    var current = customers[index]
    guard customer.version == 0 || customer.version == current.version else {
      throw .conflict(message: "customer \(customer.customerID) has changed", current: current)
    }
    past.append(current)
    for path in mask { Self.copy(path, from: customer, to: &current) }
    current.version += 1
    customers[index] = current
    log(.updated, current)
    return current
  }

  private static func copy(_ path: String, from: Customer, to: inout Customer) {
    if let field = CustomerField(name: path) { return field.copy(from: from, to: &to) }
    if path == "*" {
      let current = to
      to = from
      to.version = current.version
    } else {
      let name = String(path.dropFirst("attributes.".count))
      to.attributes[name] = from.attributes[name]
    }
  }

  package func delete(
    _ id: String,
    version: UInt64,
    erase: Bool
  ) async throws(CustomerError) -> UInt64 {
    try await begin("delete \(id) \(version)\(erase ? " erase" : "")")
    guard deletionsUntilGone > 0 else {
      throw .unavailable(message: "it is gone", outcome: .neverBegun)
    }
    deletionsUntilGone -= 1
    guard let index = index(id) else {
      throw .notFound(message: "no customer \(id)", deletedAtVersion: nil)
    }
    let customer = customers.remove(at: index)
    guard version == 0 || version == customer.version else {
      customers.insert(customer, at: index)
      throw .conflict(message: "customer \(id) has changed", current: customer)
    }
    past.append(customer)
    deletions[id, default: []].append(customer.version + 1)
    log(erase ? .erased : .deleted, customer)
    return customer.version + 1
  }

  package func list(
    _ request: ListCustomersRequest
  ) async throws(CustomerError) -> ListCustomersResponse {
    try await begin("list \(request.pageSize) '\(request.filter)' '\(request.orderBy)'")
    if let listFailure { throw listFailure }
    let customers = customers.filter { Self.matches(request.filter, $0) }
    let start = Int(request.pageToken.prefix { $0 != "!" }) ?? 0
    let end = min(customers.count, start + min(pageSizeMax, Int(request.pageSize)))
    var response = ListCustomersResponse()
    response.customers = Array(customers[start..<end])
    if end < customers.count { response.nextPageToken = "\(end)" }
    if start == 0 { response.totalSize = Int32(customers.count) }
    response.totalSizeIsMinimum = isTotalMinimum
    guard hasEmptyPages, !request.pageToken.hasSuffix("!") else { return response }
    // Nothing on this page, and another behind it.
    response.customers = []
    response.nextPageToken = "\(start)!"
    return response
  }

  /// Whether every page comes empty first.
  package var hasEmptyPages = false

  /// Whether totals are where counting stopped.
  package var isTotalMinimum = false

  /// `FIELD = "VALUE"` of the fields that this program looks for; any other filter finds all.
  private static func matches(_ filter: String, _ customer: Customer) -> Bool {
    let parts = filter.split(separator: " = ", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return true }
    let value = parts[1].dropFirst().dropLast().lowercased()
    let texts: [String]
    switch parts[0] {
    case "customerId": texts = [customer.customerID]
    case "emailAddress": texts = [customer.emailAddress]
    case "phones.numberInternational": texts = customer.phones.map(\.numberInternational)
    default: return true
    }
    return texts.contains { text in
      value.hasSuffix("*")
        ? text.lowercased().hasPrefix(value.dropLast()) : text.lowercased() == value
    }
  }

  /// Those whose display name holds the query, in their order.
  package func search(_ query: String, limit: Int32) async throws(CustomerError) -> [Customer] {
    try await begin("search '\(query)' \(limit)")
    let found = customers.filter { $0.displayName.contains(query) }
    return limit == 0 ? found : Array(found.prefix(Int(limit)))
  }

  /// What a watch shows, wherever it begins: what was done, and what tests put in.
  package var changes: [Change] = []

  package func watch(
    from start: CustomerClient.WatchStart,
    id: String,
    stopsAtEnd: Bool
  ) async throws(CustomerError) -> any WatchCall {
    try await begin("watch \(start) '\(id)'\(stopsAtEnd ? " stop" : "")")
    return FakeWatch(changes.filter { id.isEmpty || $0.customer?.customerID == id })
  }

  package func status() async throws(CustomerError) -> StoreStatus {
    try await begin("status")
    erasingCount -= 1
    var status = StoreStatus()
    status.storeID = "f00d"
    status.serverVersion = "1.2.3"
    status.startTime = Timestamp()
    status.startTime?.seconds = 1_767_225_600
    status.customerCount = UInt64(customers.count)
    status.changeCount = 7
    status.databaseBytes = 4096
    status.schemaVersion = 1
    status.erasing = erasingCount >= 0
    return status
  }

  private func log(_ kind: Change.Kind, _ customer: Customer) {
    let time = Timestamp(seconds: 1_767_225_600 + Int64(changes.count), nanos: 0)
    changes.append(
      Change(
        resumeToken: "t\(changes.count + 1)",
        kind: kind,
        customer: customer,
        changeTime: time,
        author: Author(userID: 1000, processID: 42, program: "test")
      )
    )
  }
}

/// Changes that were made already; the watch ends behind them.
private final class FakeWatch: WatchCall {
  private var changes: [Change]

  init(_ changes: [Change]) { self.changes = changes }

  func next() async throws(CustomerError) -> Change? {
    changes.isEmpty ? nil : changes.removeFirst()
  }
}
