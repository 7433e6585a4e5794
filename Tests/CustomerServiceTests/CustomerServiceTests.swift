import CustomerAPI
import CustomerModel
import CustomerStore
import ProtoWire
import ServiceInMemory
import Synchronization
import TTRPC
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerService

/// A service over a store of its own, called through its stub without a socket.
struct ServiceUnderTest {
  let folder: TemporaryFolder
  let repository: SQLiteRepository
  let customers: CustomerServiceStub
  let store: StoreServiceStub

  init() throws {
    folder = try TemporaryFolder()
    let time = SteppingClock(1_700_000_000_000_000)
    let source = WriteSource { time.next() }
    repository = try SQLiteRepository(
      StoreOptions(path: folder.file("customers.db"), newStoreID: source.makeID().description)
    )
    let service = CustomerService(
      repository: repository,
      reader: try repository.makeReader(),
      source: source,
      server: ServerFacts(version: "1.2.3", startTime: Timestamp(nanosecondsSince1970: 5)),
      heartbeatInterval: .milliseconds(50)
    )
    let channel = InMemoryChannel(service.definitions)
    customers = CustomerServiceStub(channel)
    store = StoreServiceStub(channel)
  }

  func create(_ change: (inout Customer) -> Void) async throws -> Customer {
    var request = CreateCustomerRequest()
    var customer = Customer()
    change(&customer)
    request.customer = customer
    return try await customers.createCustomer(request)
  }

  func get(_ id: String, version: UInt64 = 0) async throws -> Customer {
    var request = GetCustomerRequest()
    request.customerID = id
    request.version = version
    return try await customers.getCustomer(request)
  }

  func update(
    _ customer: Customer,
    mask: [String]? = nil,
    allowMissing: Bool = false
  ) async throws -> Customer {
    var request = UpdateCustomerRequest()
    request.customer = customer
    request.allowMissing = allowMissing
    if let mask {
      var paths = FieldMask()
      paths.paths = mask
      request.updateMask = paths
    }
    return try await customers.updateCustomer(request)
  }

  func importing(
    _ customers: [Customer],
    mode: ImportCustomersRequest.Mode = .upsert,
    match: String = ""
  ) async throws -> [ImportCustomersResponse.Result] {
    let call = try await self.customers.importCustomers()
    var request = ImportCustomersRequest()
    request.mode = mode
    request.match = match
    request.customers = customers
    try await call.send(request)
    try await call.closeSending()
    var results: [ImportCustomersResponse.Result] = []
    for try await response in call.responses { results += response.results }
    return results
  }

  func export() async throws -> (customers: [Customer], token: String) {
    var customers: [Customer] = []
    var token = ""
    for try await message in try await self.customers.exportCustomers(ExportCustomersRequest()) {
      #expect(token.isEmpty)
      customers += message.customers
      token = message.resumeToken
    }
    return (customers, token)
  }
}

/// A clock that goes on by a microsecond each time it is asked.
final class SteppingClock: Sendable {
  private let value: Atomic<Int64>

  init(_ start: Int64) { value = Atomic(start) }

  func next() -> Int64 { value.add(1, ordering: .relaxed).newValue }
}

/// The error that a call ends with.
func failure<Value>(_ call: () async throws -> Value) async -> RPCError? {
  do {
    _ = try await call()
    return nil
  } catch {
    return error as? RPCError
  }
}

@Suite struct CustomerServiceTests {
  @Test func createFillsWhatTheServerSets() async throws {
    let service = try ServiceUnderTest()
    let customer = try await service.create {
      $0.firstName = " Grace "
      $0.lastName = "Hopper"
      $0.phones = [PhoneNumber(numberInternational: "+61 491 570 006")]
    }
    #expect(customer.customerID.count == 36)
    #expect(customer.version == 1)
    #expect(customer.firstName == "Grace")
    #expect(customer.displayName == "Grace Hopper")
    #expect(customer.phones[0].key.count == 36)
    #expect(customer.phones[0].numberInternational == "+61491570006")
    #expect(customer.createTime == customer.updateTime && customer.createTime != nil)
    #expect(try await service.get(customer.customerID) == customer)
    #expect(try await service.get(customer.customerID.uppercased()) == customer)
  }

  @Test func allViolationsComeAtOnce() async throws {
    let service = try ServiceUnderTest()
    let error = await failure {
      try await service.create {
        $0.emailAddress = "nobody"
        $0.phones = [PhoneNumber(country: "UK")]
      }
    }
    #expect(error?.code == .invalidArgument)
    let fields = error?.detail(BadRequest.self)?.fieldViolations.map(\.field)
    #expect(fields == ["emailAddress", "phones[0].country"])
    #expect(error?.detail(ErrorInfo.self)?.domain == "customers.v1")
  }

  @Test func aTakenIDIsRefused() async throws {
    let service = try ServiceUnderTest()
    let customer = try await service.create { $0.firstName = "Ann" }
    let error = await failure {
      try await service.create {
        $0.customerID = customer.customerID
        $0.firstName = "Bob"
      }
    }
    #expect(error?.code == .alreadyExists)
  }

