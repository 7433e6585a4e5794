import CustomerModel
import ProtoWire
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerStore

/// Lists by filters and orders, against the same questions in SQL, which the SQLite shell answers
/// from the columns that people read.
@Suite(.enabled(if: ExternalTool.isExpected("sqlite3"))) struct ListQueryTests {
  /// More than are gathered of one tier, so that walks are taken too.
  static let count = 3 * (ListStatements.gatheredMax + 200)

  /// A filter, and what it means in SQL.
  struct Case: Sendable, CustomTestStringConvertible {
    var filter: CustomerFilter
    var sql: String
    var testDescription: String { sql }

    init(_ sql: String, _ conditions: FilterCondition...) {
      filter = CustomerFilter(conditions)
      self.sql = sql
    }
  }

  static let cases = [
    Case("true"),
    Case(
      "lower(email_address) = 'user.77@example0.com'",
      .emailAddress(TextPattern("User.77@EXAMPLE0.com"))
    ),
    Case(
      "lower(email_address) GLOB 'user.10*'",
      .emailAddress(TextPattern("USER.10", isPrefix: true))
    ),
    Case("last_name = 'Müller'", .lastName(TextPattern("mULLER"))),
    Case("last_name = 'Smith'", .lastName(TextPattern("SM", isPrefix: true))),
    Case("last_name IN ('Smith', 'Straße')", .lastName(TextPattern("s", isPrefix: true))),
    Case("first_name = 'Zoë'", .firstName("zoe")),
    Case("attributes ->> 'tier' = 'gold'", .attribute(name: "tier", value: "gold")),
    Case("false", .attribute(name: "tier", value: "Gold")),
    Case(
      "attributes ->> 'accountNumber' = 'ACC-5'",
      .attribute(name: "accountNumber", value: "ACC-5")
    ),
    Case("attributes ->> 'rare' IS NOT NULL", .hasAttribute("rare")),
    Case("attributes ->> 'tier' IS NOT NULL", .hasAttribute("tier")),
    Case("phones = '+61410000012'", .phone(TextPattern("+61410000012"))),
    Case("phones GLOB '+614100001*'", .phone(TextPattern("+614100001", isPrefix: true))),
    Case("address LIKE '%, 4017, AU'", .postcode("4017")),
    Case(
      "customer_id GLOB '00000000-000f*'",
      .customerID(TextPattern("00000000-000f", isPrefix: true))
    ),
    Case(
      "update_time >= 1767225600004000 AND update_time <= 1767225600005000",
      .updateTime(1_767_225_600_004_000 ... .max),
      .updateTime(.min...1_767_225_600_005_000)
    ),
    Case(
      "attributes ->> 'tier' = 'gold' AND last_name = 'Jones' AND first_name = 'José'",
      .attribute(name: "tier", value: "gold"),
      .lastName(TextPattern("jones")),
      .firstName("Jose")
    ),
    Case(
      "attributes ->> 'tier' = 'gold' AND attributes ->> 'rare' IS NOT NULL",
      .attribute(name: "tier", value: "gold"),
      .hasAttribute("rare")
    ),
    Case(
      "attributes ->> 'tier' = 'silver' AND update_time < 1767225600003000",
      .attribute(name: "tier", value: "silver"),
      .updateTime(.min...1_767_225_600_002_999)
    ),
  ]

  static let orders: [(ListOrder, sql: String)] = [
    (.creation, "rid"),
    (.by(.lastName, isDescending: false), "sort_key, rid"),
    (.by(.lastName, isDescending: true), "sort_key DESC, rid DESC"),
    (.by(.emailAddress, isDescending: false), "lower(email_address), rid"),
    (.by(.emailAddress, isDescending: true), "lower(email_address) DESC, rid DESC"),
    (.by(.updateTime, isDescending: false), "update_time, rid"),
    (.by(.updateTime, isDescending: true), "update_time DESC, rid DESC"),
  ]

  /// A store of customers of whom some have been changed and deleted; the last changes aren't in the
  /// search index.
  private static func fill(_ store: SQLiteRepository) async throws {
    var rows: [ImportRow] = []
    for number in 0..<count {
      var customer = testCustomer(number)
      if number % 500 == 3 { customer.attributes["rare"] = "yes" }
      if number % 11 == 0 { customer.emailAddress = "" }
      rows.append(ImportRow(customer: customer, newID: ""))
    }
    for part in stride(from: 0, to: count, by: 1000) {
      let some = Array(rows[part..<min(part + 1000, count)])
      _ = try await store.importRows(some, mode: .create, match: .none, testStamp(part)) { row, _ in
        row.customer
      }
    }
    try await waitForIndex(store)
    for number in stride(from: 0, to: count, by: 29) {
      _ = try await store.update(
        testID(number),
        version: 0,
        merges: false,
        allowMissing: false,
        testStamp(number)
      ) {
        var next = try #require($0)
        next.attributes["tier"] = next.attributes["tier"] == "gold" ? "silver" : "gold"
        next.lastName = number % 2 == 0 ? "Smith" : "Jones"
        return next
      }
    }
    for number in stride(from: 5, to: count, by: 31) {
      _ = try await store.delete(testID(number), version: 0, testStamp(number))
    }
  }

  @Test func answersAsSQLDoes() async throws {
    let folder = try TestFolder()
    let store = try SQLiteRepository(folder.options())
    try await Self.fill(store)
    for test in Self.cases {
      for (order, sql) in Self.orders {
        let expected = try shell(
          folder.database,
          "SELECT customer_id FROM customer WHERE \(test.sql) ORDER BY \(sql)"
        )
        for limit in [7, 1000] where limit == 1000 || expected.count < 200 {
          let list = try await Self.list(store, test.filter, order, limit)
          #expect(list.ids == expected, "\(test.sql) by \(sql), \(limit) a page")
          let isMinimum = expected.count > PageBuilder.countedMax && list.isMinimum
          if isMinimum {
            #expect(list.total <= expected.count)
          } else {
            #expect(list.total == expected.count)
          }
        }
      }
    }
    await store.close()
    try expectIntegrity(folder.database)
  }

  private static func list(
    _ store: SQLiteRepository,
    _ filter: CustomerFilter,
    _ order: ListOrder,
    _ limit: Int
  ) async throws -> (ids: [String], total: Int, isMinimum: Bool) {
    var ids: [String] = []
    var query: ListQuery? = ListQuery(filter: filter, order: order, limit: limit)
    var first: RecordPage?
    while let next = query {
      let page = try await store.list(next)
      #expect(page.records.count <= limit)
      ids += try (0..<page.records.count).map {
        try Customer(decoding: page.records[$0]).customerID
      }
      first = first ?? page
      query = page.next.map {
        ListQuery(filter: filter, order: order, position: $0, limit: limit)
      }
    }
    return (ids, Int(first?.totalCount ?? 0), first?.totalIsMinimum ?? false)
  }

  /// Customers without an e-mail address have one key: pages go on inside it.
  @Test func goesOnAmongCustomersOfOneKey() async throws {
    let folder = try TestFolder()
    let store = try SQLiteRepository(folder.options())
    for number in 0..<40 {
      var customer = testCustomer(number)
      customer.emailAddress = ""
      _ = try await store.create(customer, testStamp(7))
    }
    for isDescending in [false, true] {
      let expected = (0..<40).map(testID)
      for key in [ListOrder.Key.emailAddress, .updateTime] {
        let order = ListOrder.by(key, isDescending: isDescending)
        let list = try await Self.list(store, CustomerFilter(), order, 3)
        #expect(list.ids == (isDescending ? expected.reversed() : expected))
      }
    }
    await store.close()
  }

  /// Whoever keeps its place in the order is seen exactly once, whatever others write meanwhile.
  @Test(arguments: orders.map(\.0)) func pagesAreConsistentWhileOthersWrite(
    _ order: ListOrder
  ) async throws {
    let folder = try TestFolder()
    let store = try SQLiteRepository(folder.options())
    for number in 0..<300 {
      _ = try await store.create(testCustomer(number), testStamp(number))
    }
    var ids: [String] = []
    var query: ListQuery? = ListQuery(order: order, limit: 20)
    var next = 300
    while let current = query {
      let page = try await store.list(current)
      ids += try (0..<page.records.count).map {
        try Customer(decoding: page.records[$0]).customerID
      }
      query = page.next.map { ListQuery(order: order, position: $0, limit: 20) }
      // Every tenth goes, in turn; others come.
      if next < 330 {
        _ = try await store.delete(testID(10 * (next - 300)), version: 0, testStamp(next))
      }
      _ = try await store.create(testCustomer(next), testStamp(next))
      next += 1
    }
    let stayed = ids.filter { id in (0..<300).contains { $0 % 10 != 0 && testID($0) == id } }
    #expect(stayed.count == 270)
    #expect(Set(ids).count == ids.count)
    await store.close()
  }

  @Test func boundsWhatOnePageLooksAt() async throws {
    let folder = try TestFolder()
    let store = try SQLiteRepository(folder.options())
    // A condition that all candidates of a large source fail but the last.
    let count = PageBuilder.examinedMax + 5
    for part in stride(from: 0, to: count, by: 1000) {
      let rows = (part..<min(part + 1000, count)).map { number in
        var customer = Customer()
        customer.customerID = testID(number)
        customer.lastName = "Same"
        customer.firstName = number == count - 1 ? "Last" : "First"
        customer.emailAddress = "same\(number)@example.com"
        return ImportRow(customer: customer, newID: "")
      }
      _ = try await store.importRows(rows, mode: .create, match: .none, testStamp(1)) { row, _ in
        row.customer
      }
    }
    let filter = CustomerFilter([
      .lastName(TextPattern("same")), .emailAddress(TextPattern("same", isPrefix: true)),
      .updateTime(.min ... .max - 1), .firstName("Nobody"),
    ])
    // Nobody is called so: few rows are gathered.
    let none = try await store.list(ListQuery(filter: filter, limit: 10))
    #expect(none.records.count == 0)
    #expect(none.next == nil)
    let walked = CustomerFilter(Array(filter.conditions.dropLast()))
    let query = ListQuery(filter: walked, order: .by(.lastName, isDescending: true), limit: 10)
    #expect(try await store.list(query).records.count == 10)
    await store.close()
  }
}
