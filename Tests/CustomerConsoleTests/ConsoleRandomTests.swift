import CustomerClient
import CustomerModel
import ProtoWire
import TestSupport
import Testing

@testable import CustomerConsole
@testable import Terminal

/// Whatever keys come, whatever the daemon answers and others write: nothing traps, the screen is
/// whole, and what is selected is there.
@Suite struct ConsoleRandomTests {
  @Test func noOrderOfEventsBreaksTheConsole() {
    var random = SeededGenerator.announced()
    for _ in 0..<10 {
      var driver = ConsoleDriver(
        columns: Int.random(in: 55...130, using: &random),
        rows: Int.random(in: 18...50, using: &random)
      )
      for _ in 0..<600 {
        step(&driver, &random)
        check(driver)
      }
    }
  }

  private func check(_ driver: ConsoleDriver) {
    let grid = driver.state.render()
    #expect(grid.size == driver.state.size)
    if let cursor = grid.cursor {
      #expect((0..<grid.size.rows).contains(cursor.row))
      #expect((0..<grid.size.columns).contains(cursor.column))
    }
    let list = driver.state.list
    #expect(list.selected == 0 || list.selected < max(list.rowCount, 1) || list.goal != nil)
    #expect(list.top <= list.selected || list.goal != nil)
    if let details = driver.state.details {
      #expect(details.items.contains(details.focus))
    }
    let kept = list.pages.pages.filter { $0.customers != nil }.count
    #expect(kept <= CustomerPages.keptMax)
  }

  private func step(_ driver: inout ConsoleDriver, _ random: inout SeededGenerator) {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<11: driver.press(key(&random))
    case 11..<16:
      guard let call = driver.calls.randomElement(using: &random) else { return }
      driver.answer(call.slot, result(call.call, &random))
      if call.slot == .watch, Int.random(in: 0..<2, using: &random) == 0 {
        driver.calls.removeAll { $0.slot == .watch }
      }
    case 16, 17:
      guard driver.call(.watch) != nil else { return }
      let kinds: [Change.Kind] = [.created, .updated, .deleted, .erased, .none]
      driver.change(kinds.randomElement(using: &random) ?? .none, customer(&random))
    case 18 where Bool.random(using: &random):
      let row = Int.random(in: 0...50, using: &random)
      driver.send(.click(GridPosition(row: row, column: Int.random(in: 0...130, using: &random))))
    case 18: driver.send(.tick(driver.state.now + Int64.random(in: 0...40, using: &random)))
    default:
      if Bool.random(using: &random) {
        driver.send(.paste("x\n山\u{1B}[A"))
      } else {
        let columns = Int.random(in: 50...140, using: &random)
        driver.send(
          .resize(GridSize(columns: columns, rows: Int.random(in: 15...50, using: &random)))
        )
      }
    }
  }

  private func key(_ random: inout SeededGenerator) -> Key {
    let keys: [Key] = [
      Key(.up), Key(.down), Key(.left), Key(.right), Key(.pageUp), Key(.pageDown), Key(.home),
      Key(.end), Key(.enter), Key(.enter), Key(.tab), Key(.tab), Key(.tab), Key(.tab, .shift),
      Key(.escape), Key(.backspace), Key(.delete), Key(.function(1)), .control("s"), .control("s"),
      .control("c"), .control("z"), .control("l"), .control("u"), .control("w"),
    ]
    if Bool.random(using: &random) { return keys.randomElement(using: &random) ?? Key(.enter) }
    return .letter("aadduusSqr/123?yntmkglhb 山\u{301}é".randomElement(using: &random) ?? "a")
  }

  private func customer(_ random: inout SeededGenerator) -> Customer {
    var customer = ConsoleSample.all.randomElement(using: &random) ?? Customer()
    customer.version = UInt64.random(in: 1...9, using: &random)
    if Bool.random(using: &random) {
      customer.lastName = "\(Int.random(in: 0...3, using: &random))"
    }
    if Bool.random(using: &random) { customer.phones.removeAll() }
    if Bool.random(using: &random) { customer.attributes["tier"] = "x" }
    return customer
  }

  private func result(
    _ call: ConsoleCall,
    _ random: inout SeededGenerator
  ) -> Result<ConsoleAnswer, CustomerError> {
    if Int.random(in: 0..<3, using: &random) == 0 { return .failure(error(&random)) }
    let count = Int.random(in: 0...12, using: &random)
    let some = (0..<count).map { _ in customer(&random) }
    switch call {
    case .list:
      var page = ListCustomersResponse()
      page.customers = some
      page.totalSize = Int32.random(in: -1...100, using: &random)
      page.nextPageToken = Bool.random(using: &random) ? "" : "p\(count)"
      return .success(.page(page))
    case .search: return .success(.customers(some))
    case .create(let customer): return .success(.customer(customer))
    case .edit(var customer, _), .replace(var customer):
      customer.version += 1
      return .success(.customer(customer))
    case .get: return .success(.customer(customer(&random)))
    case .delete(_, let version): return .success(.deleted(version: version + 1))
    case .history: return .success(.changes(ConsoleScreenTests.changes))
    case .watch: return .success(.ended)
    case .status: return .success(.status(ConsoleDriver.status(count)))
    }
  }

  private func error(_ random: inout SeededGenerator) -> CustomerError {
    let outcomes: [CallOutcome] = [.neverBegun, .undone, .perhapsDone]
    let outcome = outcomes.randomElement(using: &random) ?? .undone
    let errors: [CustomerError] = [
      .notFound(message: "no customer", deletedAtVersion: 3),
      .conflict(message: "it changed", current: customer(&random)),
      EditConflict(mine: customer(&random), theirs: customer(&random), base: customer(&random))
        .map { .editConflict(message: "it changed", edit: $0) }
        ?? .conflict(message: "it changed", current: nil),
      .conflict(message: "it changed", current: nil),
      .alreadyExists(message: "it is there", customerID: ""),
      .invalid(
        message: "broken",
        violations: ["phones[7].country", "emailAddress", "phones[", "attributes.x", "customer"]
          .map { Violation(field: $0, description: "is wrong") }
      ),
      .unavailable(message: "gone", outcome: outcome),
      .deadlineExceeded(message: "slow", outcome: outcome), .cancelled(outcome: outcome),
      .unimplemented(message: "not offered"),
      .resourceExhausted(message: "too much", retryAfter: nil),
      .permissionDenied(message: "no"),
      .failed(code: "OUT_OF_RANGE", reason: .resumeTokenExpired, message: "too old"),
    ]
    return errors.randomElement(using: &random) ?? .cancelled(outcome: outcome)
  }
}
