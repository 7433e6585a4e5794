import CustomerClient
import CustomerModel
import ProtoWire
import Testing
import WellKnownTypes

@testable import CustomerConsole
@testable import Terminal

/// The Customers screen: paging, order, search, marks.
@Suite struct ConsoleListTests {
  private func page(_ numbers: Range<Int>, next: String = "") -> ConsoleAnswer {
    var page = ListCustomersResponse()
    page.customers = numbers.map { ConsoleSample.customer($0, "First", "Last \($0)") }
    page.nextPageToken = next
    page.totalSize = numbers.lowerBound == 0 ? 5000 : 0
    page.resumeToken = "t0"
    return .page(page)
  }

  /// A console on a list of pages that are as full as can be.
  private func paged() -> ConsoleDriver {
    var driver = ConsoleDriver()
    driver.answer(.list, .success(page(0..<CustomerPages.pageSize, next: "p1")))
    driver.answer(.status, .success(.status(ConsoleDriver.status(5000))))
    return driver
  }

  private func token(_ driver: ConsoleDriver) -> String? {
    guard case .list(let request) = driver.call(.list) else { return nil }
    return request.pageToken
  }

  @Test func aPageIsAskedForWhenTheViewReachesIt() {
    var driver = paged()
    #expect(token(driver) == nil)
    for _ in 0..<15 { driver.press(Key(.pageDown)) }
    #expect(token(driver) == nil)
    for _ in 0..<3 { driver.press(Key(.pageDown)) }
    #expect(token(driver) == "p1")
    driver.answer(.list, .success(page(250..<500, next: "p2")))
    driver.press(Key(.pageDown))
    #expect(driver.state.list.current?.lastName.hasPrefix("Last 2") == true)
  }

  @Test func aKeyWritesOnlyWhatItChanges() {
    var driver = paged()
    var shown = driver.state.render()
    func bytesWritten() -> Int {
      let next = driver.state.render()
      defer { shown = next }
      return GridUpdate.bytes(from: shown, to: next).count
    }
    driver.press(Key(.down))
    // The two rows' 77 cells, for their looks, and what moves the cursor to them.
    #expect((154..<512).contains(bytesWritten()))
    driver.press("/")
    #expect(bytesWritten() < 1024)
    driver.press("a")
    #expect((1..<64).contains(bytesWritten()))
    driver.press(Key(.left))
    #expect((1..<64).contains(bytesWritten()))
  }

  @Test func theEndIsReachedPageAfterPage() {
    var driver = paged()
    driver.press(Key(.end))
    for index in 1..<8 {
      #expect(token(driver) == "p\(index)")
      let start = index * 250
      driver.answer(
        .list,
        .success(page(start..<start + 250, next: index == 7 ? "" : "p\(index + 1)"))
      )
    }
    #expect(token(driver) == nil)
    #expect(driver.state.list.current?.lastName == "Last 1999")
    #expect(driver.shows("Last 1999"))
  }

  @Test func onlyPagesAroundTheViewAreKept() {
    var driver = paged()
    driver.press(Key(.end))
    for index in 1..<40 {
      let start = index * 250
      driver.answer(
        .list,
        .success(page(start..<start + 250, next: index == 39 ? "" : "p\(index + 1)"))
      )
    }
    let kept = driver.state.list.pages.pages.filter { $0.customers != nil }
    #expect(kept.count <= CustomerPages.keptMax)
    driver.press(Key(.home))
    #expect(token(driver) == "")
    driver.answer(.list, .success(page(0..<250, next: "p1")))
    #expect(driver.state.list.current?.lastName == "Last 0")
    #expect(driver.state.list.rowCount == 10_000)
  }

  @Test func pagesAreWalkedUpToALimit() {
    var pages = CustomerPages()
    for index in 0..<CustomerPages.pagesMax {
      #expect(pages.missing(index..<index + 1) == index)
      pages.take([ConsoleSample.ann], page: index, nextToken: "p\(index + 1)", around: index)
    }
    #expect(pages.rowCount == CustomerPages.pagesMax)
    #expect(!pages.isComplete)
    #expect(pages.missing(pages.rowCount..<pages.rowCount + 1) == nil)
  }

  @Test func aWayThatTheStoreDoesntKnowIsWalkedAnew() {
    var driver = paged()
    driver.press(Key(.end))
    driver.answer(.list, .failure(.invalid(message: "pageToken is not one", violations: [])))
    #expect(token(driver) == "")
    #expect(driver.state.list.selected == 0)
  }

