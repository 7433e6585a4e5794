import Arguments
import CustomerClient
import CustomerModel
import ProtoJSON
import ProtoWire
import WellKnownTypes

@testable import customerctl

/// Customers in memory, behind the calls that verbs make.
///
/// As simple as tests need: no rule is checked but the version, and that a customer has a name.
class FakeStore: CustomerCalls, @unchecked Sendable {
  var customers: [Customer] = []
  var past: [Customer] = []
  var requests: [String] = []

  /// Thrown by the next call instead of an answer.
  var failure: CustomerError?

  /// Thrown by lists, and by creations.
  var listFailure: CustomerError?
  var createFailure: CustomerError?

  /// Thrown by the next updates, one each.
  var updateFailures: [CustomerError] = []

  /// Run before such a failure, as what was done all the same.
  var beforeUpdateFailure: (() -> Void)?

  /// Whether the spaces of international numbers are taken out.
  var normalizesPhones = false

  /// Run before the next update, as somebody else's write.
  var interference: (() -> Void)?

  /// The versions at which customers were deleted.
  var deletions: [String: [UInt64]] = [:]

  /// How many deletions succeed before the daemon is gone.
  var deletionsUntilGone = Int.max

  /// How many more times the status says that traces are being overwritten.
  var erasingCount = 0

  /// What a call of any method answers with, encoded.
  var responses: [[UInt8]] = []

  /// The customers that have e-mail addresses which nobody else may have.
  var emailHolders: [String: String] = [:]

  var pageSizeMax = 2
  var nextID = 1

  private func begin(_ request: String) throws(CustomerError) {
    requests.append(request)
    guard let failure else { return }
    throw failure
  }

  private func index(_ id: String) -> Int? { customers.firstIndex { $0.customerID == id } }

