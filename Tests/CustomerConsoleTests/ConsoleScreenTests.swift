import CustomerClient
import CustomerModel
import ProtoWire
import Testing
import WellKnownTypes

@testable import CustomerConsole
@testable import Terminal

/// Each screen at the smallest size, the usual one and a large one.
@Suite struct ConsoleScreenTests {
  static let sizes = [(60, 20), (80, 24), (120, 40)]

  private func begun(_ size: (Int, Int)) -> ConsoleDriver {
    var driver = ConsoleDriver(columns: size.0, rows: size.1)
    driver.begin(with: ConsoleSample.all)
    return driver
  }

  @Test(arguments: sizes) func customers(_ size: (Int, Int)) throws {
    try expectScreen(begun(size), "customers")
  }

  @Test(arguments: sizes) func noCustomers(_ size: (Int, Int)) throws {
    var driver = ConsoleDriver(columns: size.0, rows: size.1)
    driver.begin(with: [])
    try expectScreen(driver, "customers-none")
  }

  @Test(arguments: sizes) func customersThatOthersWrite(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press(Key(.down), Key(.down))
    var changed = ConsoleSample.all[1]
    changed.version = 4
    changed.displayName = "山田 太郎 (Osaka)"
    driver.change(.updated, changed)
    driver.change(.deleted, ConsoleSample.all[4])
    driver.change(.created, ConsoleSample.customer(9, "Nina", "New", "nina@example.com"))
    try expectScreen(driver, "customers-live")
  }

  @Test(arguments: sizes) func search(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press("/exa")
    driver.answer(.search, .success(.customers([ConsoleSample.all[2], ConsoleSample.ann])))
    try expectScreen(driver, "search")
  }

  @Test(arguments: sizes) func addNew(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press("a")
    driver.press("Ann")
    driver.press(Key(.tab))
    driver.press("Lee")
    try expectScreen(driver, "add-new")
  }

  @Test(arguments: sizes) func addNewWithErrors(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press("a")
    driver.press("Ann")
    driver.press(Key(.tab), Key(.tab), Key(.tab))
    driver.press("ann@example.com")
    driver.press(.control("s"))
    var page = ListCustomersResponse()
    page.customers = [ConsoleSample.ann]
    driver.answer(
      .create,
      .failure(
        .invalid(
          message: "2 rules are broken",
          violations: [
            Violation(field: "firstName", description: "is refused by this test"),
            Violation(field: "emailAddress", description: "has a domain that this test refuses"),
          ]
        )
      )
    )
    try expectScreen(driver, "add-new-errors")
  }

  @Test(arguments: sizes) func addNewWithSameEmail(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press("a")
    driver.press(Key(.up), Key(.up), Key(.up))
    driver.press("ann@example.com")
    driver.press(Key(.tab))
    var page = ListCustomersResponse()
    page.customers = [ConsoleSample.ann]
    driver.answer(.sameEmail, .success(.page(page)))
    try expectScreen(driver, "add-new-same-email")
  }

  @Test(arguments: sizes) func details(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press(Key(.enter))
    try expectScreen(driver, "details")
  }

  @Test(arguments: sizes) func detailsBeingChanged(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press(Key(.enter), Key(.tab), Key(.tab))
    driver.press("-Wong")
    for _ in 0..<3 { driver.press(Key(.tab)) }
    driver.press(Key(.tab), Key(.right))
    for _ in 0..<3 { driver.press(Key(.tab)) }
    try expectScreen(driver, "details-changed")
  }

  @Test(arguments: sizes) func detailsToTheEnd(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press(Key(.enter))
    driver.press(
      Key(.tab, .shift),
      Key(.tab, .shift),
      Key(.tab, .shift),
      Key(.tab, .shift),
      Key(.enter)
    )
    driver.press("since")
    driver.press(Key(.tab))
    driver.press("2026")
    driver.press(Key(.tab, .shift), Key(.tab, .shift), Key(.tab, .shift))
    driver.press(Key(.tab, .shift), .control("u"))
    driver.press("tier")
    driver.press(.control("s"))
    try expectScreen(driver, "details-attributes")
  }

  @Test(arguments: sizes) func history(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press(Key(.enter), Key(.right))
    driver.answer(.history, .success(.changes(Self.changes)))
    driver.press(Key(.down))
    try expectScreen(driver, "history")
  }

