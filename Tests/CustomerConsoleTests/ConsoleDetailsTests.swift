import CustomerClient
import CustomerFormats
import CustomerModel
import ProtoWire
import Testing

@testable import CustomerConsole
@testable import Terminal

/// The Customer Details screen: editing, saving, history, conflicts.
@Suite struct ConsoleDetailsTests {
  private let id = ConsoleSample.ann.customerID

  private func opened() -> ConsoleDriver {
    var driver = ConsoleDriver()
    driver.begin(with: ConsoleSample.all)
    driver.press(Key(.enter))
    driver.answer(.open, .success(.customer(ConsoleSample.ann)))
    return driver
  }

  /// Ann with another last name typed.
  private func renamed() -> ConsoleDriver {
    var driver = opened()
    driver.press(Key(.tab), Key(.tab))
    driver.press("-Wong")
    return driver
  }

  private func update(_ driver: ConsoleDriver) -> (customer: Customer, mask: [String])? {
    guard case .edit(let customer, let base) = driver.call(.save(id)) else { return nil }
    #expect(customer.version == base.version)
    return (customer, customer.parts(changedFrom: base).maskPaths)
  }

  private func focus(_ driver: inout ConsoleDriver, _ item: CustomerDetails.Item) {
    for _ in 0..<100 where driver.state.details?.focus != item { driver.press(Key(.tab)) }
    #expect(driver.state.details?.focus == item)
  }

  @Test func savingSendsWhatWasChangedAndTheVersionItWasReadAt() {
    var driver = renamed()
    driver.press(.control("s"))
    #expect(update(driver)?.mask == ["last_name"])
    #expect(update(driver)?.customer.version == 3)
    #expect(update(driver)?.customer.lastName == "Lee-Wong")
    var saved = ConsoleSample.ann
    saved.lastName = "Lee-Wong"
    saved.version = 4
    driver.answer(.save(id), .success(.customer(saved)))
    #expect(driver.shows("Saved as version 4"))
    #expect(driver.state.details?.isChanged == false)
    #expect(driver.state.list.current == saved)
  }

  @Test func nothingIsSavedWhenNothingWasChanged() {
    var driver = opened()
    driver.press(.control("s"))
    #expect(driver.call(.save(id)) == nil)
    #expect(driver.shows("Nothing was changed"))
    driver.press(Key(.tab))
    driver.press("x")
    driver.press(Key(.backspace))
    #expect(driver.state.details?.isChanged == false)
  }

  @Test func closeAsksWhenSomethingWasChanged() {
    var driver = opened()
    driver.press(Key(.escape))
    #expect(driver.state.details == nil)
    driver = renamed()
    driver.press(Key(.escape))
    #expect(driver.shows("Save before closing?"))
    driver.press(Key(.escape))
    #expect(driver.state.details != nil)
    driver.press(Key(.escape), .letter("d"))
    #expect(driver.state.details == nil)
    driver = renamed()
    driver.press(Key(.escape), .letter("s"))
    #expect(update(driver)?.mask == ["last_name"])
    driver.answer(.save(id), .success(.customer(ConsoleSample.ann)))
    #expect(driver.state.details == nil)
  }

  @Test func quitAsksWhenSomethingWasChanged() {
    var driver = renamed()
    driver.press(.control("c"))
    #expect(driver.state.question == .quit)
    #expect(driver.effects.isEmpty)
    driver.press(.control("c"))
    #expect(driver.effects == [.quit])
  }

