import CustomerAPI
import ServiceInMemory
import TTRPC
import Testing

/// A call of each kind from a generated stub to a generated handler.
@Suite struct GeneratedServiceTests {
  private let stub = CalculatorStub(
    InMemoryChannel([ServiceDefinition(calculator: TestCalculator())])
  )

  @Test func unary() async throws {
    #expect(try await stub.double(Number(value: 21)) == Number(value: 42))
  }

  @Test func clientStreaming() async throws {
    let call = try await stub.sum()
    for value in 1...3 { try await call.send(Number(value: Int64(value))) }
    #expect(try await call.response() == Number(value: 6))
  }

  @Test func serverStreaming() async throws {
    var values: [Int64] = []
    for try await number in try await stub.count(Number(value: 3)) { values.append(number.value) }
    #expect(values == [1, 2, 3])
  }

  @Test func bidirectional() async throws {
    let call = try await stub.runningSum()
    var values: [Int64] = []
    for value in 1...3 {
      try await call.send(Number(value: Int64(value)))
      values.append(try #require(try await call.responses.next()).value)
    }
    try await call.closeSending()
    #expect(try await call.responses.next() == nil)
    #expect(values == [1, 3, 6])
  }

  @Test func passesErrorsOn() async throws {
    await #expect(throws: RPCError(.outOfRange, "no negative numbers")) {
      try await stub.double(Number(value: -1))
    }
    let call = try await stub.count(Number(value: -1))
    await #expect(throws: RPCError(.outOfRange, "no negative numbers")) { try await call.next() }
  }

  /// The names and kinds that `customers.proto` gives its methods.
  @Test func customerServiceHasTheSchemasMethods() {
    #expect(CustomerServiceMethods.service == "customers.v1.CustomerService")
    #expect(CustomerServiceMethods.getCustomer.name == "GetCustomer")
    #expect(CustomerServiceMethods.getCustomer.kind == .unary)
    #expect(CustomerServiceMethods.importCustomers.kind == .bidirectional)
    #expect(CustomerServiceMethods.exportCustomers.kind == .serverStreaming)
    #expect(CustomerServiceMethods.watchCustomers.kind == .serverStreaming)
    #expect(StoreServiceMethods.getStatus.service == "customers.v1.StoreService")
  }
}

/// Calculates as `calls.proto` says.
private struct TestCalculator: CalculatorHandler {
  func double(_ request: Number, _ context: CallContext) async throws -> Encoded<Number> {
    Encoded(Number(value: try checked(request) * 2))
  }

  func sum(
    _ requests: RequestStream<Number>,
    _ context: CallContext
  ) async throws -> Encoded<Number> {
    var sum: Int64 = 0
    while let number = try await requests.next() { sum += number.value }
    return Encoded(Number(value: sum))
  }

  func count(
    _ request: Number,
    _ responses: ResponseWriter<Number>,
    _ context: CallContext
  ) async throws {
    for value in 1...(try checked(request)) { try await responses.send(Number(value: value)) }
  }

  func runningSum(
    _ requests: RequestStream<Number>,
    _ responses: ResponseWriter<Number>,
    _ context: CallContext
  ) async throws {
    var sum: Int64 = 0
    while let number = try await requests.next() {
      sum += number.value
      try await responses.send(Number(value: sum))
    }
  }

  private func checked(_ number: Number) throws -> Int64 {
    guard number.value >= 0 else { throw RPCError(.outOfRange, "no negative numbers") }
    return number.value
  }
}
