import CustomerClient
import CustomerModel
import ProtoWire
import Testing

@testable import CustomerConsole
@testable import Terminal

/// The document's words are clicks: Add New, Submit, Save, Delete.
@Suite struct ConsoleMouseTests {
  private func begun() -> ConsoleDriver {
    var driver = ConsoleDriver()
    driver.begin(with: ConsoleSample.all)
    return driver
  }

  /// Clicks on the first letter of a text that stands on the screen in ASCII.
  private func click(_ text: String, _ driver: inout ConsoleDriver) {
    for (row, line) in driver.rows.enumerated() {
      guard let range = line.firstRange(of: text) else { continue }
      let column = CellWidth.of(String(line[..<range.lowerBound]))
      driver.send(.click(GridPosition(row: row, column: column)))
      return
    }
    Issue.record("\(text) isn't on the screen")
  }

  @Test func theDocumentsFlowIsAllClicks() {
    var driver = begun()
    click("[ Add New ]", &driver)
    click("Last Name", &driver)
    driver.press("New")
    click("[ Submit ]", &driver)
    guard case .create(let customer) = driver.call(.create) else {
      Issue.record("nothing is created")
      return
    }
    #expect(customer.lastName == "New")
    driver.answer(.create, .success(.customer(customer)))
    click("zoe@example.com", &driver)
    #expect(driver.state.details == nil)
    click("zoe@example.com", &driver)
    #expect(driver.state.details?.base.emailAddress == "zoe@example.com")
    click("First Name", &driver)
    driver.press("!")
    click("[ Save ]", &driver)
    #expect(driver.state.details?.isSaving == true)
    var saved = ConsoleSample.all[2]
    saved.firstName += "!"
    saved.version += 1
    driver.answer(.save(saved.customerID), .success(.customer(saved)))
    click("[ Delete ]", &driver)
    #expect(driver.state.question != nil)
    click("[ Keep ]", &driver)
    #expect(driver.state.question == nil)
    click("[ Close ]", &driver)
    #expect(driver.state.details == nil)
  }

  @Test func tabsAndScreensAreClicked() {
    var driver = begun()
    click("Store", &driver)
    #expect(driver.state.section == .store)
    click("Customers", &driver)
    driver.press(Key(.enter))
    click("HISTORY", &driver)
    #expect(driver.state.details?.tab == .history)
    click("DETAILS", &driver)
    #expect(driver.state.details?.tab == .details)
    click("[ Remove ]", &driver)
    #expect(driver.state.details?.draft.phones == [])
    // The bar is text's while text is typed.
    click("Store", &driver)
    #expect(driver.state.details != nil)
  }

  @Test func theWheelMovesTheSelection() {
    var driver = begun()
    driver.send(.wheel(up: false))
    #expect(driver.state.list.selected == ConsoleState.wheelRows)
    driver.send(.wheel(up: true))
    #expect(driver.state.list.selected == 0)
  }

  @Test func aClickOnNothingDoesNothing() {
    var driver = begun()
    for place in [GridPosition(row: 20, column: 40), GridPosition(row: 900, column: 900)] {
      driver.send(.click(place))
    }
    #expect(driver.state.list.selected == 0)
    driver.press("d")
    driver.send(.click(GridPosition(row: 7, column: 5)))
    #expect(driver.state.list.selected == 0)
  }
}