  @Test func phonesAreAddedChangedAndRemoved() {
    var driver = opened()
    focus(&driver, .addPhone)
    driver.press(Key(.enter))
    #expect(driver.state.details?.isChanged == false)
    driver.press(Key(.right), Key(.tab))
    driver.press("AU")
    driver.press(Key(.tab))
    driver.press("0491570156")
    focus(&driver, .removePhone(0))
    driver.press(Key(.enter))
    driver.press(.control("s"))
    #expect(update(driver)?.mask == ["phones"])
    #expect(
      update(driver)?.customer.phones
        == [PhoneNumber(type: .phone, country: "AU", numberLocal: "0491570156")]
    )
  }

  @Test func aNumberThatChangesIsDerivedAnew() {
    var driver = opened()
    focus(&driver, .field(.text(.phone(0, .numberLocal))))
    driver.press("7")
    driver.press(.control("s"))
    #expect(update(driver)?.customer.phones.first?.numberLocal == "0491 570 0067")
    #expect(update(driver)?.customer.phones.first?.numberInternational == "")
    #expect(update(driver)?.customer.phones.first?.key == ConsoleSample.ann.phones[0].key)
  }

  @Test func addressesAndAttributesAreChangedInPlace() {
    var driver = opened()
    focus(&driver, .field(.text(.address(0, .suburb))))
    driver.press(.control("u"))
    driver.press("Perth")
    focus(&driver, .removeAttribute(0))
    driver.press(Key(.delete))
    focus(&driver, .field(.attributeName(0)))
    driver.press("2")
    driver.press(.control("s"))
    #expect(
      update(driver)?.mask == [
        "addresses", "attributes.source", "attributes.tier", "attributes.tier2",
      ]
    )
    #expect(update(driver)?.customer.attributes == ["tier2": "gold"])
    #expect(update(driver)?.customer.addresses.first?.suburb == "Perth")
  }

  @Test func anAttributeThatIsThereTwiceIsRefused() {
    var driver = opened()
    focus(&driver, .addAttribute)
    driver.press(Key(.enter))
    driver.press("tier")
    driver.press(Key(.tab))
    driver.press("silver")
    driver.press(.control("s"))
    #expect(driver.call(.save(id)) == nil)
    #expect(driver.shows("✗ is there twice"))
  }

  @Test func errorsStandUnderTheirFieldThoughEmptyOnesBeforeDontCount() {
    var driver = opened()
    focus(&driver, .removePhone(0))
    driver.press(Key(.enter))
    for _ in 0..<2 {
      focus(&driver, .addPhone)
      driver.press(Key(.enter))
    }
    focus(&driver, .field(.text(.phone(1, .country))))
    driver.press("ZZ")
    driver.press(.control("s"))
    #expect(driver.call(.save(id)) == nil)
    #expect(driver.state.details?.errors["phones[1].country"] != nil)
    #expect(driver.state.details?.focus == .field(.text(.phone(1, .country))))
    #expect(driver.rows.contains { $0.contains("✗") })
  }

  @Test func theFocusIsAlwaysInView() {
    for (columns, rows) in ConsoleScreenTests.sizes {
      var driver = ConsoleDriver(columns: columns, rows: rows)
      driver.begin(with: ConsoleSample.all)
      driver.press(Key(.enter))
      let count = driver.state.details?.items.count ?? 0
      for _ in 0..<2 * count {
        driver.press(Key(.tab))
        let grid = driver.state.render()
        if case .field = driver.state.details?.focus { #expect(grid.cursor != nil) }
      }
    }
  }

  // MARK: Others

  @Test func whatAnotherProgramChangesIsShownAtOnce() {
    var driver = renamed()
    var theirs = ConsoleSample.ann
    theirs.version = 4
    theirs.firstName = "Anna"
    driver.change(.updated, theirs)
    #expect(driver.shows("billing-sync changed First Name"))
    #expect(driver.state.details?.draft.customer.firstName == "Anna")
    #expect(driver.state.details?.draft.customer.lastName == "Lee-Wong")
    driver.press(.control("s"))
    #expect(update(driver)?.customer.version == 4)
    #expect(update(driver)?.mask == ["last_name"])
  }

  @Test func aCustomerThatIsDeletedMeanwhileCanBeBroughtBack() {
    var driver = renamed()
    driver.change(.deleted, ConsoleSample.ann)
    #expect(driver.shows("deleted by billing-sync"))
    driver.press(.control("s"))
    driver.answer(.save(id), .failure(.notFound(message: "no customer", deletedAtVersion: 4)))
    driver.press(Key(.enter))
    guard case .replace(let customer) = driver.call(.save(id)) else {
      Issue.record("it isn't brought back")
      return
    }
    #expect(customer.lastName == "Lee-Wong")
  }

  @Test func whatAnotherProgramDeletedCanBeBroughtBackAsItWas() {
    var driver = ConsoleDriver()
    driver.begin(with: ConsoleSample.all)
    driver.change(.deleted, ConsoleSample.ann)
    driver.press(Key(.enter))
    driver.answer(.open, .failure(.notFound(message: "no customer", deletedAtVersion: 4)))
    #expect(driver.shows("deleted by another program"))
    driver.press(.control("s"), Key(.enter))
    guard case .replace(ConsoleSample.ann) = driver.call(.save(id)) else {
      Issue.record("it isn't brought back")
      return
    }
    var back = ConsoleSample.ann
    back.version = 5
    driver.answer(.save(id), .success(.customer(back)))
    #expect(driver.state.list.marks.isEmpty)
    #expect(driver.state.list.current == back)
  }

  @Test func whatOthersWroteBesideItIsTold() {
    var driver = renamed()
    driver.press(.control("s"))
    var saved = ConsoleSample.ann
    saved.lastName = "Lee-Wong"
    saved.attributes["tier"] = "silver"
    saved.version = 5
    driver.answer(.save(id), .success(.customer(saved)))
    #expect(driver.shows("Saved as version 5, beside what another program changed"))
    #expect(driver.state.details?.base == saved)
  }

  @Test func anAddedPhoneIsSentWithWhatWasRead() {
    var driver = opened()
    focus(&driver, .addPhone)
    driver.press(Key(.enter), Key(.tab), Key(.tab))
    driver.press("07 3211 0000")
    driver.press(.control("s"))
    #expect(update(driver)?.mask == ["phones"])
    let mine = PhoneNumber(numberLocal: "07 3211 0000")
    #expect(update(driver)?.customer.phones == ConsoleSample.ann.phones + [mine])
  }

  @Test func aPhoneThatBothChangedIsAConflictOfThatPhone() {
    var driver = opened()
    focus(&driver, .phoneType(0))
    driver.press(Key(.left))
    driver.press(.control("s"))
    var theirs = ConsoleSample.ann
    theirs.version = 4
    theirs.phones = []
    runInto(theirs, &driver)
    #expect(driver.state.details?.conflict?.parts == [.phone(ConsoleSample.ann.phones[0].key)])
    #expect(driver.shows("Yours   Phone AU +61491570006"))
    #expect(driver.shows("Theirs  (empty)"))
    driver.press(.letter("t"), .control("s"))
    #expect(driver.state.details?.draft.customer.phones == [])
  }

  @Test func othersWhoNeverStopAreLeftToTheUser() {
    var driver = renamed()
    driver.press(.control("s"))
    var theirs = ConsoleSample.ann
    theirs.version = 9
    theirs.attributes["tier"] = "silver"
    driver.answer(.save(id), .failure(.conflict(message: "it changed", current: theirs)))
    #expect(driver.shows("Somebody else wrote meanwhile: save again"))
    driver.press(.control("s"))
    #expect(update(driver)?.mask == ["last_name"])
    #expect(update(driver)?.customer.version == 9)
  }

  /// A conflict of which nothing is left here asks about nothing, and any key may follow.
  @Test func aConflictWithoutAPartIsNoQuestion() throws {
    var driver = renamed()
    driver.press(.control("s"))
    guard case .edit(let mine, let base) = driver.call(.save(id)) else {
      Issue.record("nothing is saved")
      return
    }
    var theirs = base
    theirs.firstName = "Anna"
    theirs.version = 9
    var elsewhere = mine
    elsewhere.firstName = "Annie"
    let edit = try #require(EditConflict(mine: elsewhere, theirs: theirs, base: base))
    driver.answer(.save(id), .failure(.editConflict(message: "it changed", edit: edit)))
    #expect(driver.state.details?.conflict == nil)
    #expect(driver.shows("Somebody else wrote meanwhile: save again"))
    driver.press(Key(.down), Key(.up))
    #expect(driver.state.details?.draft.customer.lastName == "Lee-Wong")
    #expect(driver.state.details?.draft.customer.firstName == "Anna")
  }

  /// Ann's last name, changed here and there.
  private func conflicting() -> (driver: ConsoleDriver, theirs: Customer) {
    var driver = renamed()
    driver.press(.control("s"))
    var theirs = ConsoleSample.ann
    theirs.version = 4
    theirs.lastName = "Lee-Smith"
    theirs.firstName = "Anna"
    runInto(theirs, &driver)
    return (driver, theirs)
  }

  /// Has a save end with what somebody else made of the same.
  private func runInto(_ theirs: Customer, _ driver: inout ConsoleDriver) {
    guard case .edit(let mine, let base) = driver.call(.save(id)),
      let edit = EditConflict(mine: mine, theirs: theirs, base: base)
    else {
      Issue.record("that is no conflict")
      return
    }
    driver.answer(.save(id), .failure(.editConflict(message: "it changed", edit: edit)))
  }

  @Test func aConflictShowsYoursTheirsAndBefore() {
    let (driver, _) = conflicting()
    #expect(driver.state.details?.conflict?.parts == [.field(.lastName)])
    for text in ["Yours   Lee-Wong", "Theirs  Lee-Smith", "Before  Lee"] {
      #expect(driver.shows(text))
    }
    #expect(driver.call(.culprit) == .history(id))
  }

  @Test func yoursGoesOnTopOfTheirs() {
    var (driver, theirs) = conflicting()
    driver.press(.control("s"))
    #expect(update(driver)?.mask == ["last_name"])
    #expect(update(driver)?.customer.version == theirs.version)
    #expect(update(driver)?.customer.lastName == "Lee-Wong")
    #expect(update(driver)?.customer.firstName == "Anna")
  }

  @Test func theirsCanBeTakenOver() {
    var (driver, theirs) = conflicting()
    driver.press(.letter(" "), .control("s"))
    #expect(driver.call(.save(id)) == nil)
    #expect(driver.state.details?.draft.customer == theirs)
    #expect(driver.shows("Theirs is kept"))
  }

  @Test func escapeGoesBackToEditing() {
    var (driver, _) = conflicting()
    driver.press(Key(.escape))
    #expect(driver.state.details?.conflict == nil)
    #expect(driver.state.details?.draft.customer.lastName == "Lee-Wong")
    driver.press(.control("s"))
    #expect(update(driver)?.customer.version == 3)
  }

  // MARK: History

  private func inHistory() -> ConsoleDriver {
    var driver = opened()
    driver.press(Key(.right))
    driver.answer(.history, .success(.changes(ConsoleScreenTests.changes)))
    return driver
  }

  @Test func historyIsNewestFirstWithWhatChanged() {
    let entries = inHistory().state.details?.history?.entries ?? []
    #expect(entries.map(\.version) == [5, 4, 3, 2, 1])
    #expect(entries.map(\.kind) == [.created, .deleted, .updated, .updated, .created])
    #expect(
      entries[3].differences.map(\.part)
        == [.field(.lastName), .field(.displayName), .attribute("tier")]
    )
    #expect(entries[3].differences.first?.old == "Lee")
    #expect(entries[3].differences.first?.new == "Lee-Wong")
  }

  @Test func aPastVersionIsRestoredOnTopOfTheLatest() {
    var driver = inHistory()
    driver.press(Key(.end), .letter("r"))
    #expect(driver.shows("Make version 1 the latest?"))
    driver.press(Key(.enter))
    guard case .replace(let customer) = driver.call(.save(id)) else {
      Issue.record("nothing is restored")
      return
    }
    #expect(customer.version == 3)
    #expect(customer.phones.isEmpty)
    var restored = customer
    restored.version = 4
    driver.answer(.save(id), .success(.customer(restored)))
    #expect(driver.shows("Version 1 is the latest again, as version 4"))
    #expect(driver.call(.history) == .history(id))
  }

  @Test func historyHasALimitAndKeepsTheNewest() {
    var history = CustomerHistory()
    let changes = (1...CustomerHistory.entriesMax + 1).map { version in
      var change = Change()
      change.kind = version == 1 ? .created : .updated
      change.customer = ConsoleSample.ann
      change.customer?.version = UInt64(version)
      return change
    }
    history.take(Array(changes.dropLast()))
    #expect(history.entries.count == CustomerHistory.entriesMax)
    history.take(changes)
    #expect(history.entries.count == CustomerHistory.entriesMax)
    #expect(history.entries.first?.version == UInt64(changes.count))
  }

  @Test func aDaemonWithoutHistorySaysSo() {
    var driver = opened()
    driver.press(Key(.right))
    driver.answer(.history, .failure(.unimplemented(message: "watch is not offered")))
    #expect(driver.shows("this daemon can't tell a customer's history"))
  }

  @Test func anAnswerAfterClosingOpensNothing() {
    var driver = ConsoleDriver()
    driver.begin(with: ConsoleSample.all)
    driver.press(Key(.enter))
    let call = driver.calls.first { $0.slot == .open }
    driver.press(Key(.escape))
    driver.send(
      .answer(.open, ticket: call?.ticket ?? 0, .success(.customer(ConsoleSample.ann)))
    )
    #expect(driver.state.details == nil)
  }
}