  @Test func aDaemonThatRepeatsAPageIsNotAskedForEver() {
    var driver = paged()
    driver.press(Key(.end))
    driver.answer(.list, .success(page(250..<500, next: "p1")))
    #expect(token(driver) == nil)
    #expect(driver.state.list.pages.isComplete)
  }

  @Test func keysWorkWhileAPageIsRead() {
    var driver = paged()
    driver.press(Key(.end))
    driver.press(Key(.home), Key(.down))
    #expect(driver.state.list.selected == 1)
    driver.answer(.list, .success(page(250..<500, next: "p2")))
    #expect(driver.state.list.selected == 1)
    #expect(token(driver) == nil)
  }

  @Test func sortGoesThroughTheOrders() {
    var driver = paged()
    var orders: [String] = []
    for _ in 0..<5 {
      driver.press("s")
      guard case .list(let request) = driver.call(.list) else { continue }
      orders.append(request.orderBy)
    }
    #expect(orders == ["lastName", "emailAddress", "updateTime desc", "updateTime", ""])
    driver.press("S")
    #expect(driver.state.list.order == .oldestUpdate)
  }

  @Test func aDaemonThatCantSortShowsTheOrderOfCreation() {
    var driver = paged()
    driver.press("s")
    driver.answer(.list, .failure(.unimplemented(message: "orders are not offered")))
    #expect(driver.shows("This daemon can't sort by last name"))
    #expect(token(driver) == "")
    driver.answer(.list, .success(page(0..<250, next: "p1")))
    #expect(driver.shows("5 000 customers, as created"))
  }

  @Test func whatIsReadAnewStaysUntilItIsThere() {
    var driver = paged()
    driver.press(Key(.down))
    driver.press("r")
    #expect(token(driver) == "")
    #expect(driver.shows("Last 12"))
    driver.answer(.list, .success(page(1..<251, next: "p1b")))
    #expect(driver.state.list.current?.lastName == "Last 1")
    #expect(driver.state.list.selected == 0)
  }

  @Test func theSelectionIsFoundAgainOnPagesThatAreCutAnew() {
    var driver = paged()
    driver.press(Key(.end))
    driver.answer(.list, .success(page(250..<500, next: "")))
    driver.press(Key(.home))
    for _ in 0..<15 { driver.press(Key(.pageDown)) }
    for _ in 0..<12 { driver.press(Key(.down)) }
    #expect(driver.state.list.current?.lastName == "Last 252")
    driver.press("r")
    #expect(token(driver) == "")
    // One of the first is gone: every page begins one later.
    driver.answer(.list, .success(page(1..<251, next: "p1b")))
    #expect(token(driver) == "p1b")
    driver.answer(.list, .success(page(251..<500, next: "")))
    #expect(driver.state.list.current?.lastName == "Last 252")
    #expect(driver.state.list.selected == 251)
  }

  // MARK: Search

  @Test func everyLetterSearchesAndReplacesTheSearchBefore() {
    var driver = paged()
    driver.press("/smi")
    #expect(driver.calls.filter { $0.slot == .search }.count == 1)
    #expect(driver.call(.search) == .search("smi", limit: 100))
    driver.answer(.search, .success(.customers([ConsoleSample.ann])))
    #expect(driver.state.list.rowCount == 1)
    driver.press(Key(.escape))
    #expect(driver.state.list.rowCount == 250)
  }

  @Test func anAnswerThatIsNotWantedAnyMoreChangesNothing() {
    var driver = paged()
    driver.press("/s")
    let old = driver.calls.first { $0.slot == .search }
    driver.press("m")
    driver.send(.answer(.search, ticket: old?.ticket ?? 0, .success(.customers([]))))
    #expect(driver.state.list.found == nil)
    driver.press(Key(.escape))
    #expect(driver.call(.search) == nil)
  }

  @Test func enterOpensTheBestMatch() {
    var driver = paged()
    driver.press("/ann")
    driver.answer(.search, .success(.customers([ConsoleSample.ann, ConsoleSample.all[2]])))
    driver.press(Key(.down), Key(.up), Key(.enter))
    #expect(driver.state.details?.base == ConsoleSample.ann)
    driver.press(Key(.escape))
    #expect(driver.state.list.found?.count == 2)
  }

  @Test func aDaemonThatCantSearchSaysSo() {
    var driver = paged()
    driver.press("/x")
    driver.answer(.search, .failure(.unimplemented(message: "search is not offered")))
    #expect(driver.shows("This daemon can't search"))
    #expect(driver.state.list.rowCount == 250)
  }

