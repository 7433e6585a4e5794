import CustomerAPI
import CustomerClient
import CustomerService
import CustomerStore
import Locks
import TTRPC
import TTRPCServer
import TestSupport
import Testing
import WellKnownTypes

/// What callers aren't told of a failure is a line of the log, whatever the call is.
@Suite(.timeLimit(.minutes(1))) struct HiddenCauseTests {
  private let folder: TemporaryFolder
  private let reports = Lock<[(method: String, cause: String)]>([])

  init() throws { folder = try TemporaryFolder() }

  private func daemon(_ repository: FailingRepository) async throws -> TestDaemon {
    let service = CustomerService(
      repository: repository,
      reader: repository,
      source: WriteSource { 1_700_000_000_000_000 },
      server: ServerFacts(version: "1.2.3", startTime: Timestamp(nanosecondsSince1970: 5))
    )
    return try await TestDaemon(in: folder, services: service.definitions) { [reports] event in
      guard case .handlerFailed(_, let method, let cause) = event else { return }
      reports.withLock { $0.append((method, cause)) }
    }
  }

  /// A call that each method can do something with.
  private static let calls: [(service: String, method: String, request: [UInt8])] = {
    let id = "0198c0de-0000-7000-8000-000000000001"
    let customer = Customer(customerID: id, firstName: "Ann")
    let customers = CustomerServiceMethods.service
    let store = StoreServiceMethods.service
    return [
      (customers, "CreateCustomer", CreateCustomerRequest(customer: customer).encoded()),
      (customers, "GetCustomer", GetCustomerRequest(customerID: id).encoded()),
      (customers, "GetCustomer", GetCustomerRequest(customerID: id, version: 1).encoded()),
      (customers, "UpdateCustomer", UpdateCustomerRequest(customer: customer).encoded()),
      (customers, "DeleteCustomer", DeleteCustomerRequest(customerID: id).encoded()),
      (customers, "DeleteCustomer", DeleteCustomerRequest(customerID: id, erase: true).encoded()),
      (customers, "ListCustomers", []),
      (customers, "SearchCustomers", SearchCustomersRequest(query: "ann").encoded()),
      (customers, "BatchGetCustomers", BatchGetCustomersRequest(customerIDs: [id]).encoded()),
      (customers, "ImportCustomers", ImportCustomersRequest(customers: [customer]).encoded()),
      (customers, "ExportCustomers", []),
      (customers, "WatchCustomers", WatchCustomersRequest(fromStart: true).encoded()),
      (store, "GetStatus", []),
      (store, "GetSettings", []),
      (store, "UpdateSettings", UpdateSettingsRequest(settings: StoreSettings()).encoded()),
      (store, "BackUpStore", []),
    ]
  }()

  private static let streams: [String: (ofClient: Bool, ofServer: Bool)] = [
    "ImportCustomers": (true, true), "ExportCustomers": (false, true),
    "WatchCustomers": (false, true), "BackUpStore": (false, true),
  ]

  @Test func theCallsAreThoseOfTheServices() {
    let repository = FailingRepository(error: .closed)
    let service = CustomerService(
      repository: repository,
      reader: repository,
      source: WriteSource { 0 },
      server: ServerFacts(version: "", startTime: Timestamp())
    )
    let methods = service.definitions.flatMap { $0.methods.keys }
    #expect(Set(methods) == Set(Self.calls.map(\.method)))
  }

  @Test(arguments: [
    RepositoryError.ioError(path: "/p", reason: "sqlite error 10: disk I/O error"),
    .unexpected(reason: "sqlite error 1: no such table"), .corrupt(path: "/p", finding: "page 7"),
    .cannotOpen(path: "/p", reason: "gone"), .storeFull(path: "/p"), .readOnly(path: "/p"),
    .busy(path: "/p"), .outOfDescriptors(path: "/p"),
  ])
  func everyMethodLeavesALine(_ error: RepositoryError) async throws {
    let daemon = try await daemon(FailingRepository(error: error))
    let client = CustomerClient(socket: daemon.path)
    for call in Self.calls {
      let stream = Self.streams[call.method] ?? (false, false)
      let thrown = await #expect(throws: CustomerError.self) {
        let responses = try await client.call(
          service: call.service,
          method: call.method,
          requests: [call.request],
          clientStreams: stream.ofClient,
          serverStreams: stream.ofServer
        )
        while try await responses.next() != nil {}
      }
      #expect(!"\(String(describing: thrown))".contains("/p"))
      let report = reports.withLock { $0.popLast() }
      #expect(report?.method == "\(call.service)/\(call.method)")
      #expect(report?.cause.hasPrefix("\(error)") == true, "\(String(describing: report))")
      #expect(reports.withLock(\.isEmpty))
    }
    await daemon.stop()
  }

  /// What callers are told whole is theirs alone.
  @Test(arguments: [
    RepositoryError.notFound(id: "a", deletedAtVersion: nil), .closed, .tooManyWaiting(max: 1),
  ])
  func whatCallersAreToldIsNoLine(_ error: RepositoryError) async throws {
    let daemon = try await daemon(FailingRepository(error: error))
    let client = CustomerClient(socket: daemon.path)
    await #expect(throws: CustomerError.self) { try await client.list() }
    await #expect(throws: CustomerError.self) {
      try await client.get("0198c0de-0000-7000-8000-000000000001")
    }
    #expect(reports.withLock(\.isEmpty))
    await daemon.stop()
  }

  /// The call goes on, but some of its rows failed for a reason that isn't their sender's.
  @Test func aCauseThatManyRowsHaveIsOneLine() async throws {
    let error = RepositoryError.unexpected(reason: "no such table")
    let daemon = try await daemon(FailingRepository(error: error, failsRowByRow: true))
    let client = CustomerClient(socket: daemon.path)
    let rows = (0..<100).map { Customer(firstName: "C\($0)") }
    let responses = try await client.call(
      service: CustomerServiceMethods.service,
      method: "ImportCustomers",
      requests: [ImportCustomersRequest(customers: rows).encoded()],
      clientStreams: true,
      serverStreams: true
    )
    let response = try ImportCustomersResponse(decoding: try #require(try await responses.next()))
    #expect(response.results.allSatisfy { $0.error?.code == StatusCode.internal.rawValue })
    #expect(reports.withLock { $0.map(\.cause) } == ["no such table"])
    await daemon.stop()
  }

  /// The service's own words when it decided inside a write; an error of others may hold anything.
  @Test func whatAStrangersErrorSaysIsNotALine() async throws {
    struct Stranger: Error, CustomStringConvertible { let description = "Ann Lee" }
    let daemon = try await daemon(FailingRepository(error: .refused(Stranger())))
    let client = CustomerClient(socket: daemon.path)
    await #expect(throws: CustomerError.self) { try await client.create(Customer(firstName: "A")) }
    #expect(reports.withLock { $0.map(\.cause) } == ["Stranger"])
    await daemon.stop()
  }
}