  @Test func aStaleVersionIsAConflictWithTheCurrentRecord() async throws {
    let service = try ServiceUnderTest()
    var customer = try await service.create { $0.firstName = "Ann" }
    let first = customer
    customer.firstName = "Anna"
    let updated = try await service.update(customer)
    #expect(updated.version == 2)
    let error = await failure { try await service.update(first, mask: ["*"]) }
    #expect(error?.code == .aborted)
    #expect(error?.detail(ErrorInfo.self)?.reason == "VERSION_MISMATCH")
    #expect(error?.detail(Customer.self) == updated)
    #expect(try await service.get(customer.customerID, version: 1) == first)
  }

  @Test func anUpdateThatChangesNothingKeepsTheVersion() async throws {
    let service = try ServiceUnderTest()
    let customer = try await service.create { $0.firstName = "Ann" }
    #expect(try await service.update(customer) == customer)
    #expect(try await service.update(customer, mask: ["*"]) == customer)
  }

  @Test func aMaskSetsAndRemovesOneAttribute() async throws {
    let service = try ServiceUnderTest()
    let customer = try await service.create {
      $0.firstName = "Ann"
      $0.attributes = ["tier": "gold", "old": "x"]
    }
    var patch = Customer()
    patch.customerID = customer.customerID
    patch.attributes = ["tier": "silver"]
    let updated = try await service.update(patch, mask: ["attributes.tier", "attributes.old"])
    #expect(updated.attributes == ["tier": "silver"])
    #expect(updated.firstName == "Ann")
  }

  @Test func deletedCustomersAreNotFoundAndComeBack() async throws {
    let service = try ServiceUnderTest()
    let customer = try await service.create { $0.firstName = "Ann" }
    var request = DeleteCustomerRequest()
    request.customerID = customer.customerID
    #expect(try await service.customers.deleteCustomer(request).version == 2)
    let error = await failure { try await service.get(customer.customerID) }
    #expect(error?.code == .notFound)
    #expect(error?.detail(ErrorInfo.self)?.reason == "DELETED")
    var past = try await service.get(customer.customerID, version: 1)
    past.version = 0
    let back = try await service.update(past, allowMissing: true)
    #expect(back.version == 3)
  }

  @Test func aVersionThatNeverWasIsNoMissingCustomer() async throws {
    let service = try ServiceUnderTest()
    let customer = try await service.create { $0.firstName = "Ann" }
    let error = await failure { try await service.get(customer.customerID, version: 99) }
    #expect(error?.code == .notFound)
    #expect(error?.message == "customer \(customer.customerID) has no version 99, the newest is 1")
    #expect(error?.detail(ErrorInfo.self)?.metadata == ["newestVersion": "1"])
  }

  @Test func listPagesShowAllInOrderOfCreation() async throws {
    let service = try ServiceUnderTest()
    var created: [String] = []
    for number in 0..<25 {
      created.append(try await service.create { $0.firstName = "n\(number)" }.customerID)
    }
    var request = ListCustomersRequest()
    request.pageSize = 10
    var seen: [String] = []
    var sizes: [Int32] = []
    repeat {
      let page = try await service.customers.listCustomers(request)
      seen += page.customers.map(\.customerID)
      sizes.append(page.totalSize)
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    #expect(seen == created)
    #expect(sizes == [25, 0, 0])
  }

  @Test(arguments: ["x", "a.b.c", "..", "00000000-0000-0000-0000-000000000000.1.00000000"])
  func aStrangePageTokenIsRefused(token: String) async throws {
    let service = try ServiceUnderTest()
    var request = ListCustomersRequest()
    request.pageToken = token
    let error = await failure { try await service.customers.listCustomers(request) }
    #expect(error?.detail(ErrorInfo.self)?.reason == "PAGE_TOKEN_INVALID")
  }

  @Test func pageSizesOutsideTheirRange() async throws {
    let service = try ServiceUnderTest()
    var request = ListCustomersRequest()
    request.pageSize = -1
    let error = await failure { try await service.customers.listCustomers(request) }
    #expect(error?.code == .invalidArgument)
    request.pageSize = Int32.max
    #expect(try await service.customers.listCustomers(request).customers.isEmpty)
  }

  @Test func batchGetKeepsTheOrderAndLeavesOutTheMissing() async throws {
    let service = try ServiceUnderTest()
    let one = try await service.create { $0.firstName = "one" }
    let two = try await service.create { $0.firstName = "two" }
    var request = BatchGetCustomersRequest()
    request.customerIDs = [two.customerID, "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55", one.customerID]
    #expect(try await service.customers.batchGetCustomers(request).customers == [two, one])
  }

  @Test func batchGetTakesAThousandIDs() async throws {
    let service = try ServiceUnderTest()
    var request = BatchGetCustomersRequest()
    request.customerIDs = .init(
      repeating: "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55",
      count: ServiceLimits.batchIDsMax
    )
    #expect(try await service.customers.batchGetCustomers(request).customers.isEmpty)
    request.customerIDs.append(request.customerIDs[0])
    let error = await failure { try await service.customers.batchGetCustomers(request) }
    #expect(error?.message == "customerIds: 1001 ids is over the limit of 1000")
  }

  @Test func statusCounts() async throws {
    let service = try ServiceUnderTest()
    _ = try await service.create { $0.firstName = "Ann" }
    let status = try await service.store.getStatus(GetStatusRequest())
    #expect(status.customerCount == 1)
    #expect(status.changeCount == 1)
    #expect(status.serverVersion == "1.2.3")
    #expect(status.storeID == service.repository.storeID)
    #expect(status.schemaVersion >= 1)
    #expect(status.databaseBytes > 0)
  }
}