  @Test func whatIsPastedIsSearchedFor() {
    var driver = paged()
    driver.press("/")
    driver.send(.paste("ann\nlee"))
    #expect(driver.call(.search) == .search("ann lee", limit: 100))
  }

  // MARK: Others

  private func begun() -> ConsoleDriver {
    var driver = ConsoleDriver()
    driver.begin(with: ConsoleSample.all)
    return driver
  }

  @Test func theWatchBeginsWhereThePageWasRead() {
    let driver = begun()
    #expect(driver.call(.watch) == .watch(.token("t0")))
  }

  @Test func theSelectionNeverJumps() {
    var driver = begun()
    driver.press(Key(.down), Key(.down))
    let selected = driver.state.list.current?.customerID
    var changed = ConsoleSample.all[0]
    changed.version += 1
    driver.change(.updated, changed)
    driver.change(.deleted, ConsoleSample.all[1])
    driver.change(.created, ConsoleSample.customer(9, "Nina", "New"))
    #expect(driver.state.list.current?.customerID == selected)
    driver.press("r")
    var page = ListCustomersResponse()
    page.customers = [changed] + ConsoleSample.all.dropFirst(2)
    page.totalSize = 8
    driver.answer(.list, .success(.page(page)))
    #expect(driver.state.list.current?.customerID == selected)
    #expect(driver.state.list.selected == 1)
  }

  @Test func ownChangesAreNotMarked() {
    var driver = begun()
    var changed = ConsoleSample.ann
    changed.version += 1
    driver.change(.updated, changed, author: .own)
    #expect(driver.state.list.marks.isEmpty)
    driver.change(.updated, changed)
    #expect(driver.state.list.marks.count == 1)
  }

  @Test func marksGoAfterAWhile() {
    var driver = begun()
    var changed = ConsoleSample.ann
    changed.version += 1
    driver.change(.updated, changed)
    driver.send(.tick(ConsoleDriver.now + CustomerList.markSeconds))
    #expect(driver.state.list.marks.count == 1)
    driver.send(.tick(ConsoleDriver.now + CustomerList.markSeconds + 1))
    #expect(driver.state.list.marks.isEmpty)
  }

  @Test func marksHaveALimit() {
    var list = CustomerList()
    for number in 0..<CustomerList.marksMax { list.mark("\(number)", .updated, Int64(number)) }
    #expect(list.marks.count == CustomerList.marksMax)
    list.mark("new", .updated, Int64(CustomerList.marksMax))
    #expect(list.marks.count == CustomerList.marksMax)
    #expect(list.marks["0"] == nil)
  }