  /// Created, changed twice, deleted and brought back.
  static var changes: [Change] {
    var first = ConsoleSample.ann
    first.version = 1
    first.phones = []
    first.attributes = [:]
    first.addresses = []
    var second = first
    second.version = 2
    second.lastName = "Lee-Wong"
    second.displayName = "Ann Lee-Wong"
    second.attributes["tier"] = "silver"
    var third = ConsoleSample.ann
    third.version = 3
    var fifth = third
    fifth.version = 5
    let rows: [(Change.Kind, Customer, Author)] = [
      (.created, first, .own),
      (.updated, second, Author(userID: 1001, processID: 77, program: "billing-sync")),
      (.updated, third, Author(userID: 1000, processID: 9, program: "python3 -m sync")),
      (.deleted, third, Author(userID: 0, processID: 1, program: "init")),
      (.created, fifth, .own),
    ]
    return rows.enumerated().map { index, row in
      var change = Change()
      change.kind = row.0
      change.customer = row.1
      change.author = row.2
      let seconds = ConsoleDriver.now - 86_400 + Int64(index) * 20_000
      change.changeTime = Timestamp(nanosecondsSince1970: seconds * 1_000_000_000)
      return change
    }
  }

  @Test(arguments: sizes) func conflict(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press(Key(.enter), Key(.tab), Key(.tab))
    driver.press("-Wong")
    driver.press(Key(.tab), Key(.tab))
    driver.press(.control("u"))
    driver.press(.control("s"))
    var theirs = ConsoleSample.ann
    theirs.version = 4
    theirs.lastName = "Lee-Smith"
    theirs.emailAddress = "ann.smith@example.com"
    theirs.attributes["tier"] = "silver"
    guard case .edit(let mine, let base) = driver.call(.save(theirs.customerID)) else {
      Issue.record("nothing is saved")
      return
    }
    let edit = try #require(EditConflict(mine: mine, theirs: theirs, base: base))
    driver.answer(.save(theirs.customerID), .failure(.editConflict(message: "", edit: edit)))
    var change = Change()
    change.customer = theirs
    change.author = Author(userID: 1001, processID: 77, program: "billing-sync")
    change.changeTime = theirs.updateTime
    driver.answer(.culprit, .success(.changes([change])))
    driver.press(Key(.down))
    driver.press(" ")
    try expectScreen(driver, "conflict")
  }

  @Test(arguments: sizes) func changes(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press("2")
    var page = ListCustomersResponse()
    page.customers = Array(ConsoleSample.all.prefix(4))
    driver.answer(.recent, .success(.page(page)))
    var customer = ConsoleSample.customer(9, "Nina", "New")
    customer.version = 1
    driver.change(.created, customer)
    customer.version = 2
    driver.change(.updated, customer, author: .own)
    driver.change(.deleted, ConsoleSample.all[4])
    driver.press(Key(.down))
    try expectScreen(driver, "changes")
  }

  @Test(arguments: sizes) func store(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press("3")
    driver.answer(.status, .success(.status(ConsoleDriver.status(1_234_567))))
    driver.change(.updated, ConsoleSample.all[2])
    try expectScreen(driver, "store")
  }

  @Test(arguments: sizes) func questionBeforeDelete(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press("d")
    try expectScreen(driver, "delete")
  }

  @Test(arguments: sizes) func questionBeforeClose(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press(Key(.enter), Key(.tab))
    driver.press("e")
    driver.press(Key(.escape))
    try expectScreen(driver, "close")
  }

  @Test(arguments: sizes) func help(_ size: (Int, Int)) throws {
    var driver = begun(size)
    driver.press("?")
    try expectScreen(driver, "help")
  }

  @Test(arguments: sizes) func noDaemon(_ size: (Int, Int)) throws {
    var driver = ConsoleDriver(columns: size.0, rows: size.1)
    let error = CustomerError.unavailable(
      message: "/run/user/1000/customers.sock: nobody listens",
      outcome: .neverBegun
    )
    driver.answer(.list, .failure(error))
    driver.answer(.status, .failure(error))
    try expectScreen(driver, "no-daemon")
  }

  @Test func tooSmall() throws {
    let driver = ConsoleDriver(columns: 59, rows: 20)
    try expectScreen(driver, "too-small")
    #expect(ConsoleDriver(columns: 60, rows: 19).shows("needs 60×20, has 60×19"))
    #expect(ConsoleDriver(columns: 60, rows: 20).shows("All Customers"))
    #expect(ConsoleDriver(columns: 1, rows: 1).rows == ["…"])
  }

  /// Whatever the size, nothing traps and everything stands inside.
  @Test func everySizeIsDrawn() {
    for columns in stride(from: 1, through: 210, by: 7) {
      for rows in stride(from: 1, through: 70, by: 3) {
        var driver = ConsoleDriver(columns: columns, rows: rows)
        driver.begin(with: ConsoleSample.all)
        for keys in ["2", "3", "1", "d"] {
          driver.press(keys)
          _ = driver.state.render()
        }
        driver.press(Key(.escape), Key(.enter))
        #expect(driver.state.render().size == GridSize(columns: columns, rows: rows).limited)
      }
    }
  }
}
