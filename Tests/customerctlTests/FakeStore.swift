import Arguments
import CommandLineTestSupport
import CustomerClient
import CustomerModel
import ProtoJSON
import ProtoWire

@testable import CustomerFormats
@testable import Terminal
@testable import customerctl

// What verbs call beside what the console does.

extension FakeStore: CustomerCalls {
  package func batchGet(_ ids: [String]) async throws(CustomerError) -> [Customer] {
    try await begin("batchGet \(ids.count)")
    return ids.compactMap { id in customers.first { $0.customerID == id } }
  }

  package func importCustomers(
    mode: ImportCustomersRequest.Mode,
    match: String
  ) async throws(CustomerError) -> any ImportCall {
    try await begin("import \(mode.rawValue) '\(match)'")
    return FakeImport(store: self, isValidating: mode == .validate)
  }

  package func export(filter: String) async throws(CustomerError) -> any ExportCall {
    try await begin("export '\(filter)'")
    return FakeExport(customers: customers)
  }

  package func settings() async throws(CustomerError) -> StoreSettings {
    try await begin("settings")
    return rules
  }

  package func updateSettings(
    _ settings: StoreSettings,
    mask: [String]
  ) async throws(CustomerError) -> StoreSettings {
    try await begin("set \(mask.joined(separator: ","))")
    if mask.contains("unique_email") { rules.uniqueEmail = settings.uniqueEmail }
    if mask.contains("history_retention") { rules.historyRetention = settings.historyRetention }
    return rules
  }

  package func backUp() async throws(CustomerError) -> any BackupCall {
    try await begin("backUp")
    return FakeBackup(backup, failure: backupFailure)
  }

  package func call(
    _ method: MethodDescriptor,
    _ requests: [[UInt8]]
  ) async throws(CustomerError) -> any MethodCall {
    try await begin("call \(method.service)/\(method.name) \(requests.map(\.count))")
    return FakeCall(responses)
  }
}

/// Takes customers that have a first or a last name; those named `same` are there already.
final class FakeImport: ImportCall {
  /// How often `send` succeeds before the daemon is gone.
  static let messagesUntilGone = 3

  let store: FakeStore
  let isValidating: Bool
  var answers: [[ImportResult]] = []
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
          let message = "the e-mail address is customer \(holder)'s"
          return ImportResult(
            outcome: .failure(.alreadyExists(message: message, customerID: holder))
          )
        }
        if customer.firstName == "same" { return ImportResult(outcome: .success(.unchanged)) }
        if customer.firstName.isEmpty, customer.lastName.isEmpty {
          let violations = [
            Violation(field: "customer", description: "has no name"),
            Violation(field: "emailAddress", description: "has no @"),
          ]
          return ImportResult(
            outcome: .failure(.invalid(message: "customer: has no name", violations: violations))
          )
        }
        var customer = customer
        if customer.customerID.isEmpty { customer.customerID = "row-\(store.customers.count)" }
        for index in customer.phones.indices where store.normalizesPhones {
          customer.phones[index].numberInternational.removeAll { $0 == " " }
        }
        if !isValidating { store.customers.append(customer) }
        return ImportResult(outcome: .success(.created))
      }
    )
  }

  func results() async throws(CustomerError) -> [ImportResult] {
    guard !answers.isEmpty else {
      throw .failed(code: "INTERNAL", reason: nil, message: "nothing is on the way")
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

/// Responses that were made already.
final class FakeCall: MethodCall {
  private var responses: [[UInt8]]

  init(_ responses: [[UInt8]]) { self.responses = responses }

  func next() async throws(CustomerError) -> [UInt8]? {
    responses.isEmpty ? nil : responses.removeFirst()
  }
}
