import CustomerClient
import CustomerModel
import ProtoWire
import Testing
import WellKnownTypes

@testable import CustomerConsole
@testable import Terminal

/// A daemon that is there and doesn't answer, and what became of the writes it was sent.
@Suite struct ConsoleSilenceTests {
  private let id = ConsoleSample.ann.customerID
  private let noAnswer = CustomerError.deadlineExceeded(
    message: "no answer within 10.0 seconds",
    outcome: .perhapsDone
  )

  private func begun(columns: Int = 80, rows: Int = 24) -> ConsoleDriver {
    var driver = ConsoleDriver(columns: columns, rows: rows)
    driver.begin(with: ConsoleSample.all)
    return driver
  }

  /// Ann with another last name, sent and not answered.
  private func unanswered(columns: Int = 80, rows: Int = 24) -> ConsoleDriver {
    var driver = begun(columns: columns, rows: rows)
    driver.press(Key(.enter))
    driver.answer(.open, .success(.customer(ConsoleSample.ann)))
    driver.press(Key(.tab), Key(.tab))
    driver.press("-Wong")
    driver.press(.control("s"))
    for second in 1...10 { driver.send(.tick(ConsoleDriver.now + Int64(second))) }
    driver.answer(.save(id), .failure(noAnswer))
    return driver
  }

  private func saved(_ version: UInt64 = 4) -> Customer {
    var saved = ConsoleSample.ann
    saved.version = version
    saved.lastName = "Lee-Wong"
    return saved
  }

  private func change(
    _ customer: Customer,
    _ author: Author,
    _ kind: Change.Kind = .updated
  ) -> Change {
    var change = Change()
    change.kind = kind
    change.customer = customer
    change.author = author
    return change
  }

  private func answers(_ driver: inout ConsoleDriver) {
    driver.answer(.status, .success(.status(ConsoleDriver.status(8))))
  }

  // MARK: Whether the daemon answers

  @Test func whatIsShownCountsAsOldWhileNothingIsHeard() {
    var driver = begun()
    #expect(driver.shows("● live"))
    driver.send(.tick(ConsoleDriver.now + 2))
    #expect(driver.call(.status) == .status)
    driver.send(.tick(ConsoleDriver.now + 3))
    #expect(driver.shows("● live"))
    driver.send(.tick(ConsoleDriver.now + 4))
    #expect(driver.shows("○ no answer for 2 s"))
    #expect(driver.shows("what is shown may be old"))
    #expect(!driver.shows("● live"))
    // The question itself ends at its deadline, and is asked again.
    driver.answer(.status, .failure(noAnswer))
    driver.send(.tick(ConsoleDriver.now + 5))
    #expect(driver.shows("○ no answer for 3 s"))
    #expect(driver.call(.status) == .status)
    answers(&driver)
    #expect(driver.shows("● live"))
    #expect(driver.shows("The daemon answers again"))
  }

  @Test func aCallThatTakesLongHasTheDaemonAskedAtOnce() {
    var driver = begun()
    driver.press("/ann")
    driver.send(.tick(ConsoleDriver.now + 1))
    #expect(driver.call(.status) == .status)
    // The daemon answers: it is the search that takes long.
    answers(&driver)
    for second in 2...9 {
      driver.send(.tick(ConsoleDriver.now + Int64(second)))
      if driver.call(.status) != nil { answers(&driver) }
    }
    #expect(driver.shows("● live"))
  }

  @Test func aChangeThatIsToldIsAnAnswerToo() {
    var driver = begun()
    for second in 2...5 { driver.send(.tick(ConsoleDriver.now + Int64(second))) }
    #expect(driver.shows("no answer"))
    driver.change(.created, ConsoleSample.customer(9, "Nina", "New"))
    #expect(driver.shows("● live"))
  }

  // MARK: Saving

  @Test(arguments: ConsoleScreenTests.sizes)
  func aSaveWithoutAnAnswerIsPerhapsSaved(_ size: (Int, Int)) throws {
    try expectScreen(unanswered(columns: size.0, rows: size.1), "details-unanswered")
  }