  func create(_ customer: Customer) async throws(CustomerError) -> Customer {
    try begin("create")
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

  func get(_ id: String, version: UInt64) async throws(CustomerError) -> Customer {
    try begin("get \(id) \(version)")
    let all = version == 0 ? customers : customers + past
    let found = all.first { $0.customerID == id && (version == 0 || $0.version == version) }
    guard let found else {
      let versions = deletions[id] ?? []
      let deleted = version == 0 ? versions.last : versions.first { $0 == version }
      throw .notFound(message: "no customer \(id)", deletedAtVersion: deleted)
    }
    return found
  }

  func update(
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

  func update(
    _ customer: Customer,
    mask: [String],
    allowMissing: Bool
  ) async throws(CustomerError) -> Customer {
    try begin("update \(mask.joined(separator: ","))\(allowMissing ? " allow-missing" : "")")
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

  func delete(_ id: String, version: UInt64, erase: Bool) async throws(CustomerError) -> UInt64 {
    try begin("delete \(id) \(version)\(erase ? " erase" : "")")
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

  func list(_ request: ListCustomersRequest) async throws(CustomerError) -> ListCustomersResponse {
    try begin("list \(request.pageSize) '\(request.filter)' '\(request.orderBy)'")
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
  var hasEmptyPages = false

  /// Whether totals are where counting stopped.
  var isTotalMinimum = false

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

  func batchGet(_ ids: [String]) async throws(CustomerError) -> [Customer] {
    try begin("batchGet \(ids.count)")
    return ids.compactMap { id in index(id).map { customers[$0] } }
  }

  func importCustomers(
    mode: ImportCustomersRequest.Mode,
    match: String
  ) async throws(CustomerError) -> any ImportCall {
    try begin("import \(mode.rawValue) '\(match)'")
    return FakeImport(store: self, isValidating: mode == .validate)
  }

  func export(filter: String) async throws(CustomerError) -> any ExportCall {
    try begin("export '\(filter)'")
    return FakeExport(customers: customers)
  }

  /// Those whose display name holds the query, in their order.
  func search(_ query: String, limit: Int32) async throws(CustomerError) -> [Customer] {
    try begin("search '\(query)' \(limit)")
    let found = customers.filter { $0.displayName.contains(query) }
    return limit == 0 ? found : Array(found.prefix(Int(limit)))
  }

  /// What a watch shows, wherever it begins: what was done, and what tests put in.
  var changes: [Change] = []

  func watch(
    from start: CustomerClient.WatchStart,
    id: String,
    stopsAtEnd: Bool
  ) async throws(CustomerError) -> any WatchCall {
    try begin("watch \(start) '\(id)'\(stopsAtEnd ? " stop" : "")")
    return FakeWatch(changes.filter { id.isEmpty || $0.customer?.customerID == id })
  }

  /// The rules that were set.
  var rules = StoreSettings()

  func settings() async throws(CustomerError) -> StoreSettings {
    try begin("settings")
    return rules
  }

  func updateSettings(
    _ settings: StoreSettings,
    mask: [String]
  ) async throws(CustomerError) -> StoreSettings {
    try begin("set \(mask.joined(separator: ","))")
    if mask.contains("unique_email") { rules.uniqueEmail = settings.uniqueEmail }
    if mask.contains("history_retention") { rules.historyRetention = settings.historyRetention }
    return rules
  }

  /// The pieces of a backup, and what comes behind the first one instead of the others.
  var backup: [[UInt8]] = []
  var backupFailure: CustomerError?

  func backUp() async throws(CustomerError) -> any BackupCall {
    try begin("backUp")
    return FakeBackup(backup, failure: backupFailure)
  }

  func status() async throws(CustomerError) -> StoreStatus {
    try begin("status")
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

  func call(
    _ method: MethodDescriptor,
    _ requests: [[UInt8]]
  ) async throws(CustomerError) -> any MethodCall {
    try begin("call \(method.service)/\(method.name) \(requests.map(\.count))")
    return FakeCall(responses)
  }

  private func log(_ kind: Change.Kind, _ customer: Customer) {
    let time = Timestamp(seconds: 1_767_225_600 + Int64(changes.count), nanos: 0)
    changes.append(
      Change(
        resumeToken: "t\(changes.count + 1)",
        kind: kind,
        customer: customer,
        changeTime: time,
        actor: "uid=1000 pid=42 test"
      )
    )
  }
}

/// Takes customers that have a first or a last name; those named `same` are there already.
final class FakeImport: ImportCall {
  /// How often `send` succeeds before the daemon is gone.
  static let messagesUntilGone = 3

  let store: FakeStore
  let isValidating: Bool
  var answers: [[RowResult]] = []
  var messages = 0

  init(store: FakeStore, isValidating: Bool = false) {
    self.store = store
    self.isValidating = isValidating
  }

  func send(_ customers: [Customer]) async throws(CustomerError) {
    messages += 1
    if customers.contains(where: { $0.firstName == "gone" }) {
      throw .unavailable(message: "it is gone", outcome: .neverBegun)
    }
    store.requests.append("send \(customers.count)")
    answers.append(
      customers.map { customer in
        if let holder = store.emailHolders[customer.emailAddress] {
          let problem = FieldError(
            field: "emailAddress",
            reason: "the e-mail address is customer \(holder)'s"
          )
          return RowResult(
            outcome: .failed,
            reason: RowResult.emailTaken,
            holderID: holder,
            problems: [problem]
          )
        }
        if customer.firstName == "same" { return RowResult(outcome: .unchanged) }
        if customer.firstName.isEmpty, customer.lastName.isEmpty {
          return RowResult(
            outcome: .failed,
            problems: [
              FieldError(field: "customer", reason: "has no name"),
              FieldError(field: "emailAddress", reason: "has no @"),
            ]
          )
        }
        var customer = customer
        if customer.customerID.isEmpty { customer.customerID = "row-\(store.customers.count)" }
        for index in customer.phones.indices where store.normalizesPhones {
          customer.phones[index].numberInternational.removeAll { $0 == " " }
        }
        if !isValidating { store.customers.append(customer) }
        return RowResult(outcome: .created)
      }
    )
  }

  func results() async throws(CustomerError) -> [RowResult] {
    guard !answers.isEmpty else {
      throw .failed(code: "INTERNAL", reason: "", message: "nothing is on the way")
    }
    return answers.removeFirst()
  }

  func finish() async throws(CustomerError) { store.requests.append("finish") }
}

/// All customers, two a message.
final class FakeExport: ExportCall {
  var customers: [Customer]
  var isAtEnd = false

  init(customers: [Customer]) { self.customers = customers }

  func next() async throws(CustomerError) -> ExportCustomersResponse? {
    guard !isAtEnd else { return nil }
    var response = ExportCustomersResponse()
    response.customers = Array(customers.prefix(2))
    customers.removeFirst(response.customers.count)
    isAtEnd = customers.isEmpty
    if isAtEnd { response.resumeToken = "t0k3n" }
    return response
  }
}

/// A backup in pieces.
final class FakeBackup: BackupCall {
  private var pieces: [[UInt8]]
  private let total: Int
  private let failure: CustomerError?

  init(_ pieces: [[UInt8]], failure: CustomerError?) {
    self.pieces = pieces
    self.failure = failure
    total = pieces.map(\.count).reduce(0, +)
  }

  func next() async throws(CustomerError) -> BackUpStoreResponse? {
    if let failure, pieces.map(\.count).reduce(0, +) < total { throw failure }
    guard !pieces.isEmpty else { return nil }
    var piece = BackUpStoreResponse()
    piece.data = pieces.removeFirst()
    piece.totalBytes = UInt64(total)
    return piece
  }
}

/// Streams in memory.
final class TestStreams: Streams {
  var output = ""
  var errors: [String] = []
  var input: [UInt8] = []
  var answer: String?
  var questions: [String] = []
  var isOutputTerminal = false
  var isErrorTerminal = false
  var isInputTerminal = false
  var width: Int?
  var usesStyles = false
  var flushCount = 0
  var pager: String?

  func write(_ text: String) { output += text }
  func flush() { flushCount += 1 }
  func startPager(_ command: String) { pager = command }
  func tell(_ line: String) { errors.append(line) }
  func tellProgress(_ line: String) {}

  func readAll(atMost limit: Int) throws(StreamError) -> [UInt8] {
    guard input.count <= limit else { throw .tooLong(file: "standard input", limit: limit) }
    return input
  }

  func readAnswer(to question: String) -> String? {
    questions.append(question)
    return answer
  }
}

/// A run of the program against a store in memory.
struct TestRun {
  let store: FakeStore
  let streams: TestStreams
  let status: Int32

  init(
    _ arguments: [String],
    store: FakeStore = FakeStore(),
    environment: [String: String] = [:],
    _ prepare: (TestStreams) -> Void = { _ in }
  ) async {
    let streams = TestStreams()
    prepare(streams)
    self.store = store
    self.streams = streams
    status = await Program.run(
      arguments,
      environment: { environment[$0] },
      streams: streams,
      connect: { (store, $0 ?? "/run/customers.sock") }
    ).rawValue
  }

  var output: String { streams.output }
  var errors: [String] { streams.errors }
}

/// Changes that were made already; the watch ends behind them.
final class FakeWatch: WatchCall {
  private var changes: [Change]

  init(_ changes: [Change]) { self.changes = changes }

  func next() async throws(CustomerError) -> Change? {
    changes.isEmpty ? nil : changes.removeFirst()
  }
}

/// Responses that were made already.
final class FakeCall: MethodCall {
  private var responses: [[UInt8]]

  init(_ responses: [[UInt8]]) { self.responses = responses }

  func next() async throws(CustomerError) -> [UInt8]? {
    responses.isEmpty ? nil : responses.removeFirst()
  }
}
