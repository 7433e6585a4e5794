import CustomerAPI
import CustomerModel
import ProtoWire
import TTRPC
import Testing
import WellKnownTypes

@testable import CustomerService

/// Lists and searches as they are called.
@Suite struct ListCallTests {
  private func list(
    _ service: ServiceUnderTest,
    filter: String = "",
    orderBy: String = "",
    size: Int32 = 0,
    token: String = ""
  ) async throws -> ListCustomersResponse {
    var request = ListCustomersRequest()
    request.filter = filter
    request.orderBy = orderBy
    request.pageSize = size
    request.pageToken = token
    return try await service.customers.listCustomers(request)
  }

  private func fill(_ service: ServiceUnderTest) async throws {
    for name in ["Dora Ash", "Carl Elm", "Bea Ash", "Abe Oak"] {
      _ = try await service.create {
        let parts = name.split(separator: " ").map(String.init)
        ($0.firstName, $0.lastName) = (parts[0], parts[1])
        $0.emailAddress = "\(parts[0])@example.com"
      }
    }
  }

  @Test func listsInTheOrderAskedFor() async throws {
    let service = try ServiceUnderTest()
    try await fill(service)
    for (order, names) in [
      ("", ["Dora", "Carl", "Bea", "Abe"]),
      ("lastName", ["Bea", "Dora", "Carl", "Abe"]),
      ("last_name, first_name", ["Bea", "Dora", "Carl", "Abe"]),
      ("lastName desc", ["Abe", "Carl", "Dora", "Bea"]),
      ("emailAddress asc", ["Abe", "Bea", "Carl", "Dora"]),
      ("updateTime desc", ["Abe", "Bea", "Carl", "Dora"]),
    ] {
      let page = try await list(service, orderBy: order)
      #expect(page.customers.map(\.firstName) == names, "\(order)")
      #expect(page.totalSize == 4)
      #expect(!page.totalSizeIsMinimum)
    }
    let ash = try await list(service, filter: "lastName = ash", orderBy: "emailAddress")
    #expect(ash.customers.map(\.firstName) == ["Bea", "Dora"])
    #expect(ash.totalSize == 2)
  }

  @Test(arguments: [
    "firstName", "createTime", "lastName, updateTime", "lastName desc, firstName", "lastName up",
    ",", "lastName,",
  ])
  func refusesOtherOrders(_ order: String) async throws {
    let service = try ServiceUnderTest()
    let error = await failure { try await list(service, orderBy: order) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.detail(ErrorInfo.self)?.reason == "ORDER_NOT_SUPPORTED")
    #expect(
      error?.message == "orderBy: '\(order)' is not supported; supported are: "
        + "lastName, emailAddress, updateTime, each also with ' desc'"
    )
  }

  @Test func refusesOtherFilters() async throws {
    let service = try ServiceUnderTest()
    let other = await failure { try await list(service, filter: "displayName = x") }
    #expect(other?.code == .invalidArgument)
    #expect(other?.detail(ErrorInfo.self)?.reason == "FILTER_NOT_SUPPORTED")
    #expect(other?.detail(ErrorInfo.self)?.metadata["supported"]?.contains("postcode") == true)
    #expect(other?.detail(BadRequest.self)?.fieldViolations.map(\.field) == ["filter"])
    let broken = await failure { try await list(service, filter: "lastName =") }
    #expect(broken?.code == .invalidArgument)
    #expect(broken?.detail(ErrorInfo.self)?.reason == "FILTER_INVALID")
  }

  @Test func aTokenGoesOnWithItsOwnListOnly() async throws {
    let service = try ServiceUnderTest()
    try await fill(service)
    let filter = "updateTime >= \"2020-01-01T00:00:00Z\""
    let first = try await list(service, filter: filter, orderBy: "lastName", size: 3)
    #expect(first.customers.map(\.firstName) == ["Bea", "Dora", "Carl"])
    let token = first.nextPageToken
    #expect(
      token.utf8.allSatisfy { byte in
        // RFC 3986, 2.3: what a URL takes as it is.
        "abcdefghijklmnopqrstuvwxyz0123456789-._~".utf8.contains(byte)
      }
    )
    let second = try await list(service, filter: filter, orderBy: "lastName", size: 3, token: token)
    #expect(second.customers.map(\.firstName) == ["Abe"])
    #expect(second.nextPageToken.isEmpty)
    #expect(second.totalSize == 0)
    let other = try ServiceUnderTest()
    for (service, filter, order, token) in [
      (service, "", "lastName", token), (service, filter, "", token),
      (service, filter, "lastName desc", token), (other, filter, "lastName", token),
      (service, filter, "lastName", token + "0"), (service, filter, "lastName", "x"),
      (service, filter, "lastName", String(token.dropLast())),
      (service, filter, "lastName", String(repeating: ".", count: 100_000)),
    ] {
      let error = await failure {
        try await list(service, filter: filter, orderBy: order, token: token)
      }
      #expect(error?.code == .invalidArgument)
      #expect(error?.detail(ErrorInfo.self)?.reason == "PAGE_TOKEN_INVALID")
    }
  }

  @Test func theLongestNamesFitAToken() async throws {
    let service = try ServiceUnderTest()
    for number in 0..<3 {
      _ = try await service.create {
        $0.lastName = String(repeating: "𝔘", count: 256)
        $0.firstName = String(repeating: "𝔘", count: 256)
        $0.displayName = String(repeating: "𝔘", count: 255) + "\(number)"
      }
    }
    var names: [String] = []
    var token = ""
    repeat {
      let page = try await list(service, orderBy: "lastName", size: 1, token: token)
      names += page.customers.map { String($0.displayName.suffix(1)) }
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(names == ["0", "1", "2"])
  }

  @Test func searchesWithLimits() async throws {
    let service = try ServiceUnderTest()
    for number in 0..<130 {
      _ = try await service.create { $0.lastName = "Common\(number)" }
    }
    func count(_ limit: Int32) async throws -> Int {
      var request = SearchCustomersRequest()
      request.query = "common"
      request.limit = limit
      return try await service.customers.searchCustomers(request).customers.count
    }
    #expect(try await count(0) == ServiceLimits.searchLimitDefault)
    #expect(try await count(1) == 1)
    #expect(try await count(100) == ServiceLimits.searchLimitMax)
    #expect(try await count(101) == ServiceLimits.searchLimitMax)
    let error = await failure { try await count(-1) }
    #expect(error?.message == "limit: -1 is negative")
    let empty = await failure {
      try await service.customers.searchCustomers(SearchCustomersRequest())
    }
    #expect(empty?.message == "query: has no word to look for")
    #expect(empty?.code == .invalidArgument)
  }
}