  @Test func theFeedHasALimit() {
    var driver = begun()
    for version in 1...ChangeFeed.entriesMax + 1 {
      var customer = ConsoleSample.ann
      customer.version = UInt64(version)
      driver.change(.updated, customer)
      if version == ChangeFeed.entriesMax { #expect(driver.state.feed.entries.count == version) }
    }
    #expect(driver.state.feed.entries.count == ChangeFeed.entriesMax)
    #expect(driver.state.feed.entries.first?.version == UInt64(ChangeFeed.entriesMax + 1))
  }

  @Test func aDaemonThatTellsNoChangesIsUsedAllTheSame() {
    var driver = begun()
    driver.answer(.watch, .failure(.unimplemented(message: "watch is not offered")))
    #expect(driver.shows("not live"))
    driver.calls.removeAll { $0.slot == .watch }
    driver.send(.tick(ConsoleDriver.now + 100))
    #expect(driver.call(.watch) == nil)
  }

  // MARK: The daemon goes and comes

  @Test func aLostDaemonIsTriedAgainAndWhatIsShownIsReadAnew() {
    var driver = begun()
    driver.press(Key(.down), Key(.down))
    let selected = driver.state.list.current?.customerID
    let lost = CustomerError.unavailable(message: "connection lost", outcome: .neverBegun)
    driver.answer(.watch, .failure(lost))
    driver.calls.removeAll { $0.slot == .watch }
    #expect(driver.shows("○ no daemon"))
    #expect(driver.shows("connection lost"))
    driver.send(.tick(ConsoleDriver.now + 1))
    #expect(driver.call(.status) == .status)
    driver.answer(.status, .failure(lost))
    driver.send(.tick(ConsoleDriver.now + 2))
    #expect(driver.call(.status) == nil)
    driver.send(.tick(ConsoleDriver.now + 3))
    driver.answer(.status, .success(.status(ConsoleDriver.status(8))))
    #expect(driver.shows("The daemon answers again"))
    #expect(driver.call(.watch) == .watch(.token("t0")))
    driver.send(.tick(ConsoleDriver.now + 4))
    #expect(token(driver) == "")
    var page = ListCustomersResponse()
    page.customers = ConsoleSample.all
    driver.answer(.list, .success(.page(page)))
    #expect(driver.state.list.current?.customerID == selected)
  }

  @Test func anExpiredTokenMeansReadingAnew() {
    var driver = begun()
    driver.answer(
      .watch,
      .failure(.failed(code: "OUT_OF_RANGE", reason: .resumeTokenExpired, message: "too old"))
    )
    #expect(token(driver) == "")
  }

  @Test func anotherStoreIsReadFromItsBeginning() {
    var driver = begun()
    driver.press(Key(.down))
    driver.send(.tick(ConsoleDriver.now + DaemonLink.statusSeconds))
    var status = ConsoleDriver.status(0)
    status.storeID = "another"
    driver.answer(.status, .success(.status(status)))
    #expect(token(driver) == "")
    #expect(driver.state.list.selected == 0)
  }

  // MARK: Deleting

  @Test func deleteAsksAndUndoBringsTheRecordBackInItsPlace() {
    var driver = begun()
    driver.press(Key(.down))
    let customer = ConsoleSample.all[1]
    driver.press("d")
    #expect(driver.shows("Delete 太郎 山田?"))
    #expect(driver.call(.delete(customer.customerID)) == nil)
    driver.press(Key(.enter))
    #expect(driver.call(.delete(customer.customerID)) == .delete(customer.customerID, version: 3))
    driver.answer(.delete(customer.customerID), .success(.deleted(version: 4)))
    #expect(driver.state.list.rowCount == 7)
    #expect(driver.state.list.total == 7)
    #expect(driver.state.list.current?.customerID == ConsoleSample.id(3))
    driver.press("u")
    #expect(
      driver.call(.undo(customer.customerID))
        == .replace(customer)
    )
    var back = customer
    back.version = 5
    driver.answer(.undo(customer.customerID), .success(.customer(back)))
    #expect(driver.state.list.current == back)
    #expect(driver.state.list.selected == 1)
    driver.press("u")
    #expect(driver.shows("Nothing was deleted here"))
  }

  @Test(arguments: [Key.letter("n"), .letter("k"), Key(.escape)])
  func anythingElseKeeps(_ key: Key) {
    var driver = begun()
    driver.press(.letter("d"), key)
    #expect(driver.state.question == nil)
    #expect(!driver.calls.contains { $0.slot == .delete(ConsoleSample.id(1)) })
  }

  @Test func whatChangedMeanwhileIsNotDeleted() {
    var driver = begun()
    var newer = ConsoleSample.ann
    newer.version = 9
    newer.displayName = "Ann the Great"
    driver.press("d")
    driver.press("y")
    driver.answer(
      .delete(newer.customerID),
      .failure(.conflict(message: "it is at version 9", current: newer))
    )
    #expect(driver.shows("isn't deleted: look again"))
    #expect(driver.shows("Ann the Great"))
    #expect(driver.state.deleted.isEmpty)
  }

  @Test func severalDeletionsAreUndoneInTurn() {
    var driver = begun()
    for number in 1...3 {
      driver.press(.letter("d"), Key(.enter))
      driver.answer(.delete(ConsoleSample.id(number)), .success(.deleted(version: 4)))
    }
    for number in [3, 2, 1] {
      driver.press("u")
      let id = ConsoleSample.id(number)
      driver.answer(.undo(id), .success(.customer(ConsoleSample.all[number - 1])))
    }
    let ids = (0..<8).compactMap { driver.state.list.customer($0)?.customerID }
    #expect(ids == (1...8).map(ConsoleSample.id))
  }

  @Test func undoneDeletionsHaveALimit() {
    var driver = ConsoleDriver()
    let count = ConsoleState.undoneMax + 1
    driver.begin(with: (1...count).map { ConsoleSample.customer($0, "A", "\($0)") })
    for number in 1...count {
      driver.press(.letter("d"), Key(.enter))
      driver.answer(.delete(ConsoleSample.id(number)), .success(.deleted(version: 4)))
      if number == ConsoleState.undoneMax { #expect(driver.state.deleted.count == number) }
    }
    #expect(driver.state.deleted.count == ConsoleState.undoneMax)
    #expect(driver.state.deleted.first?.customer.customerID == ConsoleSample.id(2))
  }
}
