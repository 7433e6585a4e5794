import CustomerAPI
import CustomerClient
import TestSupport
import Testing

/// Calls of which only names and bytes are known.
@Suite(.timeLimit(.minutes(1))) struct AnyCallTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func call(
    _ client: CustomerClient,
    _ method: String,
    _ requests: [[UInt8]],
    clientStreams: Bool = false,
    serverStreams: Bool = false
  ) async throws -> [[UInt8]] {
    let call = try await client.call(
      service: CustomerServiceMethods.service,
      method: method,
      requests: requests,
      clientStreams: clientStreams,
      serverStreams: serverStreams
    )
    var responses: [[UInt8]] = []
    while let response = try await call.next() { responses.append(response) }
    return responses
  }

  @Test func allKindsOfCallsAreMade() async throws {
    let daemon = try await TestDaemon(in: folder)
    let client = CustomerClient(socket: daemon.path)
    let create = CreateCustomerRequest(customer: Customer(firstName: "Ann"))
    let created = try await call(client, "CreateCustomer", [create.encoded()])
    let ann = try Customer(decoding: try #require(created.first))
    #expect(created.count == 1 && ann.firstName == "Ann")

    let exported = try await call(client, "ExportCustomers", [[]], serverStreams: true)
    let customers = try exported.flatMap { try ExportCustomersResponse(decoding: $0).customers }
    #expect(customers == [ann])

    // More than the daemon takes while nobody reads its answers.
    let rows = (0..<200).map { Customer(firstName: "C\($0)") }
    let batch = ImportCustomersRequest(customers: rows).encoded()
    let results = try await call(
      client,
      "ImportCustomers",
      Array(repeating: batch, count: 100),
      clientStreams: true,
      serverStreams: true
    )
    #expect(results.count == 100)
    #expect(try await client.status().customerCount == 20_001)
    await daemon.stop()
  }

  @Test func aMethodThatIsUnknownIsSaidToBe() async throws {
    let daemon = try await TestDaemon(in: folder)
    let client = CustomerClient(socket: daemon.path)
    let error = await #expect(throws: CustomerError.self) {
      try await call(client, "MakeCoffee", [[]])
    }
    guard case .unimplemented = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    await daemon.stop()
  }

  @Test func bytesThatAreNoMessageAreNotSent() async {
    let client = CustomerClient(socket: folder.file("nobody"))
    let error = await #expect(throws: CustomerError.self) {
      try await call(client, "GetCustomer", [[0x0A, 9]])
    }
    guard case .invalid = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