  @Test func theWatchTellsThatASaveWasCarriedOut() {
    var driver = unanswered()
    driver.change(.updated, saved(), author: .own)
    #expect(driver.shows("Saved as version 4 after all"))
    #expect(driver.state.details?.base == saved())
    #expect(driver.state.details?.isChanged == false)
    #expect(driver.state.list.current?.version == 4)
    #expect(driver.state.unanswered.isEmpty)
  }

  @Test func theHistoryTellsThatASaveWasCarriedOut() {
    var driver = unanswered()
    answers(&driver)
    driver.send(.tick(ConsoleDriver.now + 11))
    #expect(driver.call(.look(id)) == .history(id))
    let changes = [change(ConsoleSample.ann, .other), change(saved(), .own)]
    driver.answer(.look(id), .success(.changes(changes)))
    #expect(driver.shows("Saved as version 4 after all"))
    #expect(!driver.rows.contains { $0.contains("another program") })
    driver.press(.control("s"))
    #expect(driver.shows("Nothing was changed"))
  }

  @Test func itIsKnownByWhatItMadeWhereProcessesAreCountedApart() {
    var driver = unanswered()
    driver.change(.updated, saved(), author: Author(processID: 1, program: "customerctl"))
    #expect(driver.shows("Saved as version 4 after all"))
  }

  @Test func whatOthersWroteBehindItIsTheirs() {
    var driver = unanswered()
    answers(&driver)
    driver.send(.tick(ConsoleDriver.now + 11))
    var theirs = saved(5)
    theirs.firstName = "Anna"
    driver.answer(.look(id), .success(.changes([change(saved(), .own), change(theirs, .other)])))
    #expect(driver.shows("billing-sync changed First Name"))
    #expect(driver.state.details?.base == theirs)
    #expect(driver.state.details?.isChanged == false)
  }

  @Test func whatWasTypedSinceStaysOnTop() {
    var driver = unanswered()
    driver.press("-Smith")
    driver.change(.updated, saved(), author: .own)
    #expect(driver.state.details?.draft.customer.lastName == "Lee-Wong-Smith")
    driver.press(.control("s"))
    guard case .edit(let customer, let base) = driver.call(.save(id)) else {
      Issue.record("nothing is saved")
      return
    }
    #expect(customer.version == 4)
    #expect(customer.parts(changedFrom: base) == [.field(.lastName)])
  }

  @Test func nothingIsSavedBeforeItIsKnown() {
    var driver = unanswered()
    driver.press(.control("s"))
    #expect(driver.call(.save(id)) == nil)
    #expect(driver.shows("The last change has no answer yet"))
  }

  @Test func aSaveThatOthersOvertookIsNotSaved() {
    var driver = unanswered()
    answers(&driver)
    driver.send(.tick(ConsoleDriver.now + 11))
    var theirs = ConsoleSample.ann
    theirs.version = 4
    theirs.lastName = "Lee-Smith"
    driver.answer(.look(id), .success(.changes([change(theirs, .other)])))
    #expect(driver.shows("billing-sync changed Last Name too: saving will ask"))
    #expect(driver.state.unanswered.isEmpty)
    #expect(driver.state.details?.isChanged == true)
  }

  @Test func aSaveThatIsNeverFoundIsNotSaved() {
    var driver = unanswered()
    answers(&driver)
    for second in 11...30 {
      driver.send(.tick(ConsoleDriver.now + Int64(second)))
      if driver.call(.status) != nil { answers(&driver) }
      if driver.call(.look(id)) != nil {
        driver.answer(.look(id), .success(.changes([change(ConsoleSample.ann, .other)])))
      }
    }
    #expect(driver.shows("Not saved: the daemon didn't carry it out. Save again"))
    #expect(driver.shows("changed, not saved"))
    driver.press(.control("s"))
    #expect(driver.call(.save(id)) != nil)
  }

  @Test func aSaveThatNeverBeganIsNotSaved() {
    var driver = begun()
    driver.press(Key(.enter), Key(.tab), Key(.tab))
    driver.press("-Wong")
    driver.press(.control("s"))
    let gone = CustomerError.unavailable(message: "no daemon at /s", outcome: .neverBegun)
    driver.answer(.save(id), .failure(gone))
    #expect(driver.shows("Not saved: no daemon answers. Save again when it is back"))
    #expect(driver.state.unanswered.isEmpty)
  }

