import CustomerClient
import CustomerModel
import Testing

@testable import CustomerConsole
@testable import Terminal

/// The Add New panel.
@Suite struct ConsoleAddNewTests {
  private func begun() -> ConsoleDriver {
    var driver = ConsoleDriver()
    driver.begin(with: ConsoleSample.all)
    driver.press("a")
    return driver
  }

  private func form(_ driver: ConsoleDriver) -> AddNewForm {
    driver.state.addNew ?? AddNewForm(id: "")
  }

  @Test func theDisplayNameIsFilledUntilItIsTyped() {
    var driver = begun()
    driver.press("Ann")
    driver.press(Key(.tab))
    driver.press("Lee")
    #expect(form(driver)[.displayName].text == "Ann Lee")
    driver.press(Key(.tab))
    driver.press("!")
    #expect(form(driver)[.displayName].text == "Ann Lee!")
    driver.press(Key(.tab, .shift))
    driver.press("-Wong")
    #expect(form(driver)[.displayName].text == "Ann Lee!")
    driver.press(Key(.tab), .control("u"))
    driver.press(Key(.tab, .shift))
    driver.press("g")
    #expect(form(driver)[.displayName].text == "Ann Lee-Wongg")
  }

  @Test func submitCreatesAndShowsTheCustomer() {
    var driver = begun()
    driver.press("Nina")
    driver.press(.control("s"))
    guard case .create(let customer) = driver.call(.create) else {
      Issue.record("nothing is created")
      return
    }
    #expect(customer.customerID == ConsoleDriver.newID)
    #expect(customer.firstName == "Nina")
    #expect(customer.displayName == "Nina")
    var created = customer
    created.version = 1
    driver.answer(.create, .success(.customer(created)))
    #expect(driver.state.addNew == nil)
    #expect(driver.state.list.current == created)
    #expect(driver.shows("Nina is created"))
    #expect(driver.state.list.total == 9)
  }

  @Test func aRuleThatIsBrokenIsToldUnderItsFieldWithoutAskingTheDaemon() {
    var driver = begun()
    driver.press(Key(.up), Key(.up), Key(.up))
    driver.press("nobody")
    driver.press(.control("s"))
    #expect(driver.call(.create) == nil)
    #expect(form(driver).errors.keys.sorted() == ["emailAddress"])
    let rows = driver.rows
    let field = rows.firstIndex { $0.contains("Email Address") } ?? 0
    #expect(rows[field + 1].contains("✗"))
    driver.press("@example.com")
    #expect(form(driver).errors.isEmpty)
  }

  @Test func anEmptyCustomerIsRefused() {
    var driver = begun()
    driver.press(.control("s"))
    #expect(driver.call(.create) == nil)
    #expect(driver.rows.contains { $0.contains("✗") })
  }

  @Test func anAddressThatSomebodyHasIsAHint() {
    var driver = begun()
    driver.press(Key(.up), Key(.up), Key(.up))
    driver.press("ann@example.com")
    driver.press(Key(.tab))
    guard case .list(let request) = driver.call(.sameEmail) else {
      Issue.record("nobody is looked for")
      return
    }
    #expect(request.filter == #"emailAddress = "ann@example.com""#)
    driver.answer(.sameEmail, .failure(.unimplemented(message: "filters are not offered")))
    #expect(driver.state.notice == nil)
  }

  @Test func lettersThatMeanSomethingInAFilterAreNotPutIntoOne() {
    #expect(CustomerRules.filter(email: "a@example.com") == #"emailAddress = "a@example.com""#)
    for email in [#""x"@example.com"#, #"a\b@example.com"#, "a*@example.com", "nobody"] {
      #expect(CustomerRules.filter(email: email) == nil)
    }
  }

  @Test func cancelAsksWhenSomethingWasTyped() {
    var driver = begun()
    driver.press(Key(.escape))
    #expect(driver.state.addNew == nil)
    driver.press("a")
    driver.press("x")
    driver.press(Key(.escape))
    #expect(driver.state.question == .discardNew)
    driver.press(Key(.enter))
    #expect(driver.state.addNew != nil)
    driver.press(Key(.escape), .letter("l"))
    #expect(driver.state.addNew == nil)
  }

  @Test func buttonsAreReachedByTab() {
    var driver = begun()
    driver.press("A")
    driver.press(Key(.tab), Key(.tab), Key(.tab), Key(.tab), Key(.enter))
    #expect(driver.call(.create) != nil)
  }

  @Test func aSubmitThatWasLostIsNotDoneTwice() {
    var driver = begun()
    driver.press("Nina")
    driver.press(.control("s"))
    driver.answer(.create, .failure(.unavailable(message: "gone", outcome: .neverBegun)))
    #expect(driver.shows("Submit again when it is back"))
    driver.press(.control("s"))
    guard case .create(let again) = driver.call(.create) else {
      Issue.record("nothing is created")
      return
    }
    #expect(again.customerID == ConsoleDriver.newID)
    driver.answer(.create, .failure(.alreadyExists(message: "it is there", customerID: "")))
    #expect(driver.state.addNew == nil)
    #expect(driver.call(.open) == .get(ConsoleDriver.newID))
  }

  @Test func whatIsPastedGoesIntoTheField() {
    var driver = begun()
    driver.send(.paste("Ann\u{1B}[31m\n"))
    #expect(form(driver)[.firstName].text == "Ann[31m ")
  }
}