  @Test func itIsLookedUpThoughTheDetailsWereClosed() {
    var driver = unanswered()
    driver.press(Key(.escape))
    driver.press("d")
    #expect(driver.state.details == nil)
    driver.change(.updated, saved(), author: .own)
    #expect(driver.shows("Saved as version 4 after all"))
    #expect(driver.state.list.current?.version == 4)
  }

  // MARK: Other writes

  @Test(arguments: ConsoleScreenTests.sizes)
  func aSubmitWithoutAnAnswerIsPerhapsCreated(_ size: (Int, Int)) throws {
    var driver = begun(columns: size.0, rows: size.1)
    driver.press("aNina")
    driver.press(.control("s"))
    driver.answer(.create, .failure(noAnswer))
    try expectScreen(driver, "add-new-unanswered")
    driver.press("x")
    #expect(driver.state.addNew?.customer.firstName == "Nina")
    let nina = Customer(customerID: ConsoleDriver.newID, version: 1, firstName: "Nina")
    driver.change(.created, nina)
    #expect(driver.state.addNew == nil)
    #expect(driver.shows("is created"))
    #expect(driver.state.list.current?.customerID == ConsoleDriver.newID)
  }

  @Test func aSubmitThatIsNeverFoundCanBeTriedAgain() {
    var driver = begun()
    driver.press("aNina")
    driver.press(.control("s"))
    driver.answer(.create, .failure(noAnswer))
    for second in 1...20 {
      driver.send(.tick(ConsoleDriver.now + Int64(second)))
      if driver.call(.status) != nil { answers(&driver) }
      if driver.call(.look(ConsoleDriver.newID)) != nil {
        let missing = CustomerError.notFound(message: "no customer", deletedAtVersion: nil)
        driver.answer(.look(ConsoleDriver.newID), .failure(missing))
      }
    }
    #expect(driver.shows("not created: Submit again"))
    driver.press(.control("s"))
    #expect(driver.call(.create) != nil)
  }

  @Test func aDeletionAndItsUndoAreLookedUp() {
    var driver = begun()
    driver.press("d")
    driver.press(Key(.enter))
    driver.answer(.delete(id), .failure(noAnswer))
    #expect(driver.shows("No answer: Ann Lee is perhaps deleted"))
    driver.change(.deleted, ConsoleSample.ann, author: .own)
    #expect(driver.shows("Ann Lee is deleted; u undoes it"))
    #expect(driver.state.list.row(of: id) == nil)
    driver.press("u")
    driver.answer(.undo(id), .failure(noAnswer))
    #expect(driver.shows("No answer: Ann Lee is perhaps back"))
    var back = ConsoleSample.ann
    back.version = 5
    driver.send(.tick(ConsoleDriver.now + 1))
    let changes = [change(ConsoleSample.ann, .own, .deleted), change(back, .own, .created)]
    driver.answer(.look(id), .success(.changes(changes)))
    #expect(driver.shows("Ann Lee is back"))
    #expect(driver.state.list.row(of: id) == 0)
  }

  @Test func aRestorationIsLookedUp() {
    var driver = begun()
    driver.press(Key(.enter), Key(.right))
    driver.answer(.history, .success(.changes(ConsoleScreenTests.changes)))
    driver.press(Key(.end), .letter("r"), Key(.enter))
    driver.answer(.save(id), .failure(noAnswer))
    #expect(driver.shows("No answer: version 1 is perhaps the latest"))
    var restored = ConsoleSample.ann
    restored.version = 4
    restored.phones = []
    driver.change(.updated, restored, author: .own)
    #expect(driver.shows("Version 1 is the latest again, as version 4"))
  }

  @Test func unansweredWritesHaveALimit() {
    var driver = begun()
    let count = UnansweredWrite.countMax + 1
    for number in 0..<count {
      var write = UnansweredWrite(kind: .save, sent: ConsoleSample.customer(100 + number, "A", "B"))
      write.sent.version = 1
      driver.state.keep(write, noAnswer)
    }
    #expect(driver.state.unanswered.count == UnansweredWrite.countMax)
    #expect(driver.state.unanswered.first?.sent.customerID == ConsoleSample.id(101))
  }
}
